/// The report as one page that needs nothing else: counts, charts, errors, what is open, what happened.
extension RunReport {
  public var html: String {
    var parts = [
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><title>Run \(Self.escaped(run.id))</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #1c2430 }
      h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
      table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #dde3ea }
      td.n, th.n { text-align: right; font-variant-numeric: tabular-nums } code { background: #f2f4f7; padding: .1rem .3rem }
      svg { width: 100%; height: auto } svg text { font: 12px system-ui, sans-serif; fill: #1c2430 }
      .muted { color: #5b6675 }
      </style></head><body>
      """,
      "<h1>Run \(Self.escaped(run.id))</h1>",
      "<p><code>\(Self.escaped(run.script))</code>, state <b>\(run.state.rawValue)</b>"
        + (run.reason.map { "<br>Reason: \(Self.escaped($0))" } ?? "")
        + "<br><span class=\"muted\">\(Self.escaped(run.account)), \(Self.day(run.startedAt))</span></p>",
    ]
    parts.append("<h2>\(tally.total) items</h2>")
    parts.append(Self.bars(states.map { ($0.name, $0.items, Self.colour($0.name)) }))
    if !writes.isEmpty {
      let sum = writes.reduce(0) { $0 + $1.done }
      parts.append("<h2>\(sum) writes</h2>")
      parts.append(Self.bars(writes.map { ($0.operation, $0.done, "#3c6e9f") }))
    }
    if pace.count > 1 {
      parts.append("<h2>Writes over time</h2>")
      parts.append(timeline)
    }
    parts.append(stepTable)
    if !errors.isEmpty { parts.append(errorTable) }
    if !open.isEmpty {
      parts.append("<h2>Open writes</h2><ul>")
      parts += open.map {
        "<li>\($0.id) <code>\(Self.escaped($0.operation))</code> \(Self.escaped($0.key)): \(Self.escaped($0.why))</li>"
      }
      parts.append("</ul>")
    }
    if !events.isEmpty {
      parts.append("<h2>What happened</h2><table>")
      parts += events.suffix(100).map {
        "<tr><td class=\"muted\">\(Self.day($0.at))</td><td>\(Self.escaped($0.kind))</td><td>\(Self.escaped($0.text))</td></tr>"
      }
      parts.append("</table>")
    }
    if !commands.isEmpty {
      parts.append("<h2>Commands</h2><pre>\(commands.map { Self.escaped($0) }.joined(separator: "\n"))</pre>")
    }
    parts.append("</body></html>")
    return parts.joined(separator: "\n") + "\n"
  }

  private var stepTable: String {
    guard !steps.isEmpty else { return "" }
    let rows = steps.map { step in
      let source = step.isScript ? "statement" : step.source.rawValue
      return "<tr><td class=\"n\">\(step.no)</td><td>\(Self.escaped(step.name))</td><td>\(source)</td>"
        + "<td>\(step.phase.rawValue)</td><td class=\"n\">\(step.items)</td></tr>"
    }
    return
      "<h2>Steps</h2><table><tr><th class=\"n\">no</th><th>step</th><th>runs as</th><th>is</th><th class=\"n\">items</th></tr>"
      + rows.joined() + "</table>"
  }

  private var errorTable: String {
    let rows = errors.map { group in
      let status = group.status.map { "\($0) " } ?? ""
      return "<tr><td>\(group.state.rawValue)</td><td>\(status)\(Self.escaped(group.code))</td>"
        + "<td class=\"n\">\(group.items)</td><td>\(Self.escaped(group.exampleKey)): \(Self.escaped(group.message))</td></tr>"
    }
    return
      "<h2>Errors</h2><table><tr><th>state</th><th>error</th><th class=\"n\">items</th><th>for example</th></tr>"
      + rows.joined() + "</table>"
  }

  // MARK: Charts

  private static func bars(_ rows: [(name: String, count: Int, colour: String)]) -> String {
    let most = max(1, rows.map(\.count).max() ?? 1)
    var lines = ["<svg viewBox=\"0 0 760 \(rows.count * 26 + 4)\" role=\"img\">"]
    for (index, row) in rows.enumerated() {
      let y = index * 26 + 4
      let width = max(1, row.count * 440 / most)
      lines.append(
        "<text x=\"190\" y=\"\(y + 15)\" text-anchor=\"end\">\(escaped(row.name))</text>"
          + "<rect x=\"200\" y=\"\(y)\" width=\"\(width)\" height=\"20\" rx=\"3\" fill=\"\(row.colour)\"/>"
          + "<text x=\"\(208 + width)\" y=\"\(y + 15)\">\(row.count)</text>")
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n")
  }

  /// Writes done in each part of the run's time.
  private var timeline: String {
    let most = max(1, pace.map(\.done).max() ?? 1)
    let width = 700.0 / Double(pace.count)
    var lines = ["<svg viewBox=\"0 0 760 170\" role=\"img\">"]
    for (index, part) in pace.enumerated() {
      let height = part.done * 130 / most
      let x = Int(40 + Double(index) * width)
      lines.append(
        "<rect x=\"\(x)\" y=\"\(140 - height)\" width=\"\(max(1, Int(width) - 1))\" height=\"\(height)\" fill=\"#3c6e9f\"/>"
      )
    }
    lines.append("<line x1=\"40\" y1=\"140\" x2=\"740\" y2=\"140\" stroke=\"#9aa5b1\"/>")
    lines.append("<text x=\"34\" y=\"16\" text-anchor=\"end\">\(most)</text>")
    if let first = pace.first, let last = pace.last {
      lines.append("<text x=\"40\" y=\"160\">\(Self.day(first.at))</text>")
      lines.append("<text x=\"740\" y=\"160\" text-anchor=\"end\">\(Self.day(last.at))</text>")
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n")
  }

  private static func colour(_ state: String) -> String {
    switch state {
    case "done": "#3f8f5f"
    case "skipped", "pending": "#9aa5b1"
    case "unknown", "parked", "working": "#c98a2b"
    default: "#b5483f"
    }
  }

  // MARK: Text

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  /// `2026-01-31 09:30:05Z`, of milliseconds.
  static func day(_ milliseconds: Int64) -> String {
    let seconds = milliseconds / 1_000
    var days = seconds / 86_400
    let rest = seconds % 86_400
    // Civil date of a day number, years beginning in March.
    days += 719_468
    let era = days / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * part + 2) / 5 + 1
    let month = part < 10 ? part + 3 : part - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day)) \(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
  }
}
