import Bytecode
import Catalogue
import Engine
import HTTP
import Intercom
import JSON
import Machine

/// The language's side of a run: the natives behind `bulk`, the gates that every write and read pass, and the
/// loop that carries out what planner and executor ask for.
///
/// The journal is made when a script first wants to write: reading leaves nothing behind.
public final class ScriptRun: EventLoop {
  /// The code of the error that ends an item's plan.
  static let dependsOnAnswer = "depends_on_answer"
  /// The code of the error that ends a whole plan: it needs what its writes would have changed.
  public static let endOfPlan = "end_of_plan"

  let engine: Engine
  let machine: Machine
  public let binding: APIBinding
  public var options: RunOptions
  let voice: RunVoice
  let lookUps: LookUps

  var journal: JournalLink?
  var reader: JournalReader? { journal?.reader }
  var lock: WorkspaceLock?
  public internal(set) var runID: String?
  /// Steps begun so far.
  var steps = 0
  var bulk: BulkStep?
  var single: SingleStep?
  var executor: Executor?
  var planner: Planner?
  var actions: [ExecutorAction] = []
  var planActions: [Planner.Action] = []
  /// Planned and not yet on disk.
  var planChanges: [JournalChange] = []
  /// What happened and was not yet told: an executor is told one thing at a time.
  var events: [ExecutorEvent] = []
  /// Answers for the script's own fiber, which can be resumed only once it waits.
  var replies: [() -> Void] = []
  /// Writes that wait for a place in the budget.
  var waitingForSlot: [EntryID] = []
  var wakeAt: Int64?
  /// Blocks that are being advanced, the innermost last: whose reads and prints are theirs.
  var running: [BlockProgram] = []
  var log: ScriptLog
  /// Lines that blocks printed while they were planned.
  var heldLines: [String] = []
  var heldBytes = 0

  /// What the run as a whole has come to.
  public internal(set) var total = Tally()
  public internal(set) var stopped: StopReason?
  public internal(set) var plans: [(step: StepRow, facts: PlanFacts)] = []
  public internal(set) var signal: ExitCode.Signal?
  /// A step was refused before any write: no `--apply`, no yes, no journal.
  public internal(set) var wasRefused = false
  var lastPainted: Int64 = 0
  var lastControl: Int64 = 0
  var lastLook: Int64 = 0
  /// Why the step that ended last could not go on.
  var failure: RuntimeError?
  var controlNumber = 0
  /// Writes a minute, as another terminal said; steps that begin later are held to it as well.
  var pace: Int?
  /// Another terminal said pause, and no step writes: nothing more is read.
  var isHeld = false
  /// Waits for its item to be taken, until reading goes on.
  var heldFiber: Fiber?
  /// The first step that a run which goes on has not ended; what is printed before it was printed already.
  var firstOpenStep = 0
  /// Writes of the plan so far, of this step and of earlier ones.
  var plannedWrites = 0
  /// Lines of the script itself so far.
  public private(set) var printed = 0
  /// The plan does not reach to the script's end.
  var endedEarly = false
  let startedAt: Int64
  private let startedWall: Int64
  private var lastTurn: Int64?
  /// Milliseconds that the run waited for a place in the budget while nothing else was to be done.
  public internal(set) var waited: Int64 = 0
  public internal(set) var admin: APIBinding.Owner?

  /// The script does again what the journal says was done: its output is old.
  public var isReplaying: Bool { steps < firstOpenStep }

  public init(_ engine: Engine, _ binding: APIBinding, _ options: RunOptions, _ voice: RunVoice) {
    self.engine = engine
    machine = engine.machine
    self.binding = binding
    self.options = options
    self.voice = voice
    lookUps = LookUps(binding: binding)
    log = ScriptLog()
    let clock = binding.transport.client.configuration.clock
    startedAt = Int64(clock.monotonic() * 1_000)
    startedWall = Int64(clock.wall() * 1_000)
    binding.gate = self
    binding.readGate = self
    engine.eventLoop = self
    engine.outputFilter = { [weak self] in self?.hold($0) ?? false }
    registerNatives()
  }

  var isPlan: Bool { if case .plan = options.mode { true } else { false } }

  /// What comes now is planned, and nothing of it is sent.
  var plansOnly: Bool { isPlan || options.plansOnly && !isReplaying }

  var resumed: String? { if case .resume(let id) = options.mode { id } else { nil } }

  // MARK: Time

  /// By the client's clock, so that there is one.
  var moment: Moment {
    let client = binding.transport.client
    let steady = Int64(client.configuration.clock.monotonic() * 1_000)
    let own = startedWall + steady - startedAt
    // Records are dated by the server's clock: what is older than a send is not its trace.
    return Moment(steady: steady, server: client.serverTime.map { Int64($0 * 1_000) } ?? own, own: own)
  }

