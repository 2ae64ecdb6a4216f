import Builtins
import Bytecode
import Compiler
import Diagnostics
import Machine
import Stdlib
import Syntax

/// The language as a library: source text in, a value or diagnostics out.
///
/// One engine has one heap; globals of evaluated lines stay (a REPL's). Not thread-safe; only `interrupt`
/// may be called from elsewhere.
public final class Engine {
  public struct Configuration {
    /// Lines that scripts print, without line breaks.
    public var output: (String) -> Void = { _ in }
    /// Lines that scripts warn with.
    public var warning: (String) -> Void = { _ in }
    /// Milliseconds since 1970. Read once a run or statement.
    public var clock: () -> Int64 = { 0 }
    /// Minutes east of UTC at an instant.
    public var zone: (Int64) -> Int = { _ in 0 }
    /// Columns that tables may take.
    public var columns: () -> Int = { 80 }
    /// What scripts read and save; nil for none.
    public var files: FileAccess?
    /// The secret of `fingerprint`; empty for none.
    public var fingerprintKey: () -> [UInt8] = { [] }
    public var limits = Machine.Limits()
    public init() {}
  }

  public let machine: Machine
  public let configuration: Configuration
  /// What scripts can name of an API; nil for a hermetic engine.
  public var api: APINames?
  /// Answers fibers that wait; nil where nothing can be waited for.
  public var eventLoop: EventLoop?
  /// The instant that `now()` gives, set at the start of each run or statement.
  public private(set) var now: Int64 = 0

  /// What `now()` says instead of the clock: a run that goes on keeps its start.
  public var fixedNow: Int64?

