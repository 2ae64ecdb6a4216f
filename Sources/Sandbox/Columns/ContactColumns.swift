import SQLite

/// The columns of contacts that searches keep in memory.
///
/// One is read when a search first needs it, which takes up to a second or two over a million contacts; those that
/// were not asked for the longest make room for it. SQLite names the contacts that are written, and those are read
/// again before the next search: code that writes contacts knows nothing of this.
final class ContactColumns {
  /// Bytes of all columns together.
  private static let budget = 96 << 20
  /// So many changed contacts are read again; with more, the columns themselves are.
  private static let changeLimit = 50_000

  private let database: Database
  private let changes = ChangedRows(table: "contact", limit: ContactColumns.changeLimit)
  private(set) var live: ContactSet
  /// By the expression that the store has for it, the one asked for last at the end.
  private var loaded: [(key: String, column: any LoadedColumn)] = []

  /// Those that turned out to have too many different values for codes.
  private var many: Set<String> = []

  /// Numbers in use are below.
  private var limit: Int

  init(_ database: Database) throws(SQLiteError) {
    self.database = database
    let last = try database.firstInteger("SELECT max(n) FROM contact") ?? 0
    limit = (ColumnBlock.of(last) + 1) * ColumnBlock.rows
    live = ContactSet(limit: limit)
    try database.each("SELECT n FROM contact WHERE state = 0") { row in live.insert(row.integer(0) ?? 0) }
    database.note(changes)
  }

  /// Sees to it that what is kept is what is stored.
  func refresh() throws(SQLiteError) {
    guard !changes.isEmpty else { return }
    if changes.overflowed {
      loaded = []
      live = ContactSet(limit: limit)
      try database.each("SELECT n FROM contact WHERE state = 0") { row in live.insert(row.integer(0) ?? 0) }
    } else {
      let rows = Set(changes.rows).sorted()
      for row in rows {
        if try database.firstInteger("SELECT 1 FROM contact WHERE n = ? AND state = 0", .integer(row)) == 1 {
          live.insert(row)
        } else {
          live.remove(row)
        }
      }
      var kept: [(key: String, column: any LoadedColumn)] = []
      for (key, column) in loaded where column.replace(try values(of: key, rows)) {
        kept.append((key, column))
      }
      loaded = kept
    }
    limit = max(limit, live.words.count * 64)
    // What is still open may be rolled back, and is then to be read once more.
    if !database.isInTransaction { changes.forget() }
  }

  private func values(of key: String, _ rows: [Int64]) throws(SQLiteError) -> [(
    number: Int64, value: SQLiteValue
  )] {
    var values: [(number: Int64, value: SQLiteValue)] = []
    let sql = "SELECT \(key) FROM contact WHERE n = ? AND state = 0"
    for row in rows { values.append((row, try database.first(sql, .integer(row)) ?? .null)) }
    return values
  }

  // MARK: Columns

  /// Texts of an expression.
  func texts(_ key: String) throws(SQLiteError) -> TextColumn {
    if let known = known(key) as? TextColumn { return known }
    makeRoom(limit * 40)
    let rows = try database.prepare(
      "SELECT n, \(key) FROM contact NOT INDEXED WHERE state = 0 AND \(key) IS NOT NULL ORDER BY n")
    defer { rows.reset() }
    return keep(key, try TextColumn(rows))
  }

  /// Values of an expression that has few; nil if they are many. `index` holds those that are not null.
  func codes(_ key: String, index: String?, noCase: Bool = false) throws(SQLiteError) -> CodeColumn? {
    if let known = known(key) as? CodeColumn { return known }
    guard !many.contains(key) else { return nil }
    makeRoom(limit * 2)
    let rows = try database.prepare(select(key, index))
    defer { rows.reset() }
    guard let column = try CodeColumn(rows, limit: limit, noCase: noCase) else {
      many.insert(key)
      return nil
    }
    return keep(key, column)
  }

  func codes(_ column: ContactColumn, index: String?) throws(SQLiteError) -> CodeColumn? {
    // The index of flags has none that are not set.
    let index = if case .flag = column.values { String?.none } else { index }
    return try codes(column.name, index: index, noCase: column.isNoCase)
  }

  func numbers(_ key: String, index: String?) throws(SQLiteError) -> NumberColumn {
    if let known = known(key) as? NumberColumn { return known }
    makeRoom(limit * 8)
    let rows = try database.prepare(select(key, index))
    defer { rows.reset() }
    return keep(key, try NumberColumn(rows, limit: limit))
  }

  private func select(_ key: String, _ index: String?) -> String {
    let hint = index.map { "INDEXED BY \($0)" } ?? "NOT INDEXED"
    return "SELECT n, \(key) FROM contact \(hint) WHERE state = 0 AND \(key) IS NOT NULL"
  }

  private func known(_ key: String) -> (any LoadedColumn)? {
    guard let index = loaded.firstIndex(where: { $0.key == key }) else { return nil }
    let found = loaded.remove(at: index)
    loaded.append(found)
    return found.column
  }

  private func keep<Column: LoadedColumn>(_ key: String, _ column: Column) -> Column {
    loaded.append((key, column))
    return column
  }

  private func makeRoom(_ size: Int) {
    while !loaded.isEmpty, size + loaded.reduce(0, { $0 + $1.column.size }) > Self.budget {
      loaded.removeFirst()
    }
  }
}
