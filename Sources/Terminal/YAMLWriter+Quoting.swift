extension YAMLWriter {
  /// The text as a scalar of one line: as it is where every reader takes it for that text, else in quotes.
  public static func quoted(_ text: String) -> String {
    isPlain(text) ? text : doubleQuoted(text)
  }

  static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return false }
    // What a number, a date or an old reader's base-60 number starts with is quoted below, by its shape.
    if "-?:,[]{}#&*!|>'\"%@`= ".unicodeScalars.contains(first) || last == " " || last == ":" { return false }
    if looksLikeNumber(text) || words.contains(text.lowercased()) || text.hasPrefix("<<") { return false }
    if text.hasPrefix("...") { return false }
    var previous: Unicode.Scalar = "a"
    for scalar in text.unicodeScalars {
      // Commas and brackets would end a value inside brackets.
      if !isPrintable(scalar) || ",[]{}".unicodeScalars.contains(scalar) { return false }
      if previous == ":" && scalar == " " || previous == " " && scalar == "#" { return false }
      previous = scalar
    }
    return true
  }

  /// What some reader takes for something else than a text.
  private static let words: Set<String> = [
    "null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", ".nan", ".inf", "+.inf",
  ]

  /// Anything that begins like a number or a date: quotes are cheap, a changed phone number is not.
  private static func looksLikeNumber(_ text: String) -> Bool {
    var bytes = text.utf8.makeIterator()
    guard var byte = bytes.next() else { return false }
    if byte == 0x2B || byte == 0x2E { byte = bytes.next() ?? 0 }
    guard byte &- 0x30 < 10 else { return false }
    // Digits and what numbers and dates are made of, with nothing else: `12 apples` is plain.
    return text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
      case 0x2B, 0x2D, 0x2E, 0x3A, 0x5F, 0x6F, 0x4F, 0x78, 0x58, 0x54, 0x74, 0x5A, 0x7A, 0x20: true
      default: false
      }
    }
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20..<0x7F, 0xA0..<0x2028, 0x202A..<0xD800, 0xE000..<0xFEFF, 0xFF00..<0xFFFE, 0x10000...: true
    default: false
    }
  }

  private static func doubleQuoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if isPrintable(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          let digits = String(scalar.value, radix: 16, uppercase: true)
          result += "\\u" + String(repeating: "0", count: Swift.max(0, 4 - digits.count)) + digits
        }
      }
    }
    return result + "\""
  }
}
