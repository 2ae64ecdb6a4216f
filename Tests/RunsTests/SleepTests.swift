import HTTP
import Sandbox
import Testing

@testable import Runs

/// Machines that sleep in the middle of a run, and clocks that are set.
@Suite(.serialized) struct SleepTests {
  /// The block runs once, when it is planned: the clock moves between the freeze and the first write.
  private static let script =
    "contacts | filter { .role == \"lead\" } | take(6) | bulk \"mark\" { clock_jumps(); contacts.update(it, name: \"M\") }"

  private func reads(_ sandbox: LiveSandbox) throws -> Int {
    try sandbox.server.requests().count { $0.operation == "ShowContact" }
  }

  @Test func whatWasFrozenBeforeTheMachineSleptIsReadAgain() throws {
    let sandbox = try LiveSandbox()
    #expect(try sandbox.run(Self.script).exit == .done)
    #expect(try reads(sandbox) == 0)
    var jumps = 0
    sandbox.onJump = {
      jumps += 1
      if jumps == 6 { sandbox.clock.sleep(8 * 3_600) }
    }
    let run = try sandbox.run(Self.script)
    #expect(run.exit == .done && run.tally[.done] == 6, "\(String(describing: run.error))")
    #expect(try reads(sandbox) == 6)
  }

  @Test func aChangeDuringTheSleepIsNoticed() throws {
    let sandbox = try LiveSandbox()
    let id = try sandbox.value("contacts | filter { .role == \"lead\" } | map { .id } | first")
    let other = Client(
      ClientConfiguration(base: try BaseURL("http://127.0.0.1:\(sandbox.port)")) { _ in "t" })
    var jumps = 0
    sandbox.onJump = {
      jumps += 1
      guard jumps == 6 else { return }
      sandbox.clock.sleep(600)
      try? sandbox.server.advanceClock(by: 600)
      let change = HTTPRequest(
        .put, "/contacts/\(id)", body: Array("{\"phone\":\"+15550100\"}".utf8), requestClass: .otherWrite)
      #expect((try? other.perform(change).get().status) == 200)
    }
    let run = try sandbox.run(Self.script)
    #expect(run.exit == .someFailed && run.tally[.changed] == 1, "\(run.tally)")
  }

  @Test func aWallClockThatIsSetBackMakesNothingFreshAgain() throws {
    let sandbox = try LiveSandbox()
    var jumps = 0
    sandbox.onJump = {
      jumps += 1
      if jumps == 6 {
        sandbox.clock.sleep(600)
        sandbox.clock.setWall(by: -3_600)
      }
    }
    #expect(try sandbox.run(Self.script).exit == .done)
    #expect(try reads(sandbox) == 6)
  }

  @Test func aWallClockThatIsSetForwardMakesNothingOld() throws {
    let sandbox = try LiveSandbox()
    sandbox.onJump = { sandbox.clock.setWall(by: 3_600) }
    #expect(try sandbox.run(Self.script).exit == .done)
    #expect(try reads(sandbox) == 0)
  }

  @Test func aRecordFromALaterTimeIsNoFreshOne() {
    let policy = StepPolicy(maxAge: 120_000)
    let now = Moment(steady: 0, server: 0, own: 1_000_000)
    #expect(!policy.isStale(since: 1_000_000, now) && !policy.isStale(since: 880_000, now))
    #expect(policy.isStale(since: 879_999, now) && policy.isStale(since: 1_000_001, now))
  }

  /// The note was made, and its answer lost: it is found by the time that the server gave it.
  @Test(arguments: [-90.0, 90.0]) func aClockThatIsWrongSendsNothingTwice(offset: Double) throws {
    let sandbox = try LiveSandbox()
    sandbox.clock.setWall(by: offset)
    try sandbox.server.setFaults([FaultSpec(parsing: "reset:#1:after@createNote")])
    let run = try sandbox.run("let c = contacts | first\nnotes.create(c, body: \"once\")")
    #expect(run.exit == .done, "\(String(describing: run.error))")
    #expect(try sandbox.writes().count { $0.operation == "createNote" } == 1)
  }
}

/// The executor's side: what was checked before a sleep is checked again, however far the write has come.
@Suite struct GroundsTests {
  private struct Driven {
    let executor: Executor
    let store: ModelStore
    var now = Moment(steady: 0, server: 1_000_000_000)
    var open: [ExecutorAction] = []

    init() throws {
      store = ModelStore(run: JournalTests.run())
      let step = StepRow(no: 1, statement: 1, name: "b", source: .list, phase: .frozen, items: 1)
      let row = ItemRow(
        step: 1, no: 1, key: "a", ref: RecordRef(type: "contact", id: "1"), version: "7", readAt: 0)
      let request = ModelServer.request("set", 1, "x")
      try store.commit([
        .step(step), .items([row]),
        .log(LogRow(id: EntryID(step: 1, item: 1, seq: 1), write: request, state: .planned)),
      ])
      executor = try Executor(store: store, source: ExecutorTests.NoPrograms())
      open = try executor.begin(step, now: now)
    }

    /// Carries out commits, slots and checks until the write is to be sent or a commit of its intent is asked for.
    mutating func advance(stopsAtCommit: Bool) throws -> (checks: Int, sends: Int, commit: Int?) {
      var (checks, sends) = (0, 0)
      while !open.isEmpty {
        switch open.removeFirst() {
        case .slot(let id): open += executor.handle(.slot(id), now: now)
        case .check(let id, _):
          checks += 1
          open += executor.handle(.checked(id, .same(before: nil, version: "7")), now: now)
        case .commit(let batch, let changes):
          try store.commit(changes)
          let hasIntent = changes.contains {
            if case .log(let row) = $0 { row.state == .intent } else { false }
          }
          if stopsAtCommit, hasIntent { return (checks, sends, batch) }
          open += executor.handle(.committed(batch: batch), now: now)
        case .send: sends += 1
        default: break
        }
      }
      return (checks, sends, nil)
    }
  }

  @Test func aWriteThatWaitsForTheDiskWhileTheMachineSleepsIsCheckedAgain() throws {
    var driven = try Driven()
    let (first, _, commit) = try driven.advance(stopsAtCommit: true)
    let batch = try #require(commit)
    #expect(first == 1)
    driven.now.steady += 8 * 3_600_000
    driven.now.own += 8 * 3_600_000
    driven.now.server += 8 * 3_600_000
    driven.open += driven.executor.handle(.woke, now: driven.now)
    driven.open += driven.executor.handle(.committed(batch: batch), now: driven.now)
    let (checks, sends, _) = try driven.advance(stopsAtCommit: false)
    #expect(checks == 1 && sends == 1)
  }

  @Test func aCheckThatWasUnderWayWhileTheMachineSleptIsMadeAgain() throws {
    var driven = try Driven()
    guard case .slot(let id)? = driven.open.first(where: { if case .slot = $0 { true } else { false } })
    else {
      throw ExecutorTests.Missing()
    }
    let asked = driven.executor.handle(.slot(id), now: driven.now)
    #expect(asked.contains { if case .check = $0 { true } else { false } })
    driven.now.steady += 600_000
    driven.open = driven.executor.handle(.woke, now: driven.now)
    driven.open += driven.executor.handle(.checked(id, .same(before: nil, version: "7")), now: driven.now)
    let (checks, sends, _) = try driven.advance(stopsAtCommit: false)
    #expect(checks == 1 && sends == 1)
  }
}
