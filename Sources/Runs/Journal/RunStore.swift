/// Item counts by state.
public struct Tally: Sendable, Equatable {
  private var counts: [Int]

  public init() { counts = Array(repeating: 0, count: ItemState.allCases.count) }

  public subscript(_ state: ItemState) -> Int {
    get { Self.index(state).map { counts[$0] } ?? 0 }
    set { if let index = Self.index(state) { counts[index] = newValue } }
  }

  public var total: Int { counts.reduce(0, +) }
  public var failures: Int { self[.failed] + self[.changed] + self[.diverged] }
  public var ended: Int { total - open }
  /// Pending, working, parked.
  public var open: Int { self[.pending] + self[.working] + self[.parked] }

  private static func index(_ state: ItemState) -> Int? { ItemState.allCases.firstIndex(of: state) }
}

/// What the executor reads of a journal. Reads see what is committed.
public protocol RunStore: AnyObject {
  func run() throws(JournalError) -> RunRow
  func steps() throws(JournalError) -> [StepRow]
  /// In the order of `no`, those after `after` in one of the states, at most `limit`.
  func items(step: Int, after: Int, states: [ItemState], limit: Int) throws(JournalError) -> [ItemRow]
  func item(step: Int, no: Int) throws(JournalError) -> ItemRow?
  /// An item's entries in the order of `seq`.
  func log(step: Int, item: Int) throws(JournalError) -> [LogRow]
  func entry(_ id: EntryID) throws(JournalError) -> LogRow?
  func touched(_ record: RecordRef) throws(JournalError) -> Touched?
  /// Another entry of this run has made or claimed the id.
  func isClaimed(id: String, operation: String, except: EntryID) throws(JournalError) -> Bool
  func tally(step: Int?) throws(JournalError) -> Tally
  /// Writes and, of them, destroys that have passed admission.
  func admitted() throws(JournalError) -> (writes: Int, destroys: Int)
  /// The item with the key, if the step has one.
  func item(step: Int, key: String) throws(JournalError) -> ItemRow?
}

/// Where changes go. The one connection that writes.
public protocol RunLog: AnyObject {
  /// On return the changes are on disk (synchronous), or none of them is and the error says why.
  func commit(_ changes: [JournalChange]) throws(JournalError)
}
