/// The operators of the API's search language.
public enum SearchOperator: String, Sendable, CaseIterable {
  case equal = "="
  case notEqual = "!="
  case oneOf = "IN"
  case noneOf = "NIN"
  case less = "<"
  case greater = ">"
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case contains = "~"
  case notContains = "!~"
  case startsWith = "^"
  case endsWith = "$"
}

/// What the server's search can do with a field, and what it means by it.
public enum SearchKind: String, Sendable, CaseIterable {
  /// Texts; whether upper and lower case differ is not known.
  case text
  /// Texts that are matched word by word, so that `=` finds any text with that word.
  case token
  /// Numbers with all comparisons.
  case number
  /// Numbers without `<=` and `>=`; `<` and `>` may include the value itself.
  case integer
  case flag
  /// Times compared by the calendar day in the workspace's zone.
  case day
  /// Times to the second; `<` and `>` may include the value itself.
  case second
  /// As `second`, with `<=` and `>=`.
  case secondRange = "second_range"
  /// A tag's id.
  case tag
  /// An attribute made by the workspace: the operators of its own type.
  case attribute

  public var operators: [SearchOperator] {
    switch self {
    case .text, .token:
      [
        .equal, .notEqual, .oneOf, .noneOf, .contains, .notContains, .startsWith, .endsWith,
      ]
    case .number:
      [
        .equal, .notEqual, .oneOf, .noneOf, .less, .greater, .lessOrEqual, .greaterOrEqual,
      ]
    case .integer, .second: [.equal, .notEqual, .oneOf, .noneOf, .less, .greater]
    case .secondRange:
      [
        .equal, .notEqual, .oneOf, .noneOf, .less, .greater, .lessOrEqual, .greaterOrEqual,
      ]
    case .flag: [.equal, .notEqual, .oneOf, .noneOf]
    case .day: [.equal, .less, .greater]
    case .tag: [.equal, .notEqual]
    case .attribute: SearchOperator.allCases
    }
  }
}

/// Why a declared search field is not trusted: `filter` never pushes it down, `search` may.
public enum SearchDoubt: String, Sendable {
  /// The field's name as published looks misspelt.
  case spelling
  /// What the server compares is not known.
  case meaning
}

/// A field by which the server can search the records of a type.
public struct SearchField: Sendable, Hashable {
  /// The way to the field as a script writes it: `["location", "country"]`.
  public var path: [String]
  /// The field's name in a search: `location.country`. For an attribute the part before its name.
  public var wireName: String
  public var type: FieldType
  public var kind: SearchKind
  /// Values that the search spells otherwise than the record. Others cannot be searched for
  /// if there are any here.
  public var words: [Word]
  public var doubt: SearchDoubt?
  /// An attribute is searched by its `id`, not by its name.
  public var keyedByID: Bool
  /// Records do not have the field itself.
  public var onlySearch: Bool
  /// The way to the value in a record, through lists too; nil where the record does not hold it.
  public var computed: [String]?
  /// The operation that tells the value for one record.
  public var rest: LookUp?
  /// The function that asks for it in a script: `has_tag`.
  public var function: String?

  /// Records have the value: a filter can look at it again.
  public var isReadable: Bool {
    if type == .any { return false }
    return !onlySearch || (computed != nil && function == nil && doubt == nil)
  }

  public struct Word: Sendable, Hashable {
    public var value: String
    public var wire: String
  }
}
