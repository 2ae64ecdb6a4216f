/// The type of a field, a parameter or a result.
public indirect enum FieldType: Sendable, Hashable {
  case string, int, float, bool
  /// Unix seconds on the wire.
  case time
  /// Whole seconds on the wire.
  case duration
  /// Whatever JSON the server sends.
  case any
  /// A record whose fields are not declared; a missing field is an error.
  case record
  /// An open map such as `custom_attributes`; a missing key reads `null`.
  case map
  /// The body of the answer as it came; only a result.
  case bytes
  /// One of these texts.
  case choice([String])
  /// The id of a record of this type: takes the record, a text or an int. A text in the language.
  case id(String)
  /// As `id`, and takes a name too, which is looked up among the records of that type.
  case reference(String)
  /// As `reference`, and the record's name is what is sent.
  case name(String)
  case list(FieldType)
  /// A record of a declared type.
  case object(String)
  /// A block that says which records are wanted; only a parameter.
  case filter(String)
  /// A field and a direction to sort by; only a parameter.
  case sort

  /// The record type that an id, a name, a reference, a filter or an object is about.
  public var recordType: String? {
    switch self {
    case .id(let name), .reference(let name), .name(let name), .object(let name),
      .filter(let name):
      name
    case .list(let element): element.recordType
    default: nil
    }
  }

  /// Whether a record, or what names one, is wanted.
  public var namesRecord: Bool {
    switch self {
    case .id, .reference, .name: true
    default: false
    }
  }
}

extension FieldType: CustomStringConvertible {
  /// As a declaration spells it.
  public var description: String {
    switch self {
    case .string: "string"
    case .int: "int"
    case .float: "float"
    case .bool: "bool"
    case .time: "time"
    case .duration: "duration"
    case .any: "any"
    case .record: "record"
    case .map: "map"
    case .bytes: "bytes"
    case .choice(let words): words.map { "\"\($0)\"" }.joined(separator: " | ")
    case .id(let name): "id<\(name)>"
    case .reference(let name): "ref<\(name)>"
    case .name(let name): "name<\(name)>"
    case .list(let element): "list<\(element)>"
    case .object(let name): name
    case .filter(let name): "filter<\(name)>"
    case .sort: "sort"
    }
  }
}
