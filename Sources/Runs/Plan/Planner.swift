/// Runs the blocks of a frozen step without sending a write: what they ask to write goes into the log as
/// planned. Reads are made. A state machine as the executor is; its commits need not be waited for.
public final class Planner {
  public enum Action: Sendable, Equatable {
    /// → `read`
    case read(EntryID, ReadRequest)
    case commit([JournalChange])
    /// → `goOn`, when the actions before it are carried out.
    case goOn
    /// The step as it is to be run: as a list if all of it could be planned.
    case ended(StepRow, PlanFacts)
    /// A block was left in the middle: nothing comes after it.
    case interrupted(StopReason)
  }

  private let step: StepRow
  private let store: any RunStore
  private let source: any ProgramSource
  /// Items whose reads are under way at a time.
  private let window: Int

  private final class Work {
    var row: ItemRow
    let program: any ItemProgram
    var writes: [LogRow] = []
    var reading: EntryID?
    var reads = 0
    /// What keeps it from being a list; its writes are counted on all the same.
    var obstacle: String?

    init(row: ItemRow, program: any ItemProgram) {
      self.row = row
      self.program = program
    }
  }

  private var works: [Int: Work] = [:]
  private var cursor = 0
  private var isExhausted = false
  private var hasEnded = false
  private var facts = PlanFacts()
  private var actions: [Action] = []
  /// So many actions are handed over at a time: a million items are not planned in memory.
  private static let batch = 256

  public init(
    _ step: StepRow, store: any RunStore, source: any ProgramSource, window: Int = 32
  ) {
    self.step = step
    self.store = store
    self.source = source
    self.window = window
  }

  public func begin() throws(JournalError) -> [Action] {
    actions = [.commit([.clear(step: step.no, keepsItems: true)])]
    try load()
    return take()
  }

  public func read(_ id: EntryID, _ answer: Result<String, Problem>) throws(JournalError) -> [Action] {
    guard let work = works[id.item], work.reading == id else { return [] }
    work.reading = nil
    advance(work, .read(answer))
    try load()
    return take()
  }

  public func goOn() throws(JournalError) -> [Action] {
    try load()
    return take()
  }

  private func take() -> [Action] {
    defer { actions = [] }
    return actions
  }

  private func load() throws(JournalError) {
    while !isExhausted, !hasEnded, works.count < window {
      guard actions.count < Self.batch else {
        if actions.last != .goOn { actions.append(.goOn) }
        return
      }
      let rows = try store.items(step: step.no, after: cursor, states: [.pending], limit: window)
      isExhausted = rows.isEmpty
      for row in rows where !hasEnded {
        cursor = row.no
        start(row)
      }
    }
    guard isExhausted, works.isEmpty, !hasEnded else { return }
    hasEnded = true
    var planned = step
    planned.source = facts.isComplete ? .list : .block
    facts.total = step.items
    if !facts.isComplete { actions.append(.commit([.clear(step: step.no, keepsItems: true)])) }
    actions.append(.commit([.step(planned)]))
    actions.append(.ended(planned, facts))
  }

  private func start(_ row: ItemRow) {
    do throws(Problem) {
      let work = Work(row: row, program: try source.program(for: row, of: step))
      works[row.no] = work
      advance(work, nil)
    } catch {
      var row = row
      row.state = .failed
      row.problem = error
      facts.failed += 1
      actions.append(.commit([.item(row)]))
    }
  }

  private func advance(_ work: Work, _ reply: ItemReply?) {
    var reply = reply
    while true {
      let id = EntryID(step: step.no, item: work.row.no, seq: work.writes.count + 1)
      switch work.program.advance(reply) {
      case .call(.read(let read)):
        // The read is made as things are: good enough to count by, not to write by.
        if !work.writes.isEmpty { work.obstacle = work.obstacle ?? "it reads after it has written" }
        guard work.reads < 1_000 else {
          return end(work, .notPlannable(reason: "it reads on and on"))
        }
        work.reads += 1
        work.reading = id
        return actions.append(.read(id, read))
      case .call(.write(let request)):
        guard work.writes.count < 1_000 else {
          return end(
            work,
            .failed(
              Problem(
                code: "too_many_writes", message: "an item may write 1000 times; use bulk")))
        }
        if work.program.isCatching { work.obstacle = work.obstacle ?? "it catches the error of a write" }
        work.writes.append(LogRow(id: id, write: request, state: .planned))
        reply = .planned(id, request)
      case .ended(let ending):
        return end(work, ending)
      }
    }
  }

  private func end(_ work: Work, _ ending: ItemEnd) {
    works[work.row.no] = nil
    work.program.leave()
    if case .interrupted(let reason) = ending { return leave(reason) }
    var row = work.row
    if let obstacle = work.obstacle {
      if case .notPlannable(let reason) = ending { facts.cannot(reason, item: row.key) }
      facts.add(row, work.writes)
      return facts.mustRun(obstacle, item: row.key)
    }
    switch ending {
    case .finished(let value):
      facts.add(row, work.writes)
      if work.writes.isEmpty {
        row.state = .done
        row.note = value
        actions.append(.commit([.item(row), .erase(step: row.step, item: row.no)]))
      } else {
        actions.append(.commit(work.writes.map { .log($0) }))
      }
    case .skipped(let reason):
      // What it wanted to write before it said so is written, by the block.
      guard work.writes.isEmpty else {
        return facts.cannot("it is skipped after it has written", item: row.key)
      }
      row.state = .skipped
      row.note = reason
      facts.skipped += 1
      actions.append(.commit([.item(row), .erase(step: row.step, item: row.no)]))
    case .failed(let problem):
      guard work.writes.isEmpty else { return facts.cannot("it fails after it has written", item: row.key) }
      row.state = .failed
      row.problem = problem
      facts.failed += 1
      actions.append(.commit([.item(row)]))
    case .notPlannable(let reason):
      facts.add(row, work.writes)
      facts.cannot(reason, item: row.key)
    case .interrupted: break
    }
  }

  private func leave(_ reason: StopReason) {
    hasEnded = true
    for work in works.values { work.program.leave() }
    works = [:]
    actions = [.interrupted(reason)]
  }
}
