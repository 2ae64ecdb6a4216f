import Bytecode
import Catalogue
import JSON
import Machine

/// A comparison of an attribute that the workspace made. Its type decides what the server takes, and is known only
/// when the sequence is opened: so the condition names the types that it fits. It is checked again here always.
struct SearchAttribute {
  let field: SearchField
  let name: String
  let machine: Machine

  private typealias Outcome = FilterTranslation.Outcome

  private static let texts: Set<String> = ["string"]
  private static let integers: Set<String> = ["integer"]
  private static let numbers: Set<String> = ["integer", "float", "decimal"]
  private static let flags: Set<String> = ["boolean"]
  static let dates: Set<String> = ["date"]

  func compare(_ op: BlockTree.Comparison, _ value: Value) -> FilterTranslation.Outcome {
    switch (op, value.tag) {
    case (.equal, _): return equality(.equal, value)
    case (.less, .int), (.lessOrEqual, .int), (.greater, .int), (.greaterOrEqual, .int):
      let bound = value.asInt
      guard bound.magnitude < 1 << 50 else { return .local }
      // The server's `<` may or may not include the value: with the next one it holds all that are meant.
      switch op {
      case .less: return ordered(.less, bound, days: bound + SearchLeaf.longestDay)
      case .lessOrEqual: return ordered(.less, bound + 1, days: bound + SearchLeaf.longestDay)
      case .greater: return ordered(.greater, bound, days: bound - SearchLeaf.longestDay)
      default: return ordered(.greater, bound - 1, days: bound - SearchLeaf.longestDay)
      }
    default: return .local
    }
  }

  /// What is not there differs from any value here; whether it does for the server is its own to say.
  func differs(_ value: Value) -> FilterTranslation.Outcome { equality(.notEqual, value) }

  private func equality(_ op: SearchOperator, _ value: Value) -> FilterTranslation.Outcome {
    switch value.tag {
    case .string:
      let text = machine.text(of: value)
      return text.isEmpty ? .local : condition(op, .string(text), SearchAttribute.texts)
    case .int:
      // A date is an attribute's number of seconds; the server finds its whole day, and cannot leave it out.
      let kinds =
        op == .equal ? SearchAttribute.integers.union(SearchAttribute.dates) : SearchAttribute.integers
      return condition(op, .int(value.asInt), kinds)
    case .bool: return condition(op, .bool(value.isTrue), SearchAttribute.flags)
    default: return .local
    }
  }

  private func ordered(_ op: SearchOperator, _ bound: Int64, days: Int64) -> FilterTranslation.Outcome {
    condition(op, .int(bound), SearchAttribute.numbers.union(SearchAttribute.dates), days: .int(days))
  }

  func word(_ word: WordOperator, _ value: Value) -> FilterTranslation.Outcome {
    switch (word, value.tag) {
    case (.isIn, .list): return among(.oneOf, Array(machine.items(value)), empty: .never)
    case (.contains, .string): return part(.contains, value)
    case (.startsWith, .string): return part(.startsWith, value)
    case (.endsWith, .string): return part(.endsWith, value)
    default: return .local
    }
  }

  func noneOf(_ values: [Value]) -> FilterTranslation.Outcome { among(.noneOf, values, empty: .always) }

  func lacks(_ value: Value) -> FilterTranslation.Outcome {
    value.tag == .string ? part(.notContains, value) : .local
  }

  private func part(_ op: SearchOperator, _ value: Value) -> FilterTranslation.Outcome {
    let text = machine.text(of: value)
    return text.isEmpty ? .local : condition(op, .string(text), SearchAttribute.texts)
  }

  private func among(_ op: SearchOperator, _ values: [Value], empty: FilterTranslation.Outcome)
    -> FilterTranslation.Outcome
  {
    if values.isEmpty { return empty }
    if values.allSatisfy({ $0.tag == .string && !machine.text(of: $0).isEmpty }) {
      return condition(op, .array(values.map { .string(machine.text(of: $0)) }), SearchAttribute.texts)
    }
    if values.allSatisfy({ $0.tag == .int }) {
      return condition(op, .array(values.map { .int($0.asInt) }), SearchAttribute.integers)
    }
    return .local
  }

  private func condition(
    _ op: SearchOperator, _ value: JSONValue, _ kinds: Set<String>, days: JSONValue? = nil
  ) -> FilterTranslation.Outcome {
    // Attributes of tickets have dates to the second, and no days.
    let kinds = field.keyedByID ? kinds.subtracting(SearchAttribute.dates) : kinds
    let attribute = SearchQuery.Attribute(
      name: name, value: value, days: days, kinds: kinds, isKeyed: field.keyedByID)
    return .pushed(.leaf(field: field.wireName, operator: op.rawValue, .attribute(attribute)), isExact: false)
  }

  // MARK: Settling

  /// What the search calls attributes, out of the workspace's own descriptions of them.
  struct Known {
    /// Of contacts: by name.
    var named: [String: String] = [:]
    /// Of tickets: the ids and types that a name has in the ticket types.
    var keyed: [String: [(id: String, kind: String)]] = [:]

    init(attributes: [JSONValue], ticketTypes: [JSONValue]) {
      for attribute in attributes
      where attribute["model"] == "contact" && attribute["archived"]?.boolValue != true {
        guard let name = attribute["name"]?.stringValue, attribute["custom"]?.boolValue == true else {
          continue
        }
        named[name] = attribute["data_type"]?.stringValue
      }
      for type in ticketTypes {
        let list = type["ticket_type_attributes"]
        for attribute in list?.arrayValue ?? list?["data"]?.arrayValue ?? list?["ticket_type_attributes"]?
          .arrayValue ?? []
        {
          guard let name = attribute["name"]?.stringValue,
            let id = attribute["id"]?.stringValue ?? attribute["id"]?.intValue.map({ String($0) })
          else { continue }
          keyed[name, default: []].append((id, attribute["data_type"]?.stringValue ?? ""))
        }
      }
    }

    /// The attribute's name in the search, and its type. Nil where the server would refuse the condition, or
    /// mean something else by it.
    func name(of attribute: SearchQuery.Attribute) -> (name: String, kind: String)? {
      if attribute.isKeyed {
        // One name in several ticket types is several attributes: the client tells them apart.
        guard let all = keyed[attribute.name], all.count == 1, attribute.kinds.contains(all[0].kind) else {
          return nil
        }
        return (all[0].id, all[0].kind)
      }
      guard let kind = named[attribute.name], attribute.kinds.contains(kind) else { return nil }
      return (attribute.name, kind)
    }
  }
}
