/// Why a text is not JSON, and where.
///
/// Facts only; the prose stands in `JSONError+Message.swift`.
public struct JSONError: Error, Equatable, Sendable {
  /// What the reader was waiting for when it gave up.
  public enum Expected: Equatable, Sendable {
    case value
    /// After `[`: a value or `]`.
    case valueOrArrayEnd
    case key
    /// After `{`: a key or `}`.
    case keyOrObjectEnd
    case colon
    case commaOrArrayEnd
    case commaOrObjectEnd
    case digit
    case stringEnd
    case escape
    case hexDigit
    /// One of `true`, `false`, `null`, of which only a beginning was there.
    case literal(StaticLiteral)
    case endOfText
  }

  /// The three words of JSON.
  public enum StaticLiteral: String, Sendable {
    case `true`, `false`, null
  }

  /// What went wrong.
  public enum Reason: Equatable, Sendable {
    case unexpectedEnd(expected: Expected)
    case unexpectedByte(UInt8, expected: Expected)
    /// The bytes at the offset are not UTF-8.
    case invalidUTF8
    /// A number whose magnitude no finite double has.
    case numberOutOfRange
    case leadingZero
    /// More open brackets than allowed.
    case tooDeep(limit: Int)
    /// The builder asked the reader to stop at a safe point (a limit or an interrupt).
    case stopped
  }

  public let reason: Reason
  /// In bytes, from 0. At the end of the text if that came too early.
  public let offset: Int
  /// From 1; lines end with a line feed.
  public let line: Int
  /// From 1, in Unicode scalars.
  public let column: Int

  public init(_ reason: Reason, at offset: Int, in text: UnsafeBufferPointer<UInt8>) {
    self.reason = reason
    self.offset = offset
    var line = 1
    var lineStart = 0
    let end = Swift.min(offset, text.count)
    for index in 0..<end where text[index] == 0x0A {
      line += 1
      lineStart = index + 1
    }
    var column = 1
    for index in lineStart..<end where text[index] & 0xC0 != 0x80 { column += 1 }
    self.line = line
    self.column = column
  }
}
