import TestSupport

@testable import Runs

/// One seed: a run over a model workspace and a model journal, in one thread on a virtual clock, with faults
/// of network, disk and process, until everything is accounted for.
final class Simulation {
  let seed: UInt64
  let scenario: Scenario
  let fault: Fault?
  /// Without it the world behaves: the run to compare with.
  let isRough: Bool
  var dice: Dice
  var server: ModelServer
  let store: ModelStore
  var now = Moment(steady: 0, server: 1_000_000_000)
  var executor: Executor?
  /// 1 with the first process; each crash makes the next.
  var process = 0
  var problems: [String] = []
  var isOver = false
  var sent: [EntryID] = []
  /// Items that drift and had something in their log when a process began.
  var mustDiverge: Set<Int> = []
  private var agenda: [Appointment] = []
  private var appointments = 0
  private var pendingCommit: [JournalChange]?
  private var isTokenDead = false
  private var actionsUntilCrash: Int
  private var wake: Int64?

  private struct Appointment {
    var at: Int64
    var no: Int
    /// 0: outlives the process.
    var process: Int
    var what: Happening
  }

  private enum Happening {
    case event(ExecutorEvent)
    case commit(batch: Int, [JournalChange])
    case effect(WriteTicket)
    /// An effect whose answer the client gets.
    case answer(WriteTicket, twice: Bool, sender: Int)
    case check(EntryID, FreshnessCheck)
    case look(EntryID, LookUp)
    case read(EntryID, ReadRequest)
    case outsider
  }

  init(seed: UInt64, fault: Fault? = nil, isRough: Bool = true) {
    self.seed = seed
    self.fault = fault
    self.isRough = isRough
    var dice = Dice(seed)
    scenario = Scenario(&dice)
    hasOutsider = dice.chance(15)
    server = ModelServer(contacts: scenario.contacts)
    for index in server.contacts.indices where index % 2 == 0 { server.contacts[index].tags = ["old"] }
    server.companies.append(("taken", ModelServer.Child(id: "n0", text: "taken", createdAt: 1)))
    store = ModelStore(
      run: RunRow(id: "r", workspace: "w", script: "s", program: "", now: 0, caps: scenario.caps))
    actionsUntilCrash = dice.roll(1...150)
    self.dice = dice
    store.syncs = fault != .syncOff
    store.dropsReads = fault == .readsNotLogged
    freeze()
  }

  let hasOutsider: Bool

  private func freeze() {
    var step = StepRow(
      no: 1, statement: 1, name: "bulk", source: scenario.source, phase: .frozen, captured: "seen",
      items: scenario.items.count, policy: scenario.policy)
    step.frozenFrom = now.server
    var rows: [ItemRow] = []
    var entries: [JournalChange] = []
    for (index, item) in scenario.items.enumerated() {
      let no = index + 1
      let contact = server.contacts[no]
      rows.append(
        ItemRow(
          step: 1, no: no, key: "k\(no)", ref: ModelServer.ref(no),
          record: "\(contact.value);\(contact.tags.joined(separator: ","))", version: "\(contact.version)",
          readAt: now.server))
      guard scenario.source == .list else { continue }
      for (place, call) in item.calls.enumerated() {
        guard case .write(let request, _, _) = call else { continue }
        entries.append(
          .log(LogRow(id: EntryID(step: 1, item: no, seq: place + 1), write: request, state: .planned)))
      }
    }
    try? store.commit([.step(step), .items(rows)] + entries)
    // Frozen is synced, whatever the fault is.
    for _ in 0..<5 { try? store.commit([]) }
    if hasOutsider, isRough {
      for _ in 1...3 { schedule(.outsider, after: dice.roll(0...400_000), outlives: true) }
    }
  }

  // MARK: The loop

  func run() {
    restart()
    var turns = 0
    while !isOver {
      turns += 1
      guard turns < 20_000 else { return problems.append("does not come to an end") }
      let next = agenda.indices.min { (agenda[$0].at, agenda[$0].no) < (agenda[$1].at, agenda[$1].no) }
      if let next, wake == nil || agenda[next].at <= (wake ?? 0) {
        let appointment = agenda.remove(at: next)
        advance(to: appointment.at)
        guard appointment.process == 0 || appointment.process == process else { continue }
        happen(appointment.what)
      } else if let at = wake {
        wake = nil
        advance(to: at)
        tell(.tick)
      } else {
        return problems.append("nothing left to happen")
      }
    }
  }

  private func advance(to at: Int64) {
    let step = max(0, at - now.steady)
    now.steady += step
    now.server += step
    now.own += step
  }

  private func schedule(_ what: Happening, after delay: Int, outlives: Bool = false) {
    appointments += 1
    agenda.append(
      Appointment(
        at: now.steady + Int64(delay), no: appointments, process: outlives ? 0 : process, what: what))
  }

  private func tell(_ event: ExecutorEvent) {
    guard let executor else { return }
    carryOut(executor.handle(event, now: now))
  }

