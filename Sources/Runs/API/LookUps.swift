import Catalogue
import HTTP
import Intercom
import JSON

/// Looks at the workspace for what became of an unknown write, as its declaration says (`settle … look …`),
/// and for the state of a record before a write.
struct LookUps {
  let binding: APIBinding

  private var catalogue: APICatalogue { binding.catalogue }

  static let nowhere = Finding.unreadable(
    Problem(code: "no_look_up", message: "the API has no way to look for it"))

  // MARK: Unknown writes

  func look(_ look: LookUp, _ done: @escaping (Finding) -> Void) {
    guard let call = WriteCall(look.request, catalogue), let rule = call.rule else {
      return done(Self.nowhere)
    }
    switch rule.settleClass {
    case .set: target(look, call, done)
    case .gone: gone(look, call, done)
    case .child, .search: traces(look, call, done)
    case .key: duplicate(look, call, look.problem, done)
    case .redo, .none: done(Self.nowhere)
    }
  }

  /// The answer of a look that failed; 404 is told apart by who asks.
  private static func finding(_ answer: RawAnswer) -> Finding {
    switch answer {
    case .records: .other("")
    case .status(let error) where error.status == 404: .missing
    case .status(let error):
      .unreadable(
        Problem(
          status: error.status, code: error.code ?? "http_\(error.status)",
          message: error.message ?? "the API answered \(error.status)"))
    case .failed(let message): .unreadable(Problem(code: "not_read", message: message))
    }
  }

  /// The arguments of a look-up: the write's own of the same name, else the target.
  private func arguments(_ operation: APIOperation, _ call: WriteCall, _ target: String?) -> JSONObject {
    var given = JSONObject()
    let byOtherName = call.targetByOtherName
    for parameter in operation.parameters where parameter.place == .path || parameter.isRequired {
      if !byOtherName.isEmpty {
        // Any other argument of that name would be about another record.
        given[parameter.name] = byOtherName[parameter.name]
      } else if let own = call.arguments[parameter.name],
        parameter.type.recordType == call.operation.parameter(parameter.name)?.type.recordType
      {
        given[parameter.name] = own
      } else if parameter.type.namesRecord, let target {
        given[parameter.name] = .string(target)
      }
    }
    // What a list leaves out unless it is told otherwise (archived attributes) is looked for, too.
    for parameter in operation.parameters
    where parameter.type == .bool && parameter.name.hasPrefix("include_") {
      given[parameter.name] = .bool(true)
    }
    return given
  }

  /// What a look-up would be asked with; nil if that does not tell which record is meant.
  private func whole(_ operation: APIOperation, _ call: WriteCall, _ target: String?) -> JSONObject? {
    let given = arguments(operation, call, target)
    return operation.parameters.allSatisfy { !$0.isRequired || given[$0.name] != nil } ? given : nil
  }

  private func operation(_ call: WriteCall) -> APIOperation? {
    guard let look = call.rule?.lookUp else { return nil }
    let all = catalogue.operations(look.resource, look.operation)
    return all.first { $0.parameters.first?.type.recordType == call.targetType } ?? all.first
  }

  static func list(_ record: JSONValue, _ field: String) -> [JSONValue] {
    guard let there = record[field] else { return [] }
    if let list = there.arrayValue { return list }
    if let inside = there[field]?.arrayValue ?? there["data"]?.arrayValue { return inside }
    if let only = there.objectValue?.first(where: { $0.value.arrayValue != nil })?.value.arrayValue {
      return only
    }
    return there.isNull ? [] : [there]
  }

