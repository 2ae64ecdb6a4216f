import Builtins
import Bytecode
import Catalogue
import Diagnostics
import Engine
import Glibc
import HTTP
import Intercom
import JSON
import Machine
import Runs
import Sandbox
import Terminal

/// One engine with its workspace. What a script does not use is not opened: no sandbox, no client and no
/// catalogue for `parlance eval 1`.
final class Workbench {
  let console: Console
  let environment: [String: String]
  let destination: Destination
  private(set) var engine: Engine
  /// There once a script has mentioned the API.
  private(set) var binding: APIBinding?
  private(set) var client: Client?
  private var sandbox: SandboxServer?
  private var starting: SandboxStart?
  let options: ClientOptions
  private let tokenSource: TokenSource
  /// Why the workspace could not be opened; told when the script runs.
  private(set) var openingProblem: Problem?
  /// The teammate who signs (`--as`).
  var signer: String? { didSet { binding?.signer = signer } }
  /// Somebody has been told where this works.
  var hasSaidWhere = false
  private var lazyAPI: LazyAPI?
  /// What scripts may read: the files that parameters name.
  private let files = GrantedFiles()
  /// Modules as they were read, for the journal; and those of a run that goes on.
  private var usedModules: [(path: String, user: String, text: String, name: String)] = []
  private var keptModules: [(path: String, user: String, text: String, name: String)]?

  init(
    _ console: Console, destination: Destination, environment: [String: String],
    options: ClientOptions = ClientOptions(), zone: String? = nil, namesOnly: Bool = false,
    output: ((String) -> Void)? = nil
  ) {
    self.console = console
    self.destination = destination
    self.environment = environment
    self.options = options
    tokenSource = destination.tokenSource(environment: environment)
    var configuration = Engine.Configuration()
    configuration.output = output ?? { console.print($0) }
    configuration.warning = { console.complain($0) }
    configuration.clock = Workbench.now
    configuration.files = files
    if let zone { configuration.zone = LocalZone.use(zone) }
    configuration.columns = { TerminalDevice.standardOutput.columns(environment: environment) }
    configuration.limits.memory = min(configuration.limits.memory, AvailableMemory.forScripts())
    engine = Engine(configuration)
    // For tests: collects at every chance, which no script may notice.
    if environment["PARLANCE_TEST_STRESS"] == "1" { engine.machine.stressCollect = true }
    let lazyAPI = LazyAPI { [unowned self] in open(namesOnly: namesOnly) }
    self.lazyAPI = lazyAPI
    engine.api = lazyAPI
    engine.moduleLoader = { [unowned self] path, user throws(ModuleFailure) in
      if let kept = keptModules {
        guard let (_, _, text, name) = kept.first(where: { $0.path == path && $0.user == user }) else {
          throw ModuleFailure("the run has no module `\(path)`")
        }
        return SourceText(name: name, text: text)
      }
      let module = try ScriptFile.module(path, usedBy: user)
      usedModules.append((path, user, String(decoding: module.bytes, as: UTF8.self), module.name))
      return module
    }
  }

  deinit { close() }

  /// Lets scripts read a file that somebody named.
  func grant(_ path: String) { files.grant(path) }

  /// Ends the sandbox inside this process; a command calls it before it exits.
  func close() {
    client?.cancelAll()
    // A sandbox that nobody has asked is not waited for: it ends with the process, and lives until then.
    if let starting { _ = Unmanaged.passRetained(starting) }
    starting = nil
    sandbox?.stop()
    sandbox = nil
  }

  // MARK: Modules

  /// For the journal: `[[path, user, text, name], …]`.
  var moduleTexts: String {
    JSONValue.array(
      (keptModules ?? usedModules).map {
        .array([.string($0.path), .string($0.user), .string($0.text), .string($0.name)])
      }
    ).text()
  }

  /// Takes the modules' texts from a run's journal: files on disk do not matter any more.
  func serveModules(_ text: String) {
    let rows = (try? JSONValue.parse(text))?.arrayValue ?? []
    keptModules = rows.map { row in
      func word(_ index: Int) -> String { row[index]?.stringValue ?? "" }
      return (word(0), word(1), word(2), word(3))
    }
  }