  /// A process starts, for the first time or after a crash or a stop.
  private func restart() {
    process += 1
    wake = nil
    isTokenDead = isRough && process < 4 && dice.chance(3)
    actionsUntilCrash = isRough && process < 6 ? dice.roll(1...120) : .max
    if process > 1 {
      for item in store.state.items where scenario.items[item.no - 1].drifts && item.state.isOpen {
        let done = store.state.logs[item.no - 1].contains { $0.kind == .write && $0.state == .done }
        if done { mustDiverge.insert(item.no) }
      }
    }
    do throws(JournalError) {
      let executor = try Executor(store: store, source: self, rules: FaultyRules(fault))
      self.executor = executor
      guard let step = store.state.steps.first else { return problems.append("the step is lost") }
      if isRough, process < 6 { interfere() }
      carryOut(try executor.begin(step, now: now))
    } catch {
      problems.append("cannot begin: \(error)")
      isOver = true
    }
  }

  /// A person at the keyboard: Ctrl-C, pause, rate.
  private func interfere() {
    let soon = dice.chance(70) ? 300 : 250_000
    if dice.chance(8) { schedule(.event(.signal(.interrupt)), after: dice.roll(0...soon)) }
    if dice.chance(8) {
      let at = dice.roll(0...soon)
      schedule(.event(.control(.pause)), after: at)
      schedule(.event(.control(.resume)), after: at + dice.roll(0...soon))
    }
    if dice.chance(8) { schedule(.event(.control(.rate(dice.roll(10...600)))), after: dice.roll(0...soon)) }
  }

  private func crash() {
    let open = store.state.logs.joined().filter { $0.kind == .write && $0.state.isOpen }
    store.coverage.crashes.insert(open.isEmpty ? "no intent" : "intent")
    if open.contains(where: { entry in server.ledger.contains { $0.entry == entry.id } }) {
      store.coverage.crashes.insert("applied, not recorded")
    }
    if process > 1 { store.coverage.crashes.insert("while resuming") }
    executor = nil
    if let pendingCommit, dice.chance(50) {
      store.coverage.crashes.insert("committed, not acknowledged")
      try? store.commit(pendingCommit)
    } else if pendingCommit != nil {
      store.coverage.crashes.insert("before the commit")
    }
    pendingCommit = nil
    store.crash()
    advance(to: now.steady + Int64(dice.roll(0...300_000)))
    restart()
  }

  // MARK: Actions

  private func carryOut(_ actions: [ExecutorAction]) {
    for action in actions {
      if case .wake = action {
      } else {
        actionsUntilCrash -= 1
        if actionsUntilCrash <= 0 {
          if case .commit(_, let changes) = action { pendingCommit = changes }
          return crash()
        }
      }
      switch action {
      case .commit(let batch, let changes):
        pendingCommit = changes
        if fault == .intentAfterSend { sendEarly(changes) }
        schedule(.commit(batch: batch, changes), after: dice.roll(1...20))
      case .slot(let id): schedule(.event(.slot(id)), after: dice.roll(0...30))
      case .read(let id, let read): schedule(.read(id, read), after: dice.roll(10...50))
      case .check(let id, let check): schedule(.check(id, check), after: dice.roll(10...50))
      case .look(let id, let look): schedule(.look(id, look), after: dice.roll(10...50))
      case .send(let ticket): if fault != .intentAfterSend { send(ticket) }
      case .wake(let at): wake = at
      case .releaseBallast: break
      case .stepEnded: finish()
      case .halted(let reason): halted(reason)
      }
      if executor == nil || isOver { return }
    }
  }

  private func sendEarly(_ changes: [JournalChange]) {
    for change in changes {
      guard case .log(let row) = change, row.state == .intent, let request = row.request else { continue }
      send(WriteTicket(id: row.id, attempt: row.attempt, request: request))
    }
  }

  private func finish() {
    var facts = ExitCode.Facts()
    guard let tally = try? store.tally(step: 1), let executor else { return }
    facts.unknownItems = tally[.unknown]
    facts.failedItems = tally.failures
    do throws(JournalError) { carryOut(try executor.finish(ExitCode.of(facts), now: now)) } catch {
      problems.append("cannot finish: \(error)")
    }
  }

  private func halted(_ reason: StopReason?) {
    executor = nil
    guard let reason else { return isOver = true }
    switch reason {
    case .maxWrites, .maxDestroys, .moreThanShown, .errors: isOver = true
    case .journal(.illegal(let change)):
      problems.append("illegal: \(change)")
      isOver = true
    case .journal, .breaker, .signal, .person, .endOfPlan:
      advance(to: now.steady + Int64(dice.roll(0...300_000)))
      restart()
    }
  }

  // MARK: The network

