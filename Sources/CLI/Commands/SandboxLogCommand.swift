import JSON
import Runs
import Sandbox

/// `parlance sandbox log`: the requests that a sandbox saw, a line each.
enum SandboxLogCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    try context.noOperands("sandbox log")
    let after = try context.number("after", in: 0...Int.max) ?? 0
    let limit = try context.number("limit", in: 1...1_000_000) ?? 1_000
    let onlyWrites = context.arguments.has("writes")
    let asJSON = context.arguments.has("json")
    var last = Int64(after)
    var left = limit
    let next = try source(context)
    // In pieces: a long ledger is never in memory as a whole.
    while left > 0 {
      let entries = try next(last, 5_000)
      guard let end = entries.last else { break }
      last = end.number
      for entry in entries where left > 0 && (entry.isWrite || !onlyWrites) {
        context.console.print(asJSON ? entry.json.text() : line(entry))
        left -= 1
      }
      if context.console.isCutOff { break }
    }
    return .done
  }

  private typealias Source = (_ after: Int64, _ limit: Int) throws(Problem) -> [LedgerEntry]

  private static func source(_ context: CommandContext) throws(Problem) -> Source {
    if context.arguments.has("base-url") {
      let control = try SandboxControl(context)
      return { (after, limit) throws(Problem) in
        let answer = try control.call(
          .get, "/_sandbox/requests", query: [("after", String(after)), ("limit", String(limit))])
        return (answer["requests"]?.arrayValue ?? []).compactMap(LedgerEntry.init(json:))
      }
    }
    let path = try SandboxFileCommand.file(
      context, or: ", or --base-url of one that is served")
    do {
      let file = try SandboxFile.open(path)
      return { (after, limit) throws(Problem) in
        do { return try file.requests(after: after, limit: limit) } catch {
          throw SandboxFileCommand.problem(error)
        }
      }
    } catch {
      throw SandboxFileCommand.problem(error)
    }
  }

  /// Number, status, whether it changed something, what was asked, and who asked.
  private static func line(_ entry: LedgerEntry) -> String {
    let number = String(entry.number)
    var text = String(repeating: " ", count: max(0, 7 - number.count)) + number
    text += "  " + (entry.status.map(String.init) ?? "---")
    text += entry.applied ? " applied  " : entry.isWrite ? " -        " : " read     "
    text += "\(entry.method) \(entry.path)"
    if let mark = entry.mark { text += "  [\(mark)]" }
    if let fault = entry.fault { text += "  fault: \(fault)" }
    return text
  }
}
