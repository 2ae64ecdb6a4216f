/// Applies the writes of one run: admission, freshness, intent, send, outcome, settling, accounting.
///
/// A state machine: an event and the time go in, actions come out; nothing else is touched but the store's
/// reads. Whoever drives it carries out the actions and brings their events back, in any order. One thread.
/// Nothing here walks a dictionary or a set, so equal events give equal actions in every process.
public final class Executor {
  /// How much is taken on at a time.
  public struct Limits: Sendable {
    /// Items loaded and not parked.
    public var items = 128
    /// Writes between admission and answer; of them outward and destroying ones.
    public var flights = 128
    public var outward = 4
    public var destroys = 8
    /// Parked items; more stop the loading until some are settled.
    public var parked = 512
    public var writesPerItem = 1_000
    /// Bytes of reads an item may log.
    public var readBytes = 8 << 20
    /// Milliseconds: an outcome's longest way to the disk, and the wait for answers after a signal.
    public var outcomeDelay: Int64 = 50
    public var grace: Int64 = 8_000
    /// An intent that took longer to commit is stamped anew: its send must not be later than it says.
    public var intentAge: Int64 = 5_000

    public init() {}
  }

  let store: any RunStore
  let source: any ProgramSource
  let rules: any Rules
  let limits: Limits

  var actions: [ExecutorAction] = []
  var now = Moment(steady: 0, server: 0)

  // The run.
  var caps: Caps
  var admittedWrites: Int
  var admittedDestroys: Int
  /// Why a write waits that no cap allows any more.
  var cappedBy: StopReason?
  public internal(set) var state: RunState
  public internal(set) var stopReason: StopReason?
  var isPaused = false
  var wantsResume = false
  var graceEnds: Int64?
  var connectFailures = 0
  /// Steady milliseconds between two writes; nil without `rate`.
  var pace: Int64?
  var nextPaced: Int64 = 0
  var hasHalted = false

  // The journal.
  var outbox: [JournalChange] = []
  var outboxSince: Int64?
  var intents: [EntryID] = []
  var committing: Batch?
  var batches = 0
  var journalFailure: JournalError?
  var isSalvaging = false
  /// What commits have not taken yet but decisions must see.
  var overlay = Overlay()
  var overlayInCommit = Overlay()

  // The step.
  var step: StepRow?
  var works: [Int: ItemWork] = [:]
  /// Keys of `works`, ascending.
  var order: [Int] = []
  var queues = RecordQueues()
  var cursor = 0
  var isLoadingOpen = true
  var isExhausted = false
  var parkedCount = 0
  var flights = Flights()
  public internal(set) var tally = Tally()
  public internal(set) var progress = Progress()

  struct Batch {
    var id: Int
    var changes: [JournalChange]
    var intents: [EntryID]
  }

  struct Flights {
    var all = 0
    var outward = 0
    var destroys = 0
  }

  /// For a run that is new, planned, stopped or crashed: it begins with `begin` on a frozen step.
  public init(
    store: any RunStore, source: any ProgramSource, rules: any Rules = StandardRules(),
    limits: Limits = Limits()
  ) throws(JournalError) {
    self.store = store
    self.source = source
    self.rules = rules
    self.limits = limits
    let run = try store.run()
    caps = run.caps
    state = run.state
    (admittedWrites, admittedDestroys) = try store.admitted()
  }

  /// Takes up a frozen step, from its start or from where a former process left it.
  public func begin(_ step: StepRow, now: Moment) throws(JournalError) -> [ExecutorAction] {
    self.now = now
    do throws(IllegalTransition) {
      if state != .running {
        // A process that died leaves `running` or `draining` behind.
        state = try (state == .draining ? RunState.crashed : state).moved(to: .running)
        record(.run(.running, exit: nil, at: now.own))
      }
    } catch {
      throw .illegal(error)
    }
    self.step = step
    tally = try store.tally(step: step.no)
    progress = Progress(startedAt: now.steady, endedBefore: tally.ended)
    reload()
    pump()
    return take()
  }

  /// Forgets what is in memory of the step's items; they are loaded anew.
  private func reload() {
    guard step != nil else { return }
    for no in order { works[no]?.program?.leave() }
    works = [:]
    order = []
    queues = RecordQueues()
    cursor = 0
    isLoadingOpen = true
    isExhausted = false
    parkedCount = 0
    flights = Flights()
  }

