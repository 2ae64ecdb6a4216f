import Builtins
import Diagnostics
import Engine
import Machine

/// Files in memory.
final class MemoryFiles: FileAccess {
  var files: [String: String] = [:]

  func read(_ path: String) throws(RuntimeError) -> [UInt8] {
    guard let text = files[path] else {
      throw RuntimeError("the file \"\(path)\" was not given", code: "file")
    }
    return Array(text.utf8)
  }

  func list(_ folder: String) throws(RuntimeError) -> [String] {
    files.keys.filter { $0.hasPrefix(folder + "/") }.sorted()
  }

  func write(_ bytes: [UInt8], to path: String) throws(RuntimeError) {
    files[path] = String(decoding: bytes, as: UTF8.self)
  }
}

/// An engine whose output is kept, for one test.
final class Session {
  let engine: Engine
  let files = MemoryFiles()
  private let sink: Sink

  private final class Sink {
    var lines: [String] = []
    var warnings: [String] = []
    var onLine: (String) -> Void = { _ in }
  }

  init(limits: Machine.Limits = Machine.Limits(), zone: @escaping (Int64) -> Int = { _ in 0 }) {
    let sink = Sink()
    var configuration = Engine.Configuration()
    configuration.limits = limits
    configuration.zone = zone
    configuration.clock = { 1_767_225_600_000 }
    configuration.fingerprintKey = { [1, 2, 3] }
    configuration.files = files
    configuration.output = {
      sink.lines.append($0)
      sink.onLine($0)
    }
    configuration.warning = { sink.warnings.append($0) }
    self.sink = sink
    engine = Engine(configuration)
  }

  var lines: [String] { sink.lines }
  var warnings: [String] { sink.warnings }

  func onLine(_ body: @escaping (String) -> Void) { sink.onLine = body }

  struct Refused: Error { var messages: [String] }

  /// Compiles and runs.
  @discardableResult
  func run(_ text: String) throws -> Engine.Outcome {
    let script = engine.compile(SourceText(name: "test.parl", text: text))
    guard script.isRunnable else { throw Refused(messages: script.diagnostics.map(\.message)) }
    return engine.run(script)
  }

  /// What `text` prints, or the error that ends it.
  static func output(_ text: String, zone: @escaping (Int64) -> Int = { _ in 0 }) throws -> [String] {
    let session = Session(zone: zone)
    if case .failed(let error) = try session.run(text) { throw error }
    return session.lines
  }

  static func failure(_ text: String, limits: Machine.Limits = Machine.Limits()) throws -> RuntimeError? {
    if case .failed(let error) = try Session(limits: limits).run(text) { return error }
    return nil
  }
}
