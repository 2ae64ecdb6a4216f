import Diagnostics
import Engine
import Machine

/// Prints a value as the result of a command. A sequence is read to its end, an item a line.
struct ValueOutput {
  /// Its frames are ours and shown to nobody.
  static let sourceName = "<output>"

  private let workbench: Workbench

  init(_ workbench: Workbench) { self.workbench = workbench }

  func lines(_ value: Value, _ line: (String) -> Void) throws(RuntimeError) {
    let machine = workbench.engine.machine
    guard value.tag == .sequence else {
      line(machine.text(value))
      return
    }
    // Item by item: a long sequence is never in memory as a whole.
    _ = try apply("for x in it__ { print(x) }", to: value)
  }

  func json(_ value: Value, _ line: (String) -> Void) throws(RuntimeError) {
    let machine = workbench.engine.machine
    let whole = value.tag == .sequence ? try apply("it__ | collect", to: value) : value
    line(try JSONOutput(machine).text(whole))
  }

  /// Runs an expression over a value, which it knows as `it__`.
  func apply(_ text: String, to value: Value) throws(RuntimeError) -> Value {
    let engine = workbench.engine
    // A root: loading and running may collect.
    let handle = engine.machine.keep(value)
    defer { engine.machine.release(handle) }
    let script = workbench.prepare(
      SourceText(name: ValueOutput.sourceName, text: "fn output__(it__) { \(text) }"), keepsGlobals: true)
    guard script.isRunnable else {
      throw RuntimeError(script.diagnostics.first?.message ?? "the value cannot be printed")
    }
    if case .failed(let error) = engine.run(script.compiled) { throw error }
    guard let function = engine.loadedFunctions["output__"] else {
      throw RuntimeError("the value cannot be printed")
    }
    let fiber = try engine.machine.start(function, [value])
    switch engine.drive(fiber) {
    case .finished(let result): return result
    case .failed(let error): throw error
    }
  }
}