  /// A pause ends as a resume would begin: with what the journal holds.
  private func endPause() {
    guard isPaused, wantsResume, state == .draining, !isAnyInFlight, outbox.isEmpty, committing == nil else {
      return
    }
    isPaused = false
    wantsResume = false
    state = .running
    record(.run(.running, exit: nil, at: now.own))
    record(.event(at: now.own, kind: "control", text: "resume"))
    reload()
  }

  /// Writes that have their place in the budget and are not sent yet.
  var preparing: Int {
    order.reduce(0) { count, no in
      switch works[no]?.phase {
      case .checking, .committing: count + 1
      default: count
      }
    }
  }

  /// A step that runs by block is held to what was shown of it, where that could be counted.
  public func hold(to facts: PlanFacts) {
    guard !facts.isOpenEnded else { return }
    stepCap = (facts.writes, facts.counts.reduce(0) { $0 + ($1.effect == .destroy ? $1.writes : 0) })
  }
  var stepCap: (writes: Int, destroys: Int)?
  /// Admitted in this step, by this process and by those before.
  var stepAdmitted = (writes: 0, destroys: 0)

  public func handle(_ event: ExecutorEvent, now: Moment) -> [ExecutorAction] {
    self.now = now
    guard !hasHalted else { return [] }
    switch event {
    case .committed(let batch): committed(batch)
    case .commitFailed(let batch, let error): commitFailed(batch, error)
    case .slot(let id):
      if let work = work(id, in: .waitsForSlot) {
        work.groundsAt = now.steady
        slotGranted(work)
      }
    case .read(let id, let answer): if let work = work(id, in: .reading) { readDone(work, answer) }
    case .checked(let id, let freshness):
      if let work = work(id, in: .checking) { checked(work, freshness) }
    case .answered(let id, let answer): if let work = work(id, in: .flying) { answered(work, answer) }
    case .looked(let id, let finding): if let work = work(id, in: .looking) { looked(work, finding) }
    case .tick: break
    case .woke: wake()
    case .signal(let signal): stop(.signal(signal))
    case .control(let command): control(command)
    }
    pump()
    return take()
  }

  private func wake() {
    voidedAt = now.steady
    record(.event(at: now.own, kind: "sleep", text: "what was known is void"))
  }
  /// What was read before this steady time is no ground for a write.
  var voidedAt = Int64.min

  /// The run's last word after its last step, or after a script error; its rows come as one more commit.
  public func finish(_ exit: ExitCode, now: Moment) throws(JournalError) -> [ExecutorAction] {
    self.now = now
    // With nothing left to do, a pause has nothing to hold.
    if isPaused, state == .draining { state = .running }
    isPaused = false
    do throws(IllegalTransition) { state = try state.moved(to: .done) } catch { throw .illegal(error) }
    record(.run(.done, exit: exit, at: now.own))
    isFinishing = true
    pump()
    return take()
  }
  var isFinishing = false

  func take() -> [ExecutorAction] {
    defer { actions = [] }
    return actions
  }

  /// The item that the event is for, if it still waits for that event: late answers of dropped work fall
  /// through here.
  private func work(_ id: EntryID, in phase: ItemWork.Phase) -> ItemWork? {
    guard id.step == step?.no, let work = works[id.item], work.phase == phase, id.seq == work.seq + 1 else {
      return nil
    }
    // A write that the run's end overtakes from here on is not in flight any more.
    work.phase = .queued
    return work
  }

  // MARK: The turn of the loop

  func pump() {
    if journalFailure == nil {
      endPause()
      if state == .running {
        load()
        fireTimers()
      }
      cappedBy = nil
      startReady()
      // What was admitted under the cap is sent before the run stops: a cap of n means n writes.
      if let cappedBy, flights.all == 0, state == .running { stop(cappedBy) }
      flush()
    }
    conclude()
    scheduleWake()
  }

  private func fireTimers() {
    for no in order {
      guard let work = works[no] else { continue }
      switch work.phase {
      case .parked(let until) where until <= now.steady: beginLook(work)
      case .backoff(let until) where until <= now.steady: restamp(work)
      default: break
      }
    }
  }

  /// Items that wait for their turn, lowest first.
  private func startReady() {
    var isMoving = true
    while isMoving, state == .running {
      isMoving = false
      for no in order {
        guard state == .running, let work = works[no] else { continue }
        let phase = work.phase
        switch phase {
        case .queued where queues.isReady(no): start(work)
        case .waitsForRecord(let record) where queues.isFirst(no, for: record):
          queues.stopWaiting(no)
          proceed(work)
        case .waitsForFlight: admit(work)
        default: continue
        }
        if works[no] == nil || work.phase != phase { isMoving = true }
      }
    }
  }

