import Catalogue
import Compiler
import Diagnostics
import Engine
import HTTP
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
  private var saved = SavedSession()
  private let collected: CollectedOutput
  private var number = 0
  /// There is a `_`.
  private var hasLast = false
  /// What `:more` goes on with, and how much of it has been shown.
  private var unfinished: (value: Int, upTo: Int)?
  private let names: KnownNames
  private let live: LiveValues
  private let notice: ReadingNotice

  private var engine: Engine { workbench.engine }

  /// `collected` is where the workbench's engine prints to, and prints to `output` in turn.
  init(_ workbench: Workbench, output: any OutputSink, collected: CollectedOutput) {
    self.workbench = workbench
    self.collected = collected
    self.output = output
    interruptFlag = workbench.engine.machine.interruptFlag
    names = KnownNames(workbench)
    live = LiveValues(workbench)
    notice = ReadingNotice(
      statistics: { [unowned workbench] in workbench.client?.statistics },
      say: { [style = workbench.console.errorStyle] in output.write(style.paint($0, .dim) + "\n") })
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
    case .workspace(let profile):
      "\(profile.title ?? profile.name), \(profile.region ?? profile.base.origin). `help` says where to begin."
    }
  }

  var facts: WorkspaceFacts {
    switch workbench.destination {
    case .sandbox: WorkspaceFacts(name: "sandbox", mode: .sandbox)
    case .address(let base): WorkspaceFacts(name: base.host, mode: mode)
    case .live(let region): WorkspaceFacts(name: "intercom", region: region, mode: mode)
    case .workspace(let profile): WorkspaceFacts(name: profile.name, region: profile.region ?? "", mode: mode)
    }
  }

  private var mode: WorkspaceFacts.Mode {
    switch workbench.options.protection {
    case .readOnly: .readOnly
    case .ask: .ask
    case .open: .open
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
    listen()
    if OutputStage.endsWhole(script.syntax) { collected.collect() }
    let result = workbench.run(script)
    let printed = collected.take()
    switch result {
    case .failure(let error):
      if let printed { output.write(printed) }
      return error.kind == .interrupt ? .interrupted : .failed(Report(workbench.console).text(error))
    case .success(let value):
      guard script.compiled.hasValue, !value.isNull else {
        saved.add(text, script.syntax, shown: .nothing)
        return .ok(printed)
      }
      if let printed { output.write(printed) }
      saved.add(text, script.syntax, shown: shown(value))
      return show(value)
    }
  }

  var successfulStatements: [String] { saved.statements }

  private func shown(_ value: Value) -> SavedSession.Shown {
    switch value.tag {
    case .sequence: .rows
    case .list:
      engine.machine.items(value).isEmpty || engine.machine.items(value).contains { $0.tag != .record }
        ? .value : .rows
    default: .value
    }
  }

  private func rendered(_ diagnostics: [Diagnostic], _ source: SourceText) -> String {
    Renderer(usesColor: workbench.console.errorStyle.isColored).render(diagnostics, in: source)
  }

  private func listen() {
    notice.begin()
    workbench.binding?.pageListener = { [notice] in notice.heard($0) }
  }

  private func show(_ value: Value) -> REPLOutcome {
    if value.isNull { return .ok(nil) }
    remember(value)
    return view(value, from: 0)
  }

  private func view(_ value: Value, from start: Int) -> REPLOutcome {
    let kept = engine.machine.keep(value)
    if let earlier = unfinished { engine.machine.release(earlier.value) }
    unfinished = nil
    do throws(RuntimeError) {
      let shown = try ValueView(workbench: workbench, names: names, style: workbench.console.errorStyle).show(
        value, from: start)
      if let upTo = shown.upTo { unfinished = (kept, upTo) } else { engine.machine.release(kept) }
      return .ok(shown.text)
    } catch {
      engine.machine.release(kept)
      return error.kind == .interrupt ? .interrupted : .failed(Report(workbench.console).text(error))
    }
  }

  func more() -> REPLOutcome {
    guard let unfinished else { return .failed("There is nothing more to show.") }
    interruptFlag.pointee = false
    return view(engine.machine.kept(unfinished.value), from: unfinished.upTo)
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
    SessionCompletion(engine, binding: { [workbench] in workbench.binding }, live: live).answer(line, cursor)
  }

  func hint(line: String, cursor: Int) -> String? { LineHint(engine).hint(line, cursor) }

  func isResource(_ name: String) -> Bool { APICatalogue.standard.operationNames(of: name) != nil }

  func help(topic: String?) -> String? {
    let help = LanguageHelp(engine, width: width)
    guard let topic else { return help.beginning }
    return help.text(on: topic)
  }

  func nearestTopic(_ topic: String) -> String? { LanguageHelp(engine).nearest(topic) }

  func apropos(_ word: String) -> [String] { LanguageHelp(engine, width: width).apropos(word) }

  private var width: Int { TerminalDevice.standardOutput.columns(environment: workbench.environment) }

  var statistics: String {
    (workbench.client?.statistics ?? ClientStatistics()).lines.joined(separator: "\n")
  }

  var workspaces: [String] { WorkspacesCommand.lines(workbench.environment) }

  var lastRequest: String? { workbench.client?.lastRequestAsCurl }

  var secrets: [String] { workbench.secrets }
}
