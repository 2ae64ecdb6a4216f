import Syntax

/// One argument of an operation, and where it goes in the request.
public struct Parameter: Sendable, Hashable {
  public enum Place: String, Sendable {
    case path, query, body
    /// The condition of a search: `query` in the body.
    case filter
    /// The order of a search: `sort` in the body.
    case sort
    /// Records a page: where the paging style puts it.
    case pageSize = "page_size"
  }

  public enum Default: Sendable, Hashable {
    case literal(Literal)
    /// The teammate who signs: `as:`, else `--as`, else the one behind the token.
    case signer
  }

  public var name: String
  public var type: FieldType
  /// May be left out and may be `null`.
  public var isOptional: Bool
  public var defaultValue: Default?
  public var place: Place
  /// Where it lies: one name in a path or query, the names from the outside in for a body.
  public var wire: [String]
  /// An id that goes out as a JSON number.
  public var sendsNumber: Bool
  /// The field of the target that has this value after the operation; nil where none does.
  public var sets: [String]?

  /// Takes the block of a search. A value that a search is narrowed by (`where`) goes to the same place of the
  /// request, and is an argument like any other.
  public var takesBlock: Bool { if case .filter = type { true } else { false } }

  /// Whether a call must give it.
  public var isRequired: Bool { !isOptional && defaultValue == nil }
}

/// A field that an operation always sends: in the body, with GET in the query.
public struct FixedField: Sendable, Hashable {
  public enum Value: Sendable, Hashable {
    case text(String)
    case bool(Bool)
    case null
    /// The id of the teammate who signs.
    case signer
    /// The id that means no assignee, `"0"`.
    case nobody
  }

  public var wire: [String]
  public var value: Value
}

/// Which of several optional parameters a call must give.
public enum Requirement: Sendable, Hashable {
  case exactlyOne([String])
  case atLeastOne([String])

  /// The parameters it chooses from.
  public var parameters: [String] {
    switch self {
    case .exactlyOne(let names), .atLeastOne(let names): names
    }
  }
}