  /// The loop turns ten times a second while it waits. Where it did not for longer than records stay fresh, the
  /// machine has slept, or the process was stopped: what was known before is void.
  private func noticeSleep() {
    let now = moment.steady
    defer { lastTurn = now }
    let gap = now - (lastTurn ?? now)
    guard let executor, gap > max(5_000, bulk?.row.policy.maxAge ?? 120_000) else { return }
    voice.endProgress()
    voice.say("nothing ran here for \(RunReport.seconds(gap)): what was known of the records is read again")
    actions += executor.handle(.woke, now: moment)
  }

  // MARK: The loop

  public func wait() -> Bool {
    voice.flush()
    noticeSleep()
    obeyControl()
    if isHeld {
      rest(100)
      return true
    }
    if step() { return true }
    if bulk != nil || single?.isAtWork == true, executor != nil || planner != nil {
      let now = moment.steady
      var left = wakeAt.map { max(0, $0 - now) } ?? 100
      if left == 0, let executor {
        wakeAt = nil
        actions += executor.handle(.tick, now: moment)
        return true
      }
      if !waitingForSlot.isEmpty { left = min(left, 4) }
      rest(Int(min(left, 100)))
      if !waitingForSlot.isEmpty, executor?.isAnyInFlight == false { waited += moment.steady - now }
      paint()
      return true
    }
    return binding.transport.wait()
  }

  /// Until something comes over the network or from the journal, but no longer than so many milliseconds.
  private func rest(_ milliseconds: Int) {
    if binding.transport.wait(milliseconds: milliseconds) { return }
    binding.transport.client.pause(milliseconds: milliseconds)
  }

  /// Carries out what is to be done now. False if there is nothing.
  private func step() -> Bool {
    var did = false
    if let bulk, bulk.isDue {
      bulk.isDue = false
      did = true
      do throws(RuntimeError) { try startPlanning(bulk) } catch { end(with: error) }
    }
    if let single, single.isDue {
      single.isDue = false
      did = true
      do throws(RuntimeError) { try start(single) } catch { end(with: error) }
    }
    if let journal {
      for (batch, error) in journal.ended() {
        post(error.map { .commitFailed(batch: batch, $0) } ?? .committed(batch: batch))
      }
    }
    grantSlots()
    if deliverReplies() { did = true }
    // A batch a turn: between two of them a signal is seen.
    if !planActions.isEmpty {
      did = true
      let due = planActions
      planActions = []
      for action in due where planner != nil { perform(action) }
    }
    while !actions.isEmpty || !events.isEmpty {
      did = true
      for action in takeActions() { perform(action) }
      for event in takeEvents() {
        guard let executor else { break }
        actions += executor.handle(event, now: moment)
      }
    }
    return did
  }

  /// False if there was none.
  func deliverReplies() -> Bool {
    guard !replies.isEmpty else { return false }
    let due = replies
    replies = []
    for reply in due { reply() }
    return true
  }

  private func takeActions() -> [ExecutorAction] {
    defer { actions = [] }
    return actions
  }

  private func takeEvents() -> [ExecutorEvent] {
    defer { events = [] }
    return events
  }

  /// Places in the budget come before freshness and intent, so that few intents are open.
  private func grantSlots() {
    guard !waitingForSlot.isEmpty, let executor else { return }
    let room = min(binding.transport.client.openSlots, Self.slotsAhead) - executor.preparing
    guard room > 0 else { return }
    for id in waitingForSlot.prefix(room) { post(.slot(id)) }
    waitingForSlot.removeFirst(min(room, waitingForSlot.count))
  }

  /// So many writes may be between their place in the budget and their send: they share commits.
  private static let slotsAhead = 16

  func post(_ event: ExecutorEvent) { events.append(event) }

  // MARK: Output

  /// What a block prints is shown when its item ends.
  private func hold(_ line: String) -> Bool {
    if let program = running.last {
      program.lines.append(line)
      return true
    }
    // What a script says after its first write depends on it: a plan does not know.
    if isPlan, options.isFirstPass, plannedWrites > 0 { return true }
    printed += 1
    return printed <= options.skipsLines
  }

  /// Milliseconds since the run was made.
  public var elapsed: Int64 { moment.steady - startedAt }

  /// The command's exit code, as far as the run decides it.
  public var exitFacts: ExitCode.Facts {
    var facts = ExitCode.Facts()
    facts.refused = wasRefused
    facts.unknownItems = total[.unknown]
    facts.signal = signal
    facts.stopped = stopped != nil && signal == nil
    facts.failedItems = total.failures
    return facts
  }
}
