import SQLite

/// What is known of a search by one filter beyond its condition: shorter ways to count and to walk.
///
/// Searches of several filters have none; they are counted and walked as SQLite sees fit.
struct SearchPlan {
  /// A scalar expression that gives how many live records match.
  var count: SQLCondition?
  /// An index in which the matches lie in the order of their numbers.
  var index: String?
  /// The condition in the form that is best for walking the table row by row, if that is another one.
  var walk: SQLCondition?
  /// A test of a column's zones: blocks that fail it hold no match.
  var zone: SQLCondition?

  /// Every live contact.
  static let total = SQLCondition(
    sql: "(SELECT coalesce(sum(count), 0) FROM tally WHERE field = \(ContactColumn.total))")

  /// Every contact that does not match what is counted so.
  static func rest(of count: SQLCondition) -> SQLCondition {
    SQLCondition(sql: "(\(total.sql) - \(count.sql))", values: count.values)
  }

  /// The rows of a column's tally that pass a test of `value`.
  static func tally(_ column: ContactColumn, _ test: SQLCondition) -> SQLCondition {
    SQLCondition(
      sql:
        "(SELECT coalesce(sum(count), 0) FROM tally WHERE field = \(column.number) AND \(test.sql))",
      values: test.values)
  }

  static func contacts(_ condition: SQLCondition) -> SQLCondition {
    SQLCondition(
      sql: "(SELECT count(*) FROM contact WHERE state = 0 AND \(condition.sql))", values: condition.values)
  }
}
