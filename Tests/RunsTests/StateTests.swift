import Testing

@testable import Runs

@Suite struct StateTests {
  @Test func tablesHaveNoDoublesAndStartWhereTheyShould() {
    #expect(Set(RunState.transitions).count == RunState.transitions.count)
    #expect(Set(ItemState.transitions).count == ItemState.transitions.count)
    #expect(Set(WriteState.transitions).count == WriteState.transitions.count)
    #expect(ItemState.done.isFinal && ItemState.skipped.isFinal && ItemState.changed.isFinal)
    #expect(WriteState.done.isFinal && WriteState.refused.isFinal)
  }

  @Test func illegalChangesAreErrors() throws {
    #expect(throws: IllegalTransition(kind: "WriteState", from: "done", to: "intent")) {
      try WriteState.done.moved(to: .intent)
    }
    #expect(throws: IllegalTransition.self) { try ItemState.parked.moved(to: .done) }
    #expect(throws: IllegalTransition.self) { try RunState.planned.moved(to: .done) }
    #expect(try ItemState.pending.moved(to: .working) == .working)
  }

  @Test func crashedIsHowAnUnheldRunReads() {
    #expect(RunState.running.seen(isHeld: false) == .crashed)
    #expect(RunState.draining.seen(isHeld: false) == .crashed)
    #expect(RunState.running.seen(isHeld: true) == .running)
    #expect(RunState.stopped.seen(isHeld: false) == .stopped)
  }

  @Test func theFirstExitCodeThatFits() {
    var facts = ExitCode.Facts()
    #expect(ExitCode.of(facts) == .done)
    facts.failedItems = 1
    #expect(ExitCode.of(facts) == .someFailed)
    facts.stopped = true
    #expect(ExitCode.of(facts) == .stopped)
    facts.signal = .terminate
    #expect(ExitCode.of(facts).rawValue == 143)
    facts.unknownItems = 2
    #expect(ExitCode.of(facts) == .unknown)
    facts.refused = true
    #expect(ExitCode.of(facts) == .refused)
    facts.scriptError = true
    #expect(ExitCode.of(facts) == .scriptError)
    facts.usageError = true
    #expect(ExitCode.of(facts) == .usage)
  }
}
