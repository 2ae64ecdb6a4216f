import Catalogue
import Engine
import Glibc
import HTTP
import Intercom
import JSON
import Machine

/// The run's journal: made when it is first needed, bound to a workspace, ended with the run.
extension ScriptRun {
  func openJournal() throws(RuntimeError) -> JournalLink {
    if let journal { return journal }
    if let refusal = options.refusal { throw self.refusal(refusal.message, refusal.hints) }
    guard let directory = options.directory else {
      throw refusal(
        "there is nowhere to keep a journal, and nothing is written without one",
        ["set PARLANCE_STATE to a directory of your own"])
    }
    try identify()
    do throws(JournalError) {
      try directory.prepare()
      let shelf = RunShelf(directory)
      let id: String
      if let resumed { id = resumed } else { id = try create(shelf) }
      if resumed != nil {
        try checkBinding(try shelf.reader(of: id).run())
        controlNumber = ControlFile(run: id, in: directory).words(after: 0).last?.number ?? 0
      }
      runID = id
      if !isPlan, options.locks {
        lock = try WorkspaceLock(workspace: workspace, run: id, in: directory)
      }
      if !isPlan { try Ballast(in: directory).lay() }
      let waker = binding.transport.client.waker
      let link = try JournalLink(path: directory.journal(of: id), wake: { waker.wake() })
      journal = link
      if resumed != nil { log.load(try link.reader.log(step: 0, item: 1)) }
      machine.deadlineCheck = { [weak self] in
        self?.lookForStop()
        return false
      }
      return link
    } catch {
      throw refusal("the journal cannot be kept: \(error)", ["nothing is written without a journal"])
    }
  }

  private func create(_ shelf: RunShelf) throws(JournalError) -> String {
    var random = SystemRandomNumberGenerator()
    var row = RunRow(
      id: "", key: options.key, workspace: workspace, admin: admin?.id ?? "", account: options.account,
      reason: options.reason, mode: isPlan ? "plan" : options.isRehearsal ? RunRow.rehearsal : "run",
      script: options.script,
      program: options.program, programHash: options.programHash, catalogueHash: options.catalogueHash(),
      params: options.params, now: engine.now > 0 ? engine.now : moment.own, caps: options.caps)
    row.modules = options.modules()
    row.startedAt = moment.own
    // A live run that dies while it freezes is one that died, not a plan.
    row.state = isPlan ? .planned : .running
    return try shelf.create(row, random: &random).0.id
  }

  /// What a run is bound to and locked by: the workspace's own id where there is one.
  public var workspace: String { options.isLive ? admin?.workspace ?? options.account : options.account }

  /// Asks once who the token's owner is: a run is bound to workspace and teammate.
  public func identify() throws(RuntimeError) {
    guard admin == nil else { return }
    var answer: Result<APIBinding.Owner, RuntimeError>?
    binding.me { answer = $0 }
    while answer == nil, !machine.interruptFlag.pointee, binding.transport.wait() {}
    try machine.checkInterrupt()
    switch answer {
    case .success(let owner)?: admin = owner
    case .failure(let error)?: throw error
    case nil: throw RuntimeError("the workspace does not answer", kind: .uncatchable, code: "unreachable")
    }
  }

  private func checkBinding(_ row: RunRow) throws(JournalError) {
    guard row.workspace == workspace else {
      throw .bound(run: row.id, to: "the workspace \(row.workspace)", found: workspace)
    }
    guard row.admin.isEmpty || row.admin == admin?.id else {
      throw .bound(run: row.id, to: "the teammate \(row.admin)", found: admin?.id ?? "nobody")
    }
  }

  /// Reads where a run that goes on stands. Before the script is run.
  public func prepareResume() throws(RuntimeError) {
    let link = try openJournal()
    do throws(JournalError) {
      let steps = try link.reader.steps()
      firstOpenStep = steps.first { $0.phase != .ended }?.no ?? (steps.last?.no ?? 0) + 1
      let run = try link.reader.run()
      if run.state == .planned {
        // Its plan was shown and approved: the script goes through it once more, held to it.
        try link.commit([.mode("run"), .caps(options.caps)])
      } else if options.caps != run.caps {
        try link.commit([.caps(options.caps)])
      }
      let isBlockLeft = steps.contains { $0.phase != .ended && $0.source != .list }
      if isBlockLeft, run.catalogueHash != options.catalogueHash(), !run.catalogueHash.isEmpty {
        throw JournalError.bound(
          run: run.id, to: "the version of parlance that began it",
          found: "another one, whose operations differ")
      }
    } catch {
      throw refusal("the run cannot be gone on with: \(error)", [])
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
      // What is still to be written is the run's last word: the ballast leaves room for it.
      if case .diskFull = error, let directory = options.directory { Ballast(in: directory).release() }
      throw RuntimeError("the journal cannot be written: \(error)", kind: .uncatchable, code: "journal")
    }
  }

  /// Reads of the script itself are on disk before what depends on them is written.
  func flushLog() throws(RuntimeError) { try commit(log.take()) }

  // MARK: The end

  /// The run is over: its state and exit code. What still waits for the disk is awaited.
  public func finish(_ exit: ExitCode) {
    defer { detach() }
    drain()
    guard let journal else { return }
    do {
      // Nothing was sent and nothing is to be gone on with: the run leaves no trace.
      if wasRefused, resumed == nil, try journal.reader.admitted().writes == 0 { return discard() }
      let run = try journal.reader.run()
      let now = moment.own
      if plansOnly || isPlan {
        let early = endedEarly ? [JournalChange.event(at: now, kind: "plan", text: Self.endOfPlan)] : []
        if !isPlan { return try commit(log.take() + early) }
        try commit(log.take() + early + [.run(.planned, exit: exit, at: now)])
      } else if run.state == .running || run.state == .planned {
        let isDone = exit == .done || exit == .someFailed || exit == .unknown
        let isOver = isDone && stopped == nil
        // `retry` and `settle` run the script again, and it is to get what it got before: unless something
        // was erased, which must not live on here.
        if isOver, try exit == .done || hasErased(journal.reader) { try commit([.eraseScript]) }
        try commit([.run(isOver ? .done : signal == nil ? .stopped : .interrupted, exit: exit, at: now)])
      } else if run.state != .done {
        try commit([.run(run.state, exit: exit, at: now)])
      }
    } catch {
      voice.say("warning: \((error as? RuntimeError)?.message ?? "\(error)")")
    }
  }

  private func hasErased(_ reader: JournalReader) throws(JournalError) -> Bool {
    try reader.destroyers().contains { name in
      let parts = name.split(separator: ".").map(String.init)
      return parts.count == 2
        && binding.catalogue.operations(parts[0], parts[1]).contains { $0.keepsNothing }
    }
  }

  /// A script that failed in the middle of a step: the step's rows are to get to the disk.
  private func drain() {
    guard executor != nil else { return }
    let limit = moment.steady + 10_000
    while executor != nil, moment.steady < limit { _ = wait() }
  }

  private func detach() {
    heldFiber = nil
    hold(false)
    if journal != nil { machine.deadlineCheck = nil }
    journal?.close()
    journal = nil
    lock = nil
    engine.outputFilter = nil
    if binding.readGate === self { binding.readGate = nil }
  }

  private func discard() {
    guard let directory = options.directory, let runID else { return }
    journal?.close()
    journal = nil
    let path = directory.journal(of: runID)
    for name in [path, path + "-wal", path + "-shm"] { unlink(name) }
    self.runID = nil
  }
}
