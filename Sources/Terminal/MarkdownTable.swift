/// Writes a table in GitHub's Markdown, aligned for reading as plain text too.
public struct MarkdownTable: Sendable {
  public var columns: [TableLayout.Column]

  public init(columns: [TableLayout.Column]) { self.columns = columns }

  /// Cells that a row lacks are empty; cells beyond the columns are ignored. Every line ends with a line break.
  public func text(_ rows: [[String]]) -> String {
    guard !columns.isEmpty else { return "" }
    let headers = columns.map { MarkdownTable.escaped($0.header) }
    let cells = rows.map { row in
      columns.indices.map { $0 < row.count ? MarkdownTable.escaped(row[$0]) : "" }
    }
    let widths = columns.indices.map { index in
      cells.reduce(Swift.max(3, TextWidth.columns(of: headers[index]))) {
        Swift.max($0, TextWidth.columns(of: $1[index]))
      }
    }
    let rules = columns.indices.map { index in
      let dashes = String(repeating: "-", count: widths[index] - 1)
      return columns[index].alignment == .right ? dashes + ":" : dashes + "-"
    }
    return ([headers, rules] + cells).map { line($0, widths) }.joined()
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = "|"
    for (index, cell) in cells.enumerated() {
      let missing = String(repeating: " ", count: Swift.max(0, widths[index] - TextWidth.columns(of: cell)))
      line += columns[index].alignment == .right ? " \(missing)\(cell) |" : " \(cell)\(missing) |"
    }
    return line + "\n"
  }

  /// The text as it is, whatever it holds: no markup, no HTML, no end of the cell.
  public static func escaped(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = ""
    func isWord(_ index: Int) -> Bool {
      scalars.indices.contains(index)
        && (scalars[index].properties.isAlphabetic || scalars[index].properties.numericType != nil)
    }
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\n": result += "<br>"
      case "\r": if !(index + 1 < scalars.count && scalars[index + 1] == "\n") { result += "<br>" }
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "|", "\\", "*", "`", "[", "]", "~": result += "\\\(scalar)"
      // Inside a word an underscore is no markup.
      case "_": result += isWord(index - 1) && isWord(index + 1) ? "_" : "\\_"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return TextWidth.visible(result)
  }
}
