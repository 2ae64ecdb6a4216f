@testable import Runs

/// Carries out an executor's actions at once, in order, over a journal and a model workspace.
final class StraightDriver: ProgramSource {
  var server = ModelServer(contacts: 10)
  let journal: Journal
  let store: JournalReader
  /// Calls of an item's block.
  var calls: (ItemRow) -> [Scenario.Call] = { _ in [] }
  /// Ends the process after so many sends.
  var dieAfter = Int.max
  var sends: [WriteTicket] = []
  var accounts: [StepAccount] = []
  var halted: StopReason??
  var isReleased = false
  /// As the integration does for types without a version, and for undo.
  var comparesExpected = false
  var answer: ((WriteTicket) -> Answer)?
  private var now = Moment(steady: 0, server: 1_000_000_000)
  private var wake: Int64?

  init(_ journal: Journal) throws {
    self.journal = journal
    store = try journal.reader()
  }

  func program(for item: ItemRow, of step: StepRow) throws(Problem) -> any ItemProgram {
    ModelProgram(
      item: Scenario.Item(calls: calls(item), drifts: false, end: .finished(value: nil)),
      captured: step.captured, drift: "")
  }

  func before(_ request: WriteRequest, in record: String) -> String? {
    ModelServer.before(request, in: record)
  }

  /// Runs the step to its end, or to the death of the process.
  func run(_ step: StepRow, finishes: Bool = true) throws {
    let executor = try Executor(store: store, source: self)
    var actions = try executor.begin(step, now: now)
    wake = nil
    while true {
      guard !actions.isEmpty else {
        guard let at = wake else { return }
        now = Moment(steady: at, server: now.server + at - now.steady)
        wake = nil
        actions = executor.handle(.tick, now: now)
        continue
      }
      let action = actions.removeFirst()
      now.steady += 1
      now.server += 1
      now.own += 1
      switch action {
      case .commit(let batch, let changes):
        try journal.commit(changes)
        actions += executor.handle(.committed(batch: batch), now: now)
      case .slot(let id): actions += executor.handle(.slot(id), now: now)
      case .read(let id, let read):
        let index = read.target.flatMap { Int($0.id) } ?? 0
        actions += executor.handle(.read(id, .success(server.contacts[index].value)), now: now)
      case .check(let id, let check):
        var freshness = server.check(check)
        if comparesExpected, case .same(let before, _) = freshness, let expected = check.expected,
          before != expected
        {
          freshness = .changed("the field holds something else")
        }
        actions += executor.handle(.checked(id, freshness), now: now)
      case .look(let id, let look): actions += executor.handle(.looked(id, server.find(look)), now: now)
      case .send(let ticket):
        sends.append(ticket)
        let result = answer?(ticket) ?? server.carryOut(ticket.id, ticket.request, at: now.server)
        if sends.count >= dieAfter { return }
        actions += executor.handle(.answered(ticket.id, result), now: now)
      case .wake(let at): wake = at
      case .releaseBallast: isReleased = true
      case .stepEnded(let account):
        accounts.append(account)
        guard finishes else { return }
        actions += try executor.finish(account.goesOn ? .done : .someFailed, now: now)
      case .halted(let reason):
        halted = .some(reason)
        return
      }
    }
  }
}
