import Diagnostics

/// Turns UTF-8 bytes into tokens in one pass, errors included.
///
/// It matches brackets on the way: an opening token's payload is the index of its closing token, so
/// that the parser can look past a body without reading it twice.
public struct Lexer {
  /// The tokens of a text with its comments, whatever is wrong with it: for tools that look at
  /// source while it is being written. The last one is `.end`.
  public static func tokens(of source: SourceText) -> [Token] {
    var lexer = Lexer(source, keepsComments: true)
    lexer.run()
    return lexer.tokens
  }

  /// More errors than this help nobody; a binary file would have millions.
  static let diagnosticLimit = 100

  let bytes: [UInt8]
  let keepsComments: Bool
  var position = 0
  var tokens: [Token] = []
  /// Decoded texts, by payload; a text without escapes is read from the source instead.
  var texts: [String] = []
  var instants: [TimeLiteral] = []
  var documentation: [DocumentationComment] = []
  var diagnostics: [Diagnostic] = []
  /// The text ended inside a `"""`, which more lines could close.
  var endsInBlockText = false

  private var atLineStart = true
  var brackets: [OpenBracket] = []
  var openTexts: [OpenText] = []

  /// `payload` of a text whose bytes stand in the source as they are.
  static let verbatim = UInt64.max

  struct OpenBracket {
    var kind: Token.Kind
    var token: Int
  }

  struct DocumentationComment {
    var range: SourceRange
    var startsLine: Bool
    /// Index of the token that follows.
    var nextToken: Int
  }

  init(_ source: SourceText, keepsComments: Bool = false) {
    bytes = source.bytes
    self.keepsComments = keepsComments
    tokens.reserveCapacity(bytes.count / 5 + 8)
  }

