import Bytecode
import Catalogue
import Engine
import Glibc
import HTTP
import Intercom
import JSON
import Machine

/// The language's side of a run: the natives behind `bulk`, the gate that every write passes, and the loop
/// that carries out what planner and executor ask for.
///
/// The journal is made when a script first wants to write: reading leaves nothing behind.
public final class ScriptRun: EventLoop {
  /// The code of the error that ends an item's plan.
  static let dependsOnAnswer = "depends_on_answer"

  let engine: Engine
  let machine: Machine
  public let binding: APIBinding
  public var options: RunOptions
  let voice: RunVoice

  var journal: Journal?
  var reader: JournalReader?
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
  var wakeAt: Int64?
  /// What the run as a whole has come to.
  public internal(set) var total = Tally()
  public internal(set) var stopped: StopReason?
  public internal(set) var plans: [(step: StepRow, facts: PlanFacts)] = []
  public internal(set) var signal: ExitCode.Signal?
  /// A step was refused before any write: no `--apply`, no yes, no journal.
  public internal(set) var wasRefused = false
  var lastPainted: Int64 = 0
  var lastControl: Int64 = 0
  /// Why the step that ended last could not go on.
  var failure: RuntimeError?
  var controlNumber = 0
  /// The first step that a run which goes on has not ended; what is printed before it was printed already.
  private var firstOpenStep = 0

  /// The script does again what the journal says was done: its output is old.
  public var isReplaying: Bool { steps < firstOpenStep }

  public init(_ engine: Engine, _ binding: APIBinding, _ options: RunOptions, _ voice: RunVoice) {
    self.engine = engine
    machine = engine.machine
    self.binding = binding
    self.options = options
    self.voice = voice
    binding.gate = self
    engine.eventLoop = self
    registerNatives()
  }

  var isPlan: Bool { if case .plan = options.mode { true } else { false } }

  var resumed: String? { if case .resume(let id) = options.mode { id } else { nil } }

  // MARK: Time

  var moment: Moment {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    let steady = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    clock_gettime(CLOCK_REALTIME, &time)
    return Moment(steady: steady, server: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  // MARK: The journal

  /// The run's journal, made or opened when it is first needed.
  func openJournal() throws(RuntimeError) -> Journal {
    if let journal { return journal }
    guard let directory = options.directory else {
      throw refusal(
        "there is nowhere to keep a journal, and nothing is written without one",
        [
          "set PARLANCE_STATE to a directory of your own"
        ])
    }
    do throws(JournalError) {
      try directory.prepare()
      let shelf = RunShelf(directory)
      let made: Journal
      if let id = resumed {
        _ = try shelf.reader(of: id)
        made = try Journal(path: directory.journal(of: id))
        runID = id
        if let control = ControlFile(run: id, in: directory).read() { controlNumber = control.number }
      } else {
        var random = SystemRandomNumberGenerator()
        var row = RunRow(
          id: "", key: options.key, workspace: options.account, account: options.account,
          reason: options.reason,
          mode: isPlan ? "plan" : "run", script: options.script, program: options.program,
          programHash: String(Fingerprint(of: [options.program]).bits, radix: 16), params: options.params,
          now: engine.now, caps: options.caps)
        row.startedAt = moment.server
        // A live run that dies while it freezes is one that died, not a plan.
        row.state = isPlan ? .planned : .running
        let (created, journal) = try shelf.create(row, random: &random)
        runID = created.id
        made = journal
      }
      if !isPlan {
        lock = try WorkspaceLock(workspace: options.account, run: runID ?? "", in: directory)
        try Ballast(in: directory).lay()
      }
      journal = made
      reader = try made.reader()
      return made
    } catch {
      throw refusal("the journal cannot be kept: \(error)", ["nothing is written without a journal"])
    }
  }

  /// Reads where a run that goes on stands. Before the script is run.
  public func prepareResume() throws(RuntimeError) {
    _ = try openJournal()
    do throws(JournalError) {
      let steps = try reader?.steps() ?? []
      firstOpenStep = steps.first { $0.phase != .ended }?.no ?? (steps.last?.no ?? 0) + 1
    } catch {
      throw RuntimeError("the journal cannot be read: \(error)", kind: .uncatchable, code: "journal")
    }
  }

  func refusal(_ message: String, _ hints: [String]) -> RuntimeError {
    wasRefused = true
    return RuntimeError(message, kind: .uncatchable, code: "refused", hints: hints)
  }

  func commit(_ changes: [JournalChange]) throws(RuntimeError) {
    guard !changes.isEmpty else { return }
    let journal = try openJournal()
    do throws(JournalError) { try journal.commit(changes) } catch {
      throw RuntimeError("the journal cannot be written: \(error)", kind: .uncatchable, code: "journal")
    }
  }

  // MARK: The loop

  public func wait() -> Bool {
    voice.flush()
    if step() { return true }
    obeyControl()
    if executor != nil || planner != nil {
      let now = moment.steady
      let left = wakeAt.map { max(0, $0 - now) } ?? 100
      if left == 0, let executor {
        wakeAt = nil
        actions += executor.handle(.tick, now: moment)
        return true
      }
      if !binding.transport.wait(milliseconds: Int(min(left, 100))) { usleep(UInt32(min(left, 20)) * 1000) }
      paint()
      return true
    }
    return binding.transport.wait()
  }

  /// Ctrl-C while a step writes: no more admissions, answers in flight are awaited. The second one is not
  /// taken here.
  public func interrupt() -> Bool {
    guard let executor, signal == nil else { return false }
    signal = .interrupt
    voice.endProgress()
    voice.say("stopping: waiting for the answers under way (Ctrl-C again leaves at once)")
    actions += executor.handle(.signal(.interrupt), now: moment)
    return true
  }

  /// Carries out what is to be done now. False if there is nothing.
  private func step() -> Bool {
    var did = false
    if let bulk, bulk.isDue {
      bulk.isDue = false
      did = true
      do throws(RuntimeError) { try startPlanning(bulk) } catch { end(with: error) }
    }
    while !planActions.isEmpty {
      let action = planActions.removeFirst()
      did = true
      perform(action)
    }
    while !actions.isEmpty {
      let action = actions.removeFirst()
      did = true
      perform(action)
    }
    return did
  }

  /// Another terminal's word, twice a second.
  private func obeyControl() {
    let now = moment.steady
    guard let executor, let runID, let directory = options.directory, now - lastControl >= 500 else { return }
    lastControl = now
    guard let word = ControlFile(run: runID, in: directory).read(), word.number > controlNumber else {
      return
    }
    controlNumber = word.number
    voice.endProgress()
    voice.say("told to \(word.command)")
    actions += executor.handle(.control(word.command), now: moment)
  }

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
