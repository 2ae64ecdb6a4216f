import Testing

@testable import Runs

@Suite struct PlanTests {
  /// A journal with one step of so many contacts, frozen.
  static func frozen(_ count: Int, in temporary: TemporaryDirectory) throws -> (
    Journal, JournalReader, StepRow
  ) {
    let journal = try JournalTests.journal(in: temporary)
    let reader = try journal.reader()
    var freeze = Freeze(StepRow(no: 1, statement: 1, name: "bulk \"x\"", source: .block), store: reader)
    try journal.commit(freeze.begin(now: 1_000_000_000))
    let items = (1...count).map {
      FrozenItem(key: "contact/\($0)", ref: ModelServer.ref($0), record: "0;", version: "1")
    }
    try journal.commit(try freeze.add(items, now: 1_000_000_000))
    try journal.commit(freeze.finish(now: 1_000_000_000))
    return (journal, reader, freeze.step)
  }

  static func write(_ operation: String, _ contact: Int?, _ arguments: String, tries: Bool = false)
    -> Scenario.Call
  {
    .write(ModelServer.request(operation, contact, arguments), seesRead: false, tries: tries)
  }

  /// Plans with the driver's blocks.
  static func plan(_ driver: StraightDriver, _ step: StepRow) throws -> (StepRow, PlanFacts)? {
    let planner = Planner(step, store: driver.store, source: driver)
    var actions = try planner.begin()
    while !actions.isEmpty {
      switch actions.removeFirst() {
      case .read(let id, let read):
        let index = read.target.flatMap { Int($0.id) } ?? 0
        actions += try planner.read(id, .success(driver.server.contacts[index].value))
      case .commit(let changes): try driver.journal.commit(changes)
      case .goOn: actions += try planner.goOn()
      case .ended(let step, let facts): return (step, facts)
      case .interrupted: return nil
      }
    }
    return nil
  }

  @Test func aLongStepIsPlannedPieceByPiece() throws {
    let temporary = TemporaryDirectory()
    let (journal, reader, step) = try Self.frozen(2_000, in: temporary)
    let driver = try StraightDriver(journal)
    driver.calls = { _ in [] }
    let planner = Planner(step, store: driver.store, source: driver)
    var (most, ends) = (0, 0)
    var actions = try planner.begin()
    while !actions.isEmpty {
      most = max(most, actions.count)
      switch actions.removeFirst() {
      case .commit(let changes): try journal.commit(changes)
      case .goOn: actions += try planner.goOn()
      case .ended: ends += 1
      case .read, .interrupted: break
      }
    }
    // What is held in memory does not grow with the step.
    #expect(most < 600 && ends == 1)
    #expect(try reader.tally(step: 1)[.done] == 2_000)
  }

