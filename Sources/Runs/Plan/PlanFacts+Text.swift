extension PlanFacts {
  /// The plan of a step as people read it before they say yes.
  public func text(step: StepRow, perMinute: Int) -> String {
    var lines: [String] = []
    if isStatement {
      lines.append("plan: \(step.name)")
    } else {
      let items = step.items == 1 ? "1 item" : "\(step.items) items"
      lines.append(
        "plan: \(step.name) — \(items)" + (step.duplicates > 0 ? " (\(step.duplicates) came twice)" : ""))
    }
    for count in counts {
      let mark =
        switch count.effect {
        case .write: ""
        case .destroy: "   cannot be undone"
        case .outward: "   a customer sees it"
        }
      lines.append("  + \(count.writes)  \(count.operation)\(mark)")
    }
    if counts.isEmpty, obstacles.isEmpty { lines.append("  nothing to write") }
    for sample in samples {
      if !isStatement { lines.append("    \(sample.key)" + (sample.label.map { "  \($0)" } ?? "")) }
      for write in sample.writes.prefix(3) { lines.append((isStatement ? "    " : "      ") + write) }
      if sample.writes.count > 3 { lines.append("      … and \(sample.writes.count - 3) more") }
    }
    if items > samples.count { lines.append("    … and \(items - samples.count) more") }
    if skipped > 0 { lines.append("  \(skipped) skipped by the block") }
    if failed > 0 { lines.append("  \(failed) fail before they write") }
    if !obstacles.isEmpty { lines.append(obstacleText(of: step)) }
    if writes > 0 {
      let cost = cost(perMinute: perMinute)
      let requests = cost.requests == 1 ? "1 request" : "\(cost.requests) requests"
      lines.append("  \(requests), about \(Self.text(seconds: cost.seconds)) at the present budget")
    }
    return lines.joined(separator: "\n")
  }

  private static func text(seconds: Int) -> String {
    switch seconds {
    case ..<100: "\(max(1, seconds)) s"
    case ..<6_000: "\((seconds + 59) / 60) min"
    default: "\((seconds + 3_599) / 3_600) h"
    }
  }

  /// Why the step runs item by item, which items, and what it is held to.
  public func obstacleText(of step: StepRow) -> String {
    var lines = obstacles.map { obstacle in
      let example = obstacle.example.map { ", for example \($0)" } ?? ""
      let items =
        obstacle.items > 0 ? " (\(obstacle.items) \(obstacle.items == 1 ? "item" : "items")\(example))" : ""
      return "  cannot be planned in full: \(obstacle.reason)\(items)"
    }
    lines.append(
      isOpenEnded
        ? "  \"\(step.name)\" runs item by item; what it writes in the end is not known before"
        : "  \"\(step.name)\" runs item by item; once approved it is held to the counts that are shown")
    return lines.joined(separator: "\n")
  }
}
