import SQLite

/// One column of the live contacts in memory, for searches that no index of the store answers in time.
protocol LoadedColumn: AnyObject {
  /// What it takes of memory.
  var size: Int { get }
  /// Contacts with a value.
  var some: ContactSet { get }

  /// How the values of two contacts that have one lie to each other: negative if the first one is less.
  func order(_ a: Int64, _ b: Int64) -> Int
  /// How contacts' values lie to a given one.
  func order(to value: SQLiteValue) -> (Int64) -> Int

  /// Values anew, in the order of their numbers; null for contacts that have none, are archived or gone.
  /// False if the column cannot hold one of them.
  func replace(_ values: [(number: Int64, value: SQLiteValue)]) -> Bool
}

/// Contacts are kept in blocks of so many: a change is put into its own one.
enum ColumnBlock {
  static let rows = 4_096
  static func of(_ number: Int64) -> Int { Int(number / Int64(rows)) }
  static func row(_ number: Int64) -> Int { Int(number % Int64(rows)) }
}
