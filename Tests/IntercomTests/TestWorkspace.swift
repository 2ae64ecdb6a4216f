import Builtins
import Catalogue
import Diagnostics
import Engine
import HTTP
import Intercom
import Machine
import Sandbox

/// A sandbox of its own with an engine bound to it.
final class TestWorkspace {
  let server: SandboxServer
  let engine: Engine
  let binding: APIBinding
  let client: Client
  /// What scripts warned of.
  var warnings: [String] { heard.lines }
  private let heard = Lines()
  private var seen: Int64 = 0

  final class Lines { var lines: [String] = [] }

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Unix seconds at which the sandbox and the engine stand still.
  static let now: Int64 = 1_780_000_000

  static var configuration: SandboxConfiguration {
    var configuration = SandboxConfiguration()
    configuration.clock = .fixed(TestWorkspace.now)
    configuration.rateLimit = nil
    return configuration
  }

  init(
    contacts: Int? = nil, timeZone: String = "UTC", copyOf seed: SeededWorkspace? = nil,
    files: FileAccess? = nil
  ) throws {
    var configuration = TestWorkspace.configuration
    configuration.seed = contacts.map { .synthetic(contacts: $0) } ?? .demo
    configuration.timeZone = timeZone
    if let seed { configuration.location = .file(path: try seed.copy()) }
    server = try SandboxServer(configuration: configuration)
    let port = try server.start()
    var settings = ClientConfiguration(base: try BaseURL("http://127.0.0.1:\(port)")) { _ in "token" }
    settings.assumedRate = 100_000
    settings.share = 1
    client = Client(settings)
    var engineSettings = Engine.Configuration()
    let heard = heard
    engineSettings.warning = { heard.lines.append($0) }
    engineSettings.files = files
    engineSettings.clock = { TestWorkspace.now * 1000 }
    engine = Engine(engineSettings)
    binding = APIBinding(engine, client: client)
    binding.install()
  }

  deinit { server.stop() }

  func outcome(_ text: String) throws -> Engine.Outcome {
    let script = engine.compile(SourceText(name: "test.parl", text: text), keepsGlobals: true)
    guard script.isRunnable else {
      throw Failure(description: script.diagnostics.map(\.message).joined(separator: "; "))
    }
    return engine.run(script)
  }

  /// The value of a script as a script would print it.
  func run(_ text: String) throws -> String {
    switch try outcome(text) {
    case .finished(let value): return engine.machine.text(value)
    case .failed(let error):
      throw Failure(description: error.message + error.hints.map { " [\($0)]" }.joined())
    }
  }

  func error(_ text: String) throws -> RuntimeError {
    switch try outcome(text) {
    case .finished(let value): throw Failure(description: "it gave \(engine.machine.text(value))")
    case .failed(let error): return error
    }
  }

  /// The requests since the last look, as method and path.
  func requests() throws -> [LedgerEntry] {
    let all = try server.requests(after: seen)
    seen = all.last?.number ?? seen
    return all
  }
}