  /// SET: is the target as it should be, or as it was?
  private func target(_ look: LookUp, _ call: WriteCall, _ done: @escaping (Finding) -> Void) {
    let state = TargetState(call: call)
    let wanted = state.written
    let target = look.request.target
    guard let operation = operation(call), target != nil || !call.targetByOtherName.isEmpty,
      let given = whole(operation, call, target?.id)
    else { return done(Self.nowhere) }
    let before = look.before.flatMap { (try? JSONValue.parse($0))?.objectValue }
    binding.readRaw(operation, given) { answer in
      guard case .records(let found) = answer else {
        let finding = Self.finding(answer)
        guard case .missing = finding, let isMissing = wanted[TargetState.missing] else {
          return done(finding)
        }
        return done(isMissing == .bool(true) ? .present(WriteResult()) : .asBefore)
      }
      if let link = state.linkKey.flatMap({ wanted[$0] }) {
        var items = found
        if case .value = operation.result, let record = found.first {
          items = call.rule?.lookUp?.field.map { Self.list(record, $0) } ?? found
        }
        let isThere = JSONValue.bool(state.contains(items))
        // A link has two states only: it is not the wanted one, so it is the other.
        return done(isThere == link ? .present(WriteResult()) : .asBefore)
      }
      guard let record = Self.record(target?.id, in: found, operation, call) else { return done(.missing) }
      done(Self.finding(of: record, state, before, wanted))
    }
  }

  private static func finding(
    of record: JSONValue, _ state: TargetState, _ before: JSONObject?, _ wanted: JSONObject
  ) -> Finding {
    guard !wanted.isEmpty, let now = state.picked(from: record, isWhole: true) else {
      return .other("the record does not tell what the write sets")
    }
    if TargetState.holds(wanted, in: now) {
      let version = record["updated_at"]?.intValue.map { String($0) }
      return .present(WriteResult(body: record.text(), version: version))
    }
    // What goes with it for undo's sake may have moved.
    let known = before.map { before in wanted.reduce(into: JSONObject()) { $0[$1.key] = before[$1.key] } }
    if let known, known.count == wanted.count, TargetState.holds(known, in: now) { return .asBefore }
    return .other("its fields hold something else")
  }

  /// GONE: is the target still there?
  private func gone(_ look: LookUp, _ call: WriteCall, _ done: @escaping (Finding) -> Void) {
    let target = look.request.target
    guard let operation = operation(call) ?? reader(of: call.targetType),
      target != nil || !call.targetByOtherName.isEmpty, let given = whole(operation, call, target?.id)
    else {
      return done(Self.nowhere)
    }
    binding.readRaw(operation, given) { answer in
      if case .records(let found) = answer {
        if case .sequence = operation.result, !found.contains(where: { Traces.id(of: $0) == target?.id }) {
          return done(.missing)
        }
        return done(.standing)
      }
      done(Self.finding(answer))
    }
  }

  /// CHILD and SEARCH: records that could be what the write has made.
  private func traces(_ look: LookUp, _ call: WriteCall, _ done: @escaping (Finding) -> Void) {
    guard let operation = operation(call) else { return done(Self.nowhere) }
    let traces = Traces(call, look.request, since: look.since)
    let target = look.request.target?.id ?? call.arguments["contact"].map { RequestText.plain($0) }
    var search: JSONValue?
    var given = arguments(operation, call, target)
    if operation.fixedFilters.isEmpty, operation.parameters.contains(where: { $0.place == .filter }) {
      guard let condition = condition(call) else { return done(Self.nowhere) }
      search = condition
    } else if let filter = operation.fixedFilters.first {
      guard let target else { return done(Self.nowhere) }
      given[filter.parameter] = .string(target)
      search = ["field": .string(filter.field), "operator": "=", "value": .string(target)]
    }
    binding.readRaw(operation, given, search: search, most: 500) { answer in
      guard case .records(let found) = answer else { return done(Self.finding(answer)) }
      var items = found
      if case .value = operation.result, let record = found.first, let field = call.rule?.lookUp?.field {
        items = Self.list(record, field)
        // The conversation's one ticket.
        if items.count == 1, items[0] == record[field], items[0]["id"] == nil { items = [] }
      }
      done(.matches(traces.matches(among: items)))
    }
  }

  /// The search for a lead by what it was made with.
  private func condition(_ call: WriteCall) -> JSONValue? {
    for detail in call.rule?.details ?? [] {
      guard let parameter = call.operation.parameter(detail), let value = call.arguments[detail],
        value != .null
      else { continue }
      let field = parameter.wire.last ?? detail
      return ["field": .string(field), "operator": "=", "value": .string(RequestText.plain(value))]
    }
    return nil
  }

