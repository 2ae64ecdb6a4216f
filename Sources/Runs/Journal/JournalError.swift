import SQLite

/// Why a journal cannot be read or written.
public enum JournalError: Error, Sendable, Equatable {
  /// The state directory cannot be made or written.
  case directory(path: String, reason: String)
  /// On a network file system, where locks and syncs do not hold.
  case network(path: String, system: String)
  case diskFull(path: String)
  /// A sync or write failed: nothing may be sent after it, and it is not tried again.
  case inputOutput(path: String, reason: String)
  /// Not a journal, or damaged.
  case unreadable(path: String, reason: String)
  /// Made by a later version.
  case version(path: String, found: Int)
  case noSuchRun(String)
  case illegal(IllegalTransition)
  /// The run belongs to another workspace, teammate or version.
  case bound(run: String, to: String, found: String)
  /// The workspace is being written by another run.
  case held(workspace: String, by: String)

  init(_ error: SQLiteError, path: String) {
    switch error.kind {
    case .full: self = .diskFull(path: path)
    case .corrupt, .notADatabase: self = .unreadable(path: path, reason: error.message)
    case .readOnly, .cannotOpen: self = .directory(path: path, reason: error.message)
    default: self = .inputOutput(path: path, reason: error.description)
    }
  }
}

/// Prose of the module's errors: what, why, what to do.
extension JournalError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .directory(let path, let reason):
      "the runs directory \(path) cannot be used: \(reason). Set PARLANCE_STATE to a directory that can "
        + "be written; without a journal nothing is sent."
    case .network(let path, let system):
      "\(path) lies on \(system), a network file system, where a journal is not safe. Set PARLANCE_STATE "
        + "to a directory on a local disk."
    case .diskFull(let path):
      "the disk is full: \(path) cannot be written. Sending has stopped. Free some space, then resume."
    case .inputOutput(let path, let reason):
      "the journal \(path) cannot be written: \(reason). Sending has stopped. Check the disk, then resume."
    case .unreadable(let path, let reason):
      "\(path) cannot be read as a journal: \(reason)."
    case .version(let path, let found):
      "\(path) was written by a later version (format \(found)). Use that version for this run."
    case .noSuchRun(let run):
      "there is no run \(run). `parlance runs` lists them."
    case .illegal(let change):
      "the journal has a \(change.kind) \(change.from) that cannot become \(change.to). Was it edited?"
    case .bound(let run, let to, let found):
      "the run \(run) is bound to \(to), and this is \(found)"
    case .held(let workspace, let holder):
      "the workspace \(workspace) is being written by \(holder). Wait for it, or "
        + "`parlance runs control RUN stop`."
    }
  }
}
