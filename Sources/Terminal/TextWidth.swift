/// How many columns of a terminal a text takes.
///
/// Counted by what people see as one character (grapheme clusters as the standard library finds them, Unicode
/// 17.0), without asking the C library, whose tables depend on the locale. Ambiguous characters are narrow.
public enum TextWidth {
  public static func columns(of text: some StringProtocol) -> Int {
    if let count = printableASCIICount(text) { return count }
    var columns = 0
    for character in text { columns += self.columns(of: character) }
    return columns
  }

  /// 0, 1 or 2. Control characters take none: see `visible(_:)`.
  public static func columns(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    var total = 0
    var count = 0
    var first: Unicode.Scalar?
    for scalar in scalars {
      count += 1
      if first == nil { first = scalar }
      // Asks for the coloured form, where the first scalar has one (`❤️`, `1️⃣`).
      if scalar == "\u{FE0F}", let first, first.properties.isEmoji { return 2 }
      total += columns(of: scalar)
    }
    // A flag is two letters; joined emoji and conjuncts take the place of one.
    if count == 1 { return total }
    return Swift.min(2, total)
  }

  /// Of a scalar on its own.
  static func columns(of scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 {
      if value < 0x20 || (0x7F..<0xA0).contains(value) { return 0 }
      return 1
    }
    // The later letters of a Korean syllable stand under its first.
    if (0x1160..<0x1200).contains(value) || (0xD7B0..<0xD800).contains(value) { return 0 }
    if isWide(value) {
      // Marks in the wide blocks stay marks.
      return isMark(scalar) ? 0 : 2
    }
    return isMark(scalar) ? 0 : 1
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    // Most text of one column by far; none of these has marks between.
    if (0x370..<0x483).contains(scalar.value) || (0x4E00..<0xA000).contains(scalar.value) { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator,
      .paragraphSeparator,
      .surrogate:
      return true
    default: return false
    }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    var low = 0
    var high = wideRanges.count / 2
    while low < high {
      let middle = (low + high) / 2
      if wideRanges[middle * 2 + 1] < value { low = middle + 1 } else { high = middle }
    }
    return low < wideRanges.count / 2 && wideRanges[low * 2] <= value
  }

  /// The number of bytes if all are printable ASCII, which is then the width.
  static func printableASCIICount(_ text: some StringProtocol) -> Int? {
    let count = text.utf8.withContiguousStorageIfAvailable { bytes -> Int in
      for byte in bytes where byte &- 0x20 >= 0x5F { return -1 }
      return bytes.count
    }
    guard let count, count >= 0 else { return nil }
    return count
  }
}
