import Diagnostics
import Engine
import Foundation
import Machine
import Testing

/// Inputs that once failed under scripts/fuzz, and hostile ones too large to be kept as files.
@Suite struct CorpusTests {
  /// How a script ended: what it printed and, behind `!`, the code of the error.
  private func run(_ bytes: [UInt8], stress: Bool = false, memory: Int = 64 << 20) -> [String] {
    var lines: [String] = []
    var configuration = Engine.Configuration()
    configuration.output = { lines.append($0) }
    configuration.limits.steps = 3_000_000
    configuration.limits.memory = memory
    configuration.limits.depth = 2_000
    let engine = Engine(configuration)
    engine.machine.stressCollect = stress
    let script = engine.compile(SourceText(name: "script", bytes: bytes))
    guard script.isRunnable else { return ["! refused"] }
    if case .failed(let error) = engine.run(script) { lines.append("! \(error.code)") }
    return lines
  }

  private func run(_ text: String, memory: Int = 64 << 20) -> [String] {
    run(Array(text.utf8), memory: memory)
  }

  @Test func theCorpusEndsAsItShould() throws {
    let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("corpus")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(!files.isEmpty)
    for file in files where file.pathExtension == "parl" {
      let bytes = [UInt8](try Data(contentsOf: file))
      let plain = run(bytes)
      #expect(run(bytes, stress: true) == plain, "\(file.lastPathComponent)")
      let expected = file.deletingPathExtension().appendingPathExtension("txt")
      guard let text = try? String(contentsOf: expected, encoding: .utf8) else { continue }
      #expect(plain.joined(separator: "\n") + "\n" == text, "\(file.lastPathComponent)")
    }
  }

  @Test func aFunctionMentionsMoreBlocksThanItHasNumbersFor() {
    let lines = (0..<70_000).map { "x = [1] | map { it + \($0) }\n" }.joined()
    #expect(run("var x = [1]\n\(lines)print(x)") == ["! refused"])
  }

  @Test func aFunctionIsMentionedMoreOftenThanThereAreNumbers() {
    let lines = String(repeating: "x = f\n", count: 70_000)
    #expect(run("fn f(n) = n + 1\nvar x = f\n\(lines)print([x] | map { g -> g(1) })") == ["[2]"])
  }

  @Test func whatTablesHoldCountsAsMemory() {
    #expect(run("print(1..9223372036854775807 | unique | count)", memory: 16 << 20) == ["! memory"])
    #expect(run("print(1..9223372036854775807 | group_by { it } | count)", memory: 16 << 20) == ["! memory"])
  }

  @Test func textsThatDoNotFitAreErrors() {
    let text = "var t = \"0123456789abcdef\"\nfor i in 1..14 { t = t + t }\nvar l = []\n"
    #expect(run(text + "for i in 1..5000 { l += [t] }\nprint(l | join)") == ["! memory"])
    #expect(run(text + "for i in 1..5000 { l += [t] }\nprint(l)") == ["! memory"])
  }

  @Test func callsEndExactlyAtTheLimit() {
    #expect(run("fn f(n) = if n == 0 { 0 } else { 1 + f(n - 1) }\nprint(f(1997))") == ["1997"])
    #expect(run("fn f(n) = if n == 0 { 0 } else { 1 + f(n - 1) }\nprint(f(2000))") == ["! depth"])
  }
}