  mutating func run() {
    if bytes.count >= Int(UInt32.max) {
      report(.fileTooLarge, SourceRange(0, 0))
      append(.end, from: 0)
      return
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    while position < bytes.count { scanToken() }
    closeTextsAtEnd()
    position = bytes.count
    append(.end, from: bytes.count)
  }

  mutating func report(_ mistake: Mistake, _ range: SourceRange) {
    if diagnostics.count < Lexer.diagnosticLimit { diagnostics.append(mistake.diagnostic(at: range)) }
  }

  /// The byte `distance` further on, 0 past the end.
  @inline(__always) func peek(_ distance: Int = 0) -> UInt8 {
    let index = position + distance
    return index < bytes.count ? bytes[index] : 0
  }

  @inline(__always) mutating func append(_ kind: Token.Kind, from start: Int, payload: UInt64 = 0) {
    tokens.append(Token(kind, start, position, startsLine: atLineStart, payload: payload))
    atLineStart = false
  }

  /// Replaces everything from a token on by one `.invalid`.
  mutating func collapse(toToken index: Int, from start: Int) {
    if index < tokens.count {
      atLineStart = tokens[index].startsLine
      tokens.removeSubrange(index...)
    }
    append(.invalid, from: start)
  }

  private mutating func take(_ length: Int, _ kind: Token.Kind) {
    let start = position
    position += length
    append(kind, from: start)
  }

  private mutating func open(_ kind: Token.Kind) {
    brackets.append(OpenBracket(kind: kind, token: tokens.count))
    take(1, kind)
  }

  private mutating func close(_ kind: Token.Kind, opening: Token.Kind) {
    // A closing bracket never reaches out of the interpolation that it stands in.
    var index = brackets.count - 1
    while index >= 0 {
      let bracket = brackets[index]
      if bracket.kind == opening {
        tokens[bracket.token].payload = UInt64(tokens.count)
        brackets.removeSubrange(index...)
        break
      }
      if bracket.kind == .interpolationStart {
        guard opening == .leftParenthesis else { break }
        tokens[bracket.token].payload = UInt64(tokens.count)
        brackets.removeSubrange(index...)
        take(1, .interpolationEnd)
        continueText()
        return
      }
      index -= 1
    }
    take(1, kind)
  }

  mutating func lineBreak() {
    if !openTexts.isEmpty, openTexts.contains(where: { !$0.isBlock }) { abandonLineText() }
    position += 1
    atLineStart = true
  }

  private mutating func scanToken() {
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): lineBreak()
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      scanName()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): scanNumber()
    case UInt8(ascii: "\""): scanText()
    case UInt8(ascii: "'"): scanRawText()
    case UInt8(ascii: "#"): scanComment()
    case UInt8(ascii: "@"): scanInstant()
    case UInt8(ascii: "("): open(.leftParenthesis)
    case UInt8(ascii: "["): open(.leftBracket)
    case UInt8(ascii: "{"): open(.leftBrace)
    case UInt8(ascii: ")"): close(.rightParenthesis, opening: .leftParenthesis)
    case UInt8(ascii: "]"): close(.rightBracket, opening: .leftBracket)
    case UInt8(ascii: "}"): close(.rightBrace, opening: .leftBrace)
    case UInt8(ascii: ","): take(1, .comma)
    case UInt8(ascii: ";"): take(1, .semicolon)
    case UInt8(ascii: ":"): take(1, .colon)
    default:
      if byte >= 0x80 {
        scanUnicode()
      } else if byte < 0x20 || byte == 0x7F {
        position += 1
        report(.controlCharacter(byte), SourceRange(position - 1, position))
      } else {
        scanOperator(byte)
      }
    }
  }

  private mutating func scanOperator(_ byte: UInt8) {
    let next = peek(1)
    switch (byte, next) {
    case (UInt8(ascii: "."), UInt8(ascii: ".")):
      if peek(2) == UInt8(ascii: ".") { take(3, .ellipsis) } else { take(2, .range) }
    case (UInt8(ascii: "."), _): scanDot()
    case (UInt8(ascii: "="), UInt8(ascii: "=")): take(2, .equal)
    case (UInt8(ascii: "="), _): take(1, .assign)
    case (UInt8(ascii: "!"), UInt8(ascii: "=")): take(2, .notEqual)
    case (UInt8(ascii: "!"), _): take(1, .bang)
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): take(2, .lessOrEqual)
    case (UInt8(ascii: "<"), _): take(1, .less)
    case (UInt8(ascii: ">"), UInt8(ascii: "=")): take(2, .greaterOrEqual)
    case (UInt8(ascii: ">"), _): take(1, .greater)
    case (UInt8(ascii: "+"), UInt8(ascii: "=")): take(2, .plusAssign)
    case (UInt8(ascii: "+"), _): take(1, .plus)
    case (UInt8(ascii: "-"), UInt8(ascii: "=")): take(2, .minusAssign)
    case (UInt8(ascii: "-"), UInt8(ascii: ">")): take(2, .arrow)
    case (UInt8(ascii: "-"), _): take(1, .minus)
    case (UInt8(ascii: "*"), _): take(1, .star)
    case (UInt8(ascii: "/"), UInt8(ascii: "/")): scanSlashComment()
    case (UInt8(ascii: "/"), _): take(1, .slash)
    case (UInt8(ascii: "%"), _): take(1, .percent)
    case (UInt8(ascii: "?"), UInt8(ascii: "?")): take(2, .coalesce)
    case (UInt8(ascii: "?"), UInt8(ascii: ".")): take(2, .questionDot)
    case (UInt8(ascii: "?"), _): take(1, .question)
    case (UInt8(ascii: "|"), UInt8(ascii: ">")): take(2, .barArrow)
    case (UInt8(ascii: "|"), UInt8(ascii: "|")): take(2, .bars)
    case (UInt8(ascii: "|"), _): take(1, .bar)
    case (UInt8(ascii: "&"), UInt8(ascii: "&")): take(2, .ampersands)
    default:
      let start = position
      take(1, .invalid)
      report(
        .unexpectedCharacter(String(UnicodeScalar(byte))), SourceRange(start, position))
    }
  }

  /// A point: before a field's name, or before digits that lack one in front.
  private mutating func scanDot() {
    let touches = tokens.last.map { $0.end == position && $0.kind.endsOperand } ?? false
    guard isDigit(peek(1)), !touches else { return take(1, .dot) }
    let start = position
    position += 1
    while isNameByte(peek()) { position += 1 }
    append(.invalid, from: start)
    report(.digitBeforePoint, SourceRange(start, position))
  }
}

extension Lexer {
  @inline(__always) func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// Goes on an ASCII name.
  @inline(__always) func isNameByte(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
  }