  var preludeFunctions: [String: PreludeFunction] = [:]
  /// By their full name, once something mentioned them.
  var verbs: [String: PreludeFunction] = [:]
  var verbsLoading: Set<String> = []
  /// Names of verbs by their resource, of those that were asked for.
  var verbNames: [String: [String]] = [:]
  var lineGlobals: [String: GlobalBinding] = [:]
  /// What the script being compiled uses, by name.
  var modules: [String: ModuleInterface] = [:]
  /// By the name of their source: a module is loaded once.
  var loadedModules: [String: ModuleInterface] = [:]
  /// Finds modules; nil: `use` says that there are none.
  public var moduleLoader: ModuleLoader?
  /// Hears of each printed line first; true: it keeps the line to itself.
  public var outputFilter: ((String) -> Bool)?
  var nextGlobal = Engine.firstScriptGlobal
  var nextPreludeGlobal = 0
  var preludeFiles: [(path: String, text: String, isLoaded: Bool)] = Stdlib.files
    .filter { $0.path.hasPrefix("prelude/") }.map { ($0.path, $0.text, false) }
  /// Positions in `preludeFiles` by the names of functions. Not on the way of a start that mentions none.
  private(set) lazy var preludeIndex: [String: Int] = Engine.indexedPrelude(preludeFiles)
  /// The prelude's functions as values, internal ones too.
  var internalFunctions: [String: Value] = [:]
  /// Faults of the prelude; a test holds that there are none.
  public internal(set) var preludeDiagnostics: [(Diagnostic, SourceText)] = []

  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
    machine = Machine()
    machine.limits = configuration.limits
    machine.zoneOffsetMinutes = configuration.zone
    machine.nearestName = { name, known in Spelling.nearest(name, in: known) }
    let host = BuiltinHost(
      output: { [unowned self] line in
        if !(outputFilter?(line) ?? false) { self.configuration.output(line) }
      }, warning: configuration.warning, now: { [unowned self] in now },
      columns: configuration.columns, files: configuration.files, fingerprintKey: configuration.fingerprintKey
    )
    BuiltinTable.install(on: machine, host: host)
    registerRunNatives()
    machine.sequenceOpenerLoader = { [unowned self] in _ = loadedPrelude("__open") }
  }

  /// Stops what runs; async-signal-safe.
  public func interrupt() { machine.interrupt() }

  // MARK: Compiling

  /// Parses and checks a whole script.
  public func compile(
    _ source: SourceText, keepsGlobals: Bool = false, checks: Checker.Depth = .errors
  ) -> CompiledScript {
    compile(Parser.parse(source), source, keepsGlobals: keepsGlobals, checks: checks)
  }

  public func compile(
    _ parsed: ParseResult, _ source: SourceText, keepsGlobals: Bool, checks: Checker.Depth = .errors
  ) -> CompiledScript {
    let missing = bindModules(of: parsed.script, source)
    var options = Compiler.Options()
    options.keepsGlobals = keepsGlobals
    options.firstGlobal = nextGlobal
    var script = Compiler.compile(
      parsed.script, source: source, environment: self, options: options,
      syntaxDiagnostics: parsed.diagnostics)
    // Names of a module that is not there would all be unknown.
    if !missing.isEmpty {
      script.diagnostics = parsed.diagnostics + missing
      return script
    }
    // A tree with holes would be found fault with for what is not in it.
    if !parsed.diagnostics.contains(where: { $0.severity == .error }) {
      script.diagnostics += Checker.check(
        parsed.script, source: source, environment: self, depth: script.isRunnable ? checks : .errors,
        keepsNames: keepsGlobals)
    }
    return script
  }

  // MARK: Running

  /// Runs a compiled script to its end. Its `param` globals are set first (`setParameter`).
  public func run(_ script: CompiledScript) -> Outcome {
    now = fixedNow ?? configuration.clock()
    do throws(RuntimeError) {
      let fiber = try start(script)
      return drive(fiber)
    } catch {
      return .failed(error)
    }
  }

  /// What earlier lines have named means nothing from here on; their values are as they were.
  public func forgetNames() { lineGlobals = [:] }

  /// Loads a script and makes its fiber, for hosts that drive the loop themselves.
  public func start(_ script: CompiledScript) throws(RuntimeError) -> Fiber {
    let loaded = try machine.load(script.chunk)
    nextGlobal = max(nextGlobal, script.chunk.firstGlobal + script.chunk.globals.count)
    for (name, binding) in script.globals { lineGlobals[name] = binding }
    loadedFunctions.merge(loaded.functions) { $1 }
    return machine.start(loaded)
  }

  /// Functions of the chunks that ran, by name: tests, runbook helpers.
  public private(set) var loadedFunctions: [String: Value] = [:]

  /// Runs fibers and waits for events until this one has ended.
  public func drive(_ fiber: Fiber) -> Outcome {
    while true {
      machine.runReady()
      switch fiber.state {
      case .finished: return .finished(fiber.result)
      case .failed: return .failed(Engine.outside(fiber.error ?? RuntimeError("the script failed")))
      case .ready: continue
      case .waiting: break
      }
      if machine.interruptFlag.pointee {
        machine.interruptFlag.pointee = false
        if eventLoop?.interrupt() ?? false { continue }
        machine.cancelWaiting(RuntimeError("interrupted", kind: .interrupt, code: "interrupt"))
        continue
      }
      guard let eventLoop, eventLoop.wait() else {
        machine.cancelWaiting(
          RuntimeError("the script waits for something that cannot come", kind: .uncatchable))
        continue
      }
    }
  }

  /// A `skip` that no `bulk` heard of ended a whole script.
  private static func outside(_ error: RuntimeError) -> RuntimeError {
    guard error.kind == .skip else { return error }
    var plain = error
    plain.kind = .error
    plain.hints = ["it was to be skipped: \(error.message)", "`return` ends one item of `map` or `each`"]
    plain.message = "`skip` ends an item of a `bulk`, and there is no `bulk` around it"
    return plain
  }

  public enum Outcome {
    case finished(Value)
    case failed(RuntimeError)
  }

  public func setParameter(_ parameter: CompiledParameter, _ value: Value) {
    machine.setGlobal(parameter.global, value)
  }
}

/// What fibers wait for: the network, timers.
public protocol EventLoop: AnyObject {
  /// Waits until something happened and resumes the fibers concerned; returns early on an interrupt.
  /// False where nothing is under way that could ever happen.
  func wait() -> Bool
  /// Takes an interrupt as its own (a bulk that settles what is under way first). False: the script ends.
  func interrupt() -> Bool
}

extension EventLoop {
  public func interrupt() -> Bool { false }
}

/// The API as names: what the compiler, help and completion ask.
public protocol APINames: AnyObject {
  func isResource(_ name: String) -> Bool
  func operation(_ resource: String, _ name: String) -> Signature?
  func operationNames(_ resource: String) -> [String]
  /// The native that gives a bare resource name its sequence.
  func resourceSequence(_ name: String) -> String?
  var resourceNames: [String] { get }
  /// What is declared of records and operations; nil where nothing is.
  var typeNames: TypeNames? { get }
}

extension APINames {
  public var typeNames: TypeNames? { nil }
}
