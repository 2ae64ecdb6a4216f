/// The way of one write: record, caps, slot, freshness, intent, send, outcome.
extension Executor {
  /// The gate: every write of every mode that sends comes through here.
  func write(_ work: ItemWork) {
    guard state == .running, let entry = work.current, let request = entry.request else { return }
    for target in request.records where !queues.isFirst(work.no, for: target) {
      queues.enter(work.no, for: target)
      guard queues.isFirst(work.no, for: target) else {
        if queues.wouldDeadlock(work.no, waitingFor: target) {
          return end(
            work, .failed,
            problem: Problem(
              code: "deadlock", message: "two items write \(target) and another record in opposite order"))
        }
        queues.wait(work.no, for: target)
        work.phase = .waitsForRecord(target)
        return
      }
    }
    work.isRepeat = false
    admit(work)
  }

  /// Caps, places in flight, and the pace.
  func admit(_ work: ItemWork) {
    guard state == .running, let entry = work.current, let request = entry.request else { return }
    let isFull =
      flights.all >= limits.flights
      || request.effect == .outward && flights.outward >= limits.outward
      || request.effect == .destroy && flights.destroys >= limits.destroys
    guard !isFull, pace == nil || now.steady >= nextPaced else {
      work.phase = .waitsForFlight
      return
    }
    if entry.attempt == 0 {
      if let reason = rules.refusal(
        of: request.effect, writes: admittedWrites, destroys: admittedDestroys, caps: caps)
        ?? moreThanShown(request.effect)
      {
        work.phase = .waitsForFlight
        cappedBy = reason
        return
      }
      countAdmitted(request.effect, by: 1)
      work.isAdmitted = true
    }
    if let pace { nextPaced = max(nextPaced, now.steady) + pace }
    work.isCounted = true
    count(request.effect, by: 1)
    work.phase = .waitsForSlot
    actions.append(.slot(entry.id))
  }

  private func moreThanShown(_ effect: WriteEffect) -> StopReason? {
    guard let stepCap else { return nil }
    if stepAdmitted.writes >= stepCap.writes { return .moreThanShown(stepCap.writes) }
    let isOver = effect == .destroy && stepAdmitted.destroys >= stepCap.destroys
    return isOver ? .moreThanShown(stepCap.destroys) : nil
  }

  func countAdmitted(_ effect: WriteEffect, by one: Int) {
    admittedWrites += one
    stepAdmitted.writes += one
    guard effect == .destroy else { return }
    admittedDestroys += one
    stepAdmitted.destroys += one
  }

  private func count(_ effect: WriteEffect, by one: Int) {
    flights.all += one
    if effect == .outward { flights.outward += one }
    if effect == .destroy { flights.destroys += one }
  }

  /// Gives back the place in flight.
  func release(_ work: ItemWork) {
    guard work.isCounted, let effect = work.current?.request?.effect else { return }
    work.isCounted = false
    count(effect, by: -1)
  }

  /// Gives back what an admitted write took that will not be sent.
  func readmit(_ work: ItemWork) {
    if work.isAdmitted, let effect = work.current?.request?.effect {
      countAdmitted(effect, by: -1)
    }
    work.isAdmitted = false
    release(work)
  }

  // MARK: Freshness

  func slotGranted(_ work: ItemWork) {
    guard state == .running, let step, let entry = work.current, let request = entry.request else { return }
    let isFirst = entry.attempt == 0 || work.isGroundedAgain
    if request.target == nil, request.looksBefore, isFirst {
      work.phase = .checking
      return actions.append(
        .check(
          entry.id,
          FreshnessCheck(
            record: RecordRef(type: "", id: ""), request: request,
            expected: step.policy.check == .each ? entry.before : nil)))
    }
    if step.policy.check == .first, let ref = work.row.ref, ref != request.target, !work.isItemChecked,
      isFirst, !work.hasDoneWrite
    {
      // What was planned for the item rests on the item, whatever its first write is about.
      let version: String?
      do throws(JournalError) { version = try touched(ref).map(\.version) ?? work.row.version } catch {
        return fail(error)
      }
      work.isItemChecked = true
      work.isCheckingItem = true
      work.phase = .checking
      return actions.append(
        .check(entry.id, FreshnessCheck(record: ref, request: request, version: version)))
    }
    guard !work.isRepeat, !work.isNewTarget, let target = request.target else { return intend(work) }
    let touched: Touched?
    do throws(JournalError) { touched = try self.touched(target) } catch { return fail(error) }
    if !rules.needsCheck(
      of: target, for: request, item: work.row, policy: step.policy, touched: touched, now: now)
    {
      // Fresh enough not to be read again: then the frozen record is the state before.
      // So it is after writes of this item's own, for fields that they did not set.
      guard touched == nil || work.hasNotSet(request, of: target), target == work.row.ref,
        let record = work.row.record, entry.attempt == 0
      else { return intend(work) }
      var known = entry
      known.before = source.before(request, in: record)
      // A list may leave out what the record alone tells: it is read for undo's sake.
      if known.before != nil || request.written == nil {
        work.current = known
        return intend(work)
      }
    }
    let isItem = target == work.row.ref
    work.phase = .checking
    actions.append(
      .check(
        entry.id,
        FreshnessCheck(
          record: target, request: request,
          version: step.policy.check == .each
            ? nil : touched.map(\.version) ?? (isItem ? work.row.version : nil),
          snapshot: isItem && touched == nil ? work.row.record : nil,
          expected: touched == nil || step.policy.check == .each ? entry.before : nil)))
  }

