import Catalogue
import Diagnostics
import JSON
import Machine

/// Checks a call's arguments against their declaration and turns them into what is sent.
struct ArgumentReader {
  let machine: Machine
  let catalogue: APICatalogue

  /// The arguments, in the order of the operation's parameters; `value` gives what stands at a place.
  func read(_ operation: APIOperation, _ value: (Int) -> Value) throws(RuntimeError) -> BoundArguments {
    var bound = BoundArguments()
    let name = operation.qualifiedName
    for (index, parameter) in operation.parameters.enumerated() where !parameter.takesBlock {
      let given = value(index)
      if given.isAbsent {
        if parameter.isRequired {
          throw RuntimeError("`\(name)` needs an argument `\(parameter.name)`", code: "argument")
        }
        if case .literal(let literal) = parameter.defaultValue, parameter.place != .pageSize {
          if let json = json(of: literal) { bound[parameter.name] = .json(json) }
        }
        continue
      }
      if given.isNull {
        guard parameter.isOptional else {
          throw APIMessages.badArgument(
            name, parameter.name, parameter.type, "null", hints: ["say what stands for nothing: `x ?? …`"])
        }
        bound[parameter.name] = .json(.null)
        continue
      }
      bound[parameter.name] = try part(given, parameter.type, parameter, name)
    }
    try check(operation, bound)
    return bound
  }

  private func check(_ operation: APIOperation, _ bound: BoundArguments) throws(RuntimeError) {
    func isGiven(_ name: String) -> Bool {
      if case .json(.null)? = bound[name] { return false }
      return bound[name] != nil
    }
    for requirement in operation.requirements {
      switch requirement {
      case .exactlyOne(let names):
        let given = names.filter(isGiven)
        if given.count != 1 {
          throw RuntimeError(
            "`\(operation.qualifiedName)` needs exactly one of \(APIMessages.oneOf(names.map { "`\($0):`" }))",
            code: "argument", hints: given.count > 1 ? ["it has \(given.count) of them"] : [])
        }
      case .atLeastOne(let names):
        if !names.contains(where: isGiven) {
          throw RuntimeError(
            "`\(operation.qualifiedName)` needs \(APIMessages.oneOf(names.map { "`\($0):`" }))",
            code: "argument")
        }
      }
    }
    for refusal in operation.refusals {
      if case .json(.string(let text))? = bound[refusal.parameter], text == refusal.value {
        throw RuntimeError(
          "`\(operation.qualifiedName)` takes no \"\(text)\" for `\(refusal.parameter)`: it would mean something else",
          code: "argument", hints: ["give the record or its id"])
      }
    }
  }

  private func json(of literal: Parameter.DefaultLiteral) -> JSONValue? {
    switch literal {
    case .null: .null
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .float(let value): .double(value)
    case .string(let text): .string(text)
    case .duration(let milliseconds): .int(milliseconds / 1000)
    case .time: nil
    }
  }

  private func part(
    _ value: Value, _ type: FieldType, _ parameter: Parameter, _ operation: String
  ) throws(RuntimeError) -> BoundArguments.Part {
    func refuse(_ hints: [String] = [], label: String? = nil) -> RuntimeError {
      APIMessages.badArgument(operation, parameter.name, type, describe(value), hints: hints, label: label)
    }
    switch (type, value.tag) {
    case (.string, .string), (.int, .int), (.float, .int), (.float, .float), (.bool, .bool), (.time, .time),
      (.duration, .duration), (.record, .record), (.map, .record), (.any, _):
      return .json(try machine.json(of: value))
    case (.choice(let words), .string):
      let text = machine.text(of: value)
      guard words.contains(text) else {
        let near = Spelling.nearest(text, in: words)
        throw refuse(label: near.map { "did you mean \"\($0)\"?" })
      }
      return .json(.string(text))
    case (.id, .int): return .json(id(String(value.asInt), parameter))
    case (.reference, .int), (.name, .int):
      return .lookup(type: type.recordType ?? "", text: String(value.asInt), wantsName: isName(type))
    case (.id, .string):
      let text = machine.text(of: value)
      guard !text.isEmpty else { throw refuse(["the text is empty"]) }
      return .json(id(text, parameter))
    case (.reference(let target), .string), (.name(let target), .string):
      let text = machine.text(of: value)
      guard !text.isEmpty else { throw refuse(["the text is empty"]) }
      return .lookup(type: target, text: text, wantsName: isName(type))
    case (.id(let target), .record), (.reference(let target), .record), (.name(let target), .record):
      return try record(value, target, type, parameter, refuse)
    case (.object(let name), .record):
      return .json(renamed(try machine.json(of: value), name))
    case (.list(let element), .list):
      var parts: [BoundArguments.Part] = []
      for item in machine.items(value) { parts.append(try part(item, element, parameter, operation)) }
      return .list(parts)
    case (.list, .sequence): throw refuse(["`collect` reads a sequence into a list"])
    case (.sort, .string), (.sort, .record):
      return .json(try sort(value, refuse))
    case (.string, .int), (.string, .float): throw refuse(["a number becomes a text inside one: \"\\(x)\""])
    default: throw refuse()
    }
  }

