import Testing

@testable import Runs

@Suite struct RunCommandTests {
  @Test func retryRepeatsOnlyWhatFailed() throws {
    for isList in [true, false] {
      let temporary = TemporaryDirectory()
      let (journal, reader, frozen) = try PlanTests.frozen(2, in: temporary)
      let driver = try StraightDriver(journal)
      driver.calls = { item in
        [PlanTests.write("tag", item.no, "vip"), PlanTests.write("note", item.no, "n")]
      }
      var step = frozen
      if isList { step = try #require(try PlanTests.plan(driver, frozen)).0 }
      driver.answer = { ticket in
        ticket.id.item == 2 && ticket.request.operation == "note"
          ? .status(Problem(status: 422, code: "invalid", message: "no"), retryAfter: nil)
          : .success(WriteResult(), status: 200, requestID: nil)
      }
      try driver.run(step)
      #expect(try reader.tally(step: 1)[.failed] == 1)
      #expect(try reader.item(step: 1, no: 2)?.isPartial == true)
      let report = try RunReport(reader)
      #expect(report.errors.map(\.code) == ["invalid"])
      #expect(report.commands.contains("parlance retry \(report.run.id)"))
      #expect(report.markdown.contains("| failed | 422 invalid | 1 | contact/2: no |"))
      let commands = RunCommands(reader)
      let batch = try #require(try commands.retry(step, after: 0))
      try journal.commit(batch.changes)
      #expect(try commands.retry(step, after: batch.last) == nil)
      driver.answer = nil
      driver.sends = []
      try driver.run(step)
      #expect(driver.sends.map(\.id) == [EntryID(step: 1, item: 2, seq: 2)])
      #expect(try reader.tally(step: 1)[.done] == 2)
    }
  }

  @Test func aPersonSettlesWhatNobodyCanLookUp() throws {
    for isDone in [true, false] {
      let temporary = TemporaryDirectory()
      let (journal, reader, frozen) = try PlanTests.frozen(1, in: temporary)
      let driver = try StraightDriver(journal)
      driver.calls = { item in [PlanTests.write("sms", nil, "hi"), PlanTests.write("tag", item.no, "told")] }
      let (step, _) = try #require(try PlanTests.plan(driver, frozen))
      driver.answer = { _ in .broken(Problem(code: "timeout", message: "no answer")) }
      try driver.run(step)
      let id = EntryID(step: 1, item: 1, seq: 1)
      #expect(try reader.tally(step: 1)[.unknown] == 1)
      #expect(try RunReport(reader).open.map(\.id) == [id])
      #expect(try RunReport(reader).text.contains("parlance settle"))
      let commands = RunCommands(reader)
      #expect(throws: RunCommandError.noSuchWrite(EntryID(step: 1, item: 9, seq: 1))) {
        try commands.settle(EntryID(step: 1, item: 9, seq: 1), isDone: true, now: 0)
      }
      try journal.commit(try commands.settle(id, isDone: isDone, now: 5))
      #expect(throws: RunCommandError.self) { try commands.settle(id, isDone: true, now: 5) }
      driver.answer = nil
      driver.sends = []
      try driver.run(step)
      #expect(driver.sends.map(\.request.operation) == (isDone ? ["tag"] : ["sms", "tag"]))
      #expect(try reader.tally(step: 1)[.done] == 1)
      #expect(try reader.entry(id)?.how == (isDone ? .person : .answered))
    }
  }

  struct ModelInverter: Inverter {
    func inverse(of write: LogRow) -> Inverse {
      guard let target = write.target, let index = Int(target.id) else {
        return .none(why: "it made something")
      }
      switch write.operation {
      case "set":
        guard let before = write.before else { return .none(why: "not known before") }
        return .restored([
          InverseWrite(ModelServer.request("set", index, before), expects: write.request?.written)
        ])
      case "note": return .none(why: "a note cannot be deleted")
      default: return .none(why: "no inverse")
      }
    }
  }

  @Test func undoGoesBackNewestFirstAndStopsAtConflicts() throws {
    let temporary = TemporaryDirectory()
    let (journal, reader, frozen) = try PlanTests.frozen(2, in: temporary)
    let driver = try StraightDriver(journal)
    driver.calls = { item in
      [PlanTests.write("set", item.no, "a"), PlanTests.write("note", item.no, "n")]
    }
    var (step, _) = try #require(try PlanTests.plan(driver, frozen))
    step.policy.check = .each
    try driver.run(step)
    let undo = try Undo(of: reader, by: ModelInverter())
    #expect(undo.restored == 2 && undo.none.map(\.writes) == [2])
    // Somebody else has changed one of the fields since.
    driver.server.contacts[2].value = "mine"
    let second = TemporaryDirectory()
    let inverse = try StraightDriver(try JournalTests.journal(in: second))
    inverse.server = driver.server
    inverse.comparesExpected = true
    try inverse.journal.commit(undo.changes(now: 1_000_000_500))
    try inverse.run(try #require(try inverse.store.steps().first))
    #expect(inverse.server.contacts[1].value == "0")
    #expect(inverse.server.contacts[2].value == "mine")
    #expect(inverse.accounts.first?.tally[.changed] == 1)
  }
}