  /// What this run has done to the record already: its own writes are no changes.
  private func touched(_ record: RecordRef) throws(JournalError) -> Touched? {
    if let fresh = overlay.touched(record) ?? overlayInCommit.touched(record) { return fresh }
    return try store.touched(record)
  }

  func checked(_ work: ItemWork, _ freshness: Freshness) {
    guard state == .running, var entry = work.current else { return }
    let isItem = work.isCheckingItem
    work.isCheckingItem = false
    switch freshness {
    case .same where work.groundsAt < voidedAt:
      // Read before the machine slept, perhaps.
      work.groundsAt = now.steady
      work.isItemChecked = false
      slotGranted(work)
    case .same where isItem: slotGranted(work)
    case .same(let before, _):
      entry.before = before
      work.current = entry
      intend(work)
    case .changed(let what):
      readmit(work)
      end(work, .changed, problem: Problem(code: "changed", message: what))
    case .missing:
      readmit(work)
      end(work, .changed, problem: Problem(code: "gone", message: "the record is gone"))
    case .unreadable(let problem):
      readmit(work)
      let verdict = rules.judge(
        .status(problem, retryAfter: nil), to: entry, isRepeat: false, connectFailures: connectFailures)
      if case .stop(let reason, _) = verdict { return stop(reason) }
      end(work, .failed, problem: problem)
    }
  }

  // MARK: Intent and send

  private func intend(_ work: ItemWork) {
    guard state == .running, var entry = work.current, move(&entry, to: .intent) else { return }
    entry.attempt += 1
    entry.problem = nil
    entry.intentAt = entry.intentAt ?? now.server
    work.isAdmitted = false
    if work.row.state != .working {
      if work.row.state == .parked { parkedCount -= 1 }
      guard move(work, to: .working) else { return }
      record(.item(work.row))
    }
    stamp(work, entry)
  }

  private func stamp(_ work: ItemWork, _ entry: LogRow) {
    var entry = entry
    entry.sentAt = now.server
    work.current = entry
    for read in work.newReads { record(.log(read)) }
    work.newReads = []
    record(.log(entry))
    intents.append(entry.id)
    work.phase = .committing
  }

  /// A send that was put off: its time counts for the quiet time, so it goes to the journal first.
  func restamp(_ work: ItemWork) {
    guard let entry = work.current, let request = entry.request else { return }
    work.isCounted = true
    count(request.effect, by: 1)
    stamp(work, entry)
  }

  /// The intent is on disk.
  func sendCommitted(_ id: EntryID) {
    guard let work = works[id.item], work.phase == .committing, let entry = work.current, entry.id == id,
      let request = entry.request
    else { return }
    guard state == .running else { return withdraw(work) }
    if isStale(work) { return groundAgain(work) }
    if now.server - (entry.sentAt ?? now.server) > limits.intentAge { return stamp(work, entry) }
    work.isGroundedAgain = false
    work.phase = .flying
    actions.append(.send(WriteTicket(id: id, attempt: entry.attempt, request: request)))
  }

  /// Its grounds are older than records stay fresh: it slept, it was put off, the disk was slow. By age once only, as
  /// a check may be slow, too.
  private func isStale(_ work: ItemWork) -> Bool {
    if work.groundsAt < voidedAt { return true }
    let age = now.steady - work.groundsAt
    return !work.isGroundedAgain && age > max(limits.intentAge, step?.policy.maxAge ?? 0)
  }

