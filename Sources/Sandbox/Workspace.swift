import Glibc
import JSON
import SQLite

/// One workspace: its store, its clock, its rules.
///
/// Owned by the server's event loop and used on its thread alone. What each resource answers stands in the
/// extensions by resource.
final class Workspace {
  private(set) var database: Database
  let configuration: SandboxConfiguration
  var clock: WorkspaceClock
  private(set) var timeZone: TimeZoneRule
  private(set) var identity: WorkspaceIdentity
  /// Where the records come from.
  private(set) var seedKind: SeedKind
  var workspaceID: String { identity.workspaceID }
  var contactIDs: HexIdentifier { identity.contacts }
  var companyIDs: HexIdentifier { identity.companies }
  var segmentIDs: HexIdentifier { identity.segments }
  /// Raised when nobody needs what is being made ready.
  let stop: StopFlag

  /// How many records match, by condition; forgotten at each write.
  private var counts: [String: Int64] = [:]
  /// Searches that were answered out of columns, the latest last; forgotten at each write.
  private var matches: [(condition: String, set: ContactSet, count: Int64)] = []
  private var columns: ContactColumns?
  /// The one open scroll of companies.
  var scroll: CompanyScroll?
  /// Those of custom attributes that are there.
  var attributeIndexes: Set<String> = []
  /// Those of columns that were not indexed with the seed.
  private var preparedColumns: Set<String> = []
  /// Ticket types as they stand in answers, by number; negative: without their states.
  var typeTexts: [Int64: [UInt8]] = [:]
  /// The address that links in answers begin with.
  var baseAddress = ""
  /// The present of the seed: ages are told from it.
  private(set) var seededAt: Int64

  init(_ configuration: SandboxConfiguration, stop: StopFlag = StopFlag()) throws {
    self.configuration = configuration
    self.stop = stop
    clock = WorkspaceClock(configuration.clock)
    seededAt = clock.now
    let name = configuration.timeZone ?? TimeZoneRule.utc.name
    guard let zone = TimeZoneRule.named(name) else { throw SandboxError.unknownTimeZone(name) }
    timeZone = zone
    guard ["us", "eu", "au"].contains(configuration.region) else {
      throw SandboxError.unknownRegion(configuration.region)
    }
    database = try Self.open(configuration)
    // One store, one make of ids, whatever it is opened with.
    identity = WorkspaceIdentity(seed: configuration.seedNumber)
    seedKind = .seed(configuration.seed)
  }

  /// From so many contacts on, a workspace "in memory" lies in a nameless temporary file, which the kernel
  /// drops with the process: 100,000 contacts would fill 150 MB of memory.
  private static let memoryLimit = 20_000

  /// The rest is in the kernel's cache, a copy away.
  private static let cachedKilobytes = 16_384

  private static func open(_ configuration: SandboxConfiguration) throws -> Database {
    switch configuration.location {
    case .memory:
      guard case .synthetic(let count) = configuration.seed, count > memoryLimit else {
        let database = try Database(.memory)
        try database.setPragma("temp_store", "MEMORY")
        return database
      }
      // SQLite's name for such a file is no name.
      let database = try Database(.file(path: ""))
      try database.setPragma("journal_mode", "MEMORY")
      try database.setPragma("synchronous", "OFF")
      try database.setPragma("cache_size", String(-cachedKilobytes))
      return database
    case .file(let path): return try served(path)
    }
  }

  /// Opens a store to serve it, or makes an empty file where there is none.
  private static func served(_ path: String) throws -> Database {
    do {
      let database = try Database(.file(path: path))
      // One server at a time: numbers that are given out once live in its memory.
      try database.setPragma("locking_mode", "EXCLUSIVE")
      // A killed process loses nothing that was answered: the pages are the kernel's by then. Only a
      // crash of the machine may lose the last answers, which a rehearsal can bear.
      try database.setPragma("journal_mode", "WAL")
      try database.setPragma("synchronous", "NORMAL")
      try database.setPragma("cache_size", String(-cachedKilobytes))
      let version = try database.pragma("user_version").flatMap { Int64($0) } ?? 0
      guard version == 0 || version == Schema.version else {
        throw SandboxError.store(path: path, reason: "it is of format \(version), not \(Schema.version)")
      }
      if version == 0, try database.firstInteger("SELECT count(*) FROM sqlite_master") != 0 {
        throw SandboxError.store(path: path, reason: "it is a database, but no sandbox's")
      }
      return database
    } catch let error as SQLiteError where error.kind == .busy || error.kind == .locked {
      throw SandboxError.store(path: path, reason: "another sandbox serves it")
    } catch let error as SQLiteError {
      throw SandboxError.store(path: path, reason: error.message)
    }
  }

