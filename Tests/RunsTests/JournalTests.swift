import Foundation
import Synchronization
import Testing

@testable import Runs

@Suite struct JournalTests {
  static func run(script: String = "s.parl") -> RunRow {
    RunRow(id: "r-20261122-abcd", workspace: "w", script: script, program: "print 1", now: 1_795_348_800_000)
  }

  static func journal(in temporary: TemporaryDirectory) throws -> Journal {
    try temporary.state.prepare()
    return try Journal.create(run(), at: temporary.state.journal(of: "r-20261122-abcd"))
  }

  @Test func rowsComeBackAsTheyWere() throws {
    let temporary = TemporaryDirectory()
    let journal = try Self.journal(in: temporary)
    var step = StepRow(no: 1, statement: 3, name: "tag", source: .block, captured: "{\"a\":1}", items: 2)
    step.policy = StepPolicy(errors: .percent(5), goesOn: true, maxAge: 5, check: .each, keepsNothing: true)
    step.frozenFrom = 7
    var item = ItemRow(
      step: 1, no: 1, key: "contact/1", ref: RecordRef(type: "contact", id: "1"), record: "{}",
      version: "9", readAt: 4)
    let id = EntryID(step: 1, item: 1, seq: 1)
    let read = LogRow(
      id: id, read: ReadRequest(operation: "get", target: item.ref, arguments: "{}"), answer: .success("[1]"))
    var write = LogRow(
      id: EntryID(step: 1, item: 1, seq: 2),
      write: WriteRequest(
        operation: "contacts.update", effect: .write, settle: .set, target: item.ref, arguments: "{\"x\":2}",
        written: "{\"x\":2}"), state: .intent)
    write.attempt = 2
    write.before = "{\"x\":1}"
    write.intentAt = 5
    write.sentAt = 6
    try journal.commit([
      .step(step), .items([item]), .log(read), .log(write),
      .touched(RecordRef(type: "contact", id: "1"), Touched(version: "9", at: 8)),
      .event(at: 9, kind: "k", text: "t"),
    ])
    let reader = try journal.reader()
    #expect(try reader.run() == Self.run())
    #expect(try reader.steps() == [step])
    #expect(try reader.item(step: 1, key: "contact/1") == item)
    #expect(try reader.log(step: 1, item: 1) == [read, write])
    #expect(try reader.touched(RecordRef(type: "contact", id: "1")) == Touched(version: "9", at: 8))
    #expect(try reader.admitted() == (1, 0))
    #expect(try reader.events().map(\.text) == ["t"])
    write.state = .done
    write.result = WriteResult(body: "{}", created: "n1", version: "10")
    write.how = .answered
    item.state = .failed
    item.problem = Problem(status: 422, code: "c", message: "m", requestID: "q")
    item.isPartial = true
    try journal.commit([.log(write), .item(item)])
    #expect(try reader.log(step: 1, item: 1).last == write)
    #expect(try reader.item(step: 1, no: 1) == item)
    #expect(try reader.tally(step: nil)[.failed] == 1)
    #expect(try reader.isClaimed(id: "n1", operation: "contacts.update", except: id))
    #expect(try !reader.isClaimed(id: "n1", operation: "contacts.update", except: write.id))
  }

  @Test func whatIsDoneIsErased() throws {
    let temporary = TemporaryDirectory()
    let journal = try Self.journal(in: temporary)
    let target = RecordRef(type: "contact", id: "1")
    let item = ItemRow(step: 1, no: 1, key: "1", record: "SECRET-RECORD", readAt: 4)
    let read = LogRow(
      id: EntryID(step: 1, item: 1, seq: 1),
      read: ReadRequest(operation: "get", target: nil, arguments: ""), answer: .success("SECRET-READ"))
    var writes: [LogRow] = []
    for (seq, effect) in [WriteEffect.write, .destroy].enumerated() {
      var write = LogRow(
        id: EntryID(step: 1, item: 1, seq: seq + 2),
        write: WriteRequest(
          operation: "op", effect: effect, settle: .set, target: target, arguments: "SECRET-BODY",
          written: "after-\(effect.rawValue)"), state: .done)
      write.before = "before-\(effect.rawValue)"
      writes.append(write)
    }
    try journal.commit([.items([item]), .log(read)] + writes.map { .log($0) })
    try journal.commit([.erase(step: 1, item: 1)])
    let reader = try journal.reader()
    #expect(try reader.item(step: 1, no: 1)?.record == nil)
    let log = try reader.log(step: 1, item: 1)
    #expect(log.map(\.before) == ["before-write", nil])
    #expect(log.map { $0.request?.written } == ["after-write", nil])
    #expect(log.map { $0.request?.arguments } == ["", ""])
  }

