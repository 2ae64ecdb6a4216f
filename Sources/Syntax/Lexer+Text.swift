import Diagnostics

extension Lexer {
  /// A text that has begun and not ended; while one of its interpolations is open, it waits here.
  struct OpenText {
    /// `"""`, which may go over lines.
    var isBlock: Bool
    /// Offset of the opening mark.
    var start: Int
    /// Index of `textStart`, or where it will be.
    var token: Int
    /// How many brackets were open outside.
    var brackets: Int
    /// Where the piece being read begins.
    var pieceStart: Int
    /// The pieces before it, decoded when the indentation of the closing line is known.
    var pieces: [Piece] = []
    var hasInterpolation = false
  }

  struct Piece {
    var token: Int
    var start: Int
    var end: Int
  }

  mutating func scanText() {
    let start = position
    let isBlock = peek(1) == UInt8(ascii: "\"") && peek(2) == UInt8(ascii: "\"")
    position += isBlock ? 3 : 1
    openTexts.append(
      OpenText(
        isBlock: isBlock, start: start, token: tokens.count, brackets: brackets.count,
        pieceStart: position))
    continueText()
  }

  /// Reads on in the innermost text, to its end or the next interpolation.
  mutating func continueText() {
    guard var text = openTexts.popLast() else { return }
    text.pieceStart = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        guard text.isBlock else { return closeText(text, mark: 1) }
        if peek(1) == byte, peek(2) == byte { return closeText(text, mark: 3) }
      } else if byte == UInt8(ascii: "\\") {
        if peek(1) == UInt8(ascii: "(") { return openInterpolation(text) }
        // What follows cannot end the text; a line break is looked at in its own turn.
        if position + 1 < bytes.count, peek(1) >= 0x20 { position += 1 }
      } else if byte < 0x20 {
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
          if !text.isBlock {
            openTexts.append(text)
            return abandonLineText()
          }
        } else if byte != UInt8(ascii: "\t") {
          report(.controlCharacter(byte), SourceRange(position, position + 1))
        }
      }
      position += 1
    }
    openTexts.append(text)
  }

  private mutating func openInterpolation(_ waiting: OpenText) {
    var text = waiting
    let pieceEnd = position
    if !text.hasInterpolation {
      position = text.start + (text.isBlock ? 3 : 1)
      append(.textStart, from: text.start)
      text.hasInterpolation = true
    }
    appendPiece(&text, end: pieceEnd)
    openTexts.append(text)
    brackets.append(OpenBracket(kind: .interpolationStart, token: tokens.count))
    position = pieceEnd + 2
    append(.interpolationStart, from: pieceEnd)
  }

  private mutating func appendPiece(_ text: inout OpenText, end: Int) {
    position = end
    text.pieces.append(Piece(token: tokens.count, start: text.pieceStart, end: end))
    append(.textPiece, from: text.pieceStart)
  }

  private mutating func closeText(_ open: OpenText, mark: Int) {
    var text = open
    let end = position
    if text.hasInterpolation {
      appendPiece(&text, end: end)
      position = end + mark
      append(.textEnd, from: end)
    } else {
      text.pieces = [Piece(token: tokens.count, start: text.pieceStart, end: end)]
      position = end + mark
      append(.text, from: text.start)
    }
    let indentation = text.isBlock ? indentation(ofLineAt: end, from: text.start) : 0..<0
    for (index, piece) in text.pieces.enumerated() {
      var range = piece.start..<piece.end
      var startsLine = false
      if text.isBlock {
        if index == 0 { (range, startsLine) = withoutFirstLineBreak(range) }
        if index == text.pieces.count - 1 { range = withoutLastLineBreak(range, startsLine: startsLine) }
      }
      let decoded = decode(range, isBlock: text.isBlock, indentation: indentation, startsLine: startsLine)
      if let decoded {
        tokens[piece.token].payload = UInt64(texts.count)
        texts.append(decoded)
      } else {
        tokens[piece.token].payload = Lexer.verbatim
      }
    }
  }

  mutating func scanRawText() {
    let start = position
    position += 1
    while position < bytes.count {
      let byte = peek()
      if byte == UInt8(ascii: "'") {
        position += 1
        return append(.text, from: start, payload: Lexer.verbatim)
      }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      if byte < 0x20, byte != UInt8(ascii: "\t") {
        report(.controlCharacter(byte), SourceRange(position, position + 1))
      }
      position += 1
    }
    append(.invalid, from: start)
    report(.unclosedRawText, SourceRange(start, start + 1))
  }

  /// A line ended while a `"…"` was open: the outermost one is the culprit, and what it swallowed
  /// becomes one `.invalid`.
  mutating func abandonLineText() {
    guard let index = openTexts.firstIndex(where: { !$0.isBlock }) else { return }
    let text = openTexts[index]
    openTexts.removeSubrange(index...)
    let interpolation = brackets.count > text.brackets ? brackets[text.brackets] : nil
    if let interpolation, interpolation.token < tokens.count {
      report(.unclosedInterpolation, tokens[interpolation.token].range)
    } else {
      report(.unclosedText, SourceRange(text.start, text.start + 1))
    }
    brackets.removeSubrange(min(text.brackets, brackets.count)...)
    collapse(toToken: text.token, from: text.start)
  }

  mutating func closeTextsAtEnd() {
    guard let outermost = openTexts.first else { return }
    guard outermost.isBlock else { return abandonLineText() }
    endsInBlockText = true
    report(.unclosedBlockText, SourceRange(outermost.start, outermost.start + 3))
    brackets.removeSubrange(min(outermost.brackets, brackets.count)...)
    openTexts = []
    collapse(toToken: outermost.token, from: outermost.start)
  }
}

