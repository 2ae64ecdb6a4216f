/// Why a command about a run's items cannot be done.
public enum RunCommandError: Error, Sendable, Equatable, CustomStringConvertible {
  case noSuchWrite(EntryID)
  /// The write's outcome is known.
  case notUnknown(EntryID, WriteState)
  case nothingFailed

  public var description: String {
    switch self {
    case .noSuchWrite(let id):
      "the run has no write \(id). `parlance runs show RUN` lists those that are unknown."
    case .notUnknown(let id, let state):
      "the write \(id) is \(state.rawValue), not unknown: there is nothing to settle."
    case .nothingFailed:
      "no item of the run has failed."
    }
  }
}

/// Commands that change what a run holds before it is resumed. Their changes are to be committed.
public struct RunCommands {
  let store: any RunStore

  public init(_ store: any RunStore) { self.store = store }

  /// `settle RUN WRITE done` or `not-done`: a person has looked.
  public func settle(_ id: EntryID, isDone: Bool, now: Int64) throws -> [JournalChange] {
    guard var entry = try store.entry(id), entry.kind == .write,
      var item = try store.item(step: id.step, no: id.item)
    else { throw RunCommandError.noSuchWrite(id) }
    guard entry.state == .unknown, item.state == .unknown else {
      throw RunCommandError.notUnknown(id, entry.state)
    }
    entry.state = try entry.state.moved(to: isDone ? .done : .absent)
    entry.how = .person
    entry.settledAt = now
    entry.problem = nil
    if isDone { entry.result = WriteResult() }
    item.state = try item.state.moved(to: .working)
    item.problem = nil
    let words = isDone ? "done" : "not done"
    var changes: [JournalChange] = [
      .log(entry), .item(item), .event(at: now, kind: "verdict", text: "\(id) \(words), by a person"),
    ]
    // The item is to go on, so its step has not ended after all.
    if var step = try store.steps().first(where: { $0.no == id.step }), step.phase == .ended {
      step.phase = .frozen
      changes.append(.step(step))
    }
    return changes
  }

  /// `retry RUN`: failed items of a step begin again, but for the entry that ended them. Batches of items;
  /// call again with the last item's number until none comes.
  public func retry(_ step: StepRow, after: Int, limit: Int = 200) throws
    -> (changes: [JournalChange], last: Int)?
  {
    let items = try store.items(step: step.no, after: after, states: [.failed], limit: limit)
    guard let last = items.last else { return nil }
    var changes: [JournalChange] = []
    for var item in items {
      let log = try store.log(step: step.no, item: item.no)
      // An error that the block caught, and went on from, stays.
      if let entry = log.last(where: { step.source == .list ? $0.state == .refused : true }),
        entry.state == .refused, entry.problem?.code == item.problem?.code,
        entry.problem?.status == item.problem?.status
      {
        changes.append(.drop(entry.id))
        if step.source == .list, let request = entry.request {
          changes.append(.log(LogRow(id: entry.id, write: request, state: .planned)))
        }
      }
      let isBegun = log.contains { $0.kind == .write && $0.state == .done }
      item.state = try item.state.moved(to: isBegun ? .working : .pending)
      item.problem = nil
      item.isPartial = false
      changes.append(.item(item))
    }
    return (changes, last.no)
  }
}
