/// The id of a record that a planned write will create, in the place of the id.
public enum Placeholder {
  /// What stands for it in arguments and targets.
  public static func text(for entry: EntryID) -> String { "\u{1}@\(entry)\u{1}" }

  /// The entries that the text refers to, in order.
  public static func entries(in text: String) -> [EntryID] {
    parts(of: text).compactMap { if case .entry(let entry) = $0 { entry } else { nil } }
  }

  /// The text with ids in place of the placeholders; nil if `id` does not know one of them.
  public static func resolve(_ text: String, id: (EntryID) throws -> String?) rethrows -> String? {
    guard text.utf8.contains(1) else { return text }
    var result = ""
    for part in parts(of: text) {
      switch part {
      case .text(let plain): result += plain
      case .entry(let entry):
        guard let known = try id(entry) else { return nil }
        result += known
      }
    }
    return result
  }

  private enum Part {
    case text(String)
    case entry(EntryID)
  }

  private static func parts(of text: String) -> [Part] {
    var parts: [Part] = []
    for (index, piece) in text.split(separator: "\u{1}", omittingEmptySubsequences: false).enumerated() {
      // Pieces alternate: text, placeholder, text.
      if index % 2 == 1, piece.first == "@", let entry = EntryID(String(piece.dropFirst())) {
        parts.append(.entry(entry))
      } else {
        parts.append(.text(String(piece)))
      }
    }
    return parts
  }
}
