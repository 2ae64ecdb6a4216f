import Foundation
import Testing

/// Rows of a table in Fixtures, by column.
func rows(of name: String) throws -> [[String: String]] {
  let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "tsv"))
  let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
  let columns = try #require(lines.first).split(separator: "\t").map { String($0) }
  return lines.dropFirst().map { line in
    let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
    return Dictionary(zip(columns, cells)) { first, _ in first }
  }
}