  /// Not sent: it goes through its checks again.
  private func groundAgain(_ work: ItemWork) {
    withdraw(work)
    // Of a repeat the workspace says whether it is still one.
    if work.isRepeat { return work.phase = .parked(until: now.steady) }
    work.isGroundedAgain = true
    work.isItemChecked = false
    admit(work)
  }

  /// An intent that is on disk and will surely not be sent. Of a repeat the first send stays unknown.
  func withdraw(_ work: ItemWork) {
    guard var entry = work.current, move(&entry, to: work.isRepeat ? .unknown : .absent) else { return }
    work.current = entry
    record(.log(entry))
    release(work)
    let home: ItemState = work.isRepeat ? .parked : .pending
    if work.row.state == .working, home == .parked || !work.hasDoneWrite, move(work, to: home) {
      if home == .parked { parkedCount += 1 }
      record(.item(work.row))
    }
    work.phase = .queued
  }

  func answered(_ work: ItemWork, _ answer: Answer) {
    guard let entry = work.current else { return }
    if case .notSent = answer { connectFailures += 1 } else { connectFailures = 0 }
    var verdict = rules.judge(
      answer, to: entry, isRepeat: work.isRepeat, connectFailures: connectFailures)
    // A refused repeat says nothing of the first send.
    if work.isRepeat, case .refused(let problem) = verdict { verdict = .open(problem.message) }
    release(work)
    apply(verdict, to: work)
  }

  // MARK: Outcomes

  func apply(_ verdict: Verdict, to work: ItemWork) {
    guard var entry = work.current else { return }
    switch verdict {
    case .done(let result, let how):
      guard move(&entry, to: .done) else { return }
      entry.result = result
      entry.how = how
      entry.problem = nil
      settle(work, &entry)
      if let target = entry.request?.target {
        let touched = Touched(version: result.version, at: now.own)
        overlay.touch(target, touched)
        record(.touched(target, touched))
      }
      if let id = result.created { overlay.create(entry.id, id: id, operation: entry.operation) }
      resume(work)
    case .refused(let problem):
      guard move(&entry, to: .refused) else { return }
      entry.problem = problem
      settle(work, &entry)
      refuse(work, problem)
    case .absent:
      guard move(&entry, to: .absent) else { return }
      settle(work, &entry)
      resume(work)
    case .later(let seconds, let problem):
      let until = now.steady + Int64(seconds) * 1_000
      guard work.isRepeat else {
        work.phase = .backoff(until: until)
        if state != .running { withdraw(work) }
        return
      }
      becomeUnknown(work, &entry, problem)
      work.phase = .parked(until: until)
    case .stop(let reason, let problem):
      if work.isRepeat {
        becomeUnknown(work, &entry, problem)
        work.phase = .parked(until: now.steady)
      } else {
        withdraw(work)
      }
      stop(reason)
    case .unknown(let problem, let quiet):
      becomeUnknown(work, &entry, problem)
      park(work, entry, quiet: quiet)
      if let reply = rules.reply(toUnknown: problem) {
        work.seq += 1
        work.isCalling = false
        work.reply = reply
        resume(work)
      }
    case .repeating:
      work.isRepeat = true
      work.phase = .waitsForFlight
    case .lookAgain(let delay):
      work.phase = .parked(until: now.steady + delay)
    case .changed(let what):
      leaveParked(work)
      end(work, .changed, problem: Problem(code: "changed", message: what))
    case .open(let why):
      if entry.state == .intent { becomeUnknown(work, &entry, entry.problem ?? Self.noAnswer) }
      leaveParked(work)
      end(work, .unknown, problem: Problem(code: "unknown", message: why))
    }
  }

  private static let noAnswer = Problem(code: "unknown", message: "no usable answer")

  /// The outcome is known: to the journal, and the item is at work again.
  private func settle(_ work: ItemWork, _ entry: inout LogRow) {
    entry.settledAt = now.server
    work.current = entry
    record(.log(entry))
    work.looks = 0
    guard work.row.state == .parked else { return }
    leaveParked(work)
    if move(work, to: .working) { record(.item(work.row)) }
  }

  private func leaveParked(_ work: ItemWork) {
    if work.row.state == .parked { parkedCount -= 1 }
  }

  private func becomeUnknown(_ work: ItemWork, _ entry: inout LogRow, _ problem: Problem) {
    guard move(&entry, to: .unknown) else { return }
    entry.problem = problem
    work.current = entry
    record(.log(entry))
    if work.row.state == .working, move(work, to: .parked) {
      parkedCount += 1
      record(.item(work.row))
    }
  }
}