  // MARK: Loading

  private func load() {
    while let step, !isExhausted, works.count - parkedCount < limits.items, parkedCount < limits.parked {
      let states: [ItemState] = isLoadingOpen ? [.working, .parked] : [.pending]
      let rows: [ItemRow]
      do throws(JournalError) {
        rows = try store.items(step: step.no, after: cursor, states: states, limit: 32)
        for row in rows {
          cursor = row.no
          if works[row.no] == nil { try load(row) }
        }
      } catch {
        return fail(error)
      }
      if rows.isEmpty {
        isExhausted = !isLoadingOpen
        isLoadingOpen = false
        cursor = 0
      }
    }
  }

  private func load(_ row: ItemRow) throws(JournalError) {
    let work = ItemWork(row: row, log: try store.log(step: row.step, item: row.no))
    works[row.no] = work
    let place = order.firstIndex { $0 > row.no } ?? order.count
    order.insert(row.no, at: place)
    if row.state == .pending, step?.source != .list { startOver(work) }
    if let ref = row.ref { queues.enter(row.no, for: ref) }
    // A list's targets are known; of a block those that it had reached.
    for entry in work.log where entry.kind == .write {
      guard let target = entry.target, Placeholder.entries(in: target.id).isEmpty else { continue }
      queues.enter(row.no, for: target)
    }
    // A write that was under way when the last process ended is to be settled before anything else.
    guard let open = work.log.last(where: { $0.kind == .write && $0.state.isOpen }) else {
      // The last commit on a full disk may have taken the verdict and not the item's row.
      if row.state == .parked, move(work, to: .working) { record(.item(work.row)) }
      return
    }
    work.seq = open.id.seq - 1
    var entry = open
    if entry.state == .intent {
      entry.state = .unknown
      entry.problem = Problem(code: "crash", message: "the process ended before the answer was recorded")
    }
    work.current = entry
    if row.state == .parked { parkedCount += 1 }
    park(work, entry)
  }

  /// A block that has sent nothing begins anew, with new reads.
  private func startOver(_ work: ItemWork) {
    for entry in work.log where entry.state != .planned {
      if entry.attempt > 0, entry.kind == .write {
        countAdmitted(entry.request?.effect ?? .write, by: -1)
      }
      record(.drop(entry.id))
    }
    work.log.removeAll { $0.state != .planned }
  }

  func start(_ work: ItemWork) {
    work.hasStarted = true
    if let step, step.source != .list {
      do throws(Problem) { work.program = try source.program(for: work.row, of: step) } catch {
        return end(work, .failed, problem: error)
      }
    }
    work.seq = 0
    proceed(work)
  }

  // MARK: The end of a step and of the run

  private func conclude() {
    guard !hasHalted else { return }
    if let step, state == .running, isExhausted, order.isEmpty, outbox.isEmpty, committing == nil {
      self.step = nil
      var ended = step
      ended.phase = .ended
      if step.phase != .ended { record(.step(ended)) }
      endingStep = ended
      flush()
    }
    // A run that stops in this moment finds the step ended when it is resumed.
    if let ended = endingStep, state == .running, outbox.isEmpty, committing == nil {
      endingStep = nil
      let goesOn = ended.policy.goesOn || tally.failures + tally[.unknown] == 0
      actions.append(.stepEnded(StepAccount(step: ended.no, tally: tally, goesOn: goesOn)))
    }
    // A disk that is full now takes nothing from a run that is over: what it did is recorded.
    if isFinishing, committing == nil, outbox.isEmpty || journalFailure != nil { return halt() }
    if stopReason != nil, state == .draining || state == .stopped || state == .interrupted {
      concludeDraining()
    }
  }
  var endingStep: StepRow?

  func halt() {
    hasHalted = true
    actions.append(.halted(stopReason))
  }

  private func scheduleWake() {
    guard !hasHalted else { return }
    var next: Int64?
    func consider(_ at: Int64?) { if let at { next = min(next ?? at, at) } }
    for no in order {
      switch works[no]?.phase {
      case .parked(let until), .backoff(let until): if state == .running { consider(until) }
      case .waitsForFlight: if pace != nil, state == .running, nextPaced > now.steady { consider(nextPaced) }
      default: break
      }
    }
    if committing == nil, journalFailure == nil { consider(outboxSince.map { $0 + limits.outcomeDelay }) }
    if let graceEnds, graceEnds > now.steady { consider(graceEnds) }
    if let next { actions.append(.wake(at: next)) }
  }
}
