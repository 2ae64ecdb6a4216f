/// Lays rows out as a table that is no wider than its place.
///
/// Narrow columns keep their width, wide ones share what is left; no column that is cut gets less than four.
/// Where not even that fits, the last columns are left out and a `…` column says so.
public struct TableLayout: Sendable {
  public struct Column: Sendable {
    public var header: String
    public var alignment: TextAlignment
    /// A part of its cells says nothing, as of a time: others are cut first.
    public var isWhole: Bool

    public init(_ header: String, alignment: TextAlignment = .left, isWhole: Bool = false) {
      self.header = header
      self.alignment = alignment
      self.isWhole = isWhole
    }
  }

  /// A table's lines, without line breaks.
  public struct Table: Equatable, Sendable {
    /// The header, the rule below it, and a line for each row.
    public var lines: [String]
    /// The columns that found no place, in order.
    public var hiddenHeaders: [String]
  }

  static let minimumWidth = 4
  static let gap = 2

  public var columns: [Column]
  /// In columns of the terminal.
  public var width: Int
  public var style: Style

  public init(columns: [Column], width: Int, style: Style = .plain) {
    self.columns = columns
    self.width = Swift.max(1, width)
    self.style = style
  }

  /// Cells that a row lacks are empty; cells beyond the columns are ignored.
  public func table(_ rows: [[String]]) -> Table {
    guard !columns.isEmpty else { return Table(lines: [], hiddenHeaders: []) }
    let headers = columns.map { TextWidth.visible($0.header) }
    let cells = rows.map { $0.prefix(columns.count).map(TextWidth.visible) }
    var natural = headers.map { TextWidth.columns(of: $0) }
    for row in cells {
      for (index, cell) in row.enumerated() {
        natural[index] = Swift.max(natural[index], TextWidth.columns(of: cell))
      }
    }
    let shown = shownCount(natural)
    let hidesSome = shown < columns.count
    let taken = hidesSome ? TableLayout.gap + 1 : 0
    let widths = share(Array(natural[..<shown]), Swift.max(1, width - taken))

    var lines: [String] = []
    lines.reserveCapacity(rows.count + 2)
    // The mark of hidden columns does not fit beside a table of one column of width.
    let mark = hidesSome && width > taken ? "…" : ""
    lines.append(style.paint(line(headers[...], widths, mark: mark), .bold))
    let rules = widths.map { String(repeating: "─", count: $0) }
    lines.append(style.paint(line(rules[...], widths, mark: mark.isEmpty ? "" : "─"), .dim))
    for row in cells { lines.append(line(row[...], widths, mark: mark)) }
    return Table(lines: lines, hiddenHeaders: columns[shown...].map(\.header))
  }

  /// How many columns fit if each that is cut gets the minimum.
  private func shownCount(_ natural: [Int]) -> Int {
    var shown = natural.count
    while shown > 1 {
      let least = natural[..<shown].reduce(0) { $0 + Swift.min($1, TableLayout.minimumWidth) }
      let mark = shown < natural.count ? TableLayout.gap + 1 : 0
      if least + TableLayout.gap * (shown - 1) + mark <= width { return shown }
      shown -= 1
    }
    return shown
  }

  /// Gives each column its width: those below the fair share keep theirs, until nobody is below it.
  private func share(_ natural: [Int], _ width: Int) -> [Int] {
    var left = Swift.max(1, width - TableLayout.gap * (natural.count - 1))
    if natural.reduce(0, +) <= left { return natural }
    var widths = natural
    var wide = Array(natural.indices)
    // Whole columns first, where the others keep twice the least.
    let others = wide.filter { !columns[$0].isWhole }
    let whole = natural.reduce(0, +) - others.reduce(0) { $0 + natural[$1] }
    let least = others.reduce(0) { $0 + Swift.min(natural[$1], 2 * TableLayout.minimumWidth) }
    if whole > 0, whole + least <= left {
      left -= whole
      wide = others
    }
    while !wide.isEmpty {
      let fair = left / wide.count
      let fitting = wide.filter { natural[$0] <= fair }
      if fitting.isEmpty { break }
      left -= fitting.reduce(0) { $0 + natural[$1] }
      wide.removeAll { natural[$0] <= fair }
    }
    for (place, index) in wide.enumerated() {
      widths[index] = left / wide.count + (place < left % wide.count ? 1 : 0)
    }
    return widths
  }

  private func line(_ cells: ArraySlice<String>, _ widths: [Int], mark: String) -> String {
    var line = ""
    // Spaces are due before the next text, so that none stand at the end of a line.
    var due = 0
    func spaces() {
      for _ in 0..<due { line.append(" ") }
      due = 0
    }
    for (index, width) in widths.enumerated() {
      if index > 0 { due += TableLayout.gap }
      let offset = cells.startIndex + index
      let cell = offset < cells.endIndex ? cells[offset] : ""
      var columns = TextWidth.columns(of: cell)
      var fitted = cell
      if columns > width {
        fitted = TextWidth.truncate(cell, to: width)
        columns = TextWidth.columns(of: fitted)
      }
      let missing = Swift.max(0, width - columns)
      if self.columns[index].alignment == .right { due += missing }
      if !fitted.isEmpty {
        spaces()
        line += fitted
      }
      if self.columns[index].alignment == .left { due += missing }
    }
    if !mark.isEmpty {
      due += TableLayout.gap
      spaces()
      line += mark
    }
    // A cell may end with spaces of its own.
    while line.last == " " { line.removeLast() }
    return line
  }
}
