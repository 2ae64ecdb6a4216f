import Catalogue
import Diagnostics
import Engine
import HTTP
import Intercom
import Machine

/// An engine bound to a server that only listens.
final class RecordedEngine {
  let catalogue = APICatalogue.standard
  let server: RecordingServer
  let engine: Engine
  let binding: APIBinding

  init() throws {
    server = try RecordingServer()
    var settings = ClientConfiguration(base: try BaseURL("http://127.0.0.1:\(server.port)")) { _ in
      "secret-token"
    }
    settings.assumedRate = 1_000_000
    settings.share = 1
    settings.retry = RetryPolicy(maximumAttempts: 1, maximumRateWaits: 0, firstWait: 0)
    engine = Engine(Engine.Configuration())
    binding = APIBinding(engine, client: Client(settings))
    binding.install()
  }

  deinit { server.stop() }

  /// What the checker refuses fails with the code `compile`.
  func outcome(_ text: String) -> Result<Value, RuntimeError> {
    let script = engine.compile(SourceText(name: "t.parl", text: text), keepsGlobals: true)
    guard script.isRunnable else {
      return .failure(
        RuntimeError(
          script.diagnostics.map(\.message).joined(separator: "; "),
          code: "compile", hints: script.diagnostics.flatMap(\.hints)))
    }
    switch engine.run(script) {
    case .finished(let value): return .success(value)
    case .failed(let error): return .failure(error)
    }
  }
}
