import Machine
import Testing

@testable import Runs

/// Runs that are interrupted while they freeze, plan, or run blocks: nothing is written on the strength of work
/// that was broken off, and what was begun goes on where it was.
@Suite(.serialized) struct StoppingTests {
  static let leads = "contacts | filter { .role == \"lead\" } | take(6)"

  /// Runs until the interrupt, looks at what lies there, and goes on to the end.
  private func interrupted(
    _ text: String, at call: Int, _ look: (LiveSandbox, LiveSandbox.Outcome) throws -> Void = { _, _ in }
  ) throws -> (LiveSandbox, LiveSandbox.Outcome) {
    let sandbox = try LiveSandbox()
    sandbox.interruptsAt = call
    let first = try sandbox.run(text)
    #expect(first.exit == .interrupted, "\(String(describing: first.error))")
    let id = try #require(first.id)
    #expect(try sandbox.reader(id).run().state == .interrupted)
    #expect(first.tally.failures == 0)
    try look(sandbox, first)
    return (sandbox, try sandbox.run(text, .resume(id)))
  }

  private func expectOnce(_ sandbox: LiveSandbox, _ operation: String, _ count: Int) throws {
    let writes = try sandbox.writes().filter { $0.operation == operation && $0.applied }
    #expect(writes.count == count && Set(writes.map { $0.mark }).count == count)
  }

  @Test func itemsThatWereBeingReadAreReadAgain() throws {
    let text =
      "\(Self.leads) | map { interrupt_now(); it } | bulk \"mark\" { contacts.update(it, name: \"M\") }"
    let (sandbox, rest) = try interrupted(text, at: 3) { sandbox, _ in
      let writes = try sandbox.writes()
      #expect(writes.isEmpty)
      #expect(sandbox.voice.lines.contains { $0.contains("items of \"mark\" were read") })
    }
    #expect(rest.exit == .done && rest.tally[.done] == 6, "\(String(describing: rest.error))")
    try expectOnce(sandbox, "UpdateContact", 6)
  }

  @Test func aStepThatWasBeingPlannedIsPlannedAgain() throws {
    let text = "\(Self.leads) | bulk \"mark\" { contacts.update(it, name: \"M\"); interrupt_now() }"
    let (sandbox, rest) = try interrupted(text, at: 3) { sandbox, first in
      let writes = try sandbox.writes()
      #expect(writes.isEmpty)
      #expect(first.tally[.pending] == 6)
      #expect(sandbox.voice.lines.contains { $0.contains("\"mark\" was planned") })
    }
    #expect(rest.exit == .done && rest.tally[.done] == 6, "\(String(describing: rest.error))")
    #expect(rest.plans.first?.facts.isComplete == true)
    try expectOnce(sandbox, "UpdateContact", 6)
  }

  @Test func aPlanThatIsInterruptedLeavesNothing() throws {
    let sandbox = try LiveSandbox()
    sandbox.interruptsAt = 2
    let plan = try sandbox.run(
      "\(Self.leads) | bulk \"mark\" { contacts.update(it, name: \"M\"); interrupt_now() }", .plan)
    #expect(plan.exit == .interrupted && plan.plans.isEmpty)
    #expect(try sandbox.writes().isEmpty)
  }

  /// It reads what it wrote, so it runs by block: 6 calls while it is planned, the next ones for good.
  @Test func anItemInTheMiddleOfItsBlockGoesOnBehindItsLastWrite() throws {
    let text = """
      \(Self.leads) | bulk "rename" {
        contacts.update(it, name: "A")
        if contacts.get(it).name == "A" { interrupt_now() }
        contacts.update(it, phone: "+15550199")
      }
      """
    let (sandbox, rest) = try interrupted(text, at: 3) { sandbox, first in
      #expect(first.tally[.failed] == 0 && first.tally[.done] < 6)
      let writes = try sandbox.writes()
      #expect(writes.count < 12)
    }
    #expect(rest.exit == .done, "\(String(describing: rest.error))")
    try expectOnce(sandbox, "UpdateContact", 12)
    #expect(try sandbox.value("contacts | filter { .phone == \"+15550199\" } | count") == "6")
  }

  @Test func aStatementThatComputesBetweenItsWritesGoesOnBehindTheLast() throws {
    let text = "for n in 1..5 { tags.create(\"t\\(n)\"); interrupt_now() }\nprint \"end\""
    let (sandbox, rest) = try interrupted(text, at: 3) { sandbox, _ in
      let writes = try sandbox.writes()
      #expect(writes.count == 3)
    }
    #expect(rest.exit == .done, "\(String(describing: rest.error)) \(sandbox.voice.lines)")
    try expectOnce(sandbox, "createTag", 5)
    #expect(sandbox.output.last == "end")
  }

  @Test func aStopFromAnotherTerminalIsNoSignal() throws {
    let sandbox = try LiveSandbox()
    sandbox.onInterrupt = { id in
      try? ControlFile(run: id, in: sandbox.state).write(.stop)
    }
    sandbox.interruptsAt = 3
    let text = "\(Self.leads) | bulk \"mark\" { contacts.update(it, name: \"M\"); interrupt_now() }"
    let first = try sandbox.run(text)
    #expect(first.exit == .stopped && first.error?.code == "stopped", "\(String(describing: first.error))")
    #expect(first.error?.hints.first?.contains("parlance resume") == true)
    let id = try #require(first.id)
    #expect(try sandbox.reader(id).run().state == .stopped)
    let rest = try sandbox.run(text, .resume(id))
    #expect(rest.exit == .done && rest.tally[.done] == 6, "\(String(describing: rest.error))")
  }
}
