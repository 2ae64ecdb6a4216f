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

  func compare(_ op: BlockTree.Comparison, _ value: Value) -> FilterTranslation.Outcome {
    switch (op, value.tag) {
    case (.equal, .string):
      let text = machine.text(of: value)
      return text.isEmpty ? .local : condition(.equal, .string(text), SearchAttribute.texts)
    case (.equal, .int): return condition(.equal, .int(value.asInt), SearchAttribute.integers)
    case (.equal, .bool): return condition(.equal, .bool(value.isTrue), SearchAttribute.flags)
    case (.less, .int), (.lessOrEqual, .int), (.greater, .int), (.greaterOrEqual, .int):
      let bound = value.asInt
      guard bound.magnitude < 1 << 50 else { return .local }
      // The server's `<` may or may not include the value: with the next one it holds all that are meant.
      switch op {
      case .less: return condition(.less, .int(bound), SearchAttribute.numbers)
      case .lessOrEqual: return condition(.less, .int(bound + 1), SearchAttribute.numbers)
      case .greater: return condition(.greater, .int(bound), SearchAttribute.numbers)
      default: return condition(.greater, .int(bound - 1), SearchAttribute.numbers)
      }
    // What is not there differs from any value here; whether it does for the server is not known.
    default: return .local
    }
  }

  func word(_ word: WordOperator, _ value: Value) -> FilterTranslation.Outcome {
    switch (word, value.tag) {
    case (.isIn, .list):
      let items = machine.items(value)
      if items.isEmpty { return .never }
      if items.allSatisfy({ $0.tag == .string && !machine.text(of: $0).isEmpty }) {
        return condition(.oneOf, .array(items.map { .string(machine.text(of: $0)) }), SearchAttribute.texts)
      }
      if items.allSatisfy({ $0.tag == .int }) {
        return condition(.oneOf, .array(items.map { .int($0.asInt) }), SearchAttribute.integers)
      }
      return .local
    case (.contains, .string), (.startsWith, .string), (.endsWith, .string):
      let text = machine.text(of: value)
      let op: SearchOperator = word == .contains ? .contains : word == .startsWith ? .startsWith : .endsWith
      return text.isEmpty ? .local : condition(op, .string(text), SearchAttribute.texts)
    default: return .local
    }
  }

  private func condition(_ op: SearchOperator, _ value: JSONValue, _ kinds: Set<String>)
    -> FilterTranslation.Outcome
  {
    let attribute = SearchQuery.Attribute(name: name, value: value, kinds: kinds, isKeyed: field.keyedByID)
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

    /// Nil where the server would refuse the condition, or mean something else by it.
    func name(of attribute: SearchQuery.Attribute) -> String? {
      if attribute.isKeyed {
        // One name in several ticket types is several attributes: the client tells them apart.
        guard let all = keyed[attribute.name], all.count == 1, attribute.kinds.contains(all[0].kind) else {
          return nil
        }
        return all[0].id
      }
      guard let kind = named[attribute.name], attribute.kinds.contains(kind) else { return nil }
      return attribute.name
    }
  }
}
