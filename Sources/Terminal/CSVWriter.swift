/// Writes rows as CSV (RFC 4180): commas, CRLF, quotes where they must be.
public struct CSVWriter: Sendable {
  /// The text so far.
  public private(set) var text = ""
  private let lineEnd: String

  /// RFC 4180 ends lines with CRLF, which every reader takes.
  public init(lineEnd: String = "\r\n") { self.lineEnd = lineEnd }

  /// A nil field is empty. A row of one empty field is written quoted, as it would else be an empty line.
  public mutating func row(_ fields: [String?]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { text += "," }
      guard let field else { continue }
      text += CSVWriter.quoted(field)
    }
    if fields.count == 1, (fields[0] ?? "").isEmpty { text += "\"\"" }
    text += lineEnd
  }

  /// Takes the text written so far and leaves none, for writing piece by piece.
  public mutating func take() -> String {
    defer { text = "" }
    return text
  }

  static func quoted(_ field: String) -> String {
    var needsQuotes = false
    var hasQuotes = false
    var first: UInt8?
    var last: UInt8 = 0x61
    for byte in field.utf8 {
      if first == nil { first = byte }
      last = byte
      switch byte {
      case 0x22: hasQuotes = true
      case 0x2C, 0x0A, 0x0D: needsQuotes = true
      default: break
      }
    }
    // Many readers trim spaces that are not quoted.
    guard needsQuotes || hasQuotes || first == 0x20 || last == 0x20 else { return field }
    if !hasQuotes { return "\"" + field + "\"" }
    var result = "\""
    for scalar in field.unicodeScalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
