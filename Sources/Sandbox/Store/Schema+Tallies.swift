/// How the tallies and zones of contacts are made from a seed's rows, and kept by triggers from then on: no
/// code that writes contacts needs to know of them.
extension Schema {
  private static func count(_ column: ContactColumn, _ row: String, by step: Int) -> String {
    let value = column.tallied(row) ?? "NULL"
    if step < 0 {
      return "UPDATE tally SET count = count - 1 WHERE field = \(column.number) AND value = \(value);"
    }
    return """
      INSERT INTO tally SELECT \(column.number), \(value), 1 WHERE \(row)\(column.name) IS NOT NULL
        ON CONFLICT DO UPDATE SET count = count + 1;
      """
  }

  private static func widen(_ column: ContactColumn) -> String {
    """
    INSERT INTO zone SELECT \(column.number), new.n / \(ContactColumn.block), new.\(column.name), new.\(column.name)
      WHERE new.\(column.name) IS NOT NULL
      ON CONFLICT DO UPDATE SET low = min(low, excluded.low), high = max(high, excluded.high);
    """
  }

  private static let tallied = ContactColumn.all.filter { $0.tallied("") != nil }
  private static let dates = ContactColumn.all.filter(\.isDate)

  /// Fills a column's tally anew; nil for a column without one.
  static func tally(_ column: ContactColumn) -> String? {
    guard let value = column.tallied("") else { return nil }
    return """
      DELETE FROM tally WHERE field = \(column.number);
      INSERT INTO tally SELECT \(column.number), \(value), count(*) FROM contact
        WHERE state = 0 AND \(column.name) IS NOT NULL GROUP BY 2;
      """
  }

  /// Fills the zones, and the tallies of the columns that are indexed with the seed.
  static let tallies: [String] =
    ContactColumn.all.filter(\.isEager).compactMap(tally)
    // One pass for all dates.
    + [
      "CREATE TEMP TABLE span AS SELECT n / \(ContactColumn.block) AS block"
        + dates.map { ", min(\($0.name)) AS low_\($0.number), max(\($0.name)) AS high_\($0.number)" }.joined()
        + " FROM contact NOT INDEXED GROUP BY 1"
    ]
    + dates.map { column in
      """
      INSERT INTO zone SELECT \(column.number), block, low_\(column.number), high_\(column.number) FROM span
        WHERE low_\(column.number) IS NOT NULL
      """
    } + ["DROP TABLE span"]

  /// By name.
  static let triggers: [(name: String, sql: String)] = {
    var made: [(name: String, sql: String)] = []
    func trigger(_ name: String, _ event: String, when condition: String, _ body: [String]) {
      made.append(
        (
          "contact_\(name)",
          "CREATE TRIGGER contact_\(name) AFTER \(event) ON contact WHEN \(condition) BEGIN\n"
            + body.joined(separator: "\n") + "\nEND"
        ))
    }
    let add = tallied.map { count($0, "new.", by: 1) }
    let take = tallied.map { count($0, "old.", by: -1) }
    trigger("came", "INSERT", when: "new.state = 0", add + dates.map(widen))
    trigger("went", "DELETE", when: "old.state = 0", take)
    trigger("came_back", "UPDATE OF state", when: "old.state <> 0 AND new.state = 0", add + dates.map(widen))
    trigger("left", "UPDATE OF state", when: "old.state = 0 AND new.state <> 0", take)
    for column in tallied {
      let (old, new) = (column.tallied("old.") ?? "", column.tallied("new.") ?? "")
      trigger(
        "changed_\(column.name)", "UPDATE OF \(column.name)",
        when: "old.state = 0 AND new.state = 0 AND \(old) IS NOT \(new)",
        [count(column, "old.", by: -1), count(column, "new.", by: 1)])
    }
    for column in dates {
      trigger(
        "moved_\(column.name)", "UPDATE OF \(column.name)", when: "new.\(column.name) IS NOT NULL",
        [widen(column)])
    }
    return made
  }()
}
