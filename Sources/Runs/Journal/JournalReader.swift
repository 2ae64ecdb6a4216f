import SQLite

/// Reads a run's file through a connection of its own that never writes.
public final class JournalReader: RunStore {
  let database: Database
  let path: String

  public init(path: String) throws(JournalError) {
    self.path = path
    do throws(SQLiteError) {
      database = try Database(.file(path: path), mode: .readOnly)
      let version = try database.firstInteger("PRAGMA user_version") ?? 0
      if version != Int64(JournalSchema.version) {
        throw SQLiteError(code: -1, message: "\(version)", context: nil)
      }
    } catch {
      guard error.code == -1, let found = Int(error.message) else { throw JournalError(error, path: path) }
      guard found > JournalSchema.version else {
        throw .unreadable(path: path, reason: "it has no tables of a run")
      }
      throw .version(path: path, found: found)
    }
  }

  private func reading<T>(_ body: () throws(SQLiteError) -> T) throws(JournalError) -> T {
    do throws(SQLiteError) { return try body() } catch { throw JournalError(error, path: path) }
  }

  private func damaged(_ what: String) -> JournalError { .unreadable(path: path, reason: what) }

  // MARK: Run and steps

  public func run() throws(JournalError) -> RunRow {
    var row: RunRow?
    try reading { () throws(SQLiteError) in
      try database.each("SELECT * FROM run") { s in row = Self.runRow(s) }
    }
    guard let row else { throw damaged("it has no run") }
    return row
  }

  public func steps() throws(JournalError) -> [StepRow] {
    var rows: [StepRow] = []
    try reading { () throws(SQLiteError) in
      try database.each("SELECT * FROM step ORDER BY no") { s in
        if let row = Self.stepRow(s) { rows.append(row) }
      }
    }
    return rows
  }

  // MARK: Items

  public func items(step: Int, after: Int, states: [ItemState], limit: Int) throws(JournalError)
    -> [ItemRow]
  {
    let marks = states.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    let sql = "SELECT * FROM item WHERE step = ? AND no > ? AND state IN (\(marks)) ORDER BY no LIMIT ?"
    return try items(sql, .integer(Int64(step)), .integer(Int64(after)), .integer(Int64(limit)))
  }

  public func item(step: Int, no: Int) throws(JournalError) -> ItemRow? {
    try items(
      "SELECT * FROM item WHERE step = ? AND no = ? AND ?", .integer(Int64(step)), .integer(Int64(no)), 1
    ).first
  }

  public func item(step: Int, key: String) throws(JournalError) -> ItemRow? {
    try items("SELECT * FROM item WHERE step = ? AND key = ? AND ?", .integer(Int64(step)), .text(key), 1)
      .first
  }

  private func items(_ sql: String, _ a: SQLiteValue, _ b: SQLiteValue, _ c: SQLiteValue)
    throws(JournalError) -> [ItemRow]
  {
    var rows: [ItemRow] = []
    var isWhole = true
    try reading { () throws(SQLiteError) in
      try database.each(sql, a, b, c) { s in
        if let row = Self.itemRow(s) { rows.append(row) } else { isWhole = false }
      }
    }
    guard isWhole else { throw damaged("an item's row has values that no version writes") }
    return rows
  }

  public func tally(step: Int?) throws(JournalError) -> Tally {
    var tally = Tally()
    try reading { () throws(SQLiteError) in
      try database.each(
        "SELECT state, count(*) FROM item WHERE ?1 IS NULL OR step = ?1 GROUP BY state",
        .optional(step.map(Int64.init))
      ) { s in
        if let state = s.text(0).flatMap(ItemState.init) { tally[state] = Int(s.integer(1) ?? 0) }
      }
    }
    return tally
  }

  // MARK: Log

  public func log(step: Int, item: Int) throws(JournalError) -> [LogRow] {
    try entries(
      "SELECT * FROM log WHERE step = ? AND item = ? AND seq > ? ORDER BY seq", .integer(Int64(step)),
      .integer(Int64(item)), 0)
  }

