/// The words that may follow an operation's path; docs/declarations.md says what they mean.
enum OperationClause: String, CaseIterable {
  case items, paging, total, cap, beyond, idle, cut
  case pageSize = "page_size"
  case pageMax = "page_max"
  case wire, query, body, number, fix, signs, fill, listed, refuse, require
  case `where`, everything, accept
  case target, sets, leaves, reopens, undo, settle, look, from, when, keep
  case `as`, official

  /// May stand more than once.
  var repeats: Bool {
    switch self {
    case .wire, .query, .body, .number, .fix, .fill, .listed, .refuse, .require, .where, .sets,
      .leaves, .settle, .look, .from, .when:
      true
    default: false
    }
  }
}

/// The words that may follow a field's type.
enum FieldClause: String, CaseIterable {
  case wire, inside, cut, rest, from
  case search
  case searchAs = "search_as"
  case words, doubt, keyed, only, computed, with, sort
  case `is`, column, `as`

  var repeats: Bool { self == .only }
}