  /// An interrupt that came while the engine did not run.
  func takeInterrupt() -> Bool {
    let flag = engine.machine.interruptFlag
    defer { flag.pointee = false }
    return flag.pointee
  }

  // MARK: The API

  /// Opens the workspace. A failure is kept and told at the first run, so that a script's own mistakes come
  /// first.
  private func open(namesOnly: Bool) -> (any APINames)? {
    if let binding { return binding }
    do throws(Problem) {
      let base = namesOnly ? Workbench.nowhere : try base()
      guard let base else { return nil }
      let client = Client(
        try destination.client(at: base, options, tokenSource, showing: namesOnly ? nil : console))
      let binding = APIBinding(engine, client: client)
      binding.install()
      binding.gate = ClosedGate.shared
      binding.signer = signer
      engine.eventLoop = FlushingLoop(console, binding.transport)
      Signals.wake(client.waker.writeEnd)
      self.client = client
      self.binding = binding
      return binding
    } catch {
      openingProblem = error
      return nil
    }
  }

  /// For commands that send nothing.
  private static let nowhere = try? BaseURL("http://127.0.0.1:9")

  private func base() throws(Problem) -> BaseURL? {
    guard case .sandbox(let seed, _) = destination else { return destination.base }
    do {
      let (server, port) = try (starting ?? SandboxStart(Workbench.sandboxConfiguration(seed))).finish()
      starting = nil
      sandbox = server
      return try BaseURL("http://127.0.0.1:\(port)")
    } catch {
      throw Problem("the sandbox cannot be started: \(error)", exit: .refused)
    }
  }

  static func sandboxConfiguration(_ seed: String) -> SandboxConfiguration {
    var configuration = SandboxConfiguration()
    configuration.seed = Int(seed).map { .synthetic(contacts: $0) } ?? (seed == "empty" ? .empty : .demo)
    return configuration
  }

  /// Begins to start the sandbox, if this works on one; whoever needs it waits for the rest.
  func prepareSandbox() {
    guard case .sandbox(let seed, _) = destination, sandbox == nil, starting == nil else { return }
    starting = SandboxStart(Workbench.sandboxConfiguration(seed))
  }

  /// What no history may hold.
  var secrets: [String] { tokenSource.secrets }

  /// One line on stderr where nobody said where to work. Comes when a script reaches the API.
  func sayWhere() {
    guard binding != nil, !hasSaidWhere else { return }
    hasSaidWhere = true
    guard case .sandbox(let seed, true) = destination else { return }
    console.note(
      "Not logged in, so this works on a sandbox (\(seed)); `parlance login` logs in to your workspace.")
  }

  static let now: @Sendable () -> Int64 = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// What a script can name before the workspace is open. The first name of the API that the compiler meets
/// opens it.
private final class LazyAPI: APINames {
  private let open: () -> (any APINames)?
  private let index = APICatalogue.standard

  init(open: @escaping () -> (any APINames)?) { self.open = open }

  func isResource(_ name: String) -> Bool { name == "api" || index.operationNames(of: name) != nil }
  func operation(_ resource: String, _ name: String) -> Signature? {
    isResource(resource) ? open()?.operation(resource, name) : nil
  }
  func operationNames(_ resource: String) -> [String] {
    isResource(resource) ? open()?.operationNames(resource) ?? [] : []
  }
  func resourceSequence(_ name: String) -> String? { isResource(name) ? open()?.resourceSequence(name) : nil }
  var resourceNames: [String] { index.resourceNames }
}

/// Shows what was printed before it waits.
private final class FlushingLoop: EventLoop {
  private let console: Console
  private let inner: any EventLoop

  init(_ console: Console, _ inner: any EventLoop) {
    self.console = console
    self.inner = inner
  }

  func wait() -> Bool {
    console.flush()
    return inner.wait()
  }
}
