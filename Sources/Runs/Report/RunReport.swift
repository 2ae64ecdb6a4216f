/// The account of a run at its end, or at any time.
public struct RunReport: Sendable {
  /// Items with one kind of error.
  public struct ErrorGroup: Sendable, Equatable {
    public var state: ItemState
    public var status: Int?
    public var code: String
    public var items: Int
    public var exampleKey: String
    public var message: String
  }

  public struct OpenWrite: Sendable, Equatable {
    public var id: EntryID
    public var operation: String
    public var target: RecordRef?
    public var key: String
    public var why: String
  }

  /// A report lists so many open writes; the rest is counted.
  static let openLimit = 50

  /// What a process spent.
  public struct Cost: Sendable {
    public var requests = 0
    public var milliseconds: Int64 = 0
    public var waited: Int64 = 0
    public init() {}
  }

  public var run: RunRow
  public var steps: [StepRow]
  public var tally: Tally
  public var errors: [ErrorGroup]
  public var open: [OpenWrite]
  /// Writes with a verdict, by operation, in the order of their names.
  public var writes: [(operation: String, done: Int)]
  public var events: [(at: Int64, kind: String, text: String)]
  /// Writes that were done in each part of the run's time, at most 60 parts.
  public var pace: [(at: Int64, done: Int)]

  public init(_ reader: JournalReader) throws(JournalError) {
    run = try reader.run()
    steps = try reader.steps()
    tally = try reader.tally(step: nil)
    errors = try reader.errorGroups()
    open = try reader.openWrites(limit: Self.openLimit)
    writes = try reader.doneWrites()
    events = try reader.events()
    pace = try reader.pace(parts: 60)
  }

  /// The commands that make sense now.
  public var commands: [String] {
    if run.mode == RunRow.rehearsal { return [] }
    var lines: [String] = []
    if run.state.isUnfinished, run.state != .running, run.state != .draining {
      lines.append("parlance resume \(run.id)")
    }
    if run.state == .planned { lines.append("parlance apply \(run.id)") }
    if tally[.failed] > 0 { lines.append("parlance retry \(run.id)") }
    for write in open.prefix(3) where tally[.unknown] > 0 {
      lines.append("parlance settle \(run.id) \(write.id) done    (or not-done)")
    }
    if !writes.isEmpty { lines.append("parlance undo \(run.id)") }
    return lines
  }
}
