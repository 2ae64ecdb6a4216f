/// Numbers in a row, such as counts by day, as columns of half a line's precision.
public struct ColumnChart: Sendable {
  /// In columns of the terminal.
  public var width: Int
  /// Lines of the drawing, without the line below it.
  public var height: Int
  public var style: Style

  public init(width: Int, height: Int = 8, style: Style = .plain) {
    self.width = Swift.max(1, width)
    self.height = Swift.max(1, height)
    self.style = style
  }

  /// The drawing, top line first, with the largest value at its side and below it the first and the last label.
  /// More values than columns are summed up in groups of equal size.
  public func lines(_ values: [Double], from first: String = "", to last: String = "") -> [String] {
    guard !values.isEmpty else { return [] }
    var numbers = values.map { $0.isFinite ? Swift.max(0, $0) : 0 }
    let scaleWidth = Swift.min(12, width / 4)
    let room = Swift.max(1, width - scaleWidth - 1)
    if numbers.count > room {
      let size = (numbers.count + room - 1) / room
      numbers = stride(from: 0, to: numbers.count, by: size).map { start in
        numbers[start..<Swift.min(numbers.count, start + size)].reduce(0, +)
      }
    }
    let most = numbers.max() ?? 0
    let step = Swift.max(1, Swift.min(3, room / numbers.count))
    let heights = numbers.map { number -> Int in
      guard most > 0, number > 0 else { return 0 }
      return Swift.max(1, Int((Swift.min(1, number / most) * Double(height * 2)).rounded()))
    }
    var lines: [String] = []
    for row in stride(from: height - 1, through: 0, by: -1) {
      let mark = row == height - 1 ? NumberText.short(most) : row == 0 ? "0" : ""
      var drawing = ""
      for high in heights {
        let block = high >= row * 2 + 2 ? "█" : high == row * 2 + 1 ? "▄" : " "
        // Wider columns keep a space between them.
        drawing += String(repeating: block, count: Swift.max(1, step - 1))
        if step > 1 { drawing += " " }
      }
      let scale = TextWidth.pad(mark, to: scaleWidth, alignment: .right)
      lines.append(scale + " " + style.paint(ColumnChart.trimmed(drawing), .cyan))
    }
    let span = numbers.count * step
    let left = TextWidth.truncate(TextWidth.visible(first), to: span)
    let free = span - TextWidth.columns(of: left) - 1
    let right = TextWidth.truncate(TextWidth.visible(last), to: free)
    if !left.isEmpty || !right.isEmpty {
      let between = span - TextWidth.columns(of: left) - TextWidth.columns(of: right)
      let spaces = String(repeating: " ", count: right.isEmpty ? 0 : between)
      lines.append(String(repeating: " ", count: scaleWidth + 1) + left + spaces + right)
    }
    return lines
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