  private func isName(_ type: FieldType) -> Bool {
    if case .name = type { true } else { false }
  }

  private func id(_ text: String, _ parameter: Parameter) -> JSONValue {
    if parameter.sendsNumber, let number = Int64(text) { return .int(number) }
    return .string(text)
  }

  /// How messages name what was given.
  func describe(_ value: Value) -> String {
    if value.isAbsent { return "nothing" }
    if let type = machine.typeName(of: value), !type.isEmpty { return APIMessages.article(type) }
    return value.tag == .string ? machine.short(value) : value.tag.word
  }

  private func record(
    _ value: Value, _ target: String, _ type: FieldType, _ parameter: Parameter,
    _ refuse: ([String], String?) -> RuntimeError
  ) throws(RuntimeError) -> BoundArguments.Part {
    guard let name = machine.typeName(of: value), let declared = catalogue.recordType(name),
      let key = declared.field(with: .key), keyType(of: declared) == target
    else {
      throw refuse(
        machine.typeName(of: value) == nil ? ["if this record holds the id, give that: `.id`"] : [], nil)
    }
    if isName(type), let label = declared.field(with: .name) {
      let text = machine.field(label.name, of: value)
      if text.tag == .string { return .json(.string(machine.text(of: text))) }
    }
    let found = machine.field(key.name, of: value)
    var text = machine.text(of: found)
    if found.tag == .int { text = String(found.asInt) }
    guard !text.isEmpty else { throw refuse(["it has no id"], nil) }
    if isName(type) { return .lookup(type: target, text: text, wantsName: true) }
    return .json(id(text, parameter))
  }

  /// The type that a record's key is an id of: its own, or the one that it refers to.
  func keyType(of type: RecordType) -> String? {
    guard let key = type.field(with: .key) else { return nil }
    if case .id(let name) = key.type { return name }
    return type.name
  }

  /// Fields whose key in JSON is another one.
  private func renamed(_ json: JSONValue, _ type: String) -> JSONValue {
    guard case .object(let object) = json, let declared = catalogue.recordType(type) else { return json }
    var result = JSONObject()
    for (key, value) in object {
      let field = declared.field(key)
      var value = value
      switch field?.type {
      case .object(let inner)?: value = renamed(value, inner)
      // A record in place of its id, as everywhere.
      case .id(let target)?, .reference(let target)?:
        if let key = catalogue.recordType(target)?.field(with: .key)?.wire, let id = value[key] { value = id }
      default: break
      }
      result[field?.wire ?? key] = value
    }
    return .object(result)
  }

  private func sort(
    _ value: Value, _ refuse: ([String], String?) -> RuntimeError
  ) throws(RuntimeError) -> JSONValue {
    var field = machine.text(of: value)
    var descending = false
    if value.tag == .record {
      field = machine.text(of: machine.field("field", of: value))
      descending =
        machine.field("descending", of: value).isTrue
        || machine.text(of: machine.field("order", of: value)).hasPrefix("desc")
    }
    guard !field.isEmpty else { throw refuse([], nil) }
    return ["field": .string(field), "order": .string(descending ? "descending" : "ascending")]
  }
}
