/// The statements of this and earlier times, oldest first. A statement of several lines is one entry.
public struct History: Sendable {
  public static let limit = 10_000

  public private(set) var entries: [String]
  private let filter: SecretFilter

  public init(_ entries: [String] = [], filter: SecretFilter = SecretFilter()) {
    self.entries = entries.suffix(History.limit)
    self.filter = filter
  }

  /// Adds a statement. False if it is not kept: blank, the same as the last one, or with a secret in it.
  @discardableResult
  public mutating func add(_ statement: String) -> Bool {
    let text = statement.trimmed
    guard !text.isEmpty, text != entries.last, !filter.holdsSecret(text) else { return false }
    entries.append(text)
    if entries.count > History.limit { entries.removeFirst(entries.count - History.limit) }
    return true
  }

  /// The newest entry before `index` that contains `query`. Small letters find capitals too.
  func search(_ query: String, before index: Int) -> Int? {
    let folds = !query.contains { $0.isUppercase }
    for candidate in stride(from: min(index, entries.count) - 1, through: 0, by: -1) {
      if entries[candidate].utf8Contains(query.utf8, foldingASCII: folds) { return candidate }
    }
    return nil
  }

  /// The oldest entry after `index` that contains `query`.
  func search(_ query: String, after index: Int) -> Int? {
    let folds = !query.contains { $0.isUppercase }
    guard index + 1 < entries.count else { return nil }
    return (index + 1..<entries.count).first { candidate in
      entries[candidate].utf8Contains(query.utf8, foldingASCII: folds)
    }
  }
}

/// Where the arrow keys stand in the history, and the line that was being typed when they left it.
struct HistoryCursor {
  private var position: Int?
  private var draft = ""

  /// The entry before, nil at the oldest.
  mutating func older(_ history: History, current: String) -> String? {
    let start = position ?? history.entries.count
    guard start > 0, start <= history.entries.count else { return nil }
    if position == nil { draft = current }
    position = start - 1
    return history.entries[start - 1]
  }

  /// The entry after, at the end the draft; nil when the draft is what is shown.
  mutating func newer(_ history: History) -> String? {
    guard let here = position else { return nil }
    guard here + 1 < history.entries.count else {
      position = nil
      return draft
    }
    position = here + 1
    return history.entries[here + 1]
  }
}

extension String {
  /// Without white space at either end.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
