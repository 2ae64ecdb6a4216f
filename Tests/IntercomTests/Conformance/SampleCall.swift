import Catalogue
import JSON

/// A call of an operation with made-up arguments, and the request that its declaration means by it: worked out
/// here a second time, by the words of docs/declarations.md alone.
struct SampleCall {
  let operation: APIOperation
  let catalogue: APICatalogue
  /// With every argument that may be given, or with those alone that must be.
  let isFull: Bool

  static let time: Int64 = 1_767_323_045
  /// Whose token it is, and who signs in a full call.
  static let owner = "991"
  static let signer = "992"

  var given: [Parameter] {
    var left: [Parameter] = []
    var dropped: Set<String> = []
    var kept: Set<String> = []
    for requirement in operation.requirements {
      switch requirement {
      case .exactlyOne(let names):
        kept.formUnion(names.prefix(1))
        dropped.formUnion(names.dropFirst())
      case .atLeastOne(let names): kept.formUnion(names.prefix(1))
      }
    }
    for parameter in operation.parameters where !dropped.contains(parameter.name) {
      if isFull || parameter.isRequired || kept.contains(parameter.name) { left.append(parameter) }
    }
    return left
  }

  // MARK: The script

  var text: String {
    // What decides between operations of one name stands first; a block stands behind the call.
    let isFirst = catalogue.operations(operation.resource, operation.name).count > 1
    let arguments = given.filter { !$0.takesBlock }.enumerated().map { index, parameter in
      (isFirst && index == 0 ? "" : "\(parameter.name): ") + literal(parameter, parameter.type)
    }
    let block = given.first { $0.takesBlock }.map { " " + literal($0, $0.type) } ?? ""
    return "\(operation.qualifiedName)(\(arguments.joined(separator: ", ")))\(block)"
  }

  private func literal(_ parameter: Parameter, _ type: FieldType) -> String {
    switch type {
    case .string: "\"a \(parameter.name)\""
    case .int: "7"
    case .float: "2.5"
    case .bool: "true"
    case .time: "@2026-01-02T03:04:05Z"
    case .duration: "2m"
    case .choice(let words): "\"\(words[0])\""
    case .id(let name), .reference(let name):
      catalogue.resourceName(ofType: name).map { "\($0).ref(\"\(id(parameter))\")" } ?? "\"\(id(parameter))\""
    case .name: "\"vip\""
    case .list(let element): "[\(literal(parameter, element))]"
    case .object(let name): object(parameter, name)
    case .map, .record: "{one: 1, two: \"b\"}"
    case .any, .bytes: "\"anything\""
    case .filter: "{ .created_at > @2026-01-02T03:04:05Z }"
    case .sort: "{field: \"created_at\", descending: true}"
    }
  }

  private func object(_ parameter: Parameter, _ name: String) -> String {
    guard let field = catalogue.recordType(name)?.fields.first else { return "{}" }
    return "{\(field.name): \(literal(parameter, field.type))}"
  }

  private func id(_ parameter: Parameter) -> String {
    if parameter.name == "as" { return SampleCall.signer }
    return parameter.sendsNumber ? "814" : "id \(parameter.name)"
  }

  // MARK: The request

  private func json(_ parameter: Parameter, _ type: FieldType) -> JSONValue {
    switch type {
    case .string: return .string("a \(parameter.name)")
    case .int: return .int(7)
    case .float: return .double(2.5)
    case .bool: return .bool(true)
    case .time: return .int(SampleCall.time)
    case .duration: return .int(120)
    case .choice(let words): return .string(words[0])
    case .id, .reference:
      return parameter.sendsNumber ? .int(Int64(id(parameter)) ?? 0) : .string(id(parameter))
    case .name: return "vip"
    case .list(let element): return .array([json(parameter, element)])
    case .object(let name):
      guard let field = catalogue.recordType(name)?.fields.first else { return [:] }
      var object = JSONObject()
      // A time inside a record goes out as a time in JSON does.
      object[field.wire] = json(parameter, field.type)
      return .object(object)
    case .map, .record: return ["one": 1, "two": "b"]
    case .any, .bytes: return "anything"
    case .filter, .sort: return .null
    }
  }

  private static func text(_ json: JSONValue) -> String {
    switch json {
    case .string(let text): text
    case .int(let number): "\(number)"
    case .double(let number): "\(number)"
    case .bool(let flag): "\(flag)"
    case .array(let items): items.map { text($0) }.joined(separator: ",")
    default: ""
    }
  }

  var path: String {
    operation.path.parts.map { part in
      switch part {
      case .text(let text): return text
      case .parameter(let name):
        guard let parameter = operation.parameter(name) else { return "?" }
        return SampleCall.text(json(parameter, parameter.type)).replacingOccurrences(" ", "%20")
      }
    }.joined()
  }

