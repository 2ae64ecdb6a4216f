import SQLite

/// A column of few different values: a number for each contact that tells which one it has. A filter is asked once of
/// each value, by SQLite itself, and then looked up.
final class CodeColumn: LoadedColumn {
  /// Different values that are kept; what has more is no column of few values.
  static let limit = 4_096

  /// Zero: none.
  private var codes: [UInt16]
  /// By code.
  private(set) var values: [SQLiteValue] = [.null]
  private var known: [SQLiteValue: UInt16] = [:]

  private let noCase: Bool
  /// The places of the values in order, by code; empty if a value came since.
  private var ranks: [Int] = []

  var size: Int { codes.count * 2 }

  /// `rows` gives number and value in any order, without those that have none; nil if the values are many.
  init?(_ rows: Statement, limit: Int, noCase: Bool) throws(SQLiteError) {
    codes = Array(repeating: 0, count: limit)
    self.noCase = noCase
    // An index gives equal values one after the other.
    var latest = SQLiteValue.null
    var code: UInt16 = 0
    while try rows.step() {
      let value = rows.value(1)
      if value != latest {
        guard let found = self.code(value) else { return nil }
        (latest, code) = (value, found)
      }
      guard set(rows.integer(0) ?? 0, code) else { return nil }
    }
  }

  private func code(_ value: SQLiteValue) -> UInt16? {
    if value == .null { return 0 }
    if let code = known[value] { return code }
    guard values.count < Self.limit else { return nil }
    let code = UInt16(values.count)
    values.append(value)
    ranks = []
    known[value] = code
    return code
  }

  private func set(_ number: Int64, _ code: UInt16) -> Bool {
    guard number >= 0, number <= HexIdentifier.limit else { return false }
    let index = Int(number)
    if index >= codes.count { codes += Array(repeating: 0, count: index + ColumnBlock.rows - codes.count) }
    codes[index] = code
    return true
  }

  func replace(_ changes: [(number: Int64, value: SQLiteValue)]) -> Bool {
    changes.allSatisfy { change in code(change.value).map { set(change.number, $0) } ?? false }
  }

  // MARK: Order

  func order(_ a: Int64, _ b: Int64) -> Int {
    if ranks.isEmpty { rank() }
    return ranks[Int(codes[Int(a)])] - ranks[Int(codes[Int(b)])]
  }

  func order(to value: SQLiteValue) -> (Int64) -> Int {
    let relations = values.map { compare($0, value) }
    return { [codes] in relations[Int(codes[Int($0)])] }
  }

  private func rank() {
    ranks = Array(repeating: 0, count: values.count)
    let sorted = values.indices.sorted { compare(values[$0], values[$1]) < 0 }
    for (one, next) in zip(sorted, sorted.dropFirst()) {
      ranks[next] = ranks[one] + (compare(values[one], values[next]) == 0 ? 0 : 1)
    }
  }

  /// As SQLite sorts: nothing, numbers, texts by their bytes.
  private func compare(_ a: SQLiteValue, _ b: SQLiteValue) -> Int {
    switch (a, b) {
    case (.integer(let a), .integer(let b)): return a < b ? -1 : a > b ? 1 : 0
    case (.text(let a), .text(let b)):
      let (a, b) = (
        noCase ? a.utf8.map(ASCII.lower) : Array(a.utf8), noCase ? b.utf8.map(ASCII.lower) : Array(b.utf8)
      )
      return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
    default:
      func kind(_ value: SQLiteValue) -> Int {
        switch value {
        case .null: 0
        case .integer, .real: 1
        default: 2
        }
      }
      return kind(a) - kind(b)
    }
  }

  // MARK: Search

  var some: ContactSet { matches { $0 != .null } }

  /// Those whose value passes a test, which is put to each value once; also those without a value, archived and gone
  /// ones among them, if null passes.
  func matches(_ test: (SQLiteValue) throws -> Bool) rethrows -> ContactSet {
    let passes = try values.map { try test($0) ? UInt64(1) : 0 }
    var found = ContactSet(limit: codes.count)
    codes.withUnsafeBufferPointer { codes in
      passes.withUnsafeBufferPointer { passes in
        found.words.withUnsafeMutableBufferPointer { words in
          for index in 0..<codes.count {
            words[index >> 6] |= passes[Int(codes[index])] << UInt64(index & 63)
          }
        }
      }
    }
    return found
  }
}
