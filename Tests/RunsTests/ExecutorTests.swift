import Testing

@testable import Runs

@Suite struct ExecutorTests {
  struct Missing: Error {}

  struct Parts {
    let executor: Executor
    let store: ModelStore
    var now = Moment(steady: 0, server: 1_000_000_000)
  }

  final class NoPrograms: ProgramSource {
    func program(for item: ItemRow, of step: StepRow) throws(Problem) -> any ItemProgram {
      throw Problem(code: "none", message: "a list has no programs")
    }
    func before(_ request: WriteRequest, in record: String) -> String? { nil }
  }

  /// One list step whose items send one SMS each.
  private func parts(items: Int, limits: Executor.Limits = .init()) throws -> (Parts, [ExecutorAction]) {
    let store = ModelStore(run: JournalTests.run())
    let step = StepRow(no: 1, statement: 1, name: "b", source: .list, phase: .frozen, items: items)
    let rows = (1...items).map { ItemRow(step: 1, no: $0, key: "\($0)", readAt: 1_000_000_000) }
    let writes = rows.map { row in
      JournalChange.log(
        LogRow(
          id: EntryID(step: 1, item: row.no, seq: 1), write: ModelServer.request("sms", nil, "hi"),
          state: .planned))
    }
    try store.commit([.step(step), .items(rows)] + writes)
    let executor = try Executor(store: store, source: NoPrograms(), limits: limits)
    let parts = Parts(executor: executor, store: store)
    return (parts, try executor.begin(step, now: parts.now))
  }

  private func slots(_ actions: [ExecutorAction]) -> [EntryID] {
    actions.compactMap { if case .slot(let id) = $0 { id } else { nil } }
  }

  @Test func fourOutwardWritesAreUnderWayAtMost() throws {
    #expect(slots(try parts(items: 9).1).count == 4)
  }

  @Test func itemsAreLoadedByTheWindow() throws {
    var limits = Executor.Limits()
    limits.items = 40
    let (parts, _) = try parts(items: 500, limits: limits)
    #expect(parts.executor.works.count <= 40 + 32)
  }

  @Test func aFullDiskStopsSendingAndSavesWhatIsKnown() throws {
    let (parts, begun) = try parts(items: 3)
    let ids = slots(begun)
    var actions = begun
    for id in ids { actions += parts.executor.handle(.slot(id), now: parts.now) }
    guard
      case .commit(let first, let changes)? = actions.first(where: {
        if case .commit = $0 { true } else { false }
      })
    else { throw Missing() }
    try parts.store.commit(changes)
    // The run's state alone was in the first batch or the first intents with it; the next one fails.
    var later = parts.executor.handle(.committed(batch: first), now: parts.now)
    guard
      case .commit(let second, let more)? = later.first(where: {
        if case .commit = $0 { true } else { false }
      })
    else { throw Missing() }
    _ = more
    later = parts.executor.handle(.commitFailed(batch: second, .diskFull(path: "p")), now: parts.now)
    let sends = later.filter { if case .send = $0 { true } else { false } }
    #expect(sends.isEmpty)
    #expect(parts.executor.state != .running)
    guard case .journal(.diskFull)? = parts.executor.stopReason else { throw Missing() }
  }

  @Test func aSignalWaitsForAnswersNoLongerThanTheGrace() throws {
    var (parts, actions) = try parts(items: 1)
    var sent: EntryID?
    while !actions.isEmpty {
      switch actions.removeFirst() {
      case .commit(let batch, let changes):
        try parts.store.commit(changes)
        actions += parts.executor.handle(.committed(batch: batch), now: parts.now)
      case .slot(let id): actions += parts.executor.handle(.slot(id), now: parts.now)
      case .send(let ticket): sent = ticket.id
      default: break
      }
    }
    #expect(sent != nil)
    func settle(_ actions: [ExecutorAction]) throws -> Bool {
      var actions = actions
      while !actions.isEmpty {
        switch actions.removeFirst() {
        case .commit(let batch, let changes):
          try parts.store.commit(changes)
          actions += parts.executor.handle(.committed(batch: batch), now: parts.now)
        case .halted: return true
        default: break
        }
      }
      return false
    }
    #expect(try !settle(parts.executor.handle(.signal(.interrupt), now: parts.now)))
    parts.now.steady += 7_999
    #expect(try !settle(parts.executor.handle(.tick, now: parts.now)))
    parts.now.steady += 1
    #expect(try settle(parts.executor.handle(.tick, now: parts.now)))
    #expect(parts.store.state.run.state == .interrupted && parts.store.state.run.exit == .interrupted)
  }
}
