import JSON
import SQLite

/// One request as the ledger keeps it.
public struct LedgerEntry: Sendable, Equatable {
  /// Counts from 1.
  public var number: Int64
  /// Unix seconds of the workspace's clock.
  public var at: Int64
  public var method: String
  /// With the query.
  public var path: String
  /// An operationId; nil if the path is no operation's.
  public var operation: String?
  /// The status that was decided on, even if a fault kept it from the client; nil if none was.
  public var status: Int?
  /// The id of the record that it was about.
  public var target: String?
  /// FNV-1a of the body in hex; nil without a body.
  public var bodyHash: String?
  /// Whether the operation may change something.
  public var isWrite: Bool
  /// Whether it did change something: false for refusals, and for what was so already.
  public var applied: Bool
  /// What the client put into `X-Parlance-Write`: run, item and sequence.
  public var mark: String?
  public var fault: String?
}

/// The table of requests.
///
/// A write's line is written with the write, in its transaction. Lines of reads wait for the next write, or until
/// there are many of them: a line each would cost more than the read.
struct Ledger {
  let database: Database
  let keptReads: Int
  private(set) var last: Int64
  private var waiting: [LedgerEntry] = []
  private var sinceSweep = 0

  private static let waitingLimit = 512

  init(_ database: Database, keptReads: Int) throws(SQLiteError) {
    self.database = database
    self.keptReads = keptReads
    last = try database.firstInteger("SELECT max(no) FROM ledger") ?? 0
  }

  /// The number of the request that begins now.
  mutating func next() -> Int64 {
    last += 1
    return last
  }

  /// Keeps the line of a request that changed nothing.
  mutating func note(_ entry: LedgerEntry) throws {
    waiting.append(entry)
    if waiting.count >= Self.waitingLimit { try flush() }
  }

  /// Writes what waits, in a transaction of its own.
  mutating func flush() throws {
    guard !waiting.isEmpty else { return }
    try database.transaction { try writeWaiting() }
  }

  /// Writes the line of a write, and what waits, in the transaction that is open.
  mutating func add(_ entry: LedgerEntry) throws(SQLiteError) {
    try writeWaiting()
    try write(entry)
  }

  private mutating func writeWaiting() throws(SQLiteError) {
    for entry in waiting { try write(entry) }
    sinceSweep += waiting.count
    waiting.removeAll(keepingCapacity: true)
    // Reads are many and of passing interest; writes are what the ledger is for.
    if sinceSweep >= 4_096 {
      sinceSweep = 0
      try database.run("DELETE FROM ledger WHERE writes = 0 AND no < ?", .integer(last - Int64(keptReads)))
    }
  }

  private func write(_ entry: LedgerEntry) throws(SQLiteError) {
    let statement = try database.prepare(
      """
      INSERT INTO ledger (no, at, method, path, operation, status, target, body_hash, applied, writes, mark, fault)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    try statement.bind(entry.number, at: 1)
    try statement.bind(entry.at, at: 2)
    try statement.bind(entry.method, at: 3)
    try statement.bind(entry.path, at: 4)
    try statement.bind(entry.operation, at: 5)
    try statement.bind(entry.status.map(Int64.init), at: 6)
    try statement.bind(entry.target, at: 7)
    try statement.bind(entry.bodyHash, at: 8)
    try statement.bind(Int64(entry.applied ? 1 : 0), at: 9)
    try statement.bind(Int64(entry.isWrite ? 1 : 0), at: 10)
    try statement.bind(entry.mark, at: 11)
    try statement.bind(entry.fault, at: 12)
    try statement.run()
  }

  /// Requests after `number`, at most `limit`.
  func entries(after number: Int64, limit: Int) throws(SQLiteError) -> [LedgerEntry] {
    var entries: [LedgerEntry] = []
    try database.each(
      """
      SELECT no, at, method, path, operation, status, target, body_hash, applied, writes, mark, fault FROM ledger
      WHERE no > ? ORDER BY no LIMIT ?
      """, .integer(number), .integer(Int64(clamping: limit))
    ) { row in
      entries.append(
        LedgerEntry(
          number: row.integer(0) ?? 0, at: row.integer(1) ?? 0, method: row.text(2) ?? "",
          path: row.text(3) ?? "",
          operation: row.text(4), status: row.integer(5).map { Int(clamping: $0) }, target: row.text(6),
          bodyHash: row.text(7), isWrite: row.integer(9) == 1, applied: row.integer(8) == 1,
          mark: row.text(10),
          fault: row.text(11)))
    }
    return entries
  }

  static func hash(_ bytes: [UInt8]) -> String? {
    guard !bytes.isEmpty else { return nil }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return String(hash, radix: 16)
  }
}

extension LedgerEntry {
  public var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return [
      "no": .int(number), "at": .int(at), "method": .string(method), "path": .string(path),
      "operation": text(operation), "status": status.map { .int(Int64($0)) } ?? .null, "target": text(target),
      "body_hash": text(bodyHash), "write": .bool(isWrite), "applied": .bool(applied), "mark": text(mark),
      "fault": text(fault),
    ]
  }

  /// Reads what `json` gives.
  public init?(json: JSONValue) {
    guard let number = json["no"]?.intValue, let method = json["method"]?.stringValue,
      let path = json["path"]?.stringValue
    else { return nil }
    self.init(
      number: number, at: json["at"]?.intValue ?? 0, method: method, path: path,
      operation: json["operation"]?.stringValue, status: json["status"]?.intValue.map { Int(clamping: $0) },
      target: json["target"]?.stringValue, bodyHash: json["body_hash"]?.stringValue,
      isWrite: json["write"]?.boolValue ?? false, applied: json["applied"]?.boolValue ?? false,
      mark: json["mark"]?.stringValue, fault: json["fault"]?.stringValue)
  }
}
