import Foundation
import SQLite
import Testing

struct DatabaseTests {
  private func memory() throws -> Database {
    let database = try Database(.memory)
    try database.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE, size REAL, data BLOB)")
    return database
  }

  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("sqlite-\(UUID().uuidString).db").path
  }

  @Test func valuesOfEveryClassComeBackAsTheyWent() throws {
    let database = try memory()
    try database.run("INSERT INTO item VALUES (?, ?, ?, ?)", .integer(.max), "né\0e", 0.25, .blob([0, 255]))
    try database.run("INSERT INTO item VALUES (?, ?, ?, ?)", .integer(.min), "", nil, .blob([]))
    var rows: [[SQLiteValue]] = []
    try database.each("SELECT * FROM item ORDER BY id DESC") { row in
      rows.append((0..<row.columnCount).map(row.value))
    }
    #expect(rows[0] == [.integer(.max), .text("né\0e"), .real(0.25), .blob([0, 255])])
    #expect(rows[1] == [.integer(.min), .text(""), .null, .blob([])])
  }

  @Test func bytesAreBoundInPlaceAndLentBack() throws {
    let database = try memory()
    let insert = try database.prepare("INSERT INTO item (name) VALUES (?)")
    let bytes = Array("in place".utf8)
    try bytes.withUnsafeBytes {
      try insert.bindText(inPlace: $0, at: 1)
      try insert.run()
    }
    let select = try database.prepare("SELECT name, size FROM item")
    #expect(try select.step())
    #expect(select.withBytes(0) { Array($0) } == bytes)
    #expect(select.isNull(1))
    #expect(select.integer(1) == nil)
    #expect(select.text(99) == nil)
    #expect(try !select.step())
  }

  @Test func aParameterThatIsNotThereIsAnError() throws {
    let database = try memory()
    let statement = try database.prepare("INSERT INTO item (name) VALUES (?)")
    #expect(throws: SQLiteError.self) { try statement.bind("x", at: 2) }
    #expect(throws: SQLiteError.self) { try statement.bind("x", at: .max) }
  }

  @Test func aBrokenStatementNamesItself() throws {
    let database = try memory()
    let error = #expect(throws: SQLiteError.self) { try database.prepare("SELEC 1") }
    #expect(error?.context == "SELEC 1")
    #expect(error?.message.contains("SELEC") == true)
    #expect(throws: SQLiteError.self) { try database.prepare("-- nothing") }
  }

  @Test func aBrokenConstraintIsTold() throws {
    let database = try memory()
    try database.run("INSERT INTO item (name) VALUES ('a')")
    let error = #expect(throws: SQLiteError.self) { try database.run("INSERT INTO item (name) VALUES ('a')") }
    #expect(error?.kind == .constraint)
    // The statement is usable again.
    try database.run("INSERT INTO item (name) VALUES (?)", "b")
    #expect(try database.firstInteger("SELECT count(*) FROM item") == 2)
  }

  @Test func aTransactionIsWholeOrNothing() throws {
    struct Stop: Error {}
    let database = try memory()
    try database.transaction { try database.run("INSERT INTO item (name) VALUES ('kept')") }
    #expect(throws: Stop.self) {
      try database.transaction {
        try database.run("INSERT INTO item (name) VALUES ('gone')")
        throw Stop()
      }
    }
    #expect(!database.isInTransaction)
    #expect(try database.first("SELECT group_concat(name) FROM item") == "kept")
  }

  @Test func oneTextMayBeUsedInsideItself() throws {
    let database = try memory()
    for name in ["a", "b"] { try database.run("INSERT INTO item (name) VALUES (?)", .text(name)) }
    var pairs: [String] = []
    let sql = "SELECT name FROM item ORDER BY id"
    try database.each(sql) { outer throws(SQLiteError) in
      try database.each(sql) { inner in pairs.append((outer.text(0) ?? "") + (inner.text(0) ?? "")) }
    }
    #expect(pairs == ["aa", "ab", "ba", "bb"])
  }

  @Test func changesAndRowsAreCounted() throws {
    let database = try memory()
    try database.execute("INSERT INTO item (name) VALUES ('a'), ('b'), ('c')")
    #expect(database.lastInsertedRow == 3)
    try database.run("DELETE FROM item WHERE id > ?", 1)
    #expect(database.changes == 2)
    #expect(try database.firstInteger("SELECT id FROM item WHERE id = 99") == nil)
  }

  @Test func aClosedDatabaseSaysSo() throws {
    let database = try memory()
    let statement = try database.prepare("SELECT 1")
    database.close()
    #expect(throws: SQLiteError.self) { try database.execute("SELECT 1") }
    #expect(throws: SQLiteError.self) { try statement.step() }
    #expect(!database.isInTransaction)
  }

  @Test func aFileKeepsWhatWasCommitted() throws {
    let path = temporaryPath()
    defer {
      for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
    do {
      let database = try Database(.file(path: path))
      try database.setPragma("journal_mode", "WAL")
      #expect(try database.pragma("journal_mode") == "wal")
      try database.execute("CREATE TABLE t (x); INSERT INTO t VALUES (7)")
    }
    let reader = try Database(.file(path: path), mode: .readOnly)
    #expect(try reader.firstInteger("SELECT x FROM t") == 7)
    let error = #expect(throws: SQLiteError.self) { try reader.execute("INSERT INTO t VALUES (8)") }
    #expect(error?.kind == .readOnly)
  }

  @Test func aFileThatCannotBeOpenedSaysWhich() throws {
    let error = #expect(throws: SQLiteError.self) { try Database(.file(path: "/no/such/folder/x.db")) }
    #expect(error?.kind == .cannotOpen)
    #expect(error?.context == "/no/such/folder/x.db")
  }

  @Test func aFileThatIsNoDatabaseIsTold() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(repeating: 0x41, count: 4_096).write(to: URL(fileURLWithPath: path))
    let database = try Database(.file(path: path))
    let error = #expect(throws: SQLiteError.self) { try database.execute("CREATE TABLE t (x)") }
    #expect(error?.kind == .notADatabase)
  }

  @Test func aLockHeldElsewhereIsBusyAfterTheTimeout() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = try Database(.file(path: path))
    let second = try Database(.file(path: path), busyTimeout: 1)
    try first.execute("CREATE TABLE t (x); BEGIN IMMEDIATE")
    let error = #expect(throws: SQLiteError.self) { try second.transaction {} }
    #expect(error?.kind == .busy)
  }

  @Test func aFullStoreIsToldAndRolledBack() throws {
    let database = try memory()
    try database.setPragma("max_page_count", "8")
    let error = #expect(throws: SQLiteError.self) {
      try database.transaction {
        for _ in 0..<64 { try database.run("INSERT INTO item (data) VALUES (zeroblob(4096))") }
      }
    }
    #expect(error?.kind == .full)
    #expect(!database.isInTransaction)
    #expect(try database.firstInteger("SELECT count(*) FROM item") == 0)
  }
}
