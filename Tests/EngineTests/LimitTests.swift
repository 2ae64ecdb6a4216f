import Engine
import Machine
import Testing

/// Limits and interrupts end a script, and no script can catch them.
struct LimitTests {
  private func caught(_ body: String) -> String { "try { \(body) } catch e { print(\"caught\") }" }

  @Test func steps() throws {
    var limits = Machine.Limits()
    limits.steps = 200_000
    #expect(try Session.failure(caught("while true { }"), limits: limits)?.code == "steps")
  }

  @Test func memory() throws {
    var limits = Machine.Limits()
    limits.memory = 32 << 20
    let growing = "var t = \"x\"\n" + caught("while true { t = t + t }")
    #expect(try Session.failure(growing, limits: limits)?.code == "memory")
    let replaced = "var t = \"a\"\nfor i in 1..16 { t = t + t }\n" + caught("replace(t, \"a\", t)")
    #expect(try Session.failure(replaced, limits: limits)?.code == "memory")
  }

  @Test func depth() throws {
    #expect(try Session.failure("fn f(n) = f(n + 1) + 1\n" + caught("f(1)"))?.code == "depth")
  }

  /// Functions that mention each other as values form a circle.
  @Test func functionsMayMentionEachOther() throws {
    let text = "fn a(n) { let f = b\n n + 1 }\nfn b(n) { let f = a\n f(n) }\nprint(b(1), a == a, a == b)"
    #expect(try Session.output(text) == ["2 true false"])
  }

  @Test(arguments: [
    "let s = xs | top(3)", "let s = join(xs, \",\") matches '(a|b)*c'",
    "let s = find_all(join(xs, \",\"), 'x*y')",
    "xs | json",
  ])
  func interruptsNatives(_ work: String) throws {
    let session = Session()
    let text = "let xs = 1..200_000 | collect\nprint(\"now\")\n\(work)\nprint(\"done\")"
    session.onLine { line in if line == "now" { session.engine.interrupt() } }
    guard case .failed(let error) = try session.run(text) else {
      Issue.record("the work ended before the interrupt was seen")
      return
    }
    #expect(error.kind == .interrupt)
    #expect(session.lines == ["now"])
    // The interrupt is forgotten: the next line runs.
    guard case .finished = try session.run("print(1 + 1)") else {
      Issue.record("the interrupt was not forgotten")
      return
    }
  }

  @Test func interruptsASortOfAMillion() throws {
    let session = Session()
    session.onLine { line in if line == "now" { session.engine.interrupt() } }
    let outcome = try session.run("let xs = 1..1_000_000 | collect\nprint(\"now\")\nxs | top(3) | print")
    guard case .failed(let error) = outcome else {
      Issue.record("the sort ended before the interrupt was seen")
      return
    }
    #expect(error.kind == .interrupt)
  }
}
