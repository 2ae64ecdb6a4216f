import Diagnostics
import Syntax

/// Which parts of a line have which colour, and what stands dimmed behind it. Pure but for the two questions.
struct LinePainter {
  /// Whether a name is a resource.
  let isResource: (String) -> Bool
  /// What to say about the word or call before the cursor.
  let hint: (_ statement: String, _ cursor: Int) -> String?

  enum Paint: String {
    case text = "32"
    case number = "35"
    case keyword = "34"
    case resource = "36"
    case comment = "2"
    case wrong = "31"
  }

  /// A colour for each scalar of the line; nil for the terminal's own. `earlier` are the statement's lines before it.
  func paints(_ line: String, earlier: String = "") -> [Paint?] {
    let count = line.unicodeScalars.count
    var paints: [Paint?] = Array(repeating: nil, count: count)
    if earlier.isEmpty, isCommand(line) {
      for index in paints.prefix(while: { _ in true }).indices
      where index < line.unicodeScalars.prefix(while: { $0 != " " }).count { paints[index] = .keyword }
      return paints
    }
    let skipped = earlier.utf8.count
    // Byte offsets to places in the line.
    var places: [Int] = Array(repeating: count, count: skipped + line.utf8.count + 1)
    var offset = skipped
    for (index, scalar) in line.unicodeScalars.enumerated() {
      for _ in 0..<String(scalar).utf8.count {
        places[offset] = index
        offset += 1
      }
    }
    for index in 0..<skipped { places[index] = 0 }
    let source = SourceText(name: "", text: earlier + line)
    let tokens = Lexer.tokens(of: source)
    for (number, token) in tokens.enumerated() where token.end > skipped {
      guard let paint = paint(of: token, after: number > 0 ? tokens[number - 1] : nil, in: source) else {
        continue
      }
      let end = min(token.end, places.count - 1)
      for index in places[min(token.start, end)]..<places[end] { paints[index] = paint }
    }
    return paints
  }

  private func isCommand(_ line: String) -> Bool {
    switch REPLLine(line) {
    case .command: !line.hasSuffix("?")
    default: false
    }
  }

  private func paint(of token: Token, after earlier: Token?, in source: SourceText) -> Paint? {
    switch token.kind {
    case .text, .textStart, .textPiece, .textEnd: return .text
    case .int, .float, .duration, .time: return .number
    case .comment, .documentation: return .comment
    // A text that is still being typed.
    case .invalid: return source.bytes[token.start] == UInt8(ascii: "\"") ? .text : .wrong
    case .name:
      // A field may be called like a resource.
      if earlier?.kind == .dot, earlier?.end == token.start { return nil }
      let name = String(decoding: source.bytes[token.start..<token.end], as: UTF8.self)
      return isResource(name) ? .resource : nil
    default:
      guard token.kind.isKeyword else { return nil }
      return earlier?.kind == .dot && earlier?.end == token.start ? nil : .keyword
    }
  }
}