  /// KEY, when the repeat was told of a duplicate: whose is it?
  private func duplicate(
    _ look: LookUp, _ call: WriteCall, _ problem: Problem?, _ done: @escaping (Finding) -> Void
  ) {
    if let operation = operation(call) {
      binding.readRaw(operation, arguments(operation, call, nil)) { answer in
        guard case .records(let found) = answer else { return done(Self.finding(answer)) }
        let fitting = found.filter { item in
          ["name", "model"].allSatisfy { name in
            guard let sent = call.arguments[name] else { return true }
            return item[name].map { TargetState.comparable($0) } == TargetState.comparable(sent)
          }
        }
        done(.matches(Traces(call, look.request, since: look.since).matches(among: fitting)))
      }
      return
    }
    guard let id = problem.flatMap({ Self.id(in: $0.message) }), let operation = reader(of: call.resultType)
    else {
      return done(.matches([]))
    }
    binding.readRaw(operation, arguments(operation, call, id)) { answer in
      guard case .records(let found) = answer else { return done(Self.finding(answer)) }
      let wanted = call.operation.parameters.reduce(into: JSONObject()) { object, parameter in
        guard parameter.place == .body, parameter.wire.count == 1, let name = parameter.wire.first,
          let value = call.arguments[parameter.name], value.objectValue == nil
        else { return }
        object[name] = value
      }
      let fitting = found.filter { record in
        TargetState.holds(wanted, in: record.objectValue ?? JSONObject())
      }
      done(.matches(Traces(call, look.request, since: look.since).matches(among: fitting)))
    }
  }

  /// `…already exists with id=6650a…`
  static func id(in message: String) -> String? {
    guard let range = message.firstRange(of: "id=") else { return nil }
    let id = message[range.upperBound...].prefix { $0.isLetter || $0.isNumber }
    return id.isEmpty ? nil : String(id)
  }

  // MARK: Before a write

  func reader(of type: String?) -> APIOperation? {
    guard let type, let resource = catalogue.resourceName(ofType: type) else { return nil }
    return catalogue.operations(resource, "get").first {
      $0.method == .get && $0.path.parameterNames.count == 1
    }
  }

  func check(_ check: FreshnessCheck, _ done: @escaping (Freshness) -> Void) {
    let call = WriteCall(check.request, catalogue)
    if check.record.type.isEmpty {
      return call?.targetByOtherName.isEmpty == false ? listed(check, call, done) : existing(call, done)
    }
    guard let operation = reader(of: check.record.type), let parameter = operation.parameters.first else {
      return listed(check, call, done)
    }
    var given = JSONObject()
    given[parameter.name] = .string(check.record.id)
    binding.readRaw(operation, given) { answer in
      switch answer {
      case .records(let found):
        let record = found.first ?? .null
        let state = call.map { TargetState(call: $0) }
        var now = state.flatMap { $0.written.isEmpty ? nil : $0.picked(from: record, isWhole: true) }
        // What is deleted has been seen: the transport may send a bodyless request twice, and the second one's 404
        // tells of the first.
        if now == nil, check.request.effect == .destroy, check.request.isBodyless { now = JSONObject() }
        guard now == nil, let call, let state, state.isLink, check.request.target == check.record else {
          return done(Self.freshness(record, check, state, now))
        }
        links(call, state, of: check.record.id) { done(Self.freshness(record, check, state, $0)) }
      case .status(let error) where error.status == 404:
        // No look-up finds somebody who is archived; the server will say whether there is nobody.
        if call?.rule?.details.contains("hidden") == true {
          return done(.same(before: nil, version: nil))
        }
        let state = call.map { TargetState(call: $0).written }
        // What is to come back is not there before.
        guard state?[TargetState.missing] == .bool(false) else { return done(.missing) }
        done(.same(before: "{\"\(TargetState.missing)\":true}", version: nil))
      case .status, .failed: done(Self.unreadable(answer))
      }
    }
  }

  private static func unreadable(_ answer: RawAnswer) -> Freshness {
    guard case .unreadable(let problem) = finding(answer) else { return .missing }
    return .unreadable(problem)
  }

