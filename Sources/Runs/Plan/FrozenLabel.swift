import JSON

/// What people know a frozen item by.
enum FrozenLabel {
  /// Fields that tell a person what a record is, in this order.
  private static let fields = ["name", "title", "subject", "email", "event_name"]
  private static let longest = 60

  /// `"Export takes forever"`; nil where the record tells nothing of the kind.
  static func of(_ record: String?) -> String? {
    guard let record, let tree = try? JSONValue.parse(record) else { return nil }
    let fields = tree["$record"]?.arrayValue?.last ?? tree
    guard let text = text(fields) ?? fields["source"].flatMap({ text($0["$record"]?.arrayValue?.last ?? $0) })
    else {
      return nil
    }
    return text.count > longest ? String(text.prefix(longest - 1)) + "…" : text
  }

  private static func text(_ record: JSONValue) -> String? {
    for field in fields {
      guard let text = record[field]?.stringValue, !text.isEmpty, !text.contains("\n") else { continue }
      return text
    }
    return nil
  }
}
