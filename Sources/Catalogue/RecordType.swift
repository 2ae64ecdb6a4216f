/// A declared type of API records.
public struct RecordType: Sendable {
  public var name: String
  public var fields: [Field]
  public var documentation: String?
  private let positions: [String: Int]

  public init(name: String, fields: [Field], documentation: String?) {
    self.name = name
    self.fields = fields
    self.documentation = documentation
    var positions: [String: Int] = [:]
    for (index, field) in fields.enumerated() where positions[field.name] == nil {
      positions[field.name] = index
    }
    self.positions = positions
  }

  public func field(_ name: String) -> Field? {
    guard let index = positions[name], fields.indices.contains(index) else { return nil }
    return fields[index]
  }

  /// The fields that a table shows when nothing else is asked for, in their order.
  public var columns: [Field] {
    fields.filter { $0.column != nil }.sorted { ($0.column ?? 0) < ($1.column ?? 0) }
  }

  /// The first field that plays this part.
  public func field(with role: Field.Role) -> Field? { fields.first { $0.role == role } }
}

/// A field of a record type.
public struct Field: Sendable, Hashable {
  public enum Role: String, Sendable, CaseIterable {
    /// What tells the record from all others of its type.
    case key
    /// What people call it; a reference may be given by it.
    case name
    /// Another name that a reference may be given by.
    case alias
    /// Changes with every change of the record: what freshness is judged by.
    case version
    /// When the record was made.
    case created
  }

  /// A list inside a record that the server cuts off.
  public struct Cut: Sendable, Hashable {
    /// How many entries are there at most.
    public var limit: Int
    /// Reads the whole; nil where there is no way to the rest.
    public var rest: LookUp?
  }

  public struct Search: Sendable, Hashable {
    public var kind: SearchKind
    /// The field's own name in a search, where it is another one.
    public var wireName: String?
    public var words: [SearchField.Word]
    public var doubt: SearchDoubt?
    public var keyedByID: Bool
  }

  public var name: String
  /// The key in JSON.
  public var wire: String
  public var type: FieldType
  public var isOptional: Bool
  /// The list lies under this key of an object.
  public var inside: String?
  public var cut: Cut?
  public var search: Search?
  /// The server can sort by it.
  public var isSortable: Bool
  public var role: Role?
  public var column: Int?
  /// An id that goes out as a JSON number where the record is an argument.
  public var sendsNumber: Bool
  /// The only operations whose answers have the field; empty: all have it.
  public var onlyFrom: [String]
  /// A field of the search alone.
  public var onlySearch: Bool
  public var computed: [String]?
  public var rest: LookUp?
  public var function: String?
  public var documentation: String?
}
