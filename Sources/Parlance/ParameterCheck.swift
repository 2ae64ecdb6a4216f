import Syntax

/// A host's value against the type that a `param` declares.
enum ParameterCheck {
  static func accepts(_ value: Value, _ type: TypeReference.Kind) -> Bool {
    switch (type, value) {
    case (.choice(let words), .string(let text)): words.contains(text)
    case (.named("string", argument: nil), .string), (.named("int", argument: nil), .int),
      (.named("float", argument: nil), .float), (.named("float", argument: nil), .int),
      (.named("bool", argument: nil), .bool), (.named("time", argument: nil), .time),
      (.named("duration", argument: nil), .duration):
      true
    case (.named("list", argument: let item?), .list(let items)): items.allSatisfy { accepts($0, item.kind) }
    default: false
    }
  }

  static func words(_ type: TypeReference.Kind) -> String {
    switch type {
    case .choice(let words): "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
    case .named(let name, argument: nil): name
    case .named(let name, argument: let item?): "\(name)<\(words(item.kind))>"
    case .file: "a file, which an embedded script cannot have"
    }
  }
}
