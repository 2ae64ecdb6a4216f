/// The report's prose, for a terminal and as Markdown.
extension RunReport {
  /// States that have items, in the order of a reader's interest.
  var states: [(name: String, items: Int)] {
    let order: [ItemState] = [
      .done, .skipped, .failed, .changed, .diverged, .unknown, .parked, .working, .pending,
    ]
    return order.compactMap { tally[$0] > 0 ? ($0.rawValue, tally[$0]) : nil }
  }

  public var text: String {
    var lines = ["\(run.id)  \(run.script)  \(run.state.rawValue)" + (run.reason.map { "  (\($0))" } ?? "")]
    let counts = states.map { "\($0.name) \($0.items)" }.joined(separator: ", ")
    lines.append("  \(tally.total) items: \(counts.isEmpty ? "none" : counts)")
    for write in writes { lines.append("  \(write.operation)  \(write.done)") }
    for group in errors {
      let status = group.status.map { "\($0) " } ?? ""
      lines.append(
        "  \(group.state.rawValue) \(group.items): \(status)\(group.code), e.g. \(group.exampleKey): \(group.message)"
      )
    }
    for write in open {
      let target = write.target.map { " \($0)" } ?? ""
      lines.append("  unknown \(write.id): \(write.operation)\(target) (\(write.key)): \(write.why)")
    }
    lines += commands.map { "  > \($0)" }
    return lines.joined(separator: "\n")
  }

  /// What a run says at its end.
  public func end(_ cost: Cost) -> String {
    let counts = states.map { ", \($0.items) \($0.name)" }.joined()
    let sum = writes.reduce(0) { $0 + $1.done }
    var lines = [
      "\(run.id): \(tally.total == 1 ? "1 item" : "\(tally.total) items")\(counts); \(sum) \(sum == 1 ? "write" : "writes"), "
        + "\(cost.requests) requests in \(Self.seconds(cost.milliseconds))"
        + (cost.waited >= 1_000 ? ", \(Self.seconds(cost.waited)) of it waiting for the budget" : "")
    ]
    for group in errors.prefix(5) {
      let status = group.status.map { "\($0) " } ?? ""
      lines.append(
        "  \(group.items) \(group.state.rawValue): \(status)\(group.code), for example \(group.exampleKey): \(group.message)"
      )
    }
    for write in open.prefix(5) {
      lines.append("  unknown \(write.id): \(write.operation) (\(write.key)): \(write.why)")
    }
    lines += commands.map { "  > \($0)" }
    return lines.joined(separator: "\n")
  }

  static func seconds(_ milliseconds: Int64) -> String {
    let seconds = milliseconds / 1_000
    if seconds >= 3_600 { return "\(seconds / 3_600) h \(seconds % 3_600 / 60) min" }
    if seconds >= 60 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds).\(milliseconds % 1_000 / 100) s"
  }

  public var markdown: String {
    var lines = ["# Run \(run.id)", "", "Script `\(run.script)`, state **\(run.state.rawValue)**"]
    if let reason = run.reason { lines.append("Reason: \(Self.plain(reason))") }
    lines += ["", "| items | |", "|---|---:|"]
    lines += states.map { "| \($0.name) | \($0.items) |" }
    if !writes.isEmpty {
      lines += ["", "| operation | writes done |", "|---|---:|"]
      lines += writes.map { "| `\($0.operation)` | \($0.done) |" }
    }
    if !errors.isEmpty {
      lines += ["", "| state | error | items | for example |", "|---|---|---:|---|"]
      lines += errors.map { group in
        let status = group.status.map { "\($0) " } ?? ""
        return "| \(group.state.rawValue) | \(status)\(Self.plain(group.code)) | \(group.items) | "
          + "\(Self.plain(group.exampleKey)): \(Self.plain(group.message)) |"
      }
    }
    if !open.isEmpty {
      lines += ["", "Open writes:", ""]
      lines += open.map { "- \($0.id) `\($0.operation)` \(Self.plain($0.key)): \(Self.plain($0.why))" }
    }
    if !commands.isEmpty { lines += ["", "```"] + commands + ["```"] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Text of the API in a table: no new lines, no bars.
  private static func plain(_ text: String) -> String {
    String(text.map { $0 == "|" ? "/" : $0.isNewline ? " " : $0 })
  }
}
