import Diagnostics
import Machine
import Testing

@testable import CLI

@Suite struct ReportTests {
  private let report = Report(Console(outputIsTerminal: false, writer: { _, _ in true }))

  private func entry(_ function: String, _ line: Int, isInternal: Bool = false) -> TraceEntry {
    let source = SourceText(name: "a.parl", text: (1...9).map { "line \($0)\n" }.joined())
    let start = source.start(ofLine: line)
    return TraceEntry(
      function: function, source: source, range: SourceRange(start, start + 4), isInternal: isInternal)
  }

  @Test func theFirstFrameOfTheScriptIsThePlace() {
    var error = RuntimeError("it broke", label: "here", hints: ["mend it"])
    error.trace = [entry("map", 1, isInternal: true), entry("clean", 3), entry("main", 5)]
    #expect(
      report.text(error) == """
        error: it broke
          --> a.parl:3:1
           |
         3 | line 3
           | ^^^^ here
           = help: mend it
          at a.parl:3 in clean
          at a.parl:5 in main

        """)
  }

  @Test func anErrorWithoutAPlaceIsStillShown() {
    #expect(report.text(RuntimeError("it broke", hints: ["mend it"])) == "error: it broke\n  = help: mend it")
  }

  @Test func deepTracesAreFolded() {
    let same = Array(repeating: "a.parl:1 in f", count: 40) + ["a.parl:2 in main"]
    #expect(Report.folded(same) == ["a.parl:1 in f, 40 times", "a.parl:2 in main"])
    let different = (0..<40).map { "a.parl:\($0) in f" }
    let folded = Report.folded(different)
    #expect(folded.count == 13)
    #expect(folded[6] == "… 28 more")
  }

  @Test func kindsDecideTheExitCode() {
    #expect(Report.exitCode(of: RuntimeError("x")) == .scriptError)
    #expect(Report.exitCode(of: RuntimeError("x", kind: .interrupt)) == .interrupted)
    #expect(Report.exitCode(of: RuntimeError("x", kind: .uncatchable, code: "refused_write")) == .refused)
    #expect(Report.exitCode(of: RuntimeError("x", kind: .uncatchable, code: "unknown_outcome")) == .unknown)
    #expect(Report.exitCode(of: RuntimeError("x", kind: .limit)) == .scriptError)
  }
}
