import SQLite

/// A column of whole numbers that differ from contact to contact: dates.
final class NumberColumn: LoadedColumn {
  private var numbers: [Int64]
  private(set) var some: ContactSet

  var size: Int { numbers.count * 8 + some.words.count * 8 }

  /// `rows` gives number and value in any order, without those that have none.
  init(_ rows: Statement, limit: Int) throws(SQLiteError) {
    numbers = Array(repeating: 0, count: limit)
    some = ContactSet(limit: limit)
    while try rows.step() { set(rows.integer(0) ?? 0, rows.integer(1)) }
  }

  private func set(_ number: Int64, _ value: Int64?) {
    guard number >= 0, number <= HexIdentifier.limit else { return }
    let index = Int(number)
    if index >= numbers.count {
      numbers += Array(repeating: 0, count: index + ColumnBlock.rows - numbers.count)
    }
    numbers[index] = value ?? 0
    if value == nil { some.remove(number) } else { some.insert(number) }
  }

  func replace(_ values: [(number: Int64, value: SQLiteValue)]) -> Bool {
    for (number, value) in values {
      switch value {
      case .integer(let whole): set(number, whole)
      case .null: set(number, nil)
      default: return false
      }
    }
    return true
  }

  func order(_ a: Int64, _ b: Int64) -> Int { Self.order(numbers[Int(a)], numbers[Int(b)]) }

  func order(to value: SQLiteValue) -> (Int64) -> Int {
    // Numbers come before texts.
    guard case .integer(let bound) = value else { return { _ in -1 } }
    return { [numbers] in Self.order(numbers[Int($0)], bound) }
  }

  private static func order(_ a: Int64, _ b: Int64) -> Int { a < b ? -1 : a > b ? 1 : 0 }

  /// Those with a number from `low` on, and before `bound` if there is one.
  func matches(from low: Int64, before bound: Int64?) -> ContactSet {
    guard bound != .min else { return ContactSet(limit: 0) }
    let high = bound.map { $0 - 1 } ?? .max
    var found = ContactSet(limit: numbers.count)
    numbers.withUnsafeBufferPointer { numbers in
      found.words.withUnsafeMutableBufferPointer { words in
        for index in 0..<numbers.count {
          let number = numbers[index]
          let passes: UInt64 = (number >= low ? 1 : 0) & (number <= high ? 1 : 0)
          words[index >> 6] |= passes << UInt64(index & 63)
        }
      }
    }
    return found.intersection(some)
  }
}
