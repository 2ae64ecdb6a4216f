import Diagnostics

/// Writes a script in the canonical style: two spaces a level, one space where one belongs, at most
/// one empty line, comments and line breaks where they were.
///
/// It works on tokens and never moves one over a line break, so the tree stays what it was.
public struct Formatter {
  /// The formatted text; a script with syntax errors comes back as it is.
  public static func format(_ source: SourceText) -> String {
    var parser = Parser(source)
    guard !parser.parseScript().hasErrors else { return source.text(in: SourceRange(0, source.bytes.count)) }
    var formatter = Formatter(source, layout: parser.layout)
    formatter.run()
    return formatter.output
  }

  private let source: SourceText
  private let pieces: [Piece]
  private let layout: Parser.Layout
  private var output = ""
  private var open: [Opening] = []
  /// Indentation of the line being written, in columns.
  private var lineIndent = 0
  /// The last piece that is no comment.
  private var previous: Piece?
  /// It is a `-` with no operand before it.
  private var previousIsSign = false
  /// It is the `->` of an operation, not that of a block's names.
  private var previousIsResult = false
  /// The types, outermost ones only, and the first that is not yet behind.
  private let types: [SourceRange]
  private var nextType = 0

  private struct Opening {
    /// Indentation of the line that the bracket stands on.
    var indent: Int
    /// A block or body, with spaces inside and statements on its lines.
    var isBody: Bool
  }

  /// A token, or a whole text with its interpolations, which stays as it is written.
  private struct Piece {
    var kind: Token.Kind
    var start: Int
    var end: Int
    var startsLine: Bool
    /// A reserved word behind a point is a field.
    var isField = false

    var endsOperand: Bool {
      if isField { return true }
      switch kind {
      case .null, .true, .false, .question: return true
      default: return kind.endsOperand
      }
    }
  }

  private init(_ source: SourceText, layout: Parser.Layout) {
    self.source = source
    self.layout = layout
    var types: [SourceRange] = []
    for type in layout.types.sorted(by: { ($0.start, -$0.end) < ($1.start, -$1.end) })
    where type.start >= types.last?.end ?? 0 {
      types.append(type)
    }
    self.types = types
    var pieces: [Piece] = []
    var depth = 0
    for token in Lexer.tokens(of: source) {
      if token.kind == .textStart {
        if depth == 0 {
          pieces.append(Piece(kind: .text, start: token.start, end: token.end, startsLine: token.startsLine))
        }
        depth += 1
      } else if token.kind == .textEnd {
        depth -= 1
        if depth == 0, let last = pieces.indices.last { pieces[last].end = token.end }
      } else if depth == 0, token.kind != .end {
        let isField = token.kind.isWord && pieces.last?.kind == .dot
        pieces.append(
          Piece(
            kind: token.kind, start: token.start, end: token.end, startsLine: token.startsLine,
            isField: isField))
      }
    }
    self.pieces = pieces
  }

  private mutating func run() {
    for (index, piece) in pieces.enumerated() {
      let last = index > 0 ? pieces[index - 1] : nil
      let isComment = piece.kind == .comment || piece.kind == .documentation
      if piece.startsLine || last == nil {
        startLine(at: index, behind: last)
      } else if isComment {
        output += "  "
      } else if let last, needsSpace(last, piece) {
        output += " "
      }
      output += isComment ? trimmed(text(piece)) : text(piece)
      if piece.kind.opensBracket {
        open.append(Opening(indent: lineIndent, isBody: layout.braces.contains(piece.start)))
      } else if isClosing(piece.kind) {
        _ = open.popLast()
      }
      if !isComment { remember(piece) }
    }
    if !output.isEmpty { output += "\n" }
  }

  private mutating func remember(_ piece: Piece) {
    let startsStatement = piece.startsLine && (open.last?.isBody ?? true)
    previousIsSign = piece.kind == .minus && (startsStatement || !(previous?.endsOperand ?? false))
    previousIsResult = piece.kind == .arrow && previous?.kind == .rightParenthesis
    previous = piece
  }

  private func text(_ piece: Piece) -> String { source.text(in: SourceRange(piece.start, piece.end)) }

  private func trimmed(_ text: String) -> String {
    var text = text
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }

  private func isClosing(_ kind: Token.Kind) -> Bool {
    kind == .rightParenthesis || kind == .rightBracket || kind == .rightBrace
  }
}

// MARK: - Lines

extension Formatter {
  private mutating func startLine(at index: Int, behind last: Piece?) {
    let piece = pieces[index]
    if let last {
      let breaks = source.bytes[last.end..<piece.start].filter { $0 == 0x0A }.count
      let isInner = last.kind.opensBracket || isClosing(piece.kind)
      output += breaks > 1 && !isInner ? "\n\n" : "\n"
    }
    lineIndent = indentation(at: index)
    output += String(repeating: " ", count: lineIndent)
  }

  private func indentation(at index: Int) -> Int {
    let piece = pieces[index]
    if isClosing(piece.kind) { return open.last?.indent ?? 0 }
    let base = open.last.map { $0.indent + 2 } ?? 0
    // A comment stands where the line after it does.
    let next = pieces[index...].first { $0.kind != .comment && $0.kind != .documentation } ?? piece
    return goesOn(next) ? base + 2 : base
  }

  /// A line that starts so belongs to the statement of the line before.
  private func goesOn(_ piece: Piece) -> Bool {
    guard let previous else { return false }
    if layout.methods.contains(piece.start) { return true }
    if piece.kind == .bar { return true }
    if previous.isField || piece.kind == .colon { return false }
    switch previous.kind {
    case .assign, .plusAssign, .minusAssign, .not: return true
    case .arrow: return previousIsResult
    default: return previous.kind.isInfix
    }
  }
}

// MARK: - Spaces

extension Formatter {
  private mutating func needsSpace(_ left: Piece, _ right: Piece) -> Bool {
    if isInType(left, right) { return spaceInType(left, right) }
    switch right.kind {
    case .comma, .semicolon, .colon, .rightParenthesis, .rightBracket, .question: return false
    case .rightBrace: return left.kind != .leftBrace && (open.last?.isBody ?? false)
    case .range: return false
    case .leftParenthesis, .leftBracket:
      if left.endsOperand { return false }
    case .dot:
      if left.endsOperand { return false }
    default: break
    }
    switch left.kind {
    case .leftParenthesis, .leftBracket, .dot, .ellipsis, .range: return false
    case .leftBrace: return open.last?.isBody ?? false
    case .minus where previousIsSign: return right.start > left.end && isNumber(right.kind)
    default: return true
    }
  }

  private func isNumber(_ kind: Token.Kind) -> Bool { kind == .int || kind == .float || kind == .duration }

  private mutating func isInType(_ left: Piece, _ right: Piece) -> Bool {
    while nextType < types.count, types[nextType].end <= left.start { nextType += 1 }
    return nextType < types.count && types[nextType].start <= left.start && right.end <= types[nextType].end
  }

  private func spaceInType(_ left: Piece, _ right: Piece) -> Bool {
    left.kind == .bar || right.kind == .bar || left.kind == .comma
  }
}
