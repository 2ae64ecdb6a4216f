import Catalogue
import HTTP
import Intercom
import JSON

/// One write by its declaration and its arguments: what the catalogue says of it.
struct WriteCall {
  /// The key of the number that tells operations of one name apart.
  private static let variant = "$op"
  private static let argumentsKey = "args"

  let operation: APIOperation
  /// By the parameters' names, as the wire wants them; of a write that has ended only those that name records.
  let arguments: JSONObject
  let catalogue: APICatalogue

  init(_ operation: APIOperation, _ arguments: JSONObject, _ catalogue: APICatalogue) {
    self.operation = operation
    self.arguments = arguments
    self.catalogue = catalogue
  }

  /// The call behind a write of the journal; nil for `api.post` and its kin, and for what is not declared.
  init?(_ request: WriteRequest, _ catalogue: APICatalogue) {
    let parts = request.operation.split(separator: ".").map(String.init)
    guard parts.count == 2 else { return nil }
    let kept = request.ids.flatMap { try? JSONValue.parse($0) }
    let given = RequestText.arguments(request.arguments) ?? kept?.objectValue
    let operations = catalogue.operations(parts[0], parts[1])
    let number = kept?[Self.variant]?.intValue.map { Int(clamping: $0) } ?? 0
    guard operations.indices.contains(number), var arguments = given else { return nil }
    arguments[Self.variant] = nil
    arguments[WriteRequest.second] = nil
    self.init(operations[number], arguments, catalogue)
  }

  // MARK: What the declaration says

  var targetParameter: Parameter? { operation.target.flatMap { operation.parameter($0) } }
  var targetType: String? { targetParameter?.type.recordType }

  /// The target where it is not given by its id but by another way to call it (a visitor's `user_id`): by the names
  /// that a look-up has for it. Empty where the target is given, or where there is none.
  var targetByOtherName: JSONObject {
    guard let target = targetParameter, arguments[target.name] ?? .null == .null else { return JSONObject() }
    return aliases.reduce(into: JSONObject()) { given, parameter in
      if let value = arguments[parameter.name], let name = parameter.wire.last { given[name] = value }
    }
  }

  /// Parameters that may stand in the target's place.
  private var aliases: [Parameter] {
    guard let target = targetParameter else { return [] }
    return operation.requirements.filter { $0.parameters.contains(target.name) }.flatMap { $0.parameters }
      .compactMap { operation.parameter($0) }
      .filter { $0.name != target.name && $0.wire.dropLast() == target.wire.dropLast() }
  }

  /// The first settle rule that holds for the arguments.
  var rule: SettleRule? {
    operation.settle.first { rule in
      rule.conditions.allSatisfy { condition in
        guard let given = arguments[condition.parameter], given != .null else { return false }
        return condition.values.isEmpty || condition.values.contains(RequestText.plain(given))
      }
    }
  }

  /// Of a link: the record at its other end.
  var other: (value: JSONValue, isName: Bool)? {
    for parameter in operation.parameters
    where parameter.type.namesRecord && parameter.name != operation.target && parameter.name != "as" {
      guard let value = arguments[parameter.name], value != .null else { continue }
      if case .name = parameter.type { return (value, true) }
      return (value, false)
    }
    return nil
  }

  /// The type of what it gives back.
  var resultType: String? {
    guard case .value(let type) = operation.result else { return nil }
    return type.recordType
  }

  // MARK: As the journal has it

  /// The write as the executor takes it.
  func request(_ http: HTTPRequest) -> WriteRequest {
    let rule = self.rule
    let settle: SettleClass =
      switch rule?.settleClass {
      case .set: .set
      case .key: .key
      case .gone: .gone
      case .child: .child
      case .search: .search
      case .redo: .redo
      case .some(.none), nil: .none
      }
    let effect: WriteEffect =
      switch operation.effect {
      case .destroy: .destroy
      case .outward: .outward
      case .read, .write: .write
      }
    var target: RecordRef?
    if let parameter = targetParameter, let type = parameter.type.recordType,
      case let id? = arguments[parameter.name],
      id.arrayValue == nil, id != .null
    {
      target = RecordRef(type: type, id: RequestText.plain(id))
    }
    let written = TargetState(call: self).written
    var request = WriteRequest(
      operation: operation.qualifiedName, effect: effect, settle: settle,
      looksFirst: rule?.details.contains("read") ?? false, isBodyless: http.body == nil, target: target,
      arguments: RequestText.text(of: http, arguments: arguments),
      written: written.isEmpty ? nil : RequestText.journalText(.object(written)))
    request.ids = ids
    if case .result? = operation.inverse?.arguments, settle == .key, rule?.lookUp == nil,
      rule?.conditions == []
    {
      request.looksBefore = true
    }
    // A target without an id is read before it is written all the same.
    if target == nil, settle == .set || settle == .gone, !targetByOtherName.isEmpty {
      request.looksBefore = true
    }
    return request
  }

  /// Arguments that name records, and which of the operations of the name it is.
  private var ids: String {
    var kept = JSONObject()
    let all = catalogue.operations(operation.resource, operation.name)
    if let number = all.firstIndex(where: {
      $0.method == operation.method && $0.path == operation.path && $0.parameters == operation.parameters
        && $0.fixedFields == operation.fixedFields
    }), number > 0 {
      kept[Self.variant] = .int(Int64(number))
    }
    for parameter in operation.parameters where parameter.type.namesRecord {
      if let value = arguments[parameter.name] { kept[parameter.name] = value }
    }
    if let target = targetParameter, arguments[target.name] ?? .null == .null {
      for parameter in aliases {
        if let value = arguments[parameter.name] { kept[parameter.name] = value }
      }
    }
    // Two records of one type: both are written.
    if let target = targetParameter, operation.method != .get,
      let second = operation.parameters.first(where: {
        $0.name != target.name && $0.place == .body && $0.type.namesRecord
          && $0.type.recordType == target.type.recordType
      }), let type = second.type.recordType, let id = arguments[second.name], id != .null,
      id.arrayValue == nil
    {
      kept[WriteRequest.second] = .string(RecordRef(type: type, id: RequestText.plain(id)).description)
    }
    if case .same? = operation.inverse?.arguments {
      // `undo` calls the opposite with the same arguments, and has no others than these.
      for parameter in operation.parameters where parameter.type == .string || parameter.type.isChoice {
        if let value = arguments[parameter.name] { kept[parameter.name] = value }
      }
    }
    return RequestText.journalText(.object(kept))
  }
}

extension FieldType {
  fileprivate var isChoice: Bool { if case .choice = self { true } else { false } }
}