// MARK: - Block texts

extension Lexer {
  private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  /// The white space that begins the line of an offset; nothing where the line began before `first`.
  private func indentation(ofLineAt offset: Int, from first: Int) -> Range<Int> {
    var start = offset
    while start > first, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    var end = start
    while end < offset, isBlank(bytes[end]) { end += 1 }
    return start..<end
  }

  /// Drops the rest of the opening mark's line, if nothing stands there.
  private func withoutFirstLineBreak(_ range: Range<Int>) -> (Range<Int>, startsLine: Bool) {
    var index = range.lowerBound
    while index < range.upperBound, isBlank(bytes[index]) { index += 1 }
    if index < range.upperBound, bytes[index] == UInt8(ascii: "\r") { index += 1 }
    guard index < range.upperBound, bytes[index] == UInt8(ascii: "\n") else { return (range, false) }
    return (index + 1..<range.upperBound, true)
  }

  /// Drops the closing mark's line, if nothing else stands there, with the line break before.
  private func withoutLastLineBreak(_ range: Range<Int>, startsLine: Bool) -> Range<Int> {
    var index = range.upperBound
    while index > range.lowerBound, isBlank(bytes[index - 1]) { index -= 1 }
    if index == range.lowerBound { return startsLine ? index..<index : range }
    guard bytes[index - 1] == UInt8(ascii: "\n") else { return range }
    index -= 1
    if index > range.lowerBound, bytes[index - 1] == UInt8(ascii: "\r") { index -= 1 }
    return range.lowerBound..<index
  }
}

// MARK: - Decoding

extension Lexer {
  /// The text of a piece; nil if it stands in the source as it is.
  private mutating func decode(
    _ range: Range<Int>, isBlock: Bool, indentation: Range<Int>, startsLine: Bool
  ) -> String? {
    if !isBlock, !bytes[range].contains(UInt8(ascii: "\\")) { return nil }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(range.count)
    var index = range.lowerBound
    if startsLine { index = skipIndentation(indentation, at: index, end: range.upperBound) }
    while index < range.upperBound {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\") {
        index = decodeEscape(at: index, end: range.upperBound, into: &decoded)
      } else if byte == UInt8(ascii: "\r"), index + 1 < range.upperBound,
        bytes[index + 1] == UInt8(ascii: "\n")
      {
        index += 1
      } else {
        decoded.append(byte)
        index += 1
        if isBlock, byte == UInt8(ascii: "\n") {
          index = skipIndentation(indentation, at: index, end: range.upperBound)
        }
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }

  private mutating func skipIndentation(_ indentation: Range<Int>, at start: Int, end: Int) -> Int {
    var index = start
    for expected in bytes[indentation] {
      if index < end, bytes[index] == expected {
        index += 1
      } else {
        let isEmpty = index >= end || bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r")
        // A piece may also end here because an interpolation follows.
        if !isEmpty || index >= end && index < bytes.count && bytes[index] == UInt8(ascii: "\\") {
          report(.lessIndented, SourceRange(index, index))
        }
        break
      }
    }
    return index
  }

  /// Appends what an escape stands for and gives the offset behind it.
  private mutating func decodeEscape(at start: Int, end: Int, into decoded: inout [UInt8]) -> Int {
    guard start + 1 < end else {
      report(.unknownEscape(""), SourceRange(start, end))
      return end
    }
    let byte = bytes[start + 1]
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"): return decodeUnicodeEscape(at: start, end: end, into: &decoded)
    default:
      let (scalar, length) = scalar(at: start + 1)
      report(
        .unknownEscape(byte < 0x20 ? "" : String(scalar)), SourceRange(start, start + 1 + length))
      return start + 1 + length
    }
    return start + 2
  }

  /// `\uXXXX`, two of them for a surrogate pair; a lone surrogate reads as U+FFFD.
  private mutating func decodeUnicodeEscape(at start: Int, end: Int, into decoded: inout [UInt8]) -> Int {
    guard let unit = hexadecimal(at: start + 2, end: end) else {
      report(.malformedUnicodeEscape, SourceRange(start, min(start + 6, end)))
      return start + 2
    }
    if unit & 0xFC00 == 0xD800, start + 7 < end, bytes[start + 6] == UInt8(ascii: "\\"),
      bytes[start + 7] == UInt8(ascii: "u"), let low = hexadecimal(at: start + 8, end: end),
      low & 0xFC00 == 0xDC00,
      let scalar = Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF))
    {
      decoded.append(contentsOf: Array(String(scalar).utf8))
      return start + 12
    }
    decoded.append(contentsOf: Array(String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8))
    return start + 6
  }

  private func hexadecimal(at start: Int, end: Int) -> UInt32? {
    guard start + 4 <= end else { return nil }
    var value: UInt32 = 0
    for byte in bytes[start..<(start + 4)] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - 0x61 + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - 0x41 + 10)
      default: return nil
      }
    }
    return value
  }
}
