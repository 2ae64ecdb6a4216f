/// From running to draining to stopped or interrupted.
extension Executor {
  func stop(_ reason: StopReason) {
    if case .signal = reason {
      graceEnds = graceEnds ?? now.steady + limits.grace
      // A signal is the more urgent word, whatever has stopped the run before.
      if stopReason == nil || isPaused { stopReason = reason }
    } else {
      stopReason = stopReason ?? reason
    }
    isPaused = false
    drain("stop")
  }

  private func drain(_ kind: String) {
    guard state == .running else { return }
    state = .draining
    record(.run(.draining, exit: nil, at: now.own))
    record(.event(at: now.own, kind: kind, text: stopReason.map { "\($0)" } ?? kind))
    for no in order {
      guard let work = works[no] else { continue }
      // A write in backoff was surely not carried out.
      if case .backoff = work.phase { withdraw(work) }
    }
  }

  func control(_ command: ControlCommand) {
    switch command {
    case .pause:
      guard state == .running else { return }
      isPaused = true
      wantsResume = false
      drain("pause")
    case .resume:
      wantsResume = isPaused
    case .stop:
      stop(.person)
    case .rate(let perMinute):
      pace = perMinute > 0 ? max(1, 60_000 / Int64(perMinute)) : nil
      nextPaced = now.steady
      // Writes that wait for the budget were let through at the old pace.
      for no in order {
        guard let work = works[no], work.phase == .waitsForSlot else { continue }
        readmit(work)
        work.phase = .waitsForFlight
      }
      record(.event(at: now.own, kind: "control", text: "rate \(perMinute)"))
    }
  }

  var isAnyInFlight: Bool {
    order.contains { no in
      switch works[no]?.phase {
      case .flying: true
      case .committing: journalFailure == nil
      default: false
      }
    }
  }

  func concludeDraining() {
    let isOver = graceEnds.map { $0 <= now.steady } ?? false
    guard !hasHalted, isOver || !isAnyInFlight else { return }
    if let journalFailure {
      guard case .diskFull = journalFailure, !isSalvaging else {
        if committing == nil { halt() }
        return
      }
      isSalvaging = true
      actions.append(.releaseBallast)
      recordEnd()
      return commit()
    }
    if state == .draining, committing == nil, intents.isEmpty || isOver {
      recordEnd()
      flush()
    } else if committing == nil, outbox.isEmpty {
      halt()
    }
  }

  /// The run's state and exit code after the last answer.
  private func recordEnd() {
    var isSignal = false
    var facts = ExitCode.Facts()
    facts.stopped = true
    if case .signal(let signal) = stopReason {
      isSignal = true
      facts.signal = signal
    }
    let next: RunState = isSignal ? .interrupted : .stopped
    let all = (try? store.tally(step: nil)) ?? tally
    facts.unknownItems = all[.unknown]
    do throws(IllegalTransition) { state = try state.moved(to: next) } catch { return fail(.illegal(error)) }
    record(.run(next, exit: ExitCode.of(facts), at: now.own))
  }
}
