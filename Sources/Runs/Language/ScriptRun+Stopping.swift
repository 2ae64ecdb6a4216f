import Machine

/// Ctrl-C, SIGTERM, and another terminal's word, whatever the run is doing.
///
/// While a step writes, the executor stops taking on writes and awaits answers. While items are frozen or
/// planned, or the script reads, nothing is under way whose answer would matter: the run is left at once, and
/// its journal is one that `resume` goes on with.
extension ScriptRun {
  /// A signal has come while the script waits. The second one is not taken here.
  public func interrupt() -> Bool {
    let reason = reasonToStop()
    guard let executor else {
      guard runID != nil, signal == nil, stopped == nil else { return false }
      leave(reason)
      return true
    }
    switch reason {
    case .signal(let kind):
      guard signal == nil else { return false }
      announce(reason)
      actions += executor.handle(.signal(kind), now: moment)
    default:
      announce(reason)
      actions += executor.handle(.control(.stop), now: moment)
    }
    return true
  }

  /// Why what is under way is to be left. Whoever asks has seen the machine's flag, and cleared it.
  private func reasonToStop() -> StopReason {
    if let kind = options.signal() { return .signal(kind) }
    if let word = newWords.first(where: { $0.command == .stop }) {
      controlNumber = word.number
      return .person
    }
    return .signal(.interrupt)
  }

  /// An item's block, or a writing statement, was interrupted while it ran. What it asks for in this moment may
  /// be wrong: natives break off where they see the flag.
  func reasonToLeave(_ fiber: Fiber) -> StopReason? {
    let wasStopped = fiber.state == .failed && fiber.error?.kind == .interrupt
    guard wasStopped || machine.interruptFlag.pointee else { return nil }
    machine.interruptFlag.pointee = false
    let reason = reasonToStop()
    if !isPlanning { announce(reason) }
    return reason
  }

  private func announce(_ reason: StopReason) {
    if case .signal(let kind) = reason {
      signal = kind
      voice.endProgress()
      voice.say("stopping: waiting for the answers under way (Ctrl-C again leaves at once)")
    } else {
      voice.endProgress()
      voice.say("told to stop")
    }
  }

  /// Ends the script where it is. Nothing of the step in hand was written.
  func leave(_ reason: StopReason) {
    let error = left(reason)
    heldFiber = nil
    hold(false)
    end(with: error)
    machine.cancelWaiting(error)
  }

  /// A script's end as the run has it: it may have been interrupted while it computed.
  public func judged(_ result: Result<Value, RuntimeError>) -> Result<Value, RuntimeError> {
    guard case .failure(let error) = result, error.kind == .interrupt, signal == nil, stopped == nil else {
      return result
    }
    return .failure(left(reasonToStop()))
  }

  private func left(_ reason: StopReason) -> RuntimeError {
    stopped = reason
    guard case .signal(let kind) = reason else { return stopError(Self.text(reason), open: nil) }
    signal = kind
    if runID != nil {
      voice.endProgress()
      voice.say("\(place), and nothing of it was written")
    }
    return RuntimeError("interrupted", kind: .interrupt, code: "interrupt")
  }

  private var place: String {
    guard let bulk else { return "interrupted while the script was reading" }
    let name = "\"\(bulk.row.name)\""
    if bulk.isFrozen { return "interrupted while \(name) was planned" }
    return "interrupted while the items of \(name) were read (\(bulk.freeze.step.items) so far)"
  }

  func stopError(_ why: String, open: Int?) -> RuntimeError {
    let name = (bulk?.row.name ?? single?.row?.name).map { "\"\($0)\"" } ?? "the script"
    var hints: [String] = []
    if let runID, !isPlan, !options.isRehearsal {
      hints = [
        open.map { "`parlance resume \(runID)` goes on with the \($0) items that are left" }
          ?? "`parlance resume \(runID)` goes on"
      ]
    }
    return RuntimeError("\(name) was stopped: \(why)", kind: .uncatchable, code: "stopped", hints: hints)
  }

  // MARK: Another terminal

  private typealias Word = (number: Int, command: ControlCommand)

  private var newWords: [Word] {
    guard let runID, let directory = options.directory else { return [] }
    return ControlFile(run: runID, in: directory).words(after: controlNumber)
  }

  /// Looked for four times a second.
  private var wordsDue: [Word] {
    let now = moment.steady
    guard runID != nil, now - lastControl >= 250 else { return [] }
    lastControl = now
    return signal == nil ? newWords : []
  }

  /// Another terminal's words.
  func obeyControl() {
    for word in wordsDue where stopped == nil { obey(word) }
  }

  private func obey(_ word: Word) {
    controlNumber = word.number
    if case .rate(let perMinute) = word.command { pace = perMinute }
    if let executor {
      voice.endProgress()
      voice.say("told to \(word.command)")
      actions += executor.handle(.control(word.command), now: moment)
      return
    }
    switch word.command {
    case .stop: leave(.person)
    case .pause: pause()
    case .resume:
      if isHeld { voice.say("told to resume") }
      hold(false)
    case .rate: break
    }
  }

  /// Asked while something runs that does not wait: a stop from another terminal interrupts it.
  func lookForStop() {
    let now = moment.steady
    guard now - lastLook >= 250 else { return }
    lastLook = now
    if newWords.contains(where: { $0.command == .stop }) { machine.interruptFlag.pointee = true }
  }

  /// Items that come out of memory are taken without a wait between them.
  func obeyWhileFreezing() {
    for word in wordsDue {
      // The script's own fiber runs: the interrupt reaches it right after.
      if word.command == .stop { return machine.interruptFlag.pointee = true }
      obey(word)
    }
  }

  private func pause() {
    guard !isHeld else { return }
    voice.endProgress()
    voice.say("told to pause: nothing more is read until `parlance runs control \(runID ?? "") resume`")
    do throws(RuntimeError) {
      try commit([.event(at: moment.own, kind: "pause", text: "while it read")])
    } catch {
      return end(with: error)
    }
    hold(true)
  }

  /// Requests that are under way come to their end; no other one is sent.
  func hold(_ holds: Bool) {
    guard isHeld != holds else { return }
    isHeld = holds
    binding.transport.client.isHeld = holds
    guard !holds, let fiber = heldFiber else { return }
    heldFiber = nil
    machine.resume(fiber, with: .success(.bool(!(bulk?.freeze.isFull ?? true))))
  }
}
