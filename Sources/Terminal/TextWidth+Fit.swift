/// On which side of its column a text stands.
public enum TextAlignment: Sendable { case left, right }

extension TextWidth {
  /// At most `columns` wide; what is cut off shows as `…`.
  public static func truncate(_ text: String, to columns: Int) -> String {
    guard columns > 0 else { return "" }
    if let count = printableASCIICount(text) {
      return count <= columns ? text : text.prefix(columns - 1) + "…"
    }
    var width = 0
    // Where the text ends if an `…` must follow.
    var cut = text.startIndex
    for index in text.indices {
      if width <= columns - 1 { cut = index }
      width += self.columns(of: text[index])
      if width > columns { return text[..<cut] + "…" }
    }
    return text
  }

  /// Exactly `columns` wide: filled with spaces, or truncated.
  public static func pad(
    _ text: String, to columns: Int, alignment: TextAlignment = .left
  ) -> String {
    guard columns > 0 else { return "" }
    let width = self.columns(of: text)
    if width == columns { return text }
    let fitted = width > columns ? truncate(text, to: columns) : text
    // A wide character that did not fit leaves one column.
    let missing = columns - (width > columns ? self.columns(of: fitted) : width)
    guard missing > 0 else { return fitted }
    let spaces = String(repeating: " ", count: missing)
    return alignment == .left ? fitted + spaces : spaces + fitted
  }

  /// The text on one line and harmless to a terminal: line breaks and tabs become spaces, other control
  /// characters show as symbols, and what would turn the direction of the rest of the line is left out.
  public static func visible(_ text: String) -> String {
    if printableASCIICount(text) != nil { return text }
    var result = String.UnicodeScalarView()
    var afterReturn = false
    for scalar in text.unicodeScalars {
      let isFeed = scalar == "\n"
      defer { afterReturn = scalar == "\r" }
      if isFeed && afterReturn { continue }
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x2028, 0x2029: result.append(" ")
      case 0..<0x20: result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case 0x7F: result.append("\u{2421}")
      case 0x80..<0xA0: result.append("\u{FFFD}")
      case 0x202A...0x202E, 0x2066...0x2069: break
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
