@testable import Runs

/// A journal in memory. What is committed can be lost by `crash` if `syncs` is off.
final class ModelStore: RunStore, RunLog {
  struct State {
    var run: RunRow
    var steps: [StepRow] = []
    var items: [ItemRow] = []
    /// By item number, entries by seq.
    var logs: [[LogRow]] = []
    var touched: [RecordRef: Touched] = [:]
  }

  var state: State
  private var synced: State
  var syncs = true
  var dropsReads = false
  var coverage = Coverage()

  init(run: RunRow) {
    state = State(run: run)
    synced = state
  }

  /// What would be there after a loss of power.
  var durable: State { syncs ? state : synced }

  func crash() { state = durable }

  // MARK: Writing

  private var commits = 0

  func commit(_ changes: [JournalChange]) throws(JournalError) {
    for change in changes { apply(change) }
    commits += 1
    if commits % 5 == 0 { synced = state }
  }

  private func apply(_ change: JournalChange) {
    switch change {
    case .run(let next, let exit, _):
      state.run.state = next
      state.run.exit = exit
    case .caps(let caps): state.run.caps = caps
    case .step(let row):
      if let index = state.steps.firstIndex(where: { $0.no == row.no }) {
        state.steps[index] = row
      } else {
        state.steps.append(row)
      }
    case .items(let rows):
      state.items += rows
      state.logs += rows.map { _ in [] }
    case .item(let row):
      coverage.see(state.items[row.no - 1].state, row.state)
      state.items[row.no - 1].state = row.state
      state.items[row.no - 1].problem = row.problem
      state.items[row.no - 1].isPartial = row.isPartial
      state.items[row.no - 1].note = row.note
    case .log(let row):
      if row.kind == .read, dropsReads { return }
      let item = row.id.item - 1
      if let index = state.logs[item].firstIndex(where: { $0.id == row.id }) {
        coverage.see(state.logs[item][index].state, row.state)
        state.logs[item][index] = row
      } else {
        state.logs[item].append(row)
        state.logs[item].sort { $0.id < $1.id }
      }
    case .drop(let id): state.logs[id.item - 1].removeAll { $0.id == id }
    case .erase(_, let item):
      state.items[item - 1].record = nil
      state.logs[item - 1].removeAll { $0.kind == .read }
    case .touched(let record, let touched): state.touched[record] = touched
    case .event, .clear, .mode, .forget, .eraseScript: break
    }
  }

  // MARK: Reading

  func run() throws(JournalError) -> RunRow { state.run }
  func steps() throws(JournalError) -> [StepRow] { state.steps }

  func items(step: Int, after: Int, states: [ItemState], limit: Int) throws(JournalError) -> [ItemRow] {
    Array(state.items.lazy.filter { $0.no > after && states.contains($0.state) }.prefix(limit))
  }

  func item(step: Int, no: Int) throws(JournalError) -> ItemRow? { state.items[no - 1] }
  func item(step: Int, key: String) throws(JournalError) -> ItemRow? { state.items.first { $0.key == key } }
  func log(step: Int, item: Int) throws(JournalError) -> [LogRow] { state.logs[item - 1] }
  func entry(_ id: EntryID) throws(JournalError) -> LogRow? {
    state.logs[id.item - 1].first { $0.id == id }
  }
  func touched(_ record: RecordRef) throws(JournalError) -> Touched? { state.touched[record] }

  func isClaimed(id: String, operation: String, except: EntryID) throws(JournalError) -> Bool {
    state.logs.contains { log in
      log.contains { $0.id != except && $0.operation == operation && $0.result?.created == id }
    }
  }

  func tally(step: Int?) throws(JournalError) -> Tally {
    var tally = Tally()
    for item in state.items { tally[item.state] += 1 }
    return tally
  }

  func admitted() throws(JournalError) -> (writes: Int, destroys: Int) {
    let sent = state.logs.flatMap { $0 }.filter { $0.kind == .write && $0.attempt > 0 }
    return (sent.count, sent.filter { $0.request?.effect == .destroy }.count)
  }
}

/// What the seeds have reached; what was not reached is not shown.
struct Coverage {
  var changes: Set<String> = []
  var fates: Set<String> = []
  var crashes: Set<String> = []

  mutating func see(_ from: ItemState, _ to: ItemState) {
    if from != to { changes.insert("item \(from.rawValue) \(to.rawValue)") }
  }
  mutating func see(_ from: WriteState, _ to: WriteState) {
    if from != to { changes.insert("write \(from.rawValue) \(to.rawValue)") }
  }
  mutating func merge(_ other: Coverage) {
    changes.formUnion(other.changes)
    fates.formUnion(other.fates)
    crashes.formUnion(other.crashes)
  }
}