  /// Runs `fill` on a new store beside `path`, which becomes the one at `path` when it is whole: what was
  /// cut short leaves no half store behind, and nothing need be written twice to be safe.
  private func make(_ path: String, _ fill: () throws -> Void) throws {
    let making = path + ".making"
    func remove(_ path: String) { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) } }
    remove(making)
    database.close()
    do {
      database = try Database(.file(path: making))
      for (name, value) in [("journal_mode", "OFF"), ("synchronous", "OFF"), ("locking_mode", "EXCLUSIVE")] {
        try database.setPragma(name, value)
      }
      // Sorting for an index spills to disk by the size of the cache.
      try database.setPragma("cache_size", String(-4 * Self.cachedKilobytes))
      try fill()
      database.close()
    } catch {
      database.close()
      remove(making)
      throw error
    }
    remove(path)
    guard rename(making, path) == 0 else {
      throw SandboxError.store(path: path, reason: String(cString: strerror(errno)))
    }
    database = try Self.served(path)
  }

  /// Makes tables and records unless the store has them.
  func prepare() throws {
    if try database.pragma("user_version") == String(Schema.version) { return try open() }
    func fill() throws {
      database.obey(stop)
      defer { database.obey(nil) }
      try database.execute(Schema.tables)
      try seed()
      try database.setPragma("user_version", String(Schema.version))
    }
    guard case .file(let path) = configuration.location else { return try fill() }
    try make(path, fill)
  }

  /// Makes a store of the records that `body` brings.
  func prepare(importing pseudonyms: Pseudonyms?, _ body: (WorkspaceImport) throws -> Void) throws {
    guard case .file(let path) = configuration.location else { return }
    seedKind = .pulled
    try make(path) {
      try database.execute(Schema.tables)
      try database.transaction {
        let records = try WorkspaceImport(self, pseudonyms: pseudonyms)
        try body(records)
        try records.finish()
        try keepSettings()
      }
      try index()
      try database.setPragma("user_version", String(Schema.version))
    }
  }

  /// What a store says of itself counts for more than what it is opened with.
  private func open() throws {
    seededAt = try setting("seeded at").flatMap { Int64($0) } ?? seededAt
    if let number = try setting("seed number").flatMap({ UInt64($0) }) {
      identity = WorkspaceIdentity(seed: number)
    }
    seedKind = try setting("seed").flatMap(SeedKind.init(text:)) ?? seedKind
    if let name = try setting("time zone"), configuration.timeZone == nil {
      timeZone = TimeZoneRule.named(name) ?? timeZone
    }
  }

  private func seed() throws {
    seededAt = clock.now
    try database.transaction {
      try Seeding(self).run()
      try keepSettings()
    }
    try index()
  }

  private func keepSettings() throws {
    try set("seeded at", String(seededAt))
    try set("seed", seedKind.text)
    try set("seed number", String(identity.seed))
    try set("time zone", timeZone.name)
  }

  /// Sorting all at once is faster than finding the place of each row.
  func index() throws {
    for sql in Schema.indexes { try database.execute(sql) }
    try indexDeclaredAttributes()
    for sql in Schema.tallies { try database.execute(sql) }
    for trigger in Schema.triggers { try database.execute(trigger.sql) }
  }

  /// Sees to it that a column of contacts is indexed and tallied before a search relies on that.
  func prepare(_ column: ContactColumn) throws {
    guard !column.isEager, !preparedColumns.contains(column.index) else { return }
    // The index stands for both: they come together.
    let isThere = try database.firstInteger(
      "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?", .text(column.index))
    if isThere == nil {
      try database.transaction {
        try database.execute(column.indexSQL)
        if let tally = Schema.tally(column) { try database.execute(tally) }
      }
    }
    preparedColumns.insert(column.index)
  }

  /// The index of a column, if it is there already.
  func index(of column: ContactColumn) -> String? {
    column.isEager || preparedColumns.contains(column.index) ? column.index : nil
  }

  /// Takes the records out, and what is made of them; the ledger stays.
  func clear() throws {
    for trigger in Schema.triggers { try database.execute("DROP TRIGGER IF EXISTS \(trigger.name)") }
    var indexes: [String] = []
    try database.each("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL") { row in
      indexes.append(row.text(0) ?? "")
    }
    // Those that were made with the tables stay.
    preparedColumns = []
    let made = Set(
      (Schema.indexes + ContactColumn.all.map(\.indexSQL)).compactMap {
        $0.split(separator: " ").dropFirst(2).first.map(String.init)
      })
    for name in indexes where made.contains(name) || name.hasPrefix(Self.attributeIndexPrefix) {
      try database.execute("DROP INDEX \(name)")
    }
    attributeIndexes = []
    columns = nil
    database.note(nil)
    for table in Schema.recordTables { try database.execute("DELETE FROM \(table)") }
    scroll = nil
    forgetCounts()
    forgetTypes()
  }

  /// Back to the state that the seed makes. The ledger is kept.
  func reset() throws {
    guard case .seed = seedKind else { throw SandboxError.pulled }
    try clear()
    try seed()
    forgetTypes()
  }

  // MARK: Counting

  func forgetCounts() {
    if !counts.isEmpty { counts.removeAll(keepingCapacity: true) }
    if !matches.isEmpty { matches.removeAll() }
  }

  /// The contacts that a search finds, out of columns in memory; nil if the store answers it as well.
  func matches(_ query: SearchQuery, _ condition: SQLCondition, sorted: Bool = false) throws -> (
    set: ContactSet, count: Int64
  )? {
    let key = condition.key
    if let known = matches.first(where: { $0.condition == key }) { return (known.set, known.count) }
    let columns = try self.columns ?? ContactColumns(database)
    // What was written before it was made is not named to it, should it be rolled back.
    if !database.isInTransaction { self.columns = columns }
    try columns.refresh()
    let translation = SearchTranslation(resource: .contacts, workspace: self)
    guard let set = try ContactMatches(translation: translation, columns: columns).set(query, sorted: sorted)
    else {
      return nil
    }
    if matches.count == Self.keptMatches { matches.removeFirst() }
    matches.append((key, set, set.count))
    return (set, set.count)
  }

  /// The first members of a set in an order, out of a column in memory; nil if only the store can tell.
  func sorted(_ set: ContactSet, _ order: SortOrder, _ cursor: PageCursor?, _ bound: Int64?, limit: Int)
    throws
    -> [Int64]?
  {
    guard let columns, let column = order.column.flatMap({ ContactColumn.byName[$0] }) else { return nil }
    try columns.refresh()
    return try columns.first(
      of: set, by: column, index: index(of: column), order, after: cursor, number: bound, limit: limit)
  }

  /// Each takes an eighth of a byte for a contact.
  private static let keptMatches = 8

  func count(_ table: String, _ condition: SQLCondition) throws -> Int64 {
    let key = "\(table) \(condition.key)"
    if let known = counts[key] { return known }
    let shorter = condition.plan?.count
    let statement = try database.prepare(
      shorter.map { "SELECT \($0.sql)" } ?? "SELECT count(*) FROM \(table) WHERE \(condition.sql)")
    try statement.bind(shorter?.values ?? condition.values)
    defer { statement.reset() }
    let count = try statement.step() ? statement.integer(0) ?? 0 : 0
    if counts.count > 256 { counts.removeAll() }
    counts[key] = count
    return count
  }

  // MARK: Settings and numbers

  func setting(_ name: String) throws -> String? {
    try database.first("SELECT CAST(value AS TEXT) FROM setting WHERE name = ?", .text(name))?.textValue
  }

  func set(_ name: String, _ value: String) throws {
    try database.run("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", .text(name), .text(value))
  }

  /// The next free number of a series; each is given once, also across restarts.
  func nextNumber(_ series: String, first: Int64 = 1) throws -> Int64 {
    let statement = try database.prepare(
      """
      INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + 1
      RETURNING value
      """)
    try statement.bind([.text("next " + series), .integer(first)])
    defer { statement.reset() }
    let number = try statement.step() ? statement.integer(0) ?? first : first
    // The statement must run to its end, or it holds the transaction open.
    while try statement.step() {}
    return number
  }

  /// `number` is the last one given.
  func setLastNumber(_ series: String, _ number: Int64) throws {
    try database.run(
      "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", .text("next " + series), .integer(number))
  }
}
