/// Bars or columns as a picture: SVG that stands alone, legible on white and dark grounds alike.
public struct ChartPicture: Sendable {
  private static let colour = "#286efa"
  private static let words = "#7a7f87"
  private static let font = "font-family=\"system-ui, sans-serif\" font-size=\"13\""

  public init() {}

  /// Horizontal bars, one below the other: for things with names.
  public func bars(_ bars: [BarChart.Bar]) -> String {
    let labelWidth = min(280, 16 + (bars.map { TextWidth.columns(of: $0.label) }.max() ?? 0) * 8)
    let room = 480
    let height = 24 * bars.count + 16
    let most = bars.map(\.value).filter(\.isFinite).max() ?? 0
    var text = head(width: labelWidth + room + 110, height: height)
    for (index, bar) in bars.enumerated() {
      let top = 8 + index * 24
      let label = TextWidth.truncate(TextWidth.visible(bar.label), to: (labelWidth - 16) / 8)
      text += line(
        "text",
        "x=\"\(labelWidth - 8)\" y=\"\(top + 16)\" text-anchor=\"end\" fill=\"\(ChartPicture.words)\"", label)
      let length = ChartPicture.length(bar.value, of: most, room)
      if length > 0 {
        text +=
          "<rect x=\"\(labelWidth)\" y=\"\(top + 2)\" width=\"\(length)\" height=\"18\" rx=\"2\" fill=\"\(ChartPicture.colour)\"/>\n"
      }
      text += line(
        "text", "x=\"\(labelWidth + length + 6)\" y=\"\(top + 16)\" fill=\"\(ChartPicture.words)\"",
        TextWidth.visible(bar.text))
    }
    return text + "</svg>\n"
  }

  /// Columns side by side: for what has an order, such as days.
  public func columns(_ bars: [BarChart.Bar]) -> String {
    let height = 240
    let step = max(2, min(40, 640 / max(1, bars.count)))
    let width = step * bars.count + 80
    let most = bars.map(\.value).filter(\.isFinite).max() ?? 0
    var text = head(width: width, height: height + 48)
    let gap = step > 3 ? 1 : 0
    for (index, bar) in bars.enumerated() {
      let length = ChartPicture.length(bar.value, of: most, height - 16)
      guard length > 0 else { continue }
      text +=
        "<rect x=\"\(64 + index * step)\" y=\"\(height - length)\" width=\"\(step - gap)\" height=\"\(length)\" fill=\"\(ChartPicture.colour)\">"
      text += "<title>\(ChartPicture.escaped(bar.label + ": " + bar.text))</title></rect>\n"
    }
    text += "<path d=\"M64 \(height)H\(width - 16)\" stroke=\"\(ChartPicture.words)\"/>\n"
    text += line(
      "text", "x=\"56\" y=\"28\" text-anchor=\"end\" fill=\"\(ChartPicture.words)\"", NumberText.short(most))
    text += line("text", "x=\"56\" y=\"\(height)\" text-anchor=\"end\" fill=\"\(ChartPicture.words)\"", "0")
    if let first = bars.first, let last = bars.last {
      text += line(
        "text", "x=\"64\" y=\"\(height + 20)\" fill=\"\(ChartPicture.words)\"", TextWidth.visible(first.label)
      )
      if bars.count > 1 {
        text += line(
          "text",
          "x=\"\(width - 16)\" y=\"\(height + 38)\" text-anchor=\"end\" fill=\"\(ChartPicture.words)\"",
          TextWidth.visible(last.label))
      }
    }
    return text + "</svg>\n"
  }

  private func head(width: Int, height: Int) -> String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\" \(ChartPicture.font)>\n"
  }

  private func line(_ name: String, _ attributes: String, _ text: String) -> String {
    "<\(name) \(attributes)>\(ChartPicture.escaped(text))</\(name)>\n"
  }

  private static func length(_ value: Double, of most: Double, _ room: Int) -> Int {
    guard value.isFinite, value > 0, most > 0 else { return 0 }
    return max(1, Int((min(1, value / most) * Double(room)).rounded()))
  }

  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}
