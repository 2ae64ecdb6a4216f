/// Prints diagnostics for people: what, where, the line with carets below, what to do.
public struct Renderer: Sendable {
  public var usesColor: Bool
  /// Columns that an excerpt may take; a longer line is cut around the place.
  public var excerptWidth: Int
  public var columns: @Sendable (Character) -> Int

  public init(
    usesColor: Bool = false, excerptWidth: Int = 100,
    columns: @escaping @Sendable (Character) -> Int = CharacterWidth.columns
  ) {
    self.usesColor = usesColor
    self.excerptWidth = max(20, excerptWidth)
    self.columns = columns
  }

  /// All of them, an empty line between two; each ends in a line break.
  public func render(_ diagnostics: [Diagnostic], in source: SourceText) -> String {
    diagnostics.map { render($0, in: source) }.joined(separator: "\n")
  }

  public func render(_ diagnostic: Diagnostic, in source: SourceText) -> String {
    let range = visible(diagnostic.range, in: source)
    let first = source.position(of: range.start)
    // A range that ends with a line break ends on the line before it.
    let last = source.position(of: max(range.start, range.end - 1))
    let gutter = String(last.line).count
    let blank = String(repeating: " ", count: gutter)
    let margin = paint(" \(blank) |", .frame)

    var lines = [heading(diagnostic)]
    lines.append(
      paint(" \(blank)--> ", .frame) + "\(Renderer.harmless(source.name)):\(first.line):\(first.column)")
    lines.append(margin)
    let label = diagnostic.label.map(Renderer.harmless) ?? ""
    let excerpts = first.line == last.line ? [first.line] : [first.line, last.line]
    for (position, line) in excerpts.enumerated() {
      let isLast = position == excerpts.count - 1
      if position == 1, last.line > first.line + 1 { lines.append(paint(" \(blank)...", .frame)) }
      let excerpt = excerpt(of: line, range: range, in: source)
      let number = String(line)
      let padding = String(repeating: " ", count: gutter - number.count)
      lines.append(trimmed(paint(" \(padding)\(number) |", .frame) + " " + excerpt.text))
      var carets = String(repeating: "^", count: excerpt.carets)
      if isLast, !label.isEmpty { carets += " " + label }
      let indent = String(repeating: " ", count: excerpt.indent)
      lines.append(margin + " " + indent + paint(carets, style(of: diagnostic.severity)))
    }
    for note in diagnostic.notes {
      lines.append(paint(" \(blank) =", .frame) + " " + Renderer.harmless(note))
    }
    for hint in diagnostic.hints {
      lines.append(paint(" \(blank) =", .frame) + " help: " + Renderer.harmless(hint))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func heading(_ diagnostic: Diagnostic) -> String {
    paint("\(diagnostic.severity.rawValue)", style(of: diagnostic.severity))
      + paint(": " + Renderer.harmless(diagnostic.message), .message)
  }

  /// The end of the file is where its last visible character ends, not a line further on.
  private func visible(_ range: SourceRange, in source: SourceText) -> SourceRange {
    let count = source.bytes.count
    guard range.start >= count else {
      return SourceRange(max(0, range.start), min(max(range.start, range.end), count))
    }
    var end = count
    while end > 0, [0x20, 0x09, 0x0A, 0x0D].contains(source.bytes[end - 1]) { end -= 1 }
    return SourceRange(end, end)
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}

// MARK: - Excerpts

extension Renderer {
  private struct Excerpt {
    var text: String
    /// Columns before the carets.
    var indent: Int
    var carets: Int
  }

  private struct Cell {
    var text: String
    var columns: Int
  }

  private func excerpt(of line: Int, range: SourceRange, in source: SourceText) -> Excerpt {
    let lineStart = source.start(ofLine: line)
    let (cells, from, to) = cells(
      of: source.line(line), from: range.start - lineStart, to: range.end - lineStart,
      isFirst: source.position(of: range.start).line == line)
    let total = cells.reduce(0) { $0 + $1.columns }
    var before = cells[..<from].reduce(0) { $0 + $1.columns }
    var carets = max(1, cells[from..<max(from, to)].reduce(0) { $0 + $1.columns })
    if total <= excerptWidth {
      return Excerpt(text: cells.map(\.text).joined(), indent: before, carets: carets)
    }

    // A third of the width shows what precedes the place.
    var start = from
    var room = excerptWidth / 3
    while start > 0, cells[start - 1].columns <= room {
      start -= 1
      room -= cells[start].columns
    }
    var end = start
    room = excerptWidth - 2
    while end < cells.count, cells[end].columns <= room {
      room -= cells[end].columns
      end += 1
    }
    let head = start > 0 ? "…" : ""
    let tail = end < cells.count ? "…" : ""
    before = cells[start..<max(start, min(from, end))].reduce(head.count) { $0 + $1.columns }
    carets = min(carets, max(1, excerptWidth - before))
    return Excerpt(
      text: head + cells[start..<end].map(\.text).joined() + tail, indent: before, carets: carets)
  }

  /// A line as cells of known width, and which of them the range covers.
  private func cells(
    of line: String, from: Int, to: Int, isFirst: Bool
  ) -> (cells: [Cell], from: Int, to: Int) {
    var cells: [Cell] = []
    var offset = 0
    var column = 0
    var first: Int?
    var end: Int?
    for character in line {
      let next = offset + character.utf8.count
      if first == nil, !isFirst || next > from { first = cells.count }
      if end == nil, offset >= to { end = cells.count }
      let cell: Cell
      if character == "\t" {
        let width = 4 - column % 4
        cell = Cell(text: String(repeating: " ", count: width), columns: width)
      } else if let replaced = Renderer.replacement(for: character) {
        cell = Cell(text: replaced, columns: 1)
      } else if character == "\u{FEFF}" {
        cell = Cell(text: "", columns: 0)
      } else {
        cell = Cell(text: String(character), columns: columns(character))
      }
      cells.append(cell)
      column += cell.columns
      offset = next
    }
    // Carets of a later line start at its text, not in its indentation.
    if !isFirst { first = cells.firstIndex { $0.text.contains { $0 != " " } } }
    return (cells, first ?? cells.count, end ?? cells.count)
  }

  /// Nothing from a script or an answer may steer the terminal.
  private static func replacement(for character: Character) -> String? {
    for scalar in character.unicodeScalars {
      switch scalar.value {
      case 0..<0x20: return Unicode.Scalar(0x2400 + scalar.value).map { String($0) }
      case 0x7F: return "\u{2421}"
      case 0x80...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: return "\u{FFFD}"
      default: continue
      }
    }
    return nil
  }

  private static func harmless(_ text: String) -> String {
    guard text.contains(where: { replacement(for: $0) != nil }) else { return text }
    return text.map { replacement(for: $0) ?? String($0) }.joined()
  }
}

// MARK: - Colour

extension Renderer {
  private enum Style: String {
    case error = "1;31"
    case warning = "1;33"
    case message = "1"
    case frame = "34"
  }

  private func style(of severity: Diagnostic.Severity) -> Style {
    severity == .error ? .error : .warning
  }

  private func paint(_ text: String, _ style: Style) -> String {
    usesColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}
