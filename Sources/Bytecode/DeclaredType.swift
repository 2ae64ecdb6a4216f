/// What a declaration says that a value is, `null` aside: any of them may be absent.
public indirect enum DeclaredType: Hashable, Sendable {
  case string, int, float, bool, time, duration
  /// One of these texts.
  case choice([String])
  /// The id of a record of this type: a text; as an argument also the record, or a number.
  case id(of: String)
  /// As `id`; as an argument also the record's name.
  case reference(of: String)
  case list(DeclaredType)
  case sequence(DeclaredType)
  /// A record of a declared type.
  case record(String)
  /// An open map: every name reads, one that is missing as `null`.
  case map
  /// A block that says which records are wanted; only an argument.
  case filter(of: String)
  /// Nothing is said.
  case unknown
}

/// A field of a record type, as scripts name it.
public struct DeclaredField: Sendable {
  public var type: DeclaredType
  /// Records never have it: only a search can ask for it.
  public var isSearchOnly: Bool
  /// What to write instead where only a search has it.
  public var advice: String?

  public init(_ type: DeclaredType, isSearchOnly: Bool = false, advice: String? = nil) {
    self.type = type
    self.isSearchOnly = isSearchOnly
    self.advice = advice
  }
}

/// An operation's parameters in the order in which a call places them, and what it gives.
public struct DeclaredOperation: Sendable {
  public struct Parameter: Sendable {
    public var name: String
    public var type: DeclaredType
    public var isRequired: Bool

    public init(_ name: String, _ type: DeclaredType, isRequired: Bool) {
      self.name = name
      self.type = type
      self.isRequired = isRequired
    }
  }

  public var parameters: [Parameter]
  public var result: DeclaredType

  public init(parameters: [Parameter], result: DeclaredType) {
    self.parameters = parameters
    self.result = result
  }
}

/// The declared types of an API, for whoever checks a script before it runs.
public protocol TypeNames: AnyObject {
  /// The names of a record type's fields, those that only a search has left out; empty for an unknown type.
  func fieldNames(of type: String) -> [String]
  func field(_ name: String, of type: String) -> DeclaredField?
  /// Nil for what is not declared.
  func declaredOperation(_ resource: String, _ name: String) -> DeclaredOperation?
  /// What a bare resource name gives one by one.
  func itemType(of resource: String) -> DeclaredType
  /// Whether the search of a type's records takes a comparison (`==`, `not in`, `contains` …) of the field at a way.
  func searchTakes(_ way: [String], _ comparison: String, of type: String) -> Bool
}

extension TypeNames {
  public func searchTakes(_ way: [String], _ comparison: String, of type: String) -> Bool { true }
}
