import Catalogue
import Intercom
import JSON

/// What takes a write back, by the `undo` clauses of the declarations.
struct CatalogueInverter: Inverter {
  let binding: APIBinding
  /// Who signs the inverse writes.
  let signer: String?

  private var catalogue: APICatalogue { binding.catalogue }

  func inverse(of write: LogRow) -> Inverse {
    guard let request = write.request, let call = WriteCall(request, catalogue) else {
      return .none(why: "it is not declared how to take it back")
    }
    guard let inverse = call.operation.inverse else { return .none(why: Self.reason(call.operation)) }
    let before = write.before.flatMap { (try? JSONValue.parse($0))?.objectValue }
    switch inverse.arguments {
    case .earlier(let whenNull):
      return closing(earlier(call, request, before, inverse, whenNull), call, request, before)
    case .result: return result(call, write, inverse)
    case .same: return closing(same(call, request, before, inverse), call, request, before)
    case .byState: return byState(call, request, before, inverse)
    }
  }

  /// What the write opened along the way is closed again at the end.
  private func closing(
    _ inverse: Inverse, _ call: WriteCall, _ request: WriteRequest, _ before: JSONObject?
  ) -> Inverse {
    guard let verb = call.operation.reopens, before?[TargetState.state] == "closed",
      let target = request.target,
      let operation = operation(call, verb).first, let name = operation.target,
      let close = made(operation, JSONObject([(name, .string(target.id))]))
    else { return inverse }
    let write = InverseWrite(close, expects: "{\"\(TargetState.state)\":\"open\"}")
    switch inverse {
    case .restored(let found): return .restored(found + [write])
    case .partly(let found, let left): return .partly(found + [write], left: left)
    case .none(why: let why):
      return why == Self.noWayToNobody ? .partly([write], left: why) : inverse
    }
  }

  private static func reason(_ operation: APIOperation) -> String {
    switch operation.effect {
    case .destroy: "it destroys"
    case .outward: "customers have seen it"
    default: "the API has no way back from it"
    }
  }

  private static let noWayToNobody = "it was nobody's before, and the API has no way back to that"
  private static let unknownBefore = "what was there before was not read"

  /// An inverse with one of these verbs for the same type of target.
  private func operation(_ call: WriteCall, _ verb: String) -> [APIOperation] {
    catalogue.operations(call.operation.resource, verb).filter { operation in
      let target = operation.target.flatMap { operation.parameter($0) }
      return target?.type.recordType == call.targetType
    }
  }

  private func made(_ operation: APIOperation, _ arguments: JSONObject) -> WriteRequest? {
    guard let http = try? binding.request(operation, arguments, signer: signer) else { return nil }
    return WriteCall(operation, arguments, catalogue).request(http)
  }

  // MARK: earlier

