import Diagnostics
import Engine
import Foundation
import HTTP
import Intercom
import JSON
import Machine
import SQLite
import Sandbox
import TestSupport

@testable import Runs

/// A sandbox in this process and scripts that run against it by journals of their own.
final class LiveSandbox {
  let server: SandboxServer
  let port: Int
  /// Of the sandbox's store.
  let path: String
  let temporary = TemporaryDirectory()
  /// What scripts printed and what runs said, newest last.
  var output: [String] = []
  let voice = Voice()
  /// The time that runs see.
  let clock = MovedClock()
  /// What `clock_jumps()` does.
  var onJump: () -> Void = {}
  /// The call of `interrupt_now()`, counted from 1, that interrupts the machine as a signal would.
  var interruptsAt: Int?
  /// Told the run's id before it does.
  var onInterrupt: (String) -> Void = { _ in }
  private var interruptCalls = 0

  final class Voice: RunVoice {
    var lines: [String] = []
    var answer: Bool?
    func say(_ line: String) { lines.append(line) }
    func progress(_ line: String) {}
    func endProgress() {}
    func confirm(_ question: String) -> Bool? { answer }
    func confirm(_ question: String, byTyping name: String) -> Bool? { answer }
    func flush() {}
  }

  struct Outcome {
    var id: String?
    var exit: ExitCode
    var error: RuntimeError?
    var plans: [(step: StepRow, facts: PlanFacts)]
    var tally: Tally
  }

  /// On a store that is there already, or a copy of the demo.
  init(rateLimit: Bool = false, path: String? = nil) throws {
    var configuration = SandboxConfiguration()
    if !rateLimit { configuration.rateLimit = nil }
    self.path = try path ?? SeededWorkspace.ofToday.copy()
    configuration.location = .file(path: self.path)
    server = try SandboxServer(configuration: configuration)
    port = try server.start()
    try server.waitUntilReady()
  }

  deinit { server.stop() }

  var state: StateDirectory { temporary.state }

  private func attach(
    _ text: String, _ mode: RunOptions.Mode, _ change: (inout RunOptions) -> Void
  ) throws -> (Engine, ScriptRun, () -> Engine.Outcome) {
    var settings = Engine.Configuration()
    settings.clock = { Int64(Date().timeIntervalSince1970 * 1_000) }
    settings.output = { [unowned self] in output.append($0) }
    let engine = Engine(settings)
    var configuration = ClientConfiguration(
      base: try BaseURL("http://127.0.0.1:\(port)"), token: { _ in "t" })
    configuration.clock = clock.clock
    let client = Client(configuration)
    let binding = APIBinding(engine, client: client)
    binding.install()
    var options = RunOptions(mode: mode, script: "test.parl", program: text)
    options.directory = state
    options.account = "http://127.0.0.1:\(port)"
    options.rules = StandardRules(quietTime: 50, secondLook: 50)
    options.keepsReads = true
    change(&options)
    let run = ScriptRun(engine, binding, options, voice)
    engine.machine.register(
      Native(.init("interrupt_now", [])) { [unowned self, unowned engine, unowned run] _ in
        interruptCalls += 1
        if interruptCalls == interruptsAt {
          onInterrupt(run.runID ?? "")
          engine.interrupt()
        }
        return .null
      })
    engine.machine.register(
      Native(.init("clock_jumps", [])) { [unowned self] _ in
        onJump()
        return .null
      })
    return (
      engine, run,
      {
        let script = engine.compile(SourceText(name: "test.parl", text: text))
        guard script.isRunnable else {
          return .failed(RuntimeError(script.diagnostics.map(\.message).joined(separator: "; ")))
        }
        return engine.run(script)
      }
    )
  }

  private func outcome(_ run: ScriptRun, _ error: RuntimeError?) -> Outcome {
    var error = error
    if let given = error, case .failure(let judged) = run.judged(.failure(given)) { error = judged }
    var facts = run.exitFacts
    switch error?.code {
    case nil, ScriptRun.endOfPlan, "interrupt": break
    case "stopped": facts.stopped = true
    case "refused": facts.refused = true
    case "bulk_failed", "changed", "diverged": facts.failedItems = max(1, facts.failedItems)
    case "unknown_outcome": facts.unknownItems = max(1, facts.unknownItems)
    default: facts.scriptError = true
    }
    let exit = ExitCode.of(facts)
    run.finish(exit)
    return Outcome(id: run.runID, exit: exit, error: error, plans: run.plans, tally: run.total)
  }

  func run(
    _ text: String, _ mode: RunOptions.Mode = .apply, _ change: (inout RunOptions) -> Void = { _ in }
  ) throws -> Outcome {
    let (_, run, start) = try attach(text, mode, change)
    if case .resume = mode { try run.prepareResume() }
    switch start() {
    case .finished: return outcome(run, nil)
    case .failed(let error): return outcome(run, error)
    }
  }

  /// As `apply PLAN`.
  func apply(_ id: String, _ change: (inout RunOptions) -> Void = { _ in }) throws -> Outcome {
    let (_, run, _) = try attach("", .resume(id), change)
    do {
      try run.applyPlan()
      if try !run.isWhole() { return outcome(run, try run.planIsOver()) }
      return outcome(run, nil)
    } catch {
      return outcome(run, error)
    }
  }

  /// As `undo RUN --apply`.
  func undo(_ id: String, onlyCreated: Bool = false) throws -> (Undo, Outcome) {
    let (_, run, _) = try attach("", .apply) { $0.script = "undo \(id)" }
    let undo = try run.undo(of: try RunShelf(state).reader(of: id), onlyCreated: onlyCreated)
    guard undo.writes > 0 else { return (undo, outcome(run, nil)) }
    do {
      try run.begin(undo)
      try run.applyPlan()
      return (undo, outcome(run, nil))
    } catch {
      return (undo, outcome(run, error))
    }
  }

  /// The value of an expression as JSON.
  func json(_ expression: String) throws -> String { try value("json(\(expression))") }

  /// The value of an expression as `print` shows it.
  func value(_ expression: String) throws -> String {
    let before = output.count
    _ = try run("print(\(expression))") { $0.keepsReads = false }
    return output.count > before ? output[output.count - 1] : ""
  }

  /// Writes that the server has taken, by operation and path.
  func writes(after number: Int64 = 0) throws -> [LedgerEntry] {
    try server.requests(after: number).filter { $0.isWrite }
  }

  func last() throws -> Int64 { try server.requests().last?.number ?? 0 }

  func reader(_ id: String) throws -> JournalReader { try RunShelf(state).reader(of: id) }
}
