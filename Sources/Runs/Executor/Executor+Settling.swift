/// From an unknown outcome to a verdict, or to giving up.
extension Executor {
  /// Sets the unknown write aside until its first look.
  func park(_ work: ItemWork, _ entry: LogRow, quiet: Bool = true) {
    work.looks = 0
    // The journal may have it as an intent, and its item as working.
    if entry.state == .unknown, work.row.state == .working {
      record(.log(entry))
      if move(work, to: .parked) {
        parkedCount += 1
        record(.item(work.row))
      }
    }
    let isHopeless = entry.request?.settle == SettleClass.none
    let due = (entry.sentAt ?? now.server) + (quiet && !isHopeless ? rules.quietTime : 0)
    work.phase = .parked(until: now.steady + max(0, due - now.server))
  }

  func beginLook(_ work: ItemWork) {
    guard let entry = work.current, let request = entry.request else {
      return apply(.open("the journal has no request for it any more"), to: work)
    }
    if work.looks == 0, let opening = rules.opening(for: entry) { return apply(opening, to: work) }
    work.looks += 1
    work.phase = .looking
    actions.append(
      .look(
        entry.id,
        LookUp(request: request, before: entry.before, since: entry.intentAt ?? 0, problem: entry.problem)))
  }

  func looked(_ work: ItemWork, _ finding: Finding) {
    guard state == .running, let entry = work.current else { return }
    let verdict: Verdict
    do {
      verdict = try rules.judge(finding, of: entry, look: work.looks, isRepeat: work.isRepeat) { id in
        for overlay in [overlay, overlayInCommit]
        where overlay.isClaimed(id: id, operation: entry.operation, except: entry.id) { return true }
        return try store.isClaimed(id: id, operation: entry.operation, except: entry.id)
      }
    } catch {
      return fail(error as? JournalError ?? .unreadable(path: "", reason: "\(error)"))
    }
    apply(verdict, to: work)
  }
}
