import CSQLite

/// A prepared statement: parameters count from 1, columns from 0, as in SQLite itself.
///
/// Column bytes are SQLite's own memory: they live until the next `step`, `reset` or bind.
/// A column or parameter that is not there is an error (bind) or null (read), never a trap.
public final class Statement {
  public let sql: String
  let handle: OpaquePointer
  /// Keeps the connection open for as long as the statement lives.
  private let connection: Connection
  public let columnCount: Int

  init(sql: String, connection: Connection) throws(SQLiteError) {
    let open = try connection.open(for: sql)
    var prepared: OpaquePointer?
    let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
    let result = sqlite3_prepare_v3(open, sql, -1, flags, &prepared, nil)
    guard result == SQLITE_OK else { throw connection.error(result, context: sql) }
    // Text without a statement (empty, or a comment alone) prepares to nothing.
    guard let prepared else {
      throw SQLiteError(code: SQLITE_MISUSE, message: "there is no statement in the text", context: sql)
    }
    self.sql = sql
    self.connection = connection
    handle = prepared
    columnCount = Int(sqlite3_column_count(prepared))
  }

  deinit { sqlite3_finalize(handle) }

  var isBusy: Bool { sqlite3_stmt_busy(handle) != 0 }

  // MARK: Running

  /// Goes to the next row; false at the end. After an error or the end the statement is reset.
  public func step() throws(SQLiteError) -> Bool {
    _ = try connection.open(for: sql)
    switch sqlite3_step(handle) {
    case SQLITE_ROW:
      return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    case let code:
      let error = connection.error(code, context: sql)
      sqlite3_reset(handle)
      throw error
    }
  }

  /// Runs to the end, for statements without rows of interest.
  public func run() throws(SQLiteError) {
    while try step() {}
  }

  /// Binds the values in order, runs to the end, forgets the values.
  public func run(_ values: SQLiteValue...) throws(SQLiteError) {
    try bind(values)
    defer { reset() }
    try run()
  }

  /// Makes the statement ready to run again and forgets what was bound.
  public func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  // MARK: Binding

  public func bind(_ values: [SQLiteValue]) throws(SQLiteError) {
    reset()
    var index = 1
    for value in values {
      try bind(value, at: index)
      index += 1
    }
  }

  public func bind(_ value: SQLiteValue, at index: Int) throws(SQLiteError) {
    switch value {
    case .null: try bindNull(at: index)
    case .integer(let number): try bind(number, at: index)
    case .real(let number): try bind(number, at: index)
    case .text(let text): try bind(text, at: index)
    case .blob(let bytes): try bindBlob(bytes, at: index)
    }
  }

  public func bindNull(at index: Int) throws(SQLiteError) {
    try check(sqlite3_bind_null(handle, Int32(clamping: index)))
  }

  public func bind(_ value: Int64?, at index: Int) throws(SQLiteError) {
    guard let value else { return try bindNull(at: index) }
    try check(sqlite3_bind_int64(handle, Int32(clamping: index), value))
  }

  public func bind(_ value: Double, at index: Int) throws(SQLiteError) {
    try check(sqlite3_bind_double(handle, Int32(clamping: index), value))
  }

  /// Copies the text (one copy, by SQLite).
  public func bind(_ value: String?, at index: Int) throws(SQLiteError) {
    guard let value else { return try bindNull(at: index) }
    var text = value
    let code = text.withUTF8 { buffer in
      bindText(UnsafeRawBufferPointer(buffer), at: index, lifetime: Self.copied)
    }
    try check(code)
  }

  /// Copies UTF-8 text (one copy, by SQLite). That it is UTF-8 is the caller's word.
  public func bindText(_ utf8: [UInt8], at index: Int) throws(SQLiteError) {
    try check(utf8.withUnsafeBytes { bindText($0, at: index, lifetime: Self.copied) })
  }

  /// Binds UTF-8 text where it lies, without a copy: it must stay there, unchanged, until the statement
  /// is reset or bound anew.
  public func bindText(inPlace utf8: UnsafeRawBufferPointer, at index: Int) throws(SQLiteError) {
    try check(bindText(utf8, at: index, lifetime: nil))
  }

  /// Copies the bytes (one copy, by SQLite).
  public func bindBlob(_ bytes: [UInt8], at index: Int) throws(SQLiteError) {
    let index = Int32(clamping: index)
    // An empty array may have no address, and SQLite reads an absent address as null.
    guard !bytes.isEmpty else { return try check(sqlite3_bind_zeroblob(handle, index, 0)) }
    let code = bytes.withUnsafeBytes { buffer in
      sqlite3_bind_blob64(handle, index, buffer.baseAddress, UInt64(buffer.count), Self.copied)
    }
    try check(code)
  }

  private func bindText(
    _ buffer: UnsafeRawBufferPointer, at index: Int, lifetime: sqlite3_destructor_type?
  ) -> Int32 {
    let index = Int32(clamping: index)
    guard let base = buffer.bindMemory(to: CChar.self).baseAddress, !buffer.isEmpty else {
      return sqlite3_bind_text(handle, index, "", 0, nil)
    }
    return sqlite3_bind_text64(handle, index, base, UInt64(buffer.count), lifetime, UInt8(SQLITE_UTF8))
  }

  /// SQLITE_TRANSIENT, a cast that the importer leaves out (https://www.sqlite.org/c3ref/c_static.html).
  private static var copied: sqlite3_destructor_type? {
    unsafeBitCast(-1, to: sqlite3_destructor_type?.self)
  }

  private func check(_ code: Int32) throws(SQLiteError) {
    if code != SQLITE_OK { throw connection.error(code, context: sql) }
  }

  // MARK: Columns of the present row

  public func isNull(_ column: Int) -> Bool {
    sqlite3_column_type(handle, Int32(clamping: column)) == SQLITE_NULL
  }

  /// The column as an integer; nil for null.
  public func integer(_ column: Int) -> Int64? {
    isNull(column) ? nil : sqlite3_column_int64(handle, Int32(clamping: column))
  }

  public func real(_ column: Int) -> Double? {
    isNull(column) ? nil : sqlite3_column_double(handle, Int32(clamping: column))
  }

  public func text(_ column: Int) -> String? {
    isNull(column) ? nil : withBytes(column) { String(decoding: $0, as: UTF8.self) }
  }

  public func bytes(_ column: Int) -> [UInt8]? {
    isNull(column) ? nil : withBytes(column) { [UInt8]($0) }
  }

  /// Lends the bytes of a text or blob column; empty for null.
  public func withBytes<Result>(
    _ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let column = Int32(clamping: column)
    // The address first: asking for it may convert the value, which changes the length.
    let base = sqlite3_column_blob(handle, column)
    let count = Int(sqlite3_column_bytes(handle, column))
    return try body(UnsafeRawBufferPointer(start: base, count: base == nil ? 0 : count))
  }

  /// The column in its own storage class.
  public func value(_ column: Int) -> SQLiteValue {
    switch sqlite3_column_type(handle, Int32(clamping: column)) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, Int32(clamping: column)))
    case SQLITE_FLOAT: .real(sqlite3_column_double(handle, Int32(clamping: column)))
    case SQLITE_TEXT: .text(text(column) ?? "")
    case SQLITE_BLOB: .blob(bytes(column) ?? [])
    default: .null
    }
  }
}
