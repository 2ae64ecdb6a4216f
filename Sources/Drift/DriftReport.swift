import Catalogue

/// The declarations beside a description: what differs, and why.
public struct DriftReport {
  public let version: String
  /// In the order of the description's operations.
  public let unexplained: [Difference]
  public let explained: [(difference: Difference, reason: String)]
  /// Rows of the list of known differences that nothing differs by any more.
  public let stale: [KnownDifferences.Row]
  public let operations: (compared: Int, described: Int)
  /// How many of each were compared: paths, body fields, enumerations …
  public let compared: [(what: String, count: Int)]

  public init(_ catalogue: APICatalogue, _ description: OfficialDescription, _ known: KnownDifferences) {
    var comparison = Comparison(description, catalogue)
    comparison.run()
    var used: Set<Int> = []
    var unexplained: [Difference] = []
    var explained: [(Difference, String)] = []
    for difference in comparison.found {
      if let row = known.row(for: difference) {
        used.insert(row)
        explained.append((difference, known.rows[row].reason))
      } else if !unexplained.contains(difference) {
        unexplained.append(difference)
      }
    }
    self.unexplained = unexplained
    self.explained = explained
    stale = known.rows.indices.filter { !used.contains($0) }.map { known.rows[$0] }
    version = description.version
    operations = (comparison.operations, description.operations.count)
    compared = comparison.compared
    knownCount = used.count
  }

  public let knownCount: Int

  /// `118 of 118 operations; 130 paths, …; 53 known differences, 0 unexplained, 0 stale`
  public var summary: String {
    let counts = compared.map { "\($0.count) \($0.what)" }.joined(separator: ", ")
    return
      "\(operations.compared) of \(operations.described) operations; \(counts); \(knownCount) known differences, \(unexplained.count) unexplained, \(stale.count) stale"
  }
}
