import Glibc
import REPL
import Synchronization

/// A made-up workspace that knows a handful of statements, word for word as the language has them, so that
/// the tests of the terminal hold for the real one too.
final class ProbeSession: REPLSession {
  private let output: any OutputSink
  private let interrupted = Atomic<Bool>(false)
  private var variables: [String: Int] = [:]
  private var worked: [String] = []

  init(output: any OutputSink) { self.output = output }

  var facts: WorkspaceFacts {
    switch getenv("PROBE_MODE").map({ String(cString: $0) }) {
    case "read-only": WorkspaceFacts(name: "acme", region: "eu", mode: .readOnly)
    case "ask": WorkspaceFacts(name: "acme", region: "eu", mode: .ask)
    case "open": WorkspaceFacts(name: "acme", region: "eu", mode: .open)
    default: WorkspaceFacts(name: "sandbox", mode: .sandbox)
    }
  }

  var statistics: String { "\(worked.count) statements" }
  var successfulStatements: [String] { worked }
  var lastRequest: String? { nil }
  var workspaces: [String] { ["sandbox"] }
  var secrets: [String] { ["probe-known-secret-value"] }

  func interrupt() { interrupted.store(true, ordering: .relaxed) }

  func isUnfinished(_ source: String) -> Bool {
    let depth = source.reduce(0) { depth, next in
      "([{".contains(next) ? depth + 1 : ")]}".contains(next) ? depth - 1 : depth
    }
    let end = source.last { $0 != " " && $0 != "\n" } ?? " "
    return depth > 0 || "|+=,".contains(end)
  }

  func evaluate(_ source: String) -> REPLOutcome {
    interrupted.store(false, ordering: .relaxed)
    // New lines inside brackets belong to the statement.
    var statements = [""]
    var depth = 0
    for next in source {
      if "([{".contains(next) { depth += 1 }
      if ")]}".contains(next) { depth -= 1 }
      let last = statements[statements.count - 1].last { $0 != " " } ?? " "
      if next == "\n", depth == 0, !"+|=".contains(last) {
        statements.append("")
      } else {
        statements[statements.count - 1].append(next == "\n" ? " " : next)
      }
    }
    var outcome = REPLOutcome.ok(nil)
    for statement in statements {
      let text = statement.split(separator: " ").joined(separator: " ")
      if text.isEmpty || text.hasPrefix("#") { continue }
      outcome = run(text)
      guard case .ok(let shown) = outcome else { return outcome }
      worked.append(statement)
      if let shown, statements.count > 1 {
        output.write(shown + "\n")
        outcome = .ok(nil)
      }
    }
    return outcome
  }

  private func run(_ text: String) -> REPLOutcome {
    if text == "while true {}" || text == "while true { }" {
      while !interrupted.load(ordering: .relaxed) { usleep(5_000) }
      return .interrupted
    }
    if let rest = text.rest(after: "later "), let count = Int(rest) {
      let output = output
      let thread = Ticker(output: output, count: count)
      thread.start()
      return .ok(nil)
    }
    if let rest = text.rest(after: "for i in 1.."), let count = Int(rest.prefix { $0.isNumber }) {
      for index in 1...max(1, count) { output.write("line \(index)\n") }
      return .ok(nil)
    }
    if let rest = text.rest(after: "rows("), let count = Int(rest.dropLast()) {
      return .ok((1...max(1, count)).map { "row \($0)" }.joined(separator: "\n"))
    }
    if let rest = text.rest(after: "let "), let equals = rest.firstIndex(of: "=") {
      guard let value = number(String(rest[rest.index(after: equals)...])) else { return unknown(text) }
      variables[rest[..<equals].split(separator: " ").joined()] = value
      return .ok(nil)
    }
    if let rest = text.rest(after: "print "), rest.hasPrefix("\""), rest.hasSuffix("\"") {
      output.write(rest.dropFirst().dropLast() + "\n")
      return .ok(nil)
    }
    if text.hasPrefix("\""), text.hasSuffix("\""), text.count > 1 { return .ok(text) }
    if let text = text.rest(after: "explain("), text.hasSuffix(")") {
      return .ok("reads: " + text.dropLast())
    }
    if text == "[1, 2, 3]" {
      variables["items"] = 3
      return .ok(text)
    }
    if text == "| count", let items = variables["items"] { return remember(items) }
    if text == "contacts | count" { return remember(2000) }
    if let value = number(text) { return remember(value) }
    return unknown(text)
  }