  mutating func scanComment() {
    let start = position
    while position < bytes.count, peek() != UInt8(ascii: "\n"), peek() != UInt8(ascii: "\r") {
      let byte = peek()
      if byte < 0x20, byte != UInt8(ascii: "\t") {
        report(.controlCharacter(byte), SourceRange(position, position + 1))
      }
      position += 1
    }
    let marks = bytes[start..<position].prefix(3)
    let isDocumentation =
      marks.count >= 2 && marks[start + 1] == UInt8(ascii: "#")
      && (marks.count < 3 || marks[start + 2] != UInt8(ascii: "#"))
    appendComment(isDocumentation ? .documentation : .comment, from: start)
  }

  private mutating func appendComment(_ kind: Token.Kind, from start: Int) {
    let startsLine = atLineStart
    if keepsComments {
      append(kind, from: start)
      atLineStart = startsLine
    } else if kind == .documentation {
      documentation.append(
        DocumentationComment(
          range: SourceRange(start, position), startsLine: startsLine, nextToken: tokens.count))
    }
  }

  /// A comment of other languages: explained, and skipped as its writer meant it.
  private mutating func scanSlashComment() {
    let start = position
    while position < bytes.count, peek() != UInt8(ascii: "\n"), peek() != UInt8(ascii: "\r") {
      position += 1
    }
    report(.slashComment, SourceRange(start, start + 2))
  }

  private mutating func scanName() {
    let start = position
    var key: UInt64 = 0
    while position < bytes.count {
      let byte = bytes[position]
      if isNameByte(byte) {
        key = key &<< 8 | UInt64(byte)
        position += 1
      } else if byte >= 0x80 {
        return scanRestOfName(from: start)
      } else {
        break
      }
    }
    append(Keywords.kind(bytes[start..<position], key: key), from: start)
  }

  private mutating func scanRestOfName(from start: Int) {
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x80 {
        guard isNameByte(byte) else { break }
        position += 1
      } else {
        let (scalar, length) = scalar(at: position)
        guard scalar.properties.isXIDContinue else { break }
        position += length
      }
    }
    append(.name, from: start)
  }

  private mutating func scanUnicode() {
    let start = position
    let (first, length) = scalar(at: position)
    if first.properties.isXIDStart {
      position += length
      return scanRestOfName(from: start)
    }
    position += length
    if first == "\u{201C}" || first == "\u{2018}" {
      skipCurlyText()
    } else {
      while peek() >= 0x80, !scalar(at: position).0.properties.isXIDStart {
        position += scalar(at: position).1
      }
    }
    append(.invalid, from: start)
    report(.unexpectedCharacter(String(first)), SourceRange(start, start + length))
  }

  /// Goes past what stands between curly quotes, so that they make one error and not three.
  private mutating func skipCurlyText() {
    var ahead = position
    while ahead < bytes.count, bytes[ahead] != UInt8(ascii: "\n") {
      let (scalar, length) = scalar(at: ahead)
      ahead += length
      if scalar == "\u{201D}" || scalar == "\u{2019}" {
        position = ahead
        return
      }
    }
  }

  /// The scalar at an offset and its length; U+FFFD for a stray byte.
  func scalar(at offset: Int) -> (Unicode.Scalar, Int) {
    let first = bytes[offset]
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard length > 1 else { return (Unicode.Scalar(first), 1) }
    guard first >= 0xC2, offset + length <= bytes.count else { return ("\u{FFFD}", 1) }
    var value = UInt32(first & (0xFF >> UInt8(length + 1)))
    for byte in bytes[(offset + 1)..<(offset + length)] {
      guard byte & 0xC0 == 0x80 else { return ("\u{FFFD}", 1) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", 1) }
    return (scalar, length)
  }
}

/// The reserved words by their bytes: looking one up costs no string.
private enum Keywords {
  private static let short: [UInt64: Token.Kind] = {
    var table: [UInt64: Token.Kind] = [:]
    for (word, kind) in Token.Kind.keywords where word.utf8.count <= 8 {
      table[word.utf8.reduce(0) { $0 << 8 | UInt64($1) }] = kind
    }
    return table
  }()

  /// `key` is the name's last eight bytes; the two longer words are compared byte by byte.
  @inline(__always) static func kind(_ name: ArraySlice<UInt8>, key: UInt64) -> Token.Kind {
    switch name.count {
    case 2...8: short[key] ?? .name
    case 9 where name.elementsEqual("ends_with".utf8): .endsWith
    case 11 where name.elementsEqual("starts_with".utf8): .startsWith
    default: .name
    }
  }
}
