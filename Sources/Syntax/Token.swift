import Diagnostics

/// One lexeme: its kind and its place.
public struct Token: Sendable, Hashable {
  public var kind: Kind
  /// A line break, or the start of the file, lies between this token and the one before.
  public var startsLine: Bool
  var start32: UInt32
  var end32: UInt32
  /// A number's magnitude, a float's bits, a duration's milliseconds, the place of a text or an
  /// instant in the lexer's tables, or the index of the closing bracket.
  var payload: UInt64

  init(_ kind: Kind, _ start: Int, _ end: Int, startsLine: Bool, payload: UInt64 = 0) {
    self.kind = kind
    self.startsLine = startsLine
    start32 = UInt32(truncatingIfNeeded: start)
    end32 = UInt32(truncatingIfNeeded: end)
    self.payload = payload
  }

  public var start: Int { Int(start32) }
  public var end: Int { Int(end32) }
  public var range: SourceRange { SourceRange(start, end) }

  public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
    case end
    /// What the lexer could not read; a diagnostic says why.
    case invalid
    /// Only in `Lexer.tokens(of:)`.
    case comment, documentation

    case name
    case int, float, duration, time
    /// A whole text without interpolation: `"…"`, `"""…"""` or `'…'`.
    case text
    /// The parts of a text with interpolation; pieces and expressions lie between start and end.
    case textStart, textPiece, interpolationStart, interpolationEnd, textEnd

    case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
    case comma, semicolon, colon, dot, ellipsis, arrow, question
    case assign, plusAssign, minusAssign
    case bar, coalesce, range
    case plus, minus, star, slash, percent
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    /// Habits of other languages: known, to be explained.
    case ampersands, bars, bang, barArrow, questionDot

    case null, `true`, `false`
    case and, or, not, `in`, contains, startsWith, endsWith, matches
    case it, `let`, `var`, fn, `if`, `else`, `for`, `while`, `break`, `continue`, `return`, `try`
    case `catch`
  }
}

extension Token.Kind {
  /// Reserved words: they are no names, but may be fields, keys and argument names.
  public var isKeyword: Bool { rawValue >= Token.Kind.null.rawValue }

  /// A name or a reserved word.
  public var isWord: Bool { self == .name || isKeyword }

  public var isText: Bool { self == .text || self == .textStart }

  /// A field may touch it from behind.
  var endsOperand: Bool {
    switch self {
    case .rightParenthesis, .rightBracket, .rightBrace, .textEnd, .it: true
    default: self == .name || (Token.Kind.int.rawValue...Token.Kind.text.rawValue).contains(rawValue)
    }
  }

  /// Stands between two operands, so that a line that ends in it goes on.
  public var isInfix: Bool {
    switch self {
    case .bar, .coalesce, .range, .plus, .minus, .star, .slash, .percent, .equal, .notEqual, .less,
      .lessOrEqual, .greater, .greaterOrEqual, .and, .or, .in, .contains, .startsWith, .endsWith,
      .matches, .ampersands, .bars, .barArrow:
      true
    default: false
    }
  }

  /// The reserved words by their spelling.
  public static let keywords: [String: Token.Kind] = [
    "null": .null, "true": .true, "false": .false, "and": .and, "or": .or, "not": .not,
    "in": .in, "contains": .contains, "starts_with": .startsWith, "ends_with": .endsWith,
    "matches": .matches, "it": .it, "let": .let, "var": .var, "fn": .fn, "if": .if,
    "else": .else, "for": .for, "while": .while, "break": .break, "continue": .continue,
    "return": .return, "try": .try, "catch": .catch,
  ]
}
