/// What the script itself has read, outside of bulks: kept so that a run which goes on reads the same.
/// It lies in the journal as the log of item 1 of step 0.
struct ScriptLog {
  /// A script that reads more has the rest read again.
  static let limit = 64 << 20

  private var old: [LogRow] = []
  private var next = 0
  private var fresh: [LogRow] = []
  private var seq = 0
  private var bytes = 0
  private(set) var isFull = false

  mutating func load(_ rows: [LogRow]) {
    old = rows
    seq = rows.last?.id.seq ?? 0
  }

  /// The number of a read that is made now.
  mutating func number() -> Int {
    seq += 1
    return seq
  }

  mutating func add(_ row: LogRow) {
    guard !isFull else { return }
    bytes += row.result?.body?.utf8.count ?? 0
    if bytes > Self.limit {
      isFull = true
    } else {
      fresh.append(row)
    }
  }

  /// What was read at this place before; nil beyond the log. A read that differs is `unlike`.
  mutating func replay(_ read: ReadRequest) -> (row: LogRow, isSame: Bool)? {
    guard old.indices.contains(next) else { return nil }
    defer { next += 1 }
    return (old[next], old[next].print == read.fingerprint)
  }

  /// What no commit has taken yet.
  mutating func take() -> [JournalChange] {
    defer { fresh = [] }
    return fresh.map { .log($0) }
  }

  var hasNews: Bool { !fresh.isEmpty }
}