  /// A record that no look-up of its own shows is looked for where the write is settled: among all of its type, or
  /// in the record that it belongs to.
  private func listed(_ check: FreshnessCheck, _ call: WriteCall?, _ done: @escaping (Freshness) -> Void) {
    let isTarget = check.request.target == check.record || check.record.type.isEmpty
    guard let call, isTarget, let kind = call.rule?.settleClass, kind == .set || kind == .gone,
      let operation = operation(call), let given = whole(operation, call, check.request.target?.id)
    else {
      // What cannot be read again is taken as it was read, for undo as well.
      let before = call.flatMap { call in
        check.snapshot.flatMap { FrozenValue.wire($0) }.flatMap { TargetState(call: call).picked(from: $0) }
      }
      return done(.same(before: before.map { JSONValue.object($0).text() }, version: check.version))
    }
    binding.readRaw(operation, given, most: 10_000) { answer in
      guard case .records(let found) = answer else { return done(Self.unreadable(answer)) }
      guard let record = Self.record(check.request.target?.id, in: found, operation, call) else {
        return done(.missing)
      }
      let state = TargetState(call: call)
      done(Self.freshness(record, check, state, state.picked(from: record, isWhole: true)))
    }
  }

  /// The write's target in what its look-up shows.
  private static func record(
    _ id: String?, in found: [JSONValue], _ operation: APIOperation, _ call: WriteCall
  ) -> JSONValue? {
    var records = found
    if case .value = operation.result {
      // The record alone, or one that bears a list with it.
      guard let field = call.rule?.lookUp?.field else { return found.first }
      records = found.first.map { list($0, field) } ?? []
    }
    return records.first { Traces.id(of: $0) == id }
  }

  /// Whether a record is linked, where the list that it bears is cut off: the list is read whole.
  private func links(
    _ call: WriteCall, _ state: TargetState, of target: String, _ done: @escaping (JSONObject?) -> Void
  ) {
    guard let operation = operation(call), case .sequence = operation.result, let name = state.linkKey else {
      return done(nil)
    }
    binding.readRaw(operation, arguments(operation, call, target), most: 10_000) { answer in
      guard case .records(let found) = answer else { return done(nil) }
      var now = state.particulars(of: found)
      now[name] = .bool(state.contains(found))
      done(now)
    }
  }

  /// `now`: the fields that the write sets, as the record has them.
  private static func freshness(
    _ record: JSONValue, _ check: FreshnessCheck, _ state: TargetState?, _ now: JSONObject?
  ) -> Freshness {
    let version = record["updated_at"]?.intValue.map { String($0) }
    if let known = check.version, let version, known != version {
      return .changed("it was changed since it was read")
    }
    guard let state else { return .same(before: nil, version: version) }
    if let expected = check.expected.flatMap({ (try? JSONValue.parse($0))?.objectValue }) {
      // Undo goes back only from what the run has written itself.
      if let now {
        guard TargetState.holds(expected, in: now) else {
          return .changed("its fields no longer hold what the run wrote")
        }
      }
    } else if check.version == nil || version == nil, let now,
      let snapshot = check.snapshot.flatMap({ FrozenValue.wire($0) }).flatMap({ state.picked(from: $0) }),
      !TargetState.holds(snapshot, in: now)
    {
      return .changed("its fields hold something else than before")
    }
    return .same(before: now.map { JSONValue.object($0).text() }, version: version)
  }

  /// Whether a create would find what it makes.
  private func existing(_ call: WriteCall?, _ done: @escaping (Freshness) -> Void) {
    guard let call, let type = call.resultType,
      let resource = catalogue.resource(catalogue.resourceName(ofType: type) ?? ""),
      let all = resource.all, let name = call.arguments["name"]
    else { return done(.same(before: nil, version: nil)) }
    binding.readRaw(all, JSONObject(), most: 10_000) { answer in
      guard case .records(let found) = answer else { return done(.same(before: nil, version: nil)) }
      let wanted = RequestText.plain(name).lowercased()
      let isThere = found.contains { $0["name"]?.stringValue?.lowercased() == wanted }
      done(.same(before: "{\"$existed\":\(isThere)}", version: nil))
    }
  }
}