  @Test func theSameRecordTwiceIsCountedOnce() throws {
    let temporary = TemporaryDirectory()
    let journal = try JournalTests.journal(in: temporary)
    let reader = try journal.reader()
    var freeze = Freeze(StepRow(no: 1, statement: 1, name: "b", source: .block), store: reader, limit: 3)
    try journal.commit(freeze.begin(now: 1))
    let one = FrozenItem(key: "contact/1", ref: ModelServer.ref(1))
    try journal.commit(try freeze.add([one, one, FrozenItem(key: "row")], now: 1))
    try journal.commit(try freeze.add([one], now: 1))
    #expect(freeze.step.items == 2 && freeze.step.duplicates == 2)
    #expect(throws: DuplicateKey(key: "row", first: 2, second: 5)) {
      try freeze.add([FrozenItem(key: "row")], now: 1)
    }
    try journal.commit(try freeze.add([FrozenItem(key: "a"), FrozenItem(key: "b")], now: 1))
    #expect(freeze.isFull && freeze.step.items == 3)
    // After a crash it begins anew.
    try journal.commit(freeze.begin(now: 2))
    #expect(try reader.tally(step: 1).total == 0)
  }

  @Test func aPlanSendsNothingAndApplySendsThePlan() throws {
    let temporary = TemporaryDirectory()
    let (journal, _, step) = try Self.frozen(3, in: temporary)
    let driver = try StraightDriver(journal)
    driver.calls = { item in
      [.read(item.no), Self.write("tag", item.no, "vip"), Self.write("reply", item.no, "hello")]
    }
    let (planned, facts) = try #require(try Self.plan(driver, step))
    #expect(driver.server.ledger.isEmpty && planned.source == .list)
    #expect(facts.counts.map(\.writes) == [3, 3] && facts.grave.map(\.operation) == ["reply"])
    #expect(facts.cost(perMinute: 4).requests == 9 && facts.cost(perMinute: 4).seconds == 135)
    #expect(facts.text(step: planned, perMinute: 60).contains("+ 3  reply   a customer sees it"))
    // Somebody changes a record between plan and apply.
    driver.server.contacts[2].version = 7
    var applied = planned
    applied.policy.check = .first
    try driver.run(applied)
    #expect(driver.halted == .some(nil))
    #expect(driver.accounts.first?.tally[.done] == 2 && driver.accounts.first?.tally[.changed] == 1)
    #expect(driver.sends.map(\.request.operation) == ["tag", "tag", "reply", "reply"])
    #expect(driver.server.contacts[2].tags.isEmpty)
  }

  @Test func whatCannotBePlannedRunsByBlock() throws {
    let temporary = TemporaryDirectory()
    let (journal, reader, step) = try Self.frozen(2, in: temporary)
    let driver = try StraightDriver(journal)
    driver.calls = { item in
      [Self.write("tag", item.no, "vip"), .read(item.no), Self.write("note", item.no, "n")]
    }
    let (planned, facts) = try #require(try Self.plan(driver, step))
    #expect(planned.source == .block && !facts.isComplete)
    #expect(
      facts.obstacles == [.init(reason: "it reads after it has written", items: 2, example: "contact/1")])
    // What it would write after the read is counted, and held to.
    #expect(facts.counts.map(\.writes) == [2, 2] && !facts.isOpenEnded)
    #expect(try reader.log(step: 1, item: 1).isEmpty)
    try driver.run(planned)
    #expect(driver.sends.count == 4 && driver.accounts.first?.tally[.done] == 2)
  }

  @Test func aDeadProcessIsResumedFromItsJournal() throws {
    for source in [StepRow.Source.list, .block] {
      for sends in 1...6 {
        let temporary = TemporaryDirectory()
        let (journal, _, frozen) = try Self.frozen(3, in: temporary)
        let driver = try StraightDriver(journal)
        driver.calls = { item in [Self.write("tag", item.no, "vip"), Self.write("note", item.no, "hello")] }
        var step = frozen
        if source == .list { step = try #require(try Self.plan(driver, frozen)).0 }
        driver.dieAfter = sends
        try driver.run(step)
        #expect(driver.halted == nil)
        driver.dieAfter = .max
        try driver.run(step)
        #expect(driver.halted == .some(nil))
        for contact in driver.server.contacts[1...3] {
          #expect(contact.tags == ["vip"] && contact.notes.map(\.text) == ["hello"])
        }
        #expect(try driver.store.run().state == .done)
      }
    }
  }

  @Test func placeholdersBecomeTheIDsOfWhatWasMade() throws {
    let temporary = TemporaryDirectory()
    let (journal, reader, frozen) = try Self.frozen(1, in: temporary)
    let driver = try StraightDriver(journal)
    let made = Placeholder.text(for: EntryID(step: 1, item: 1, seq: 1))
    driver.calls = { _ in [Self.write("create", nil, "acme"), Self.write("note", 1, "see \(made)")] }
    let (step, _) = try #require(try Self.plan(driver, frozen))
    try driver.run(step)
    #expect(driver.server.contacts[1].notes.map(\.text) == ["see n1"])
    #expect(try reader.entry(EntryID(step: 1, item: 1, seq: 1))?.result?.created == "n1")
  }
}
