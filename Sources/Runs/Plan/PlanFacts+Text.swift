extension PlanFacts {
  /// The plan as people read it before they say yes.
  public func text(step: StepRow, perMinute: Int) -> String {
    var lines = [
      "\(step.name): \(step.items) items" + (step.duplicates > 0 ? " (\(step.duplicates) came twice)" : "")
    ]
    for count in counts {
      let mark =
        switch count.effect {
        case .write: ""
        case .destroy: "   cannot be undone"
        case .outward: "   customers will see it"
        }
      lines.append("  \(count.operation)  \(count.writes)\(mark)")
    }
    if counts.isEmpty { lines.append("  nothing to write") }
    if skipped > 0 { lines.append("  skipped  \(skipped)") }
    if failed > 0 { lines.append("  failed in the plan  \(failed)") }
    for sample in samples {
      lines.append("  e.g. \(sample.key): \(sample.writes.joined(separator: "; "))")
    }
    for obstacle in obstacles {
      let example = obstacle.example.map { ", e.g. \($0)" } ?? ""
      let items = obstacle.items > 0 ? " (\(obstacle.items) items\(example))" : ""
      lines.append("  not plannable in full: \(obstacle.reason)\(items)")
    }
    let cost = cost(perMinute: perMinute)
    lines.append("  \(cost.requests) requests, about \(cost.minutes) min")
    return lines.joined(separator: "\n")
  }
}
