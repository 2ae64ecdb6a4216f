import Glibc
import SQLite

/// A run's file, open for writing: the only connection that writes or checkpoints it. One owner, one thread.
///
/// Journal mode is WAL with `synchronous=FULL`: a commit is on disk when it returns.
public final class Journal: RunLog {
  let database: Database
  public let path: String
  private var isOpen = true

  /// Makes the file of a new run (mode 0600) and its row.
  public static func create(_ run: RunRow, at path: String) throws(JournalError) -> Journal {
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOSPC { throw .diskFull(path: path) }
      throw .directory(path: path, reason: String(cString: strerror(code)))
    }
    Glibc.close(descriptor)
    let journal = try Journal(path: path)
    try journal.writing { () throws(SQLiteError) in
      try journal.database.execute("BEGIN IMMEDIATE")
      try journal.database.execute(JournalSchema.text)
      try journal.insert(run)
      try journal.database.execute("COMMIT")
    }
    return journal
  }

  /// Opens the file of a run that exists.
  public init(path: String) throws(JournalError) {
    self.path = path
    do throws(SQLiteError) {
      database = try Database(.file(path: path), mode: .readWrite)
      try database.setPragma("journal_mode", "WAL")
      try database.setPragma("synchronous", "FULL")
      // What is erased is overwritten: an erasure must not live on in free pages.
      try database.setPragma("secure_delete", "ON")
      // Used by macOS alone, where fsync does not reach the disk.
      try database.setPragma("fullfsync", "1")
      try database.setPragma("checkpoint_fullfsync", "1")
    } catch {
      throw JournalError(error, path: path)
    }
  }

  deinit { close() }

  /// Nothing that was erased stays behind in the log beside the file, whoever still has the file open to read.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    emptyLog()
    database.close()
  }

  /// Takes what is committed into the file, where erasing overwrites, and empties the log. A reader in the
  /// middle of its rows is waited for; what it holds up is left to the next time.
  private func emptyLog() { try? database.execute("PRAGMA wal_checkpoint(TRUNCATE)") }

  func writing(_ body: () throws(SQLiteError) -> Void) throws(JournalError) {
    do throws(SQLiteError) {
      try body()
    } catch {
      // A full disk may have rolled back by itself.
      if database.isInTransaction { try? database.execute("ROLLBACK") }
      throw JournalError(error, path: path)
    }
  }

  public func commit(_ changes: [JournalChange]) throws(JournalError) {
    try writing { () throws(SQLiteError) in
      try database.execute("BEGIN IMMEDIATE")
      for change in changes { try apply(change) }
      try database.execute("COMMIT")
    }
    // Before the first erasing write is sent, not only when the run is over.
    if changes.contains(where: { $0.isForgetting }) { emptyLog() }
  }

  /// A file of its own with all that is committed, for a plan that is handed on.
  public func copy(to other: String) throws(JournalError) {
    let quoted = other.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    try writing { () throws(SQLiteError) in try database.execute("VACUUM INTO '\(quoted)'") }
  }

  /// Leaves how many items and writes there were, and in what states: no key, no id, no text.
  public func reduceToCounts() throws(JournalError) {
    try writing { () throws(SQLiteError) in
      try database.execute(
        """
        BEGIN IMMEDIATE;
        UPDATE item SET key = 'item ' || no, ref = NULL, record = NULL, version = NULL, message = NULL,
          request_id = NULL, note = NULL;
        UPDATE log SET target = NULL, request = NULL, written = NULL, before = NULL, message = NULL,
          request_id = NULL, result = NULL, created = NULL, ids = NULL;
        DELETE FROM log WHERE kind = 'read';
        DELETE FROM touched;
        UPDATE run SET program = '', modules = '[]', params = '{}', mode = 'counts';
        COMMIT;
        """)
      try database.execute("VACUUM")
    }
  }

  /// A connection that sees what is committed.
  public func reader() throws(JournalError) -> JournalReader { try JournalReader(path: path) }
}
