import CSQLite

/// A connection to one SQLite database.
///
/// Not thread-safe: one owner uses it, from one thread at a time; several processes may open one file.
/// The file is closed when the last reference goes, or by `close`.
public final class Database {
  public enum Location: Sendable, Equatable {
    case memory
    case file(path: String)
  }

  public enum Mode: Sendable {
    case readOnly
    case readWrite
    case readWriteCreate
  }

  let connection: Connection
  private var cache: [String: Statement] = [:]
  /// Kept alive for the connection, which points to it.
  private var stopFlag: StopFlag?
  var noted: ChangedRows?
  public let location: Location

  /// Opens; `busyTimeout` (milliseconds) is how long to wait for another process's lock.
  public init(
    _ location: Location, mode: Mode = .readWriteCreate, busyTimeout: Int32 = 5_000
  ) throws(SQLiteError) {
    self.location = location
    let path =
      switch location {
      case .memory: ":memory:"
      case .file(let path): path
      }
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    switch mode {
    case .readOnly: flags |= SQLITE_OPEN_READONLY
    case .readWrite: flags |= SQLITE_OPEN_READWRITE
    case .readWriteCreate: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    }
    connection = try Connection(path: path, flags: flags, busyTimeout: busyTimeout)
  }

  /// Closes; statements that are still held elsewhere fail with `misuse` from now on.
  public func close() {
    obey(nil)
    note(nil)
    cache.removeAll()
    connection.close()
  }

  /// Has statements end with `interrupted` soon after the flag is raised, which may be done from any thread; nil
  /// ends that.
  public func obey(_ flag: StopFlag?) {
    guard let handle = connection.handle else { return }
    stopFlag = flag
    guard let flag else { return sqlite3_progress_handler(handle, 0, nil, nil) }
    sqlite3_progress_handler(
      handle, 10_000,
      { context in
        guard let context else { return 0 }
        return Unmanaged<StopFlag>.fromOpaque(context).takeUnretainedValue().isRaised ? 1 : 0
      }, Unmanaged.passUnretained(flag).toOpaque())
  }

  // MARK: Statements

  /// A statement out of the connection's cache, reset and without bindings. If the cached one is in the
  /// middle of its rows (a nested use of the same text), a fresh one is prepared.
  public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    if let known = cache[sql], !known.isBusy {
      known.reset()
      return known
    }
    // Texts that are built from input must not grow the cache without end.
    if cache.count >= Self.cacheLimit { cache.removeAll() }
    let statement = try Statement(sql: sql, connection: connection)
    cache[sql] = statement
    return statement
  }

  private static let cacheLimit = 512

  /// Runs one or more statements that have neither parameters nor rows of interest.
  public func execute(_ sql: String) throws(SQLiteError) {
    let handle = try connection.open(for: sql)
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    if code != SQLITE_OK { throw connection.error(code, context: sql) }
  }

  /// Runs one statement with parameters.
  public func run(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) {
    let statement = try prepare(sql)
    try statement.bind(values)
    defer { statement.reset() }
    try statement.run()
  }

  /// Calls `body` on each row.
  public func each(
    _ sql: String, _ values: SQLiteValue..., body: (Statement) throws(SQLiteError) -> Void
  ) throws(SQLiteError) {
    let statement = try prepare(sql)
    try statement.bind(values)
    defer { statement.reset() }
    while try statement.step() { try body(statement) }
  }

  /// The first column of the first row; nil if there is no row.
  public func first(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) -> SQLiteValue? {
    let statement = try prepare(sql)
    try statement.bind(values)
    defer { statement.reset() }
    return try statement.step() ? statement.value(0) : nil
  }

  /// The first column of the first row as an integer; nil if there is no row or it is null.
  public func firstInteger(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) -> Int64? {
    let statement = try prepare(sql)
    try statement.bind(values)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  // MARK: Transactions

  public enum TransactionKind: String, Sendable {
    case deferred
    case immediate
    case exclusive
  }

  /// Commits what `body` did, or rolls back if it throws or if the commit fails. Not for nesting.
  public func transaction<Result, Failure: Error>(
    _ kind: TransactionKind = .immediate, _ body: () throws(Failure) -> Result
  ) throws -> Result {
    try execute("BEGIN \(kind.rawValue)")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // A full disk or an I/O error may have rolled back already: then there is nothing to undo.
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }

  public var isInTransaction: Bool {
    guard let handle = connection.handle else { return false }
    return sqlite3_get_autocommit(handle) == 0
  }

  /// Rows changed by the latest INSERT, UPDATE or DELETE.
  public var changes: Int64 {
    guard let handle = connection.handle else { return 0 }
    return sqlite3_changes64(handle)
  }

  /// Rows changed since the connection was opened, those of transactions that were rolled back included.
  public var totalChanges: Int64 {
    guard let handle = connection.handle else { return 0 }
    return sqlite3_total_changes64(handle)
  }

  public var lastInsertedRow: Int64 {
    guard let handle = connection.handle else { return 0 }
    return sqlite3_last_insert_rowid(handle)
  }

  // MARK: Settings

  /// Sets a pragma; `name` and `value` go into the text as they are and must be the program's own.
  public func setPragma(_ name: String, _ value: String) throws(SQLiteError) {
    try execute("PRAGMA \(name) = \(value)")
  }

  /// What a pragma says now, as text.
  public func pragma(_ name: String) throws(SQLiteError) -> String? {
    // Outside the cache: a pragma's answer must not be kept busy.
    let statement = try Statement(sql: "PRAGMA \(name)", connection: connection)
    return try statement.step() ? statement.text(0) : nil
  }
}