  public func entry(_ id: EntryID) throws(JournalError) -> LogRow? {
    try entries(
      "SELECT * FROM log WHERE step = ? AND item = ? AND seq = ?", .integer(Int64(id.step)),
      .integer(Int64(id.item)), .integer(Int64(id.seq))
    ).first
  }

  private func entries(_ sql: String, _ a: SQLiteValue, _ b: SQLiteValue, _ c: SQLiteValue)
    throws(JournalError) -> [LogRow]
  {
    var rows: [LogRow] = []
    var isWhole = true
    try reading { () throws(SQLiteError) in
      try database.each(sql, a, b, c) { s in
        if let row = Self.logRow(s) { rows.append(row) } else { isWhole = false }
      }
    }
    guard isWhole else { throw damaged("an entry of the log has values that no version writes") }
    return rows
  }

  /// Every write of the run, in order: for tests and small runs.
  func allWrites() throws(JournalError) -> [LogRow] {
    var rows: [LogRow] = []
    try eachWrite { rows.append($0) }
    return rows
  }

  /// A write of the step has been on its way.
  public func hasIntents(step: Int) throws(JournalError) -> Bool {
    try reading { () throws(SQLiteError) in
      try database.firstInteger(
        "SELECT 1 FROM log WHERE step = ? AND attempt > 0 LIMIT 1", .integer(Int64(step))) ?? 0
    } > 0
  }

  /// Operations that have destroyed something.
  func destroyers() throws(JournalError) -> [String] {
    var names: [String] = []
    try reading { () throws(SQLiteError) in
      try database.each("SELECT DISTINCT op FROM log WHERE effect = 'destroy' AND state = 'done' ORDER BY op")
      { s in
        if let name = s.text(0) { names.append(name) }
      }
    }
    return names
  }

  /// Calls `body` on every write of the run, the newest last.
  public func eachWrite(_ body: (LogRow) -> Void) throws(JournalError) {
    try reading { () throws(SQLiteError) in
      try database.each("SELECT * FROM log WHERE kind = 'write' ORDER BY step, item, seq") { s in
        if let row = Self.logRow(s) { body(row) }
      }
    }
  }

  public func touched(_ record: RecordRef) throws(JournalError) -> Touched? {
    var found: Touched?
    try reading { () throws(SQLiteError) in
      try database.each("SELECT version_after, at FROM touched WHERE ref = ?", .text(record.description)) {
        s in
        found = Touched(version: s.text(0), at: s.integer(1) ?? 0)
      }
    }
    return found
  }

  public func isClaimed(id: String, operation: String, except: EntryID) throws(JournalError) -> Bool {
    try reading { () throws(SQLiteError) in
      try database.firstInteger(
        """
        SELECT count(*) FROM log WHERE created = ? AND op = ?
          AND NOT (step = ? AND item = ? AND seq = ?)
        """, .text(id), .text(operation), .integer(Int64(except.step)), .integer(Int64(except.item)),
        .integer(Int64(except.seq))) ?? 0
    } > 0
  }

  public func admitted() throws(JournalError) -> (writes: Int, destroys: Int) {
    var counts = (writes: 0, destroys: 0)
    try reading { () throws(SQLiteError) in
      try database.each(
        "SELECT count(*), coalesce(sum(effect = 'destroy'), 0) FROM log WHERE kind = 'write' AND attempt > 0"
      ) { s in counts = (Int(s.integer(0) ?? 0), Int(s.integer(1) ?? 0)) }
    }
    return counts
  }

  /// Pauses, rate limits, control, verdicts: in the order they happened.
  public func events() throws(JournalError) -> [(at: Int64, kind: String, text: String)] {
    var rows: [(at: Int64, kind: String, text: String)] = []
    try reading { () throws(SQLiteError) in
      try database.each("SELECT at, kind, text FROM event ORDER BY rowid") { s in
        rows.append((s.integer(0) ?? 0, s.text(1) ?? "", s.text(2) ?? ""))
      }
    }
    return rows
  }
}
