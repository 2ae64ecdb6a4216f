import Glibc

/// The runs of a state directory.
public struct RunShelf: Sendable {
  public let directory: StateDirectory

  public init(_ directory: StateDirectory) { self.directory = directory }

  /// One run as `parlance runs` lists it.
  public struct Entry: Sendable, Equatable {
    public var run: RunRow
    /// `crashed` where the file says running and no process holds the workspace with this run.
    public var state: RunState
    public var tally: Tally
  }

  /// A new run's journal, under an id that no other run has.
  public func create(
    _ run: RunRow, random: inout some RandomNumberGenerator
  ) throws(JournalError) -> (RunRow, Journal) {
    var run = run
    var failure = JournalError.directory(path: directory.path, reason: "no free run id")
    for _ in 0..<16 {
      run.id = RunID.make(at: run.now, random: &random)
      if access(directory.journal(of: run.id), F_OK) == 0 { continue }
      do throws(JournalError) {
        return (run, try Journal.create(run, at: directory.journal(of: run.id)))
      } catch {
        failure = error
        // Another process was faster; anything else will not get better.
        guard access(directory.journal(of: run.id), F_OK) == 0 else { break }
      }
    }
    throw failure
  }

  public func reader(of run: String) throws(JournalError) -> JournalReader {
    let path = directory.journal(of: run)
    guard RunID.isValid(run), access(path, F_OK) == 0 else { throw .noSuchRun(run) }
    return try JournalReader(path: path)
  }

  /// All runs, the newest last; what cannot be read is left to `damaged`.
  public func entries() throws(JournalError) -> (runs: [Entry], damaged: [(id: String, why: JournalError)]) {
    var runs: [Entry] = []
    var damaged: [(id: String, why: JournalError)] = []
    for id in try directory.runs() {
      do throws(JournalError) {
        let reader = try reader(of: id)
        let run = try reader.run()
        let isHeld =
          run.state == .running || run.state == .draining
          ? WorkspaceLock.holder(of: run.workspace, in: directory)?.hasPrefix(id) ?? false : false
        runs.append(
          Entry(run: run, state: run.state.seen(isHeld: isHeld), tally: try reader.tally(step: nil)))
      } catch {
        damaged.append((id, error))
      }
    }
    runs.sort { ($0.run.startedAt, $0.run.id) < ($1.run.startedAt, $1.run.id) }
    return (runs, damaged)
  }

  /// The newest unfinished run of the same script and parameters in the workspace.
  public func unfinished(script: String, programHash: String, params: String, workspace: String)
    throws(JournalError) -> Entry?
  {
    try entries().runs.last {
      $0.state.isUnfinished && $0.run.script == script && $0.run.programHash == programHash
        && $0.run.params == params && $0.run.workspace == workspace && $0.run.mode == "run"
    }
  }

  /// The run of a key, finished or not.
  public func run(key: String, workspace: String) throws(JournalError) -> Entry? {
    try entries().runs.last { $0.run.key == key && $0.run.workspace == workspace }
  }

  /// Removes a run that has written nothing.
  public func discard(_ run: String) {
    let path = directory.journal(of: run)
    for name in [path, path + "-wal", path + "-shm", directory.control(of: run)] { unlink(name) }
  }

  /// Cuts runs that ended before the moment (milliseconds) down to their counts, or removes them; the ids.
  /// Unfinished runs and those with unknown outcomes stay whole.
  public func prune(endedBefore limit: Int64, removes: Bool) throws(JournalError) -> [String] {
    var pruned: [String] = []
    for entry in try entries().runs {
      guard entry.state == .done || entry.state == .planned, entry.tally[.unknown] == 0,
        (entry.run.endedAt ?? entry.run.startedAt) < limit
      else { continue }
      if removes || entry.state == .planned {
        discard(entry.run.id)
      } else if entry.run.mode != Self.countsOnly {
        try Journal(path: directory.journal(of: entry.run.id)).reduceToCounts()
      } else {
        continue
      }
      pruned.append(entry.run.id)
    }
    return pruned
  }

  /// The mode of a run of which nothing but its counts is left.
  public static let countsOnly = "counts"
}
