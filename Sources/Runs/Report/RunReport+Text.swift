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
