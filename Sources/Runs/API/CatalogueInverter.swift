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
    case .earlier(let whenNull): return earlier(call, request, before, inverse, whenNull)
    case .result: return result(call, write, inverse)
    case .same: return same(call, request, before, inverse)
    case .byState: return byState(call, request, before, inverse)
    }
  }

  private static func reason(_ operation: APIOperation) -> String {
    switch operation.effect {
    case .destroy: "it destroys"
    case .outward: "customers have seen it"
    default: "the API has no way back from it"
    }
  }

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

  private func earlier(
    _ call: WriteCall, _ request: WriteRequest, _ before: JSONObject?, _ inverse: Catalogue.Inverse,
    _ whenNull: String?
  ) -> Inverse {
    guard let before, let target = request.target else { return .none(why: Self.unknownBefore) }
    let written = request.written.flatMap { (try? JSONValue.parse($0))?.objectValue } ?? JSONObject()
    if TargetState.holds(written, in: before) { return .none(why: "it was so before") }
    for verb in inverse.verbs {
      for operation in operation(call, verb) {
        guard let arguments = arguments(operation, target.id, before, written) else { continue }
        if arguments.isNull, let whenNull, let bare = self.operation(call, whenNull).first,
          let parameter = bare.target
        {
          var given = JSONObject()
          given[parameter] = .string(target.id)
          return wrap(made(bare, given), request, left: nil)
        }
        // Nothing is left to be set.
        if arguments.given.count < 2, let left = arguments.left { return .none(why: left) }
        var goesBack = request
        goesBack.written = RequestText.journalText(.object(arguments.expects))
        return wrap(made(operation, arguments.given), goesBack, left: arguments.left)
      }
    }
    return .none(why: Self.reason(call.operation))
  }

  /// The arguments that set what was written to what it was, what of it they expect to find, and what they
  /// leave as it is now; nil if the operation cannot set all of it.
  private func arguments(
    _ operation: APIOperation, _ target: String, _ before: JSONObject, _ written: JSONObject
  ) -> (given: JSONObject, isNull: Bool, expects: JSONObject, left: String?)? {
    var given = JSONObject()
    var expects = written
    if let name = operation.target { given[name] = .string(target) }
    var isNull = true
    var left: String?
    var reached = Set<String>()
    let type = operation.target.flatMap { operation.parameter($0)?.type.recordType }.flatMap {
      catalogue.recordType($0)
    }
    for parameter in operation.parameters {
      guard let path = parameter.sets, let first = path.first else { continue }
      let field = type?.field(first)
      let names = [field?.wire ?? first] + path.dropFirst()
      var wanted: JSONValue? = .object(written)
      var value: JSONValue? = .object(before)
      for name in names {
        wanted = wanted?[name]
        value = value == .null ? .null : value?[name]
      }
      guard wanted != nil, let value else { continue }
      if let name = names.first { reached.insert(name) }
      if value == .null, names.count > 1, field?.type.recordType != nil {
        // A record inside, such as a company's plan: there is no word for none.
        left = "`\(parameter.name)` stays: the API has no way to take it away"
        expects[names[0]] = nil
        continue
      }
      if let object = value.objectValue, object.contains(where: { $0.value == .null }) {
        left = left ?? "attributes that were not there become null"
      }
      if value != .null { isNull = false }
      given[parameter.name] = value
    }
    guard written.allSatisfy({ reached.contains($0.key) }) else { return nil }
    return (given, isNull, expects, left)
  }

  private func wrap(_ request: WriteRequest?, _ original: WriteRequest, left: String?) -> Inverse {
    guard let request else { return .none(why: "its inverse cannot be built") }
    guard let left else { return .restored(request, expects: original.written) }
    return .partly(request, expects: original.written, left: left)
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
        if operation.method == .delete { return .restored(request, expects: nil) }
        return .partly(request, expects: nil, left: "what was made is archived, not removed")
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
