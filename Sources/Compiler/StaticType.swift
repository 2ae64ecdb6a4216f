import Bytecode

/// What is known of a value before anything runs, `null` aside: a value of any type may be absent.
/// `unknown` says nothing, and nothing is said about it.
indirect enum StaticType: Hashable {
  case unknown
  case null, bool, int, float, text, time, duration, range, function
  /// A text that is one of these.
  case choice([String])
  /// A text that is the id of a record of this type.
  case id(String)
  case list(StaticType)
  case sequence(StaticType)
  /// A record with these keys and no others.
  case record([String: StaticType])
  /// A record of a declared type.
  case declared(String)
  /// The item of a search's block: it has the fields that only the search knows, too.
  case searched(String)
  /// An open map.
  case map
  /// The path of a file that a parameter names, with the columns it is known to have.
  case file([String])
  /// A row of such a file: it may have more columns.
  case row([String])

  init(_ type: DeclaredType) {
    switch type {
    case .string: self = .text
    case .int: self = .int
    case .float: self = .float
    case .bool: self = .bool
    case .time: self = .time
    case .duration: self = .duration
    case .choice(let words): self = .choice(words)
    case .id(let name), .reference(let name): self = .id(name)
    case .list(let element): self = .list(StaticType(element))
    case .sequence(let element): self = .sequence(StaticType(element))
    case .record(let name): self = .declared(name)
    case .map: self = .map
    case .filter, .unknown: self = .unknown
    }
  }

  /// What values can be equal to each other or in an order.
  enum Kind: Hashable {
    case bool, number, text, time, duration, range, function, list, record

    /// That of a builtin's parameter; nil for one that takes several, or what `null` may stand for.
    init?(_ type: String) {
      switch type {
      case "string": self = .text
      case "int", "float": self = .number
      case "bool": self = .bool
      case "time": self = .time
      case "duration": self = .duration
      case "record": self = .record
      case "list": self = .list
      default: return nil
      }
    }

    var words: String {
      switch self {
      case .bool: "true or false"
      case .number: "a number"
      case .text: "a text"
      case .time: "a time"
      case .duration: "a duration such as 90d"
      case .range: "a range"
      case .function: "a function"
      case .list: "a list"
      case .record: "a record"
      }
    }
  }

  /// Nil where it is not known, or `null`, which `==` may ask for everywhere.
  var kind: Kind? {
    switch self {
    case .unknown, .null, .sequence: nil
    case .bool: .bool
    case .int, .float: .number
    case .text, .choice, .id, .file: .text
    case .time: .time
    case .duration: .duration
    case .range: .range
    case .function: .function
    case .list: .list
    case .record, .declared, .searched, .map, .row: .record
    }
  }

  /// The items of what can be gone through.
  var item: StaticType {
    switch self {
    case .list(let item), .sequence(let item): item
    case .range: .int
    default: .unknown
    }
  }

  /// What a stage gives that makes such items of this: a list at once, all else when somebody reads.
  func stage(of item: StaticType) -> StaticType {
    switch self {
    case .list: .list(item)
    case .sequence, .range: .sequence(item)
    default: .unknown
    }
  }

  /// What a value is that is one of two.
  func joined(_ other: StaticType) -> StaticType {
    if self == other || other == .null { return self }
    if self == .null { return other }
    switch (self, other) {
    case (.int, .float), (.float, .int): return .float
    default: return kind == .text && other.kind == .text ? .text : .unknown
    }
  }

  /// With an article, as messages name it.
  var words: String {
    switch self {
    case .unknown: "a value"
    case .null: "null"
    case .bool: "a bool"
    case .int: "an int"
    case .float: "a float"
    case .text, .choice: "a text"
    case .id: "an id, which is a text"
    case .time: "a time"
    case .duration: "a duration"
    case .range: "a range"
    case .function: "a function"
    case .list: "a list"
    case .sequence: "a sequence"
    case .record, .map, .row: "a record"
    case .file: "a file"
    case .declared(let name), .searched(let name): StaticType.article(name)
    }
  }

  static func article(_ name: String) -> String {
    let words = name.map { $0 == "_" ? " " : String($0) }.joined()
    return (words.first.map { "aeiou".contains($0) } ?? false ? "an " : "a ") + words
  }
}
