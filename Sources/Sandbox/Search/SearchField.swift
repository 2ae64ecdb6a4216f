/// A field that a search may name.
struct SearchField: Sendable {
  /// What values it takes, and with that which operators.
  enum Kind: Sendable {
    case string
    case integer
    case boolean
    /// A date of contacts: compared by the day of the workspace's time zone.
    case day
    /// A date of conversations and tickets: compared by the second; `>` and `<` include the second itself.
    case instant
    /// The record's own number, which is text by the API's word and yet takes `>` (clients page by it).
    case number
    /// The words of a text: each operator looks at one word at a time.
    case words
    /// A contact's tag: only `=` and `!=`.
    case tag
    case segment
    /// The ids of what is linked to the record.
    case linked
    /// A custom attribute, which goes by its value's own type.
    case anything
  }

  /// Where the store has it.
  enum Source: Sendable, Equatable {
    case column(String)
    /// A path into the record's JSON.
    case json(String)
    /// A custom attribute of contacts, by name.
    case custom(String)
    case link(Link)
  }

  enum Link: Sendable, Equatable { case contactTag, contactSegment, conversationTag, participant, teammate }

  let name: String
  let kind: Kind
  let source: Source

  init(_ name: String, _ kind: Kind, _ source: Source) {
    self.name = name
    self.kind = kind
    self.source = source
  }

  /// The operators that the field's kind takes.
  var operators: Set<SearchOperator> {
    switch kind {
    case .string, .words, .linked, .segment:
      [.equal, .unequal, .in, .notIn, .contains, .lacks, .starts, .ends]
    case .integer: [.equal, .unequal, .in, .notIn, .less, .greater, .lessOrEqual, .greaterOrEqual]
    case .boolean: [.equal, .unequal, .in, .notIn]
    case .day: [.equal, .less, .greater]
    case .instant: [.equal, .unequal, .in, .notIn, .less, .greater, .lessOrEqual, .greaterOrEqual]
    case .tag: [.equal, .unequal]
    case .number, .anything: Set(SearchOperator.allCases)
    }
  }
}

enum SearchOperator: String, Sendable, CaseIterable {
  case equal = "="
  case unequal = "!="
  case `in` = "IN"
  case notIn = "NIN"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case contains = "~"
  case lacks = "!~"
  case starts = "^"
  case ends = "$"
}
