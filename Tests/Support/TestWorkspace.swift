import Builtins
import Catalogue
import Diagnostics
import Engine
import HTTP
import Intercom
import Machine
import Sandbox

/// A sandbox of its own with an engine bound to it.
package final class TestWorkspace {
  package let server: SandboxServer
  package let engine: Engine
  package let binding: APIBinding
  package let client: Client
  /// What scripts warned of.
  package var warnings: [String] { heard.lines }
  private let heard = Lines()
  private var seen: Int64 = 0

  final class Lines { var lines: [String] = [] }

  package struct Failure: Error, CustomStringConvertible {
    package var description: String

    package init(description: String) { self.description = description }
  }

  /// Unix seconds at which the sandbox and the engine stand still.
  package static let now: Int64 = 1_780_000_000

  package static var configuration: SandboxConfiguration {
    var configuration = SandboxConfiguration()
    configuration.clock = .fixed(TestWorkspace.now)
    configuration.rateLimit = nil
    return configuration
  }

  package init(
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

  package func outcome(_ text: String) throws -> Engine.Outcome {
    let script = engine.compile(SourceText(name: "test.parl", text: text), keepsGlobals: true)
    guard script.isRunnable else {
      throw Failure(description: script.diagnostics.map(\.message).joined(separator: "; "))
    }
    return engine.run(script)
  }

  /// The value of a script as a script would print it.
  package func run(_ text: String) throws -> String {
    switch try outcome(text) {
    case .finished(let value): return engine.machine.text(value)
    case .failed(let error):
      throw Failure(description: error.message + error.hints.map { " [\($0)]" }.joined())
    }
  }

  package func error(_ text: String) throws -> RuntimeError {
    switch try outcome(text) {
    case .finished(let value): throw Failure(description: "it gave \(engine.machine.text(value))")
    case .failed(let error): return error
    }
  }

  /// The requests since the last look, as method and path.
  package func requests() throws -> [LedgerEntry] {
    let all = try server.requests(after: seen)
    seen = all.last?.number ?? seen
    return all
  }
}