  private func fixed(_ value: FixedField.Value) -> JSONValue {
    switch value {
    case .text(let text): .string(text)
    case .bool(let flag): .bool(flag)
    case .null: .null
    case .signer: .string(isFull ? SampleCall.signer : SampleCall.owner)
    case .nobody: "0"
    }
  }

  var query: [String: String] {
    var query: [String: String] = [:]
    for parameter in given where parameter.place == .query {
      query[parameter.wire.joined(separator: ".")] = SampleCall.text(json(parameter, parameter.type))
    }
    if operation.method == .get {
      for field in operation.fixedFields {
        query[field.wire.joined(separator: ".")] = SampleCall.text(fixed(field.value))
      }
    }
    switch operation.paging?.style {
    case .cursorQuery?, .page?, .eventURL?:
      if let size = pageSize { query["per_page"] = "\(size)" }
    default: break
    }
    return query
  }

  private var pageSize: Int64? {
    guard let paging = operation.paging, let most = paging.maxPageSize else { return nil }
    if isFull, operation.parameters.contains(where: { $0.place == .pageSize }) { return 7 }
    return Int64(most)
  }

  var body: JSONValue? {
    var body = JSONValue.object(JSONObject())
    for parameter in operation.parameters where parameter.place == .body {
      let isGiven = given.contains { $0.name == parameter.name }
      if isGiven {
        put(json(parameter, parameter.type), parameter, &body)
      } else if case .literal(let literal)? = parameter.defaultValue {
        switch literal {
        case .bool(let flag): put(.bool(flag), parameter, &body)
        case .int(let number): put(.int(number), parameter, &body)
        case .string(let text): put(.string(text), parameter, &body)
        default: break
        }
      } else if parameter.defaultValue == .signer {
        put(
          parameter.sendsNumber ? .int(Int64(SampleCall.owner) ?? 0) : .string(SampleCall.owner), parameter,
          &body)
      }
    }
    if operation.method != .get {
      for field in operation.fixedFields { SampleCall.set(fixed(field.value), field.wire, &body) }
    }
    guard case .object(var object) = body else { return nil }
    for name in operation.listedFields {
      if let value = object[name], value.arrayValue == nil { object[name] = .array([value]) }
    }
    if operation.paging?.style == .cursorBody {
      var conditions: [JSONValue] = []
      for filter in operation.fixedFilters {
        guard let parameter = operation.parameter(filter.parameter) else { continue }
        conditions.append([
          "field": .string(filter.field), "operator": "=", "value": json(parameter, parameter.type),
        ])
      }
      if operation.parameters.contains(where: { $0.takesBlock }) { conditions.append(created) }
      object["query"] = conditions.count == 1 ? conditions[0] : .null
      if let size = pageSize { object["pagination"] = ["per_page": .int(size)] }
      if isFull, operation.parameters.contains(where: { $0.place == .sort }) {
        object["sort"] = ["field": "created_at", "order": "descending"]
      }
    }
    return object.isEmpty ? nil : .object(object)
  }

  /// The condition of the sample's block. Contacts go by the day: a day and two hours more on the open side.
  private var created: JSONValue {
    switch operation.resource {
    case "contacts": ["field": "created_at", "operator": ">", "value": .int(SampleCall.time - 26 * 3600)]
    case "tickets": ["field": "created_at", "operator": ">=", "value": .int(SampleCall.time + 1)]
    default: ["field": "created_at", "operator": ">", "value": .int(SampleCall.time)]
    }
  }

  /// Under a listed field a list makes one object an entry.
  private func put(_ value: JSONValue, _ parameter: Parameter, _ body: inout JSONValue) {
    if let first = parameter.wire.first, operation.listedFields.contains(first),
      let rest = parameter.wire.dropFirst().first,
      let items = value.arrayValue
    {
      SampleCall.set(.array(items.map { item in .object([rest: item]) }), [first], &body)
    } else {
      SampleCall.set(value, parameter.wire, &body)
    }
  }

  private static func set(_ value: JSONValue, _ path: [String], _ body: inout JSONValue) {
    guard let first = path.first else {
      if let new = value.objectValue, var old = body.objectValue {
        for (key, item) in new { old[key] = item }
        body = .object(old)
      } else {
        body = value
      }
      return
    }
    var object = body.objectValue ?? JSONObject()
    var inner = object[first] ?? .object(JSONObject())
    if path.count == 1, value.objectValue == nil || inner.objectValue == nil {
      inner = value
    } else {
      set(value, Array(path.dropFirst()), &inner)
    }
    object[first] = inner
    body = .object(object)
  }
}

extension String {
  fileprivate func replacingOccurrences(_ old: Character, _ new: String) -> String {
    map { $0 == old ? new : String($0) }.joined()
  }
}
