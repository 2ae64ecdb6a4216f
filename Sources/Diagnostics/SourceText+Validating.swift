extension SourceText {
  /// A source from a file's bytes, or the diagnostic that says from which byte on they are no text.
  public static func validating(name: String, bytes: [UInt8]) -> Result<SourceText, Diagnostic> {
    guard let offset = firstInvalidByte(bytes) else {
      return .success(SourceText(name: name, bytes: bytes))
    }
    let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    let digits = String(bytes[offset], radix: 16, uppercase: true)
    return .failure(
      Diagnostic(
        .error,
        "this is not a text file in UTF-8: the byte 0x\(digits) at offset \(offset) belongs to no character",
        at: SourceRange(offset, offset + 1),
        hints: [isUTF16 ? "it looks like UTF-16; save it as UTF-8" : "save it as UTF-8"]))
  }

  /// The offset where the bytes stop being UTF-8, nil if they never do.
  static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        index += 1
        continue
      }
      // What the second byte may be keeps out overlong forms, surrogates and what is above U+10FFFF.
      let length: Int
      let second: ClosedRange<UInt8>
      switch byte {
      case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
      case 0xE0: (length, second) = (3, 0xA0...0xBF)
      case 0xED: (length, second) = (3, 0x80...0x9F)
      case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
      case 0xF0: (length, second) = (4, 0x90...0xBF)
      case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
      case 0xF4: (length, second) = (4, 0x80...0x8F)
      default: return index
      }
      guard index + length <= bytes.count, second.contains(bytes[index + 1]),
        bytes[(index + 2)..<(index + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
      else { return index }
      index += length
    }
    return nil
  }
}