  /// What becomes of a request: the fates of docs/runs.md.
  private func send(_ ticket: WriteTicket) {
    note(ticket)
    let fate = isRough ? dice.roll(1...100) : 100
    let broken = ExecutorEvent.answered(
      ticket.id, .broken(Problem(code: "timeout", message: "no answer")))
    func lose(_ name: String, effectAfter: Int?, answerAfter: Int) {
      store.coverage.fates.insert("\(ticket.request.settle.rawValue) \(name)")
      if let effectAfter { schedule(.effect(ticket), after: effectAfter, outlives: true) }
      schedule(.event(broken), after: answerAfter)
    }
    if isTokenDead {
      let problem = Problem(status: 401, code: "unauthorized", message: "the token was refused")
      return schedule(.event(.answered(ticket.id, .status(problem, retryAfter: nil))), after: 30)
    }
    switch fate {
    case 1...5: lose("not", effectAfter: nil, answerAfter: dice.roll(10...90_000))
    case 6...10: lose("applied", effectAfter: dice.roll(1...40), answerAfter: dice.roll(50...90_000))
    case 11...14: lose("late", effectAfter: dice.roll(1_000...110_000), answerAfter: dice.roll(50...90_000))
    case 15...17:
      let applies = dice.chance(50)
      if applies { schedule(.effect(ticket), after: 5, outlives: true) }
      let problem = Problem(status: 502, code: "bad_gateway", message: "bad gateway")
      schedule(.event(.answered(ticket.id, .status(problem, retryAfter: nil))), after: 40)
    case 18...19:
      let problem = Problem(code: "connect", message: "refused")
      schedule(.event(.answered(ticket.id, .notSent(problem))), after: 5)
    case 20...21:
      let problem = Problem(status: 429, code: "rate_limit_exceeded", message: "slow down")
      schedule(.event(.answered(ticket.id, .status(problem, retryAfter: dice.roll(1...10)))), after: 20)
    case 22...27:
      // The transport repeats what has no body; with the fault, everything.
      let repeats = ticket.request.isBodyless || fault == .resendingTransport
      schedule(.answer(ticket, twice: repeats, sender: process), after: dice.roll(5...60), outlives: true)
    default:
      schedule(.answer(ticket, twice: false, sender: process), after: dice.roll(5...60), outlives: true)
    }
  }

  /// Invariants of the moment of sending.
  private func note(_ ticket: WriteTicket) {
    sent.append(ticket.id)
    let entry = store.durable.logs[ticket.id.item - 1].first { $0.id == ticket.id }
    if entry?.state != .intent || entry?.attempt != ticket.attempt {
      problems.append("\(ticket.id) is sent without a durable intent")
    }
    guard let target = ticket.request.target.flatMap({ Int($0.id) }), target == ticket.id.item,
      ticket.attempt == 1,
      store.state.touched[ModelServer.ref(target)] == nil
    else { return }
    let frozen = store.state.items[ticket.id.item - 1].readAt
    let stale = server.contacts[target].outsideAt.contains { $0 > frozen && $0 < now.server - 130_000 }
    if stale { problems.append("\(ticket.id) is sent on stale grounds") }
  }

  // MARK: Happenings

  private func happen(_ what: Happening) {
    switch what {
    case .event(let event): tell(event)
    case .commit(let batch, let changes):
      pendingCommit = nil
      if isRough, process < 5, dice.chance(1) {
        return tell(.commitFailed(batch: batch, .diskFull(path: "p")))
      }
      try? store.commit(changes)
      tell(.committed(batch: batch))
    case .effect(let ticket):
      _ = server.carryOut(ticket.id, ticket.request, at: now.server)
    case .answer(let ticket, let twice, let sender):
      var answer = server.carryOut(ticket.id, ticket.request, at: now.server)
      if twice { answer = server.carryOut(ticket.id, ticket.request, at: now.server) }
      // The process that asked may be gone: then the answer finds nobody.
      guard sender == process else { return }
      if isRough, dice.chance(3) { answer = .broken(Problem(code: "cut", message: "cut off")) }
      schedule(.event(.answered(ticket.id, answer)), after: dice.roll(1...40))
    case .check(let id, let check): tell(.checked(id, server.check(check)))
    case .read(let id, let read):
      let index = read.target.flatMap { Int($0.id) } ?? 0
      tell(.read(id, .success(server.contacts[index].value)))
    case .look(let id, let look):
      if isRough, dice.chance(10) {
        return tell(.looked(id, .unreadable(Problem(status: 503, code: "busy", message: "busy"))))
      }
      tell(.looked(id, server.find(look)))
    case .outsider:
      let index = dice.roll(1...(scenario.contacts - 1))
      server.contacts[index].value = "outside"
      server.contacts[index].version += 1
      server.contacts[index].outsideAt.append(now.server)
    }
  }
}

extension Simulation: ProgramSource {
  func program(for item: ItemRow, of step: StepRow) throws(Problem) -> any ItemProgram {
    let captured = fault == .capturedReadAgain ? "read-by-\(process)" : step.captured
    let spec = scenario.items[item.no - 1]
    return ModelProgram(item: spec, captured: captured, drift: spec.drifts ? "!\(process)" : "")
  }

  func before(_ request: WriteRequest, in record: String) -> String? {
    ModelServer.before(request, in: record)
  }
}
