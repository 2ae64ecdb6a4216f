extension Executor {
  /// Takes the item to its next call, write or end.
  func proceed(_ work: ItemWork) {
    guard state == .running else {
      work.phase = .queued
      return
    }
    switch step?.source {
    case .list: proceedInList(work)
    case .block, .script: proceedInBlock(work)
    case nil: break
    }
  }

  // MARK: List mode: the writes lie in the log

  private func proceedInList(_ work: ItemWork) {
    while let entry = work.log.first(where: { $0.id.seq == work.seq + 1 }) {
      switch entry.state {
      case .done: work.seq += 1
      case .refused: return end(work, .failed, problem: entry.problem)
      case .planned, .absent: return prepare(work, entry)
      case .intent, .unknown: return
      }
    }
    end(work, .done, problem: nil)
  }

  /// Puts real ids in the place of the placeholders, then goes on to the write.
  private func prepare(_ work: ItemWork, _ entry: LogRow) {
    var entry = entry
    guard var request = entry.request else {
      return end(
        work, .failed, problem: Problem(code: "erased", message: "the journal has no request for it"))
    }
    do throws(JournalError) {
      if let target = request.target {
        guard let id = try resolve(target.id, work) else { return end(work, .failed, problem: Self.noID) }
        request.target = RecordRef(type: target.type, id: id)
      }
      work.isNewTarget = entry.target.map { !Placeholder.entries(in: $0.id).isEmpty } ?? false
      guard let arguments = try resolve(request.arguments, work) else {
        return end(work, .failed, problem: Self.noID)
      }
      request.arguments = arguments
      request.ids = try request.ids.flatMap { (text) throws(JournalError) in try resolve(text, work) }
      request.written = try request.written.flatMap { (text) throws(JournalError) in try resolve(text, work) }
    } catch {
      return fail(error)
    }
    entry.request = request
    entry.target = request.target
    work.current = entry
    write(work)
  }

  private func resolve(_ text: String, _ work: ItemWork) throws(JournalError) -> String? {
    var failure: JournalError?
    let resolved = Placeholder.resolve(text) { (id: EntryID) -> String? in
      if let own = work.log.first(where: { $0.id == id })?.result?.created { return own }
      if let fresh = overlay.created(by: id) ?? overlayInCommit.created(by: id) { return fresh }
      do throws(JournalError) { return try store.entry(id)?.result?.created } catch {
        failure = error
        return nil
      }
    }
    if let failure { throw failure }
    return resolved
  }

  /// A planned write with ids in the place of placeholders.
  private func planned(_ entry: LogRow, _ work: ItemWork) -> WriteRequest? {
    guard var request = entry.request else { return nil }
    do throws(JournalError) {
      if let target = request.target {
        guard let id = try resolve(target.id, work) else { return nil }
        request.target = RecordRef(type: target.type, id: id)
      }
      guard let arguments = try resolve(request.arguments, work) else { return nil }
      request.arguments = arguments
      return request
    } catch {
      fail(error)
      return nil
    }
  }

  private static let noID = Problem(
    code: "no_id", message: "the record that it refers to was not created by this run")

  // MARK: Block mode: the block says

  private func proceedInBlock(_ work: ItemWork) {
    guard let program = work.program else { return }
    if work.isCalling, let entry = work.current {
      // The block waits for this write's outcome; it has come by settling, or it is to be sent again.
      switch entry.state {
      case .absent, .planned: return write(work)
      case .done, .refused:
        work.seq += 1
        work.isCalling = false
        work.reply = Self.reply(from: entry)
      case .intent, .unknown: return
      }
    }
    while true {
      let reply = work.reply
      work.reply = nil
      switch program.advance(reply) {
      case .ended(let ending):
        if work.log.contains(where: { $0.id.seq > work.seq }) {
          return end(work, .diverged, problem: Self.diverged("the block ended before the log does"))
        }
        return finish(work, ending)
      case .call(let call):
        guard let entry = work.current else { return ask(work, call) }
        if entry.state == .planned {
          // What was shown: its placeholders have become ids by now.
          guard case .write(let request) = call, let shown = planned(entry, work),
            shown.fingerprint == request.fingerprint
          else {
            return end(
              work, .diverged, problem: Self.diverged("the script asked for another write than was shown"))
          }
          var entry = LogRow(id: entry.id, write: request, state: .planned)
          entry.print = request.fingerprint
          work.current = entry
          work.isCalling = true
          return write(work)
        }
        guard rules.isSame(entry, as: call) else {
          return end(
            work, .diverged,
            problem: Self.diverged(
              "the block asked for \(Self.name(call))"
                + " where the log has \(entry.operation)"))
        }
        switch entry.state {
        case .done, .refused:
          work.seq += 1
          work.reply = Self.reply(from: entry)
        case .absent:
          work.isCalling = true
          return write(work)
        case .intent, .unknown, .planned: return
        }
      }
    }
  }

  /// A call beyond the log: it is carried out.
  private func ask(_ work: ItemWork, _ call: ItemCall) {
    let id = EntryID(step: work.row.step, item: work.no, seq: work.seq + 1)
    switch call {
    case .read(let read):
      work.phase = .reading
      work.pendingRead = read
      actions.append(.read(id, read))
    case .write(let request):
      guard work.writeCount < limits.writesPerItem else {
        return end(
          work, .failed,
          problem: Problem(
            code: "too_many_writes", message: "an item may write \(limits.writesPerItem) times; use bulk"))
      }
      guard work.readBytes <= limits.readBytes else {
        return end(
          work, .failed,
          problem: Problem(
            code: "reads_too_large",
            message:
              "the item has read \(work.readBytes >> 20) MiB; the journal takes \(limits.readBytes >> 20)"))
      }
      work.current = LogRow(id: id, write: request, state: .absent)
      work.isCalling = true
      write(work)
    }
  }

  func readDone(_ work: ItemWork, _ answer: Result<String, Problem>) {
    guard let read = work.pendingRead else { return }
    let id = EntryID(step: work.row.step, item: work.no, seq: work.seq + 1)
    let entry = LogRow(id: id, read: read, answer: answer)
    if case .success(let body) = answer { work.readBytes += body.utf8.count }
    work.pendingRead = nil
    work.log.append(entry)
    work.newReads.append(entry)
    work.seq += 1
    work.reply = .read(answer)
    proceed(work)
  }

  private static func reply(from entry: LogRow) -> ItemReply {
    let problem = entry.problem ?? Problem(code: "refused", message: "the API refused it")
    switch entry.kind {
    case .read:
      return .read(entry.state == .done ? .success(entry.result?.body ?? "null") : .failure(problem))
    case .write:
      return entry.state == .done ? .written(entry.result ?? WriteResult()) : .refused(problem)
    }
  }

  private static func name(_ call: ItemCall) -> String {
    switch call {
    case .read(let read): read.operation
    case .write(let write): write.operation
    }
  }

  private static func diverged(_ what: String) -> Problem { Problem(code: "diverged", message: what) }

  private func finish(_ work: ItemWork, _ ending: ItemEnd) {
    switch ending {
    case .finished(let value): end(work, .done, problem: nil, note: value)
    case .skipped(let reason): end(work, .skipped, problem: nil, note: reason)
    case .failed(let problem): end(work, .failed, problem: problem)
    case .notPlannable(let reason):
      end(work, .failed, problem: Problem(code: "not_plannable", message: reason))
    case .interrupted(let reason):
      // As if the process had died: a run that goes on begins with what its log holds.
      drop(work)
      stop(reason)
    }
  }

  /// After the outcome of its write is decided: on from there, or a replay if this process has not begun it.
  func resume(_ work: ItemWork) {
    if work.hasStarted { proceed(work) } else { work.phase = .queued }
  }

  // MARK: Ends

  /// A definite error of a write: the block hears of it and may catch it; a list's item ends.
  func refuse(_ work: ItemWork, _ problem: Problem) {
    guard step?.source != .list else { return end(work, .failed, problem: problem) }
    resume(work)
  }

  func end(_ work: ItemWork, _ to: ItemState, problem: Problem?, note: String? = nil) {
    guard move(work, to: to) else { return }
    work.row.problem = problem
    work.row.note = note
    work.row.isPartial = to != .done && to != .skipped && work.hasDoneWrite
    record(.item(work.row))
    // What the script itself has got it may need again, when it is run from its start.
    let isErased = to == .done || to == .skipped || step?.policy.keepsNothing == true
    if isErased, step?.isScript != true { record(.erase(step: work.row.step, item: work.no)) }
    progress.ended(at: now.steady)
    drop(work)
    let failed = tally.failures
    if let step, to.isFailure, step.policy.isExceeded(failed: failed, ended: tally.ended) {
      stop(.errors(failed: failed))
    }
  }

  /// Out of memory, its records free for the next.
  func drop(_ work: ItemWork) {
    release(work)
    work.program?.leave()
    works[work.no] = nil
    order.removeAll { $0 == work.no }
    _ = queues.leave(work.no)
  }

  /// Moves the item's state and the count; an illegal move stops the run.
  func move(_ work: ItemWork, to next: ItemState) -> Bool {
    let old = work.row.state
    do throws(IllegalTransition) { work.row.state = try old.moved(to: next) } catch {
      fail(.illegal(error))
      return false
    }
    tally[old] -= 1
    tally[next] += 1
    return true
  }

  func move(_ entry: inout LogRow, to next: WriteState) -> Bool {
    do throws(IllegalTransition) {
      entry.state = try entry.state.moved(to: next)
      return true
    } catch {
      fail(.illegal(error))
      return false
    }
  }
}
