import Bytecode
import Compiler
import Diagnostics
import Engine
import Machine

/// Runs scripts inside a host program. Without a transport it is hermetic: the same text, parameters, clock and host
/// functions give the same result.
///
/// An engine has one heap and is used by one thread at a time; `interrupter` may be used from anywhere.
public final class Engine {
  public struct Configuration {
    public var limits = Limits()
    /// A line that `print` writes, without its line break.
    public var output: (String) -> Void = { _ in }
    /// A line that `warn` writes.
    public var warning: (String) -> Void = { _ in }
    /// Milliseconds since 1970. `now()` reads it once a run; a limit of time reads it often.
    public var clock: () -> Int64 = { 0 }
    /// Minutes east of UTC at an instant (milliseconds since 1970).
    public var zone: (Int64) -> Int = { _ in 0 }
    /// A script that can do anything else is refused before it runs.
    public var permitted: Set<Effect> = Set(Effect.allCases)

    public init() {}
  }

  public let configuration: Configuration
  /// Carries the calls of transported functions.
  public var transport: (any Transport)?
  /// Ends what runs, from any thread or signal handler.
  public let interrupter: Interrupter

  private let core: LanguageEngine
  private let names = HostNames()
  private var loop: TransportLoop?

  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
    var inner = LanguageEngine.Configuration()
    inner.output = configuration.output
    inner.warning = configuration.warning
    inner.clock = configuration.clock
    inner.zone = configuration.zone
    inner.limits.steps = configuration.limits.steps
    inner.limits.memory = configuration.limits.memory
    inner.limits.depth = configuration.limits.depth
    core = LanguageEngine(inner)
    core.api = names
    interrupter = Interrupter(core.machine)
    let loop = TransportLoop(core.machine) { [unowned self] in transport }
    self.loop = loop
    core.eventLoop = loop
  }

  // MARK: Host functions

  /// Makes a function known to the scripts that are checked or run from now on.
  public func add(_ function: HostFunction) {
    let signature = function.signature
    let body = function.body
    let native = Native(signature) { [unowned self] call in
      var arguments: [Value] = []
      do throws(Failure) {
        for index in signature.parameters.indices {
          arguments.append(try HeapExchange.value(call[index], call.machine))
        }
      } catch {
        throw error.runtimeError
      }
      switch body {
      case .immediate(let answer):
        do { return try HeapExchange.heap(try answer(arguments), call.machine) } catch let failure as Failure
        {
          throw failure.runtimeError
        } catch {
          throw RuntimeError("\(signature.name): \(error)", code: "host")
        }
      case .transported:
        guard let transport, let loop else {
          throw RuntimeError("`\(signature.name)` has no transport here", code: "no_transport")
        }
        let pending = TransportCall(signature.name, arguments, call.fiber, loop)
        call.fiber.onCancel = { transport.cancel(pending) }
        transport.begin(pending)
        return call.suspend()
      }
    }
    core.machine.register(native)
    let parts = signature.name.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2 { names.add(parts[0], parts[1], signature) }
  }

  // MARK: Scripts

  /// What is wrong, or likely wrong, with a script, and what it can do. Runs nothing.
  public func check(_ text: String, name: String = "script") -> Check {
    let source = SourceText(name: name, text: text)
    let report = core.check(source)
    var effects: [Effect: [String]] = [:]
    for (effect, operations) in report.effects { effects[Effect(effect)] = operations }
    return Check(findings: report.diagnostics.map { Finding($0, in: source) }, effects: effects)
  }

  /// Runs a whole script. The value is that of its last statement.
  ///
  /// - Parameter parameters: Values for its `param` declarations, by name.
  /// - Throws: `Failure`: the script is wrong, fails, or reaches a limit.
  @discardableResult
  public func run(_ text: String, name: String = "script", parameters: [String: Value] = [:]) throws(Failure)
    -> Value
  {
    try run(SourceText(name: name, text: text), parameters, keepsNames: false)
  }

  /// Runs a line of a dialogue: its top-level names stay for the lines after it.
  @discardableResult
  public func evaluate(_ text: String, name: String = "line") throws(Failure) -> Value {
    try run(SourceText(name: name, text: text), [:], keepsNames: true)
  }

  private func run(_ source: SourceText, _ parameters: [String: Value], keepsNames: Bool) throws(Failure)
    -> Value
  {
    let script = core.compile(source, keepsGlobals: keepsNames)
    guard script.isRunnable else { throw Failure(script.diagnostics, in: source) }
    for use in script.effects where !configuration.permitted.contains(Effect(use.effect)) {
      throw Failure(
        "`\(use.operation)` is \(Engine.words(use.effect)), and that is not permitted here",
        code: "not_permitted")
    }
    try set(parameters, of: script)
    startClock()
    switch core.run(script) {
    case .finished(let value): return try HeapExchange.value(value, core.machine)
    case .failed(let error): throw Failure(error)
    }
  }

  private static func words(_ effect: Signature.Effect) -> String {
    switch effect {
    case .read: "a read"
    case .write: "a write"
    case .outward: "seen outside"
    case .destroy: "not to be undone"
    }
  }

  private func set(_ parameters: [String: Value], of script: CompiledScript) throws(Failure) {
    for name in parameters.keys.sorted() where !script.parameters.contains(where: { $0.name == name }) {
      throw Failure(
        "the script has no parameter `\(name)`", code: "parameter",
        hints: ["it has " + script.parameters.map { "`\($0.name)`" }.joined(separator: ", ")])
    }
    for parameter in script.parameters {
      guard let value = parameters[parameter.name] else {
        guard parameter.hasDefault else {
          throw Failure("the script needs the parameter `\(parameter.name)`", code: "parameter")
        }
        core.setParameter(parameter, .absent)
        continue
      }
      guard ParameterCheck.accepts(value, parameter.type.kind) else {
        throw Failure(
          "the parameter `\(parameter.name)` is declared as \(ParameterCheck.words(parameter.type.kind))",
          code: "parameter")
      }
      core.setParameter(parameter, try HeapExchange.heap(value, core.machine))
    }
  }

  private func startClock() {
    core.machine.deadlineCheck = nil
    guard let most = configuration.limits.milliseconds else { return }
    let clock = configuration.clock
    let (end, isBeyond) = clock().addingReportingOverflow(most)
    core.machine.deadlineCheck = { !isBeyond && clock() >= end }
  }
}

/// What can be known of a script without running it.
public struct Check: Sendable {
  /// In the order of the text.
  public var findings: [Finding]
  /// The functions that the script can reach, by what they can do.
  public var effects: [Effect: [String]]

  public var isRunnable: Bool { !findings.contains { $0.severity == .error } }
}

/// Ends a script that runs, as Ctrl-C would.
public struct Interrupter: @unchecked Sendable {
  /// The flag lies in the machine, which this keeps alive.
  private let machine: Machine

  init(_ machine: Machine) { self.machine = machine }

  /// Async-signal-safe: it sets a flag.
  public func interrupt() { machine.interrupt() }
}
