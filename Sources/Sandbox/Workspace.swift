import JSON
import SQLite

/// One workspace: its store, its clock, its rules.
///
/// Owned by the server's event loop and used on its thread alone. What each resource answers stands in the
/// extensions by resource.
final class Workspace {
  let database: Database
  let configuration: SandboxConfiguration
  var clock: WorkspaceClock
  let timeZone: TimeZoneRule
  let workspaceID: String
  let contactIDs: HexIdentifier
  let companyIDs: HexIdentifier
  let segmentIDs: HexIdentifier

  /// How many records match, by condition; forgotten at each write.
  private var counts: [String: Int64] = [:]
  /// The one open scroll of companies.
  var scroll: CompanyScroll?
  /// Ticket types as they stand in answers, by number; negative: without their states.
  var typeTexts: [Int64: [UInt8]] = [:]
  /// The address that links in answers begin with.
  var baseAddress = ""
  /// The present of the seed: ages are told from it.
  private(set) var seededAt: Int64

  init(_ configuration: SandboxConfiguration) throws {
    self.configuration = configuration
    clock = WorkspaceClock(configuration.clock)
    seededAt = clock.now
    guard let zone = TimeZoneRule.named(configuration.timeZone) else {
      throw SandboxError.unknownTimeZone(configuration.timeZone)
    }
    timeZone = zone
    guard ["us", "eu", "au"].contains(configuration.region) else {
      throw SandboxError.unknownRegion(configuration.region)
    }
    database = try Self.open(configuration)
    let seed = configuration.seedNumber
    contactIDs = HexIdentifier(seed: seed, family: .contact)
    companyIDs = HexIdentifier(seed: seed, family: .company)
    segmentIDs = HexIdentifier(seed: seed, family: .segment)
    var randomness = Randomness(seed, stream: 0xA11)
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    workspaceID = String((0..<8).map { _ in randomness.pick(letters, default: "a") })
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
    case .file(let path):
      do {
        let database = try Database(.file(path: path))
        // A killed process loses nothing that was answered: the pages are the kernel's by then. Only a
        // crash of the machine may lose the last answers, which a rehearsal can bear.
        try database.setPragma("journal_mode", "WAL")
        try database.setPragma("synchronous", "NORMAL")
        try database.setPragma("cache_size", String(-cachedKilobytes))
        let version = try database.pragma("user_version").flatMap { Int64($0) } ?? 0
        guard version == 0 || version == Schema.version else {
          throw SandboxError.store(path: path, reason: "it is of format \(version), not \(Schema.version)")
        }
        return database
      } catch let error as SQLiteError {
        throw SandboxError.store(path: path, reason: error.message)
      }
    }
  }

  /// Makes tables and records unless the store has them.
  func prepare() throws {
    if try database.pragma("user_version") == String(Schema.version) {
      seededAt = try database.firstInteger("SELECT value FROM setting WHERE name = 'seeded at'") ?? seededAt
      return
    }
    try database.execute(Schema.tables)
    try seed()
    // Last, so that a store whose making was cut short is not taken for a whole one.
    try database.setPragma("user_version", String(Schema.version))
  }

  private func seed() throws {
    seededAt = clock.now
    try database.transaction {
      try Seeding(self).run()
      try database.run("INSERT INTO setting (name, value) VALUES ('seeded at', ?)", .integer(seededAt))
    }
    // Sorting all at once is faster than finding the place of each row.
    try database.execute(Schema.indexes)
  }

  /// Back to the state that the seed makes. The ledger is kept.
  func reset() throws {
    for name in Schema.indexNames { try database.execute("DROP INDEX IF EXISTS \(name)") }
    for table in Schema.recordTables { try database.execute("DELETE FROM \(table)") }
    try seed()
    scroll = nil
    forgetCounts()
    forgetTypes()
  }

  // MARK: Counting

  func forgetCounts() { if !counts.isEmpty { counts.removeAll(keepingCapacity: true) } }

  func count(_ table: String, _ condition: SQLCondition) throws -> Int64 {
    let key = "\(table) \(condition.sql) \(condition.values)"
    if let known = counts[key] { return known }
    let statement = try database.prepare("SELECT count(*) FROM \(table) WHERE \(condition.sql)")
    try statement.bind(condition.values)
    defer { statement.reset() }
    let count = try statement.step() ? statement.integer(0) ?? 0 : 0
    if counts.count > 256 { counts.removeAll() }
    counts[key] = count
    return count
  }

  // MARK: Settings and numbers

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
