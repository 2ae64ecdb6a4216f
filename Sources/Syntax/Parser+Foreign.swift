import Diagnostics

/// Forms of other languages, recognised where the parser could not go on: they cost nothing while a script
/// is right.
extension Parser {
  /// The mistake to report instead of one that says only what was expected; with its place.
  func explained(_ mistake: Mistake, at range: SourceRange?) -> (Mistake, SourceRange) {
    let place = range ?? current.range
    guard let (form, foreign) = foreignForm(behind: mistake) else { return (mistake, place) }
    return (.foreign(form), foreign ?? place)
  }

  /// The form, and where it stands if that is not the current token.
  private func foreignForm(behind mistake: Mistake) -> (ForeignForm, SourceRange?)? {
    switch mistake {
    case .expectedExpression: foreignOperator ?? foreignWord(current)
    case .expectedInList: foreignInList
    case .argumentWithEquals: isTouching(1, .greater) ? (.arrowFunction, joined(0, 1)) : nil
    case .expected(_, after: let what, _): foreignBehind(what)
    case .expectedName(let what, _): foreignName(what)
    case .expectedBody: foreignBody
    case .startsStatement("|") where token(-1).kind == .leftBrace: (.pipedNames, nil)
    case .expectedNewLine: foreignBehindStatement
    case .notAssignable where isTouching(1, .greater): (.arrowFunction, joined(0, 1))
    default: nil
    }
  }

  /// Functions whose condition or value for each item is asked for between `( )` by habit.
  static let stages: Set<String> = [
    "map", "filter", "flat_map", "take_while", "drop_while", "unique", "count", "any", "all", "find", "sum",
    "mean", "min", "max", "sort_by", "top", "group_by", "count_by", "index_by", "each", "bulk",
  ]

  // MARK: Operators

  /// The current token and the one so far behind it (or before it) stand without a space between.
  private func isTouching(_ distance: Int, _ kind: Token.Kind) -> Bool {
    let other = token(distance)
    return other.kind == kind && (distance > 0 ? current.end == other.start : other.end == current.start)
  }

  private func joined(_ first: Int, _ last: Int) -> SourceRange {
    SourceRange(token(first).start, token(last).end)
  }

  /// Two operators that were meant as one: the second is where a value was expected.
  private var foreignOperator: (ForeignForm, SourceRange?)? {
    let before = token(-1)
    let both = joined(-1, 0)
    guard before.end == current.start else {
      // `x--` reads as `x - (-…)` up to its end.
      if before.kind == .minus, token(-2).kind == .minus, token(-2).end == before.start {
        return (.increment("--", name: name(token(-3))), joined(-2, -1))
      }
      return nil
    }
    switch (before.kind, kind) {
    case (.star, .assign), (.slash, .assign), (.percent, .assign), (.coalesce, .assign):
      return (.compoundAssignment(text(of: before) + "="), both)
    case (.plus, .plus): return (.increment("++", name: name(token(-2))), both)
    case (.star, .star): return (.power, both)
    case (.less, .greater): return (.comparison("<>", meant: "!="), both)
    case (.equal, .assign): return (.comparison("===", meant: "=="), both)
    case (.notEqual, .assign): return (.comparison("!==", meant: "!="), both)
    case (.minus, _) where token(-2).kind == .minus && token(-2).end == before.start:
      return (.increment("--", name: name(token(-3))), joined(-2, -1))
    default: return nil
    }
  }

  private func name(_ token: Token) -> String? { token.kind == .name ? text(of: token) : nil }

  private func foreignWord(_ token: Token) -> (ForeignForm, SourceRange?)? {
    guard token.kind == .name || token.kind == .matches else { return nil }
    let word = text(of: token)
    return ForeignForm.keywords[word].map { (.keyword(word, advice: $0), token.range) }
  }

  // MARK: Lists and arguments

  private var foreignInList: (ForeignForm, SourceRange?)? {
    switch kind {
    case .arrow: (.arrowFunction, nil)
    case .assign where isTouching(1, .greater): (.arrowFunction, joined(0, 1))
    case .question: (.conditional, nil)
    case .text, .textStart: token(-1).kind.isText || token(-1).kind == .textEnd ? (.twoTexts, nil) : nil
    case .name where isWord(current, "is"): (.isWord, nil)
    default: nil
    }
  }

  // MARK: Statements

  private func foreignBehind(_ what: String) -> (ForeignForm, SourceRange?)? {
    switch (what, kind) {
    case ("the name", .colon): isTouching(1, .assign) ? (.walrus, joined(0, 1)) : (.typeAnnotation, nil)
    case ("the name", .comma): (.takingApart, nil)
    case ("the name", .equal): (.doubleEqualsInBinding, nil)
    case ("the item's name", .comma): (.forWithIndex, nil)
    // `for x of xs`; a name alone is more likely what the `in` was forgotten before.
    case ("the item's name", .name) where ForeignForm.forWords.contains(text(of: current)):
      (.forWord(text(of: current)), nil)
    case ("the item's name", .colon): (.forWord(text(of: current)), nil)
    default: nil
    }
  }

  private func foreignName(_ what: String) -> (ForeignForm, SourceRange?)? {
    switch (what, kind) {
    case ("a name for the item", .leftParenthesis): (.parenthesesInFor, nil)
    case ("a name", .leftBracket), ("a name", .leftBrace), ("a name", .leftParenthesis): (.takingApart, nil)
    default: nil
    }
  }

  private var foreignBody: (ForeignForm, SourceRange?)? {
    if kind == .colon { return (.wordBeforeBody(":"), nil) }
    guard kind == .name, !current.startsLine else { return nil }
    let word = text(of: current)
    if word == "is" { return (.isWord, nil) }
    return ["then", "do", "begin"].contains(word) ? (.wordBeforeBody(word), nil) : nil
  }

  private var foreignBehindStatement: (ForeignForm, SourceRange?)? {
    let before = token(-1)
    switch kind {
    case .arrow: return (.arrowFunction, nil)
    case .name where token(1).kind == .arrow: return (.arrowFunction, joined(0, 1))
    case .colon where isTouching(1, .assign): return (.walrus, joined(0, 1))
    case .text,
      .textStart where before.kind.isText || before.kind == .textEnd:
      return (.twoTexts, nil)
    case .name where isWord(current, "is"): return (.isWord, nil)
    default: break
    }
    // `const x = 1`: the first word of the statement; `} elif`: the word behind it.
    if before.start == tokens[statementStart].start, let form = foreignWord(before) { return form }
    return before.kind == .rightBrace ? foreignWord(current) : nil
  }
}
