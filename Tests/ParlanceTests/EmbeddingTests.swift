import Parlance
import Testing

/// The library product, as a host program sees it.
@Suite struct EmbeddingTests {
  private final class Lines { var lines: [String] = [] }

  private func engine(_ change: (inout Engine.Configuration) -> Void = { _ in }) -> Engine {
    var configuration = Engine.Configuration()
    change(&configuration)
    return Engine(configuration)
  }

  @Test func aScriptGivesItsLastValue() throws {
    #expect(try engine().run("let x = 20\nx + 1") == 21)
    #expect(try engine().run("print(1)") == .null)
    #expect(
      try engine().run("{a: [1, 2.5, null, \"x\"], t: @1970-01-02, d: 3s}")
        == [
          "a": [1, 2.5, nil, "x"], "t": .time(milliseconds: 86_400_000), "d": .duration(milliseconds: 3000),
        ])
    #expect(try engine().run("fn f(x) = x\nf") == .opaque("<function f>"))
    #expect(try engine().run("1..9 | map { it }") == .opaque("<sequence>"))
  }

  @Test func printAndWarnGoToTheirStreams() throws {
    let (out, warned) = (Lines(), Lines())
    let engine = engine {
      $0.output = { out.lines.append($0) }
      $0.warning = { warned.lines.append($0) }
    }
    try engine.run("print(\"a\", 1)\nwarn(\"b\")")
    #expect(out.lines == ["a 1"])
    #expect(warned.lines == ["b"])
  }

  @Test func theClockAndTheZoneAreTheHosts() throws {
    let engine = engine {
      $0.clock = { 1_000 }
      $0.zone = { _ in 120 }
    }
    #expect(try engine.run("now()") == .time(milliseconds: 1_000))
    #expect(try engine.run("@1970-01-01T02:00") == .time(milliseconds: 0))
    #expect(try engine.run("string(now())") == "1970-01-01T02:00:01+02:00")
  }

  @Test func parametersAreChecked() throws {
    let engine = engine()
    let script =
      "param n: int\nparam to: \"a\" | \"b\" = \"a\"\nparam ids: list<string> = []\n\"\\(n)\\(to)\\(ids | count)\""
    #expect(try engine.run(script, parameters: ["n": 2]) == "2a0")
    #expect(try engine.run(script, parameters: ["n": 2, "to": "b", "ids": ["x"]]) == "2b1")
    for wrong: [String: Value] in [
      [:], ["n": "2"], ["n": 1, "to": "c"], ["n": 1, "ids": [1]], ["n": 1, "m": 1],
    ] {
      let failure = #expect(throws: Failure.self) { try engine.run(script, parameters: wrong) }
      #expect(failure?.code == "parameter")
    }
  }

  @Test func linesOfADialogueKeepTheirNames() throws {
    let engine = engine()
    try engine.evaluate("let x = 2")
    try engine.evaluate("fn double(n) = n * 2")
    #expect(try engine.evaluate("double(x)") == 4)
    #expect(throws: Failure.self) { try engine.evaluate("y") }
  }

  @Test func hostFunctionsTakeAndGiveValues() throws {
    let engine = engine()
    engine.add(
      HostFunction("twice", [.required("x"), .optional("y")]) { arguments in
        .list([arguments[0], arguments[1]])
      })
    engine.add(HostFunction("crm.find", [.required("id", "string")], effect: .read) { ["id": $0[0]] })
    #expect(try engine.run("twice({a: 1})") == [["a": 1], nil])
    #expect(try engine.run("[\"x\"] | map { crm.find(it).id }") == ["x"])
    #expect(engine.check("crm.fnd(\"x\")").findings.first?.label == "did you mean `crm.find`?")
    #expect(engine.check("twice()").isRunnable == false)
  }

  @Test func whatAHostFunctionThrowsCanBeCaught() throws {
    struct Broken: Error, CustomStringConvertible { var description: String { "the line is dead" } }
    let engine = engine()
    engine.add(HostFunction("refuse") { _ in throw Failure("no", code: "mine", hints: ["ask nicely"]) })
    engine.add(HostFunction("break_down") { _ in throw Broken() })
    engine.add(HostFunction("not_finite") { _ in .float(.infinity) })
    #expect(try engine.run("try { refuse() } catch e { \"\\(e.code): \\(e.message)\" }") == "mine: no")
    #expect(try engine.run("try { break_down() } catch e { e.message }") == "break_down: the line is dead")
    let failure = #expect(throws: Failure.self) { try engine.run("refuse()", name: "r.parl") }
    #expect(failure?.rendered.contains("--> r.parl:1:1") == true)
    #expect(failure?.rendered.contains("ask nicely") == true)
    #expect(throws: Failure.self) { try engine.run("not_finite()") }
  }

  @Test func effectsAreKnownBeforeItRunsAndKept() throws {
    let ran = Lines()
    let engine = engine { $0.permitted = [.read] }
    engine.add(HostFunction("a.get", effect: .read) { _ in 1 })
    engine.add(
      HostFunction("a.put", effect: .write) { _ in
        ran.lines.append("put")
        return nil
      })
    let script = "fn unused() { a.put() }\nprint(a.get())"
    #expect(engine.check(script).effects == [.read: ["a.get"], .write: ["a.put"]])
    #expect(try engine.run("a.get()") == 1)
    let failure = #expect(throws: Failure.self) { try engine.run(script) }
    #expect(failure?.code == "not_permitted")
    #expect(ran.lines.isEmpty)
  }

  @Test func limitsEndAScript() {
    func ends(_ text: String, _ limits: Limits, clock: @escaping () -> Int64 = { 0 }) -> Failure? {
      #expect(throws: Failure.self) {
        try engine {
          $0.limits = limits
          $0.clock = clock
        }.run(text)
      }
    }
    #expect(ends("while true { }", Limits(steps: 10_000))?.kind == .limit)
    #expect(ends("var s = \"x\"\nwhile true { s += s }", Limits(memory: 8 << 20))?.kind == .limit)
    #expect(ends("fn f(n) = 1 + f(n)\nf(1)", Limits(depth: 100))?.kind == .limit)
    var now: Int64 = 0
    let clock: () -> Int64 = {
      now += 1
      return now
    }
    #expect(ends("while true { }", Limits(milliseconds: 50), clock: clock)?.kind == .limit)
    #expect(ends("try { while true { } } catch e { 1 }", Limits(steps: 10_000))?.kind == .limit)
  }

  @Test func anInterruptEndsAScript() {
    let engine = engine()
    let interrupter = engine.interrupter
    engine.add(
      HostFunction("stop") { _ in
        interrupter.interrupt()
        return nil
      })
    let failure = #expect(throws: Failure.self) { try engine.run("stop()\nwhile true { }") }
    #expect(failure?.kind == .interrupt)
  }

  /// Answers in the reverse order, once all that were begun are there.
  private final class Post: Transport {
    var waiting: [TransportCall] = []
    var most = 0
    var cancelled = 0

    func begin(_ call: TransportCall) {
      if call.arguments == ["now"] { return call.answer(.success("at once")) }
      waiting.append(call)
      most = max(most, waiting.count)
    }

    func wait() -> Bool {
      guard let call = waiting.popLast() else { return false }
      if call.arguments == ["bad"] {
        call.answer(.failure(Failure("returned to sender", code: "returned")))
      } else {
        call.answer(.success(["got": call.arguments[0]]))
      }
      return true
    }

    func cancel(_ call: TransportCall) { cancelled += 1 }
  }

  @Test func aTransportAnswersLater() throws {
    let engine = engine()
    let post = Post()
    engine.transport = post
    engine.add(HostFunction(transported: "post.send", [.required("what")], effect: .read))
    #expect(try engine.run("post.send(1).got") == 1)
    #expect(try engine.run("post.send(\"now\")") == "at once")
    #expect(try engine.run("try { post.send(\"bad\") } catch e { e.code }") == "returned")
    #expect(try engine.run("1..4 | map(parallel: 4) { post.send(it).got } | collect") == [1, 2, 3, 4])
  }

  @Test func withoutATransportACallSaysSo() {
    let engine = engine()
    engine.add(HostFunction(transported: "post.send", effect: .read))
    let failure = #expect(throws: Failure.self) { try engine.run("post.send()") }
    #expect(failure?.code == "no_transport")
  }

  @Test func anAnswerThatNeverComesIsAnError() {
    final class Silent: Transport {
      func begin(_ call: TransportCall) {}
      func wait() -> Bool { false }
    }
    let engine = engine()
    engine.transport = Silent()
    engine.add(HostFunction(transported: "post.send", effect: .read))
    #expect(throws: Failure.self) { try engine.run("post.send()") }
  }

  @Test func syntaxErrorsComeAllAtOnce() {
    let failure = #expect(throws: Failure.self) { try engine().run("let = 1\nprint(\nx", name: "s.parl") }
    #expect(failure?.kind == .refused)
    #expect((failure?.findings.count ?? 0) >= 2)
    #expect(failure?.findings.first?.line == 1)
  }

  @Test func valuesThatNestTooDeepAreRefused() {
    let engine = engine()
    let deep = "var x = []\nfor i in 1..2000 { x = [x] }\nx"
    let failure = #expect(throws: Failure.self) { try engine.run(deep) }
    #expect(failure?.code == "nesting")
    var value: Value = []
    for _ in 0..<2000 { value = .list([value]) }
    #expect(throws: Failure.self) { try engine.run("param x: list<string>\nx", parameters: ["x": value]) }
  }
}
