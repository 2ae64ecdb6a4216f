/// Bars of labelled numbers, drawn to half a column.
public struct BarChart: Sendable {
  public struct Bar: Equatable, Sendable {
    public var label: String
    /// Negative numbers and those that are not finite have no bar.
    public var value: Double
    /// The number as it stands behind the bar.
    public var text: String

    public init(_ label: String, _ value: Double, text: String? = nil) {
      self.label = label
      self.value = value
      self.text = text ?? NumberText.short(value)
    }
  }

  /// In columns of the terminal.
  public var width: Int
  public var style: Style

  public init(width: Int, style: Style = .plain) {
    self.width = Swift.max(1, width)
    self.style = style
  }

  /// A line a bar: label, bar, number. The longest bar takes the room that labels and numbers leave.
  public func lines(_ bars: [Bar]) -> [String] {
    let labels = bars.map { TextWidth.visible($0.label) }
    let texts = bars.map { TextWidth.visible($0.text) }
    let textWidth = texts.map { TextWidth.columns(of: $0) }.max() ?? 0
    let longestLabel = labels.map { TextWidth.columns(of: $0) }.max() ?? 0
    // Labels get at most two fifths; two spaces stand around the bar.
    let labelWidth = Swift.min(longestLabel, Swift.max(4, width * 2 / 5))
    let room = width - labelWidth - textWidth - 2
    let most = bars.map(\.value).filter(\.isFinite).max() ?? 0
    return bars.indices.map { index in
      let label = TextWidth.pad(labels[index], to: labelWidth)
      let bar = room > 0 ? BarChart.bar(bars[index].value, of: most, columns: room) : ""
      var line = label + " " + style.paint(bar, .cyan)
      if !bar.isEmpty { line += " " }
      // On a very narrow terminal a number is cut rather than the line broken.
      let used = labelWidth + 1 + (bar.isEmpty ? 0 : TextWidth.columns(of: bar) + 1)
      line += TextWidth.truncate(texts[index], to: width - used)
      return used > width ? TextWidth.truncate(label, to: width) : line
    }
  }

  /// A bar of half columns; what is not nothing shows at least one.
  static func bar(_ value: Double, of most: Double, columns: Int) -> String {
    guard value.isFinite, value > 0, most > 0 else { return "" }
    let share = Swift.min(1, value / most)
    let halves = Swift.max(1, Int((share * Double(columns * 2)).rounded()))
    return String(repeating: "█", count: halves / 2) + (halves % 2 == 1 ? "▌" : "")
  }
}

/// Numbers as people read them in charts.
enum NumberText {
  /// Without `.0`, else the shortest form that reads back the same.
  static func short(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
