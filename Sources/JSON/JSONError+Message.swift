extension JSONError: CustomStringConvertible {
  /// Where, what, and what to do, on one line: `line 3, column 7: expected …, found …`.
  public var description: String { "line \(line), column \(column): \(message)" }

  /// The message without the place.
  public var message: String {
    switch reason {
    case .unexpectedEnd(let expected):
      "the text ends where \(expected.phrase) is expected"
    case .unexpectedByte(let byte, let expected):
      "expected \(expected.phrase), found \(JSONError.name(of: byte))\(hint(byte, expected))"
    case .invalidUTF8: "the bytes here are not UTF-8; save the text as UTF-8"
    case .numberOutOfRange: "this number is too large for a float; write it as a string"
    case .leadingZero: "a number does not start with 0; drop the zeros, or write it as a string"
    case .tooDeep(let limit): "more than \(limit) brackets are open; flatten the data"
    case .stopped: "reading was stopped"
    }
  }

  private func hint(_ byte: UInt8, _ expected: Expected) -> String {
    switch (byte, expected) {
    case (0x27, .value), (0x27, .key), (0x27, .keyOrObjectEnd), (0x27, .valueOrArrayEnd):
      "; JSON strings stand in double quotes"
    case (0x7D, .key), (0x5D, .value): "; drop the comma before it"
    case (0x2F, _), (0x23, _): "; JSON has no comments"
    case (0x4E, .value), (0x49, .value), (0x2B, .value): "; JSON has only finite numbers, without `+`"
    case (0xEF, .value) where offset == 0: "; drop the byte order mark"
    case (_, .key), (_, .keyOrObjectEnd): "; keys stand in double quotes"
    default: ""
    }
  }

  private static func name(of byte: UInt8) -> String {
    switch byte {
    case 0x0A: "a line break"
    case 0x60: "a backtick"
    case 0x20..<0x7F: "`\(Character(Unicode.Scalar(byte)))`"
    default: "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
}

extension JSONError.Expected {
  /// With its article, as it stands in a sentence.
  public var phrase: String {
    switch self {
    case .value: "a value"
    case .valueOrArrayEnd: "a value or `]`"
    case .key: "a key"
    case .keyOrObjectEnd: "a key or `}`"
    case .colon: "a `:`"
    case .commaOrArrayEnd: "a `,` or `]`"
    case .commaOrObjectEnd: "a `,` or `}`"
    case .digit: "a digit"
    case .stringEnd: "the closing `\"`"
    case .escape: "one of `\" \\ / b f n r t u` after `\\`"
    case .hexDigit: "a hexadecimal digit"
    case .literal(let word): "`\(word.rawValue)`"
    case .endOfText: "the end of the text"
    }
  }
}