  @Test func filesArePrivateAndForeignOnesRefused() throws {
    let temporary = TemporaryDirectory()
    let journal = try Self.journal(in: temporary)
    let attributes = try FileManager.default.attributesOfItem(atPath: journal.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(throws: JournalError.self) { try Journal.create(Self.run(), at: journal.path) }
    let other = temporary.path + "/other.run"
    try Data("not a database at all, but long enough to be read as one".utf8).write(
      to: URL(fileURLWithPath: other))
    #expect(throws: JournalError.self) { try JournalReader(path: other) }
    #expect(throws: JournalError.noSuchRun("r-x")) { try RunShelf(temporary.state).reader(of: "r-x") }
  }

  @Test func aFailedCommitLeavesNothing() throws {
    let temporary = TemporaryDirectory()
    let journal = try Self.journal(in: temporary)
    let item = ItemRow(step: 1, no: 1, key: "1", readAt: 0)
    #expect(throws: JournalError.self) {
      try journal.commit([.items([item]), .items([item])])
    }
    #expect(try journal.reader().tally(step: nil).total == 0)
    try journal.commit([.items([item])])
    #expect(try journal.reader().tally(step: nil).total == 1)
  }

  @Test func theWriterCommitsInOrderAndReports() throws {
    let temporary = TemporaryDirectory()
    let path = try Self.journal(in: temporary).path
    let reports = Mutex<[String]>([])
    let writer = try JournalWriter(Journal(path: path)) { batch, error in
      reports.withLock { $0.append("\(batch) \(error == nil)") }
    }
    let item = ItemRow(step: 1, no: 1, key: "1", readAt: 0)
    writer.submit(1, [.items([item])])
    writer.submit(2, [.items([item])])
    writer.submit(3, [.event(at: 0, kind: "k", text: "t")])
    writer.close()
    #expect(reports.withLock { $0 } == ["1 true", "2 false", "3 true"])
    #expect(try JournalReader(path: path).tally(step: nil).total == 1)
  }

  @Test func theShelfListsFindsAndPrunes() throws {
    let temporary = TemporaryDirectory()
    try temporary.state.prepare()
    let shelf = RunShelf(temporary.state)
    var random = SystemRandomNumberGenerator()
    var keyed = Self.run(script: "a.parl")
    keyed.key = "nightly"
    let (first, journal) = try shelf.create(keyed, random: &random)
    let (second, _) = try shelf.create(Self.run(script: "b.parl"), random: &random)
    #expect(first.id != second.id)
    try journal.commit([.run(.running, exit: nil, at: 5)])
    let entries = try shelf.entries()
    #expect(entries.damaged.isEmpty)
    #expect(Set(entries.runs.map(\.run.id)) == [first.id, second.id])
    #expect(entries.runs.first { $0.run.id == first.id }?.state == .crashed)
    let lock = try WorkspaceLock(workspace: "w", run: first.id, in: temporary.state)
    #expect(try shelf.entries().runs.first { $0.run.id == first.id }?.state == .running)
    withExtendedLifetime(lock) {}
    #expect(try shelf.run(key: "nightly", workspace: "w")?.run.id == first.id)
    #expect(try shelf.run(key: "nightly", workspace: "v") == nil)
    let found = try shelf.unfinished(script: "a.parl", programHash: "", params: "{}", workspace: "w")
    #expect(found?.run.id == first.id)
    #expect(try shelf.prune(endedBefore: .max, removes: true) == [second.id])
    #expect(try shelf.entries().runs.map(\.run.id) == [first.id])
  }

  @Test func whatIsErasedIsInNoFileOfTheRun() throws {
    for change in [JournalChange.forget(step: 1), .erase(step: 1, item: 1)] {
      let temporary = TemporaryDirectory()
      let journal = try Self.journal(in: temporary)
      let path = journal.path
      // Somebody reads all along, such as an account that a script still holds.
      let reader = try journal.reader()
      let secret = "somebody@example.com"
      var item = ItemRow(step: 1, no: 1, key: "contact/1", readAt: 4)
      item.record = "{\"email\":\"\(secret)\"}"
      try journal.commit([
        .step(StepRow(no: 1, statement: 1, name: "s", source: .block, items: 1)), .items([item]),
      ])
      #expect(try reader.item(step: 1, no: 1)?.record != nil)
      try journal.commit([change])
      // Records of a step that erases are gone before its first write.
      if case .forget = change { #expect(!TemporaryDirectory.bytes(of: path + "-wal").contains(secret)) }
      journal.close()
      for file in [path, path + "-wal"] {
        #expect(!TemporaryDirectory.bytes(of: file).contains(secret), "\(file)")
      }
      #expect(try reader.item(step: 1, no: 1)?.record == nil)
    }
  }
}
