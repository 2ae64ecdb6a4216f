/// An API record by type and id: `contact/6650…`.
public struct RecordRef: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let type: String
  public let id: String

  public init(type: String, id: String) {
    self.type = type
    self.id = id
  }

  public var description: String { "\(type)/\(id)" }

  /// From `description`; nil without a slash. A type has none, an id may.
  public init?(_ text: String) {
    guard let slash = text.firstIndex(of: "/") else { return nil }
    type = String(text[..<slash])
    id = String(text[text.index(after: slash)...])
  }

  public static func < (a: RecordRef, b: RecordRef) -> Bool {
    a.type == b.type ? a.id < b.id : a.type < b.type
  }
}
