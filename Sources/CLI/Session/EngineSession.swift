import Compiler
import Diagnostics
import Engine
import Machine
import REPL
import Runs
import Syntax
import Terminal

/// The language and its workspace behind the REPL.
final class EngineSession: REPLSession {
  private let workbench: Workbench
  private let output: any OutputSink
  private let interruptFlag: UnsafeMutablePointer<Bool>
  private(set) var successfulStatements: [String] = []
  private var number = 0
  /// There is a `_`.
  private var hasLast = false

  private var engine: Engine { workbench.engine }

  init(_ workbench: Workbench, output: any OutputSink, colour: Bool? = nil) {
    self.workbench = workbench
    self.output = output
    interruptFlag = workbench.engine.machine.interruptFlag
  }

  var greeting: String {
    switch workbench.destination {
    case .sandbox(let seed, let isDefault):
      (isDefault
        ? "Not logged in: this is a sandbox (\(seed)); it ends with this process."
        : "A sandbox (\(seed)); it ends with this process.")
        + " `help` says where to begin."
    case .address(let base): "Workspace at \(base.origin). `help` says where to begin."
    case .live(let region): "Your workspace in \(region). `help` says where to begin."
    }
  }

  var facts: WorkspaceFacts {
    switch workbench.destination {
    case .sandbox: WorkspaceFacts(name: "sandbox", mode: .sandbox)
    case .address(let base): WorkspaceFacts(name: base.host, mode: .readOnly)
    case .live(let region): WorkspaceFacts(name: "intercom", region: region, mode: .readOnly)
    }
  }

  // MARK: Running

  func evaluate(_ source: String) -> REPLOutcome {
    interruptFlag.pointee = false
    number += 1
    var text = source
    if case .pipeFromLast = REPLLine(source) {
      guard hasLast else { return .failed("error: there is no last value yet for `|` to go on from") }
      text = "_ " + source
    }
    let script = workbench.prepare(SourceText(name: "<repl:\(number)>", text: text), keepsGlobals: true)
    guard script.isRunnable else { return .failed(rendered(script.diagnostics, script.source)) }
    let run: AttachedRun?
    do throws(Problem) {
      run = try JournaledHost.attach(workbench, script, name: "<repl>", mode: .unasked)
    } catch {
      return .failed(Report(workbench.console).text(error))
    }
    defer { run?.close() }
    switch workbench.run(script) {
    case .failure(let error) where error.kind == .interrupt: return .interrupted
    case .failure(let error): return .failed(Report(workbench.console).text(error))
    case .success(let value):
      successfulStatements.append(text)
      guard script.compiled.hasValue else { return .ok(nil) }
      return show(value)
    }
  }

  private func rendered(_ diagnostics: [Diagnostic], _ source: SourceText) -> String {
    Renderer(usesColor: workbench.console.errorStyle.isColored).render(diagnostics, in: source)
  }

  private func show(_ value: Value) -> REPLOutcome {
    if value.isNull { return .ok(nil) }
    remember(value)
    do throws(RuntimeError) {
      let view = ValueView(workbench, style: workbench.console.errorStyle)
      return .ok(try view.text(value))
    } catch {
      return error.kind == .interrupt ? .interrupted : .failed(Report(workbench.console).text(error))
    }
  }

  /// A new `_` each time: what a lazy stage captured of the old one stays as it was.
  private func remember(_ value: Value) {
    let handle = engine.machine.keep(value)
    defer { engine.machine.release(handle) }
    let script = workbench.prepare(SourceText(name: "<repl>", text: "let _ = null"), keepsGlobals: true)
    guard script.isRunnable, case .finished = engine.run(script.compiled),
      let binding = script.compiled.globals["_"]
    else { return }
    engine.machine.setGlobal(binding.number, value)
    hasLast = true
  }

  func isUnfinished(_ source: String) -> Bool {
    Parser.parse(SourceText(name: "<repl>", text: source)).isUnfinished
  }

  func interrupt() {
    interruptFlag.pointee = true
    Signals.endWait()
  }

  // MARK: Words

  func complete(line: String, cursor: Int) -> CompletionAnswer {
    SessionCompletion(engine).answer(line, cursor)
  }

  func help(topic: String?) -> String? {
    guard let topic else { return EngineSession.beginning }
    return LanguageHelp(engine).text(on: topic)
  }

  func apropos(_ word: String) -> [String] { LanguageHelp(engine).apropos(word) }

  private static let beginning = """
    Type an expression and see its value:

      contacts | count
      contacts | filter { .role == "lead" } | take(5)
      conversations | filter { .open } | count_by { .team_assignee_id } | table

    help contacts            what one can do with them, `help contacts.search` in detail
    apropos merge            names that have to do with a word
    :help                    the REPL's own commands; Tab completes
    """

  var statistics: String {
    guard let client = workbench.client else { return "No request has been sent." }
    let counts = client.statistics
    var text = "\(counts.requests) requests, \(counts.failures) failed"
    if let remaining = counts.remaining, let limit = counts.limit {
      text += "; budget \(remaining) of \(limit) left"
    }
    return text
  }

  var workspaces: [String] { [] }

  var secrets: [String] {
    workbench.environment["INTERCOM_ACCESS_TOKEN"].map { $0.isEmpty ? [] : [$0] } ?? []
  }
}