  private func remember(_ value: Int) -> REPLOutcome {
    variables["_"] = value
    return .ok(String(value))
  }

  private func unknown(_ text: String) -> REPLOutcome {
    .failed("error: there is nothing called `\(text.prefix { $0.isLetter || $0 == "_" })`")
  }

  private func number(_ text: String) -> Int? {
    var sum = 0
    for part in text.split(separator: "+") {
      let word = part.filter { !" ()".contains($0) }
      guard let value = Int(word) ?? variables[word] else { return nil }
      sum += value
    }
    return text.contains { $0.isNumber || $0.isLetter || $0 == "_" } ? sum : nil
  }

  // MARK: Words

  private static let names: [CompletionAnswer.Candidate] = [
    .init("contacts", .resource, "People: users and leads."),
    .init("conversations", .resource, "What people wrote and what was answered."),
    .init("tickets", .resource, "Requests that a team tracks."),
    .init("count", .function, "How many items there are."),
    .init("filter", .function, "The items for which the block is true."),
    .init("print", .function, "Writes a line."),
  ]
  private static let fields: [CompletionAnswer.Candidate] = [
    .init(".email", .field, "string: the address"), .init(".external_id", .field, "string: your own id"),
    .init(".name", .field, "string: 名前 the full name"), .init(".role", .field, "user or lead"),
  ]
  private static let operations: [CompletionAnswer.Candidate] = [
    .init("tickets.create", .operation, "Open a ticket."),
    .init("tickets.get", .operation, "One ticket by its id."),
    .init("tickets.search", .operation, "Find tickets by their fields."),
  ]

  func complete(line: String, cursor: Int) -> CompletionAnswer {
    let before = line.prefix(cursor)
    let word = before.reversed().prefix { $0.isLetter || $0 == "_" || $0 == "." }.reversed()
    let typed = String(word)
    let all = typed.hasPrefix(".") ? ProbeSession.fields : ProbeSession.names + ProbeSession.operations
    let found = all.filter {
      $0.text.hasPrefix(typed) && !typed.isEmpty && (typed.contains(".") || !$0.text.contains("."))
    }
    return CompletionAnswer(replacing: cursor - typed.count..<cursor, candidates: found)
  }

  func more() -> REPLOutcome { .failed("There is nothing more to show.") }
  func isResource(_ name: String) -> Bool { ["contacts", "conversations", "tickets"].contains(name) }
  func nearestTopic(_ topic: String) -> String? { topic == "contcts" ? "contacts" : nil }

  func hint(line: String, cursor: Int) -> String? {
    line.hasSuffix("tickets.search(") ? "tickets.search(query: filter<ticket>)" : nil
  }

  func help(topic: String?) -> String? {
    guard let topic else { return "Try `contacts | count`, or `:help`." }
    return (ProbeSession.names + ProbeSession.operations).first { $0.text == topic }.map {
      "\($0.text): \($0.about)"
    }
  }

  func apropos(_ word: String) -> [String] {
    (ProbeSession.names + ProbeSession.operations).filter {
      $0.text.contains(word) || $0.about.contains(word)
    }
    .map { "\($0.text)  \($0.about)" }
  }
}

/// Writes a line every 100 ms from a thread of its own, as progress does.
private final class Ticker: Sendable {
  private let output: any OutputSink
  private let count: Int

  init(output: any OutputSink, count: Int) {
    self.output = output
    self.count = count
  }

  func start() {
    var id = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    pthread_create(
      &id, nil,
      { context in
        guard let context else { return nil }
        let ticker = Unmanaged<Ticker>.fromOpaque(context).takeRetainedValue()
        for index in 1...max(1, ticker.count) {
          usleep(100_000)
          ticker.output.write("tick \(index)\n")
        }
        return nil
      }, context)
    pthread_detach(id)
  }
}

extension String {
  fileprivate func rest(after prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}
