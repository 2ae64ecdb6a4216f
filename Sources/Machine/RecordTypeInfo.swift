/// What the machine knows of an API record's type: its known fields, and how each is read from JSON.
public struct RecordTypeInfo {
  public struct Field: Sendable {
    public enum Conversion: Sendable {
      case plain
      /// Unix seconds to a time.
      case time
      /// A number or text to a text.
      case id
      /// A text of digits to an int.
      case int
      /// A list whose numbers become texts.
      case ids
      /// Seconds to a duration.
      case seconds
      /// An object (or null) read as a record of a type.
      case record(UInt32)
      /// A list of objects of a type.
      case list(UInt32)
      /// `{type: "tag.list", tags: […]}` to its list, whose items have a type.
      case wrapped(key: String, UInt32)
    }
    public var name: String
    public var conversion: Conversion
    /// The key in JSON.
    public var wire: String
    /// The list may have been cut off: `ValueReader.cutList` is asked what stands for it.
    public var mayBeCut: Bool

    public init(
      _ name: String, _ conversion: Conversion = .plain, wire: String? = nil, mayBeCut: Bool = false
    ) {
      self.name = name
      self.conversion = conversion
      self.wire = wire ?? name
      self.mayBeCut = mayBeCut
    }
  }

  public var name: String
  public var fields: [Field]
  /// Any name may be asked for (custom attributes): what is missing is null.
  public var isOpen: Bool
  /// A record that a plan hands out: what is not in it only the server knows, and asking for it is an error.
  public var isStandIn = false
  /// Fields that records are given from elsewhere in them: the way to the value.
  public var computed: [(name: String, path: [String])] = []
  var bySymbol: [UInt32: Field] = [:]

  public init(name: String, fields: [Field], isOpen: Bool = false) {
    self.name = name
    self.fields = fields
    self.isOpen = isOpen
  }
}

extension Machine {
  /// Makes a type known; its number stands in shapes of its records.
  public func register(_ type: RecordTypeInfo) -> UInt32 {
    var type = type
    for field in type.fields { type.bySymbol[symbols.number(of: field.name)] = field }
    types.append(type)
    return UInt32(types.count - 1)
  }

  /// Replaces a type that was registered by name alone, so that types may refer to each other.
  public func define(_ number: UInt32, _ type: RecordTypeInfo) {
    var type = type
    for field in type.fields { type.bySymbol[symbols.number(of: field.name)] = field }
    types[Int(number)] = type
  }

  public func recordType(_ number: UInt32) -> RecordTypeInfo { types[Int(number)] }

  public func typeName(_ number: UInt32) -> String { types[Int(number)].name }
}
