import CSQLite

/// The handle that a database and its statements share; it closes when the last of them goes.
final class Connection {
  private(set) var handle: OpaquePointer?

  init(path: String, flags: Int32, busyTimeout: Int32) throws(SQLiteError) {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, flags, nil)
    guard code == SQLITE_OK, let opened else {
      // A handle comes even with a failure, to carry the message, and must be closed.
      let message = opened.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
      sqlite3_close_v2(opened)
      throw SQLiteError(code: code, message: message ?? "cannot open", context: path)
    }
    handle = opened
    sqlite3_busy_timeout(opened, busyTimeout)
  }

  deinit { sqlite3_close_v2(handle) }

  /// SQLite itself keeps the connection alive until the last statement is finalized.
  func close() {
    sqlite3_close_v2(handle)
    handle = nil
  }

  func open(for context: String) throws(SQLiteError) -> OpaquePointer {
    guard let handle else { throw Self.closed(context) }
    return handle
  }

  static func closed(_ context: String) -> SQLiteError {
    SQLiteError(code: SQLITE_MISUSE, message: "the database is closed", context: context)
  }

  func error(_ code: Int32, context: String) -> SQLiteError {
    guard let handle else { return Self.closed(context) }
    let extended = sqlite3_extended_errcode(handle)
    let message = sqlite3_errmsg(handle).map { String(cString: $0) } ?? "unknown error"
    // The connection's own error is that of its latest call, which may be another one.
    let exact = extended & 0xff == code & 0xff ? extended : code
    return SQLiteError(code: exact, message: message, context: context)
  }
}