  /// Sets what was written to what it was. Where that takes several writes (a team that was nobody's before, whose
  /// removal takes the teammate away as well) they are made in order.
  private func earlier(
    _ call: WriteCall, _ request: WriteRequest, _ before: JSONObject?, _ inverse: Catalogue.Inverse,
    _ whenNull: String?
  ) -> Inverse {
    guard var before, request.target != nil || !call.targetByOtherName.isEmpty else {
      return .none(why: Self.unknownBefore)
    }
    let target = request.target?.id
    var open = request.written.flatMap { (try? JSONValue.parse($0))?.objectValue } ?? JSONObject()
    if TargetState.holds(open, in: before) { return .none(why: "it was so before") }
    // What was so before needs no way back.
    for (name, value) in open
    where before[name].map({ TargetState.holds([name: value], in: [name: $0]) }) == true {
      open[name] = nil
    }
    var found: [InverseWrite] = []
    var left: String?
    if let whenNull, open.contains(where: { TargetState.isNobody(before[$0.key] ?? .null) }),
      let bare = operation(call, whenNull).first, let parameter = bare.target, let target
    {
      var given = JSONObject()
      given[parameter] = .string(target)
      let cleared = TargetState(call: WriteCall(bare, given, catalogue)).written
      if open.contains(where: { cleared[$0.key] != nil && TargetState.isNobody(before[$0.key] ?? .null) }) {
        guard let write = made(bare, given) else { return .none(why: "its inverse cannot be built") }
        found.append(InverseWrite(write, expects: RequestText.journalText(.object(shared(open, cleared)))))
        for (name, _) in cleared {
          open[name] = nil
          // It took that away too: back with it.
          if let value = before[name], !TargetState.isNobody(value) { open[name] = .null }
        }
      }
    }
    for verb in inverse.verbs {
      for operation in operation(call, verb) where !open.isEmpty {
        for name in open.map({ $0.key }) where before[name] == nil { before[name] = .null }
        guard let arguments = arguments(operation, call, target, before, open) else { continue }
        left = left ?? arguments.left
        for name in arguments.reached { open[name] = nil }
        // Nothing of it can be set.
        guard !arguments.expects.isEmpty else { continue }
        guard let write = made(operation, arguments.given) else {
          return .none(why: "its inverse cannot be built")
        }
        found.append(InverseWrite(write, expects: RequestText.journalText(.object(arguments.expects))))
      }
    }
    guard open.isEmpty else {
      let isNobodys = open.contains { TargetState.isNobody(before[$0.key] ?? .null) }
      return .none(why: isNobodys ? Self.noWayToNobody : Self.reason(call.operation))
    }
    guard !found.isEmpty else { return .none(why: left ?? Self.reason(call.operation)) }
    return left.map { .partly(found, left: $0) } ?? .restored(found)
  }

  private func shared(_ fields: JSONObject, _ others: JSONObject) -> JSONObject {
    fields.reduce(into: JSONObject()) { if others[$1.key] != nil { $0[$1.key] = $1.value } }
  }

  /// The arguments that set of what was written as much as the operation can to what it was, what they expect to
  /// find, and what they leave as it is now; nil if the operation sets nothing of it.
  private func arguments(
    _ operation: APIOperation, _ call: WriteCall, _ target: String?, _ before: JSONObject,
    _ written: JSONObject
  ) -> (given: JSONObject, reached: [String], expects: JSONObject, left: String?)? {
    var given = JSONObject()
    // Where the target lies: an attribute is one of a ticket type.
    for parameter in operation.parameters where parameter.place == .path {
      given[parameter.name] = call.arguments[parameter.name]
    }
    if let name = operation.target, let target {
      given[name] = .string(target)
    } else {
      for parameter in operation.parameters where call.targetByOtherName[parameter.wire.last ?? ""] != nil {
        given[parameter.name] = call.arguments[parameter.name]
      }
    }
    var left: String?
    var reached: [String] = []
    var expects = JSONObject()
    let type = operation.target.flatMap { operation.parameter($0)?.type.recordType }.flatMap {
      catalogue.recordType($0)
    }
    for parameter in operation.parameters {
      guard let path = parameter.sets, let first = path.first else { continue }
      let field = type?.field(first)
      let outer = field?.wire ?? first
      var wanted: JSONValue? = .object(written)
      var value: JSONValue? = .object(before)
      for name in [outer] + path.dropFirst() {
        wanted = wanted?[name]
        value = value == .null ? .null : value?[name]
      }
      guard let value else { continue }
      guard wanted != nil else {
        // So it is still, and the operation wants to be told.
        if !parameter.isOptional, value != .null, given[parameter.name] == nil {
          given[parameter.name] = value
        }
        continue
      }
      // Nobody's: only an operation of its own says so.
      if parameter.isRequired, TargetState.isNobody(value) { continue }
      reached.append(outer)
      if value == .null, path.count > 1, field?.type.recordType != nil {
        // A record inside, such as a company's plan: there is no word for none.
        left = "`\(parameter.name)` stays: the API has no way to take it away"
        continue
      }
      if let object = value.objectValue, object.contains(where: { $0.value == .null }) {
        left = left ?? "attributes that were not there become null"
      }
      given[parameter.name] = value
      expects[outer] = written[outer]
    }
    return reached.isEmpty ? nil : (given, reached, expects, left)
  }

