/// Changes on their way to the disk.
extension Executor {
  func record(_ change: JournalChange) {
    outbox.append(change)
    outboxSince = outboxSince ?? now.steady
  }

  /// One commit at a time; what gathers meanwhile is the next. An intent does not wait, an outcome waits
  /// a little, in case an intent comes along.
  func flush() {
    guard committing == nil, !outbox.isEmpty, journalFailure == nil else { return }
    let isDue = (outboxSince ?? now.steady) + limits.outcomeDelay <= now.steady
    guard !intents.isEmpty || isDue || order.isEmpty || state != .running || isFinishing else { return }
    commit()
  }

  func commit() {
    batches += 1
    committing = Batch(id: batches, changes: outbox, intents: intents)
    actions.append(.commit(batch: batches, outbox))
    outbox = []
    outboxSince = nil
    intents = []
    overlayInCommit = overlay
    overlay = Overlay()
  }

  func committed(_ id: Int) {
    guard let batch = committing, batch.id == id else { return }
    committing = nil
    overlayInCommit = Overlay()
    for intent in batch.intents { sendCommitted(intent) }
  }

  /// Nothing of the batch is on disk, and nothing is sent from now on. On a full disk the outcomes in
  /// flight are awaited and recorded in one last commit; after any other error nothing is tried again.
  func commitFailed(_ id: Int, _ error: JournalError) {
    guard let batch = committing, batch.id == id else { return }
    committing = nil
    let unsent = batch.intents + intents
    for intent in unsent {
      guard let work = works[intent.item] else { continue }
      release(work)
      work.phase = .queued
    }
    outbox = (batch.changes + outbox).filter { Self.isOutcome($0, unsent: unsent) }
    intents = []
    fail(error)
  }

  /// The change tells of what has happened at the server.
  private static func isOutcome(_ change: JournalChange, unsent: [EntryID]) -> Bool {
    switch change {
    case .log(let row):
      row.kind == .write && (row.state == .done || row.state == .refused || row.state == .unknown)
        && !unsent.contains(row.id)
    case .item(let row): row.state != .pending && !unsent.contains { $0.item == row.no }
    case .erase, .touched, .event: true
    case .run, .mode, .caps, .step, .items, .drop, .clear, .forget, .eraseScript: false
    }
  }

  /// The journal cannot be trusted any more: no admission, no send.
  func fail(_ error: JournalError) {
    guard journalFailure == nil else { return }
    journalFailure = error
    stopReason = .journal(error)
    if state == .running { state = .draining }
    isPaused = false
    for no in order {
      guard let work = works[no] else { continue }
      if case .backoff = work.phase { withdraw(work) }
    }
    graceEnds = graceEnds ?? now.steady + limits.grace
  }
}
