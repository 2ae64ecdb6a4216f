import Diagnostics
import Syntax

/// The statements of a session that worked, as a script that prints what the prompt has shown.
///
/// A script has no `_`: a value that a later statement goes on from gets a name.
struct SavedSession {
  /// How the value of a statement's last expression was shown.
  enum Shown { case nothing, value, rows }

  struct Entry {
    var text: String
    /// The last expression, in bytes of the text; nil where the statement ends in something else.
    var expression: Range<Int>?
    var shown: Shown
    /// Where `_` stands, in bytes.
    var lastUses: [Range<Int>]
  }

  private var entries: [Entry] = []

  mutating func add(_ text: String, _ script: Script, shown: Shown) {
    var expression: Range<Int>?
    if case .statement(let statement)? = script.declarations.last, case .expression(let last) = statement.kind
    {
      expression = last.range.start..<last.range.end
    }
    entries.append(
      Entry(text: text, expression: expression, shown: shown, lastUses: SavedSession.lastUses(in: text)))
  }

  /// In order, each as it may stand in a script.
  var statements: [String] {
    // `_` is the value of the nearest statement before that had one.
    var named = Set<Int>()
    var source: [Int?] = []
    var last: Int?
    for (index, entry) in entries.enumerated() {
      source.append(last)
      if !entry.lastUses.isEmpty, let last { named.insert(last) }
      if entry.shown != .nothing, entry.expression != nil { last = index }
    }
    return entries.enumerated().map { index, entry in
      written(
        entry, name: named.contains(index) ? "value_\(index + 1)" : nil,
        last: source[index].map { "value_\($0 + 1)" })
    }
  }

  private func written(_ entry: Entry, name: String?, last: String?) -> String {
    let bytes = Array(entry.text.utf8)
    func text(_ range: Range<Int>) -> String {
      var result: [UInt8] = []
      var at = range.lowerBound
      for use in entry.lastUses where range.contains(use.lowerBound) {
        result += bytes[at..<use.lowerBound]
        result += (last ?? "_").utf8
        at = use.upperBound
      }
      return String(decoding: result + bytes[at..<range.upperBound], as: UTF8.self)
    }
    guard let expression = entry.expression, entry.shown != .nothing, expression.upperBound <= bytes.count
    else {
      return text(0..<bytes.count)
    }
    let before = text(0..<expression.lowerBound)
    let after = text(expression.upperBound..<bytes.count)
    let value = text(expression)
    let stage = entry.shown == .rows ? " | take(\(ValueView.page)) | table" : ""
    if let name {
      return before + "let \(name) = \(value)" + after + "\n"
        + (entry.shown == .rows ? "\(name)\(stage)" : "print(\(name))")
    }
    return before + (entry.shown == .rows ? value + stage : "print(\(value))") + after
  }

  private static func lastUses(in text: String) -> [Range<Int>] {
    let source = SourceText(name: "", text: text)
    let tokens = Lexer.tokens(of: source)
    return tokens.indices.compactMap { index in
      let token = tokens[index]
      guard token.kind == .name, token.end - token.start == 1, source.bytes[token.start] == UInt8(ascii: "_")
      else {
        return nil
      }
      // A field called so is not the last value.
      if index > 0, tokens[index - 1].kind == .dot, tokens[index - 1].end == token.start { return nil }
      return token.start..<token.end
    }
  }
}
