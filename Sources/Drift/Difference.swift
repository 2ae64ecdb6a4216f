/// One thing in which the declarations and a description differ.
public struct Difference: Hashable, Sendable {
  /// `method`, `path`, `operation`, `query-missing`, `body-enum`, `answer-type` …
  public var kind: String
  /// The operation's official name, or the record type.
  public var owner: String
  /// The parameter, field or builtin; `-` where the owner itself differs.
  public var detail: String
  public var text: String
}

/// What differs on purpose, each with its reason: `stdlib/known-differences.tsv`.
public struct KnownDifferences: Sendable {
  public struct Row: Sendable {
    public var kind: String
    public var owner: String
    public var detail: String
    public var reason: String
  }

  public let rows: [Row]

  /// - Throws: for a row without its four cells, or one that stands there twice.
  public init(text: String) throws(DescriptionError) {
    var rows: [Row] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if index == 0 || line.allSatisfy(\.isWhitespace) { continue }
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 4, !cells[3].allSatisfy(\.isWhitespace) else {
        throw DescriptionError(
          line: index + 1, message: "a known difference has kind, owner, detail and reason between tabs")
      }
      if rows.contains(where: { $0.kind == cells[0] && $0.owner == cells[1] && $0.detail == cells[2] }) {
        throw DescriptionError(
          line: index + 1, message: "\(cells[0]) \(cells[1]) \(cells[2]) stands there twice")
      }
      rows.append(Row(kind: cells[0], owner: cells[1], detail: cells[2], reason: cells[3]))
    }
    self.rows = rows
  }

  /// The number of the row that explains a difference, one of its very words before one with `*`.
  func row(for difference: Difference) -> Int? {
    let exact = rows.firstIndex {
      $0.kind == difference.kind && $0.owner == difference.owner && $0.detail == difference.detail
    }
    return exact
      ?? rows.firstIndex {
        KnownDifferences.matches(difference.kind, $0.kind)
          && KnownDifferences.matches(difference.owner, $0.owner)
          && KnownDifferences.matches(difference.detail, $0.detail)
      }
  }

  /// `*` stands for any text.
  static func matches(_ text: String, _ pattern: String) -> Bool {
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return text == pattern }
    guard let first = parts.first, let last = parts.last, text.hasPrefix(first),
      text.count >= first.count + last.count, text.hasSuffix(last)
    else { return false }
    var rest = text.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }
}