  private func wrap(_ request: WriteRequest?, _ original: WriteRequest, left: String?) -> Inverse {
    guard let request else { return .none(why: "its inverse cannot be built") }
    let write = InverseWrite(request, expects: original.written)
    return left.map { .partly([write], left: $0) } ?? .restored([write])
  }

  // MARK: result, same, by_state

  private func result(_ call: WriteCall, _ write: LogRow, _ inverse: Catalogue.Inverse) -> Inverse {
    guard let id = write.result?.created else { return .none(why: "its answer did not name what it made") }
    if write.request?.looksBefore == true {
      guard let before = write.before else { return .none(why: Self.unknownBefore) }
      if before.contains("true") { return .none(why: "it was there before") }
    }
    for verb in inverse.verbs {
      for operation in catalogue.operations(call.operation.resource, verb) {
        guard let parameter = operation.parameters.first(where: { $0.type.recordType == call.resultType })
        else {
          continue
        }
        var given = JSONObject()
        for own in operation.parameters {
          if let value = call.arguments[own.name] { given[own.name] = value }
        }
        given[parameter.name] = .string(id)
        guard let request = made(operation, given) else { continue }
        let write = InverseWrite(request, expects: nil)
        if operation.method == .delete { return .restored([write]) }
        return .partly([write], left: "what was made is archived, not removed")
      }
    }
    return .none(why: Self.reason(call.operation))
  }

  private func same(
    _ call: WriteCall, _ request: WriteRequest, _ before: JSONObject?, _ inverse: Catalogue.Inverse
  ) -> Inverse {
    guard let before else { return .none(why: Self.unknownBefore) }
    let written = request.written.flatMap { (try? JSONValue.parse($0))?.objectValue } ?? JSONObject()
    if TargetState.holds(written, in: before) { return .none(why: "it was so before") }
    for verb in inverse.verbs {
      for operation in operation(call, verb) {
        let types = operation.parameters.compactMap { $0.type.namesRecord ? $0.type.recordType : nil }
        var given = JSONObject()
        for parameter in operation.parameters {
          if let value = call.arguments[parameter.name] {
            given[parameter.name] = value
          } else if let kept = before[TargetState.particular + parameter.name] {
            given[parameter.name] = kept
          } else if parameter.isRequired, let type = parameter.type.recordType {
            // One by one: the same record under another word (`to` and `from`).
            given[parameter.name] = call.operation.parameters.first { own in
              own.type.recordType == type && operation.parameter(own.name) == nil
                && call.arguments[own.name] != nil
            }.flatMap { call.arguments[$0.name] }
          }
        }
        guard !types.isEmpty, operation.parameters.allSatisfy({ !$0.isRequired || given[$0.name] != nil })
        else {
          continue
        }
        return wrap(made(operation, given), request, left: nil)
      }
    }
    return .none(why: Self.reason(call.operation))
  }

  private func byState(
    _ call: WriteCall, _ request: WriteRequest, _ before: JSONObject?, _ inverse: Catalogue.Inverse
  ) -> Inverse {
    guard let before, let state = before["state"]?.stringValue, let target = request.target else {
      return .none(why: Self.unknownBefore)
    }
    let written = request.written.flatMap { (try? JSONValue.parse($0))?.objectValue } ?? JSONObject()
    if TargetState.holds(written, in: before) { return .none(why: "it was so before") }
    for verb in inverse.verbs {
      for operation in operation(call, verb)
      where operation.outcomes.contains(where: { $0.field == "state" && $0.value == .text(state) }) {
        var given = JSONObject()
        if let name = operation.target { given[name] = .string(target.id) }
        for parameter in operation.parameters where parameter.isRequired && parameter.name != operation.target
        {
          guard let field = parameter.wire.last, let value = before[field], value != .null else {
            return .none(why: Self.unknownBefore)
          }
          given[parameter.name] = value
        }
        return wrap(made(operation, given), request, left: nil)
      }
    }
    return .none(why: "nothing leads back to the state \(state)")
  }
}
