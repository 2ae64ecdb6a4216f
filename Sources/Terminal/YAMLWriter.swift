/// Writes YAML 1.2 that a YAML 1.1 reader understands the same way. Call the parts in order.
///
/// Lists and records stand in blocks; beyond 64 levels they go on in brackets, as the indentation would grow
/// the text quadratically. The caller balances `begin…` and `end…`.
public struct YAMLWriter: Sendable {
  private enum Kind: Sendable { case list, record }

  private struct Open: Sendable {
    var kind: Kind
    var isEmpty = true
    var isFlow: Bool
    /// Of the items of a block, in spaces.
    var indentation: Int
    /// The first item goes on the line that is begun: an item of a list, behind its dash.
    var startsOnLine: Bool
  }

  private static let blockLevels = 64

  /// The text so far. Every complete value ends with a line break.
  public private(set) var text = ""
  private var open: [Open] = []
  private var afterKey = false

  public init() {}

  // MARK: Values

  public mutating func null() { scalar("null") }
  public mutating func bool(_ value: Bool) { scalar(value ? "true" : "false") }
  public mutating func int(_ value: Int64) { scalar(String(value)) }

  public mutating func double(_ value: Double) {
    if value.isNaN { return scalar(".nan") }
    if value.isInfinite { return scalar(value < 0 ? "-.inf" : ".inf") }
    // YAML 1.1 wants a point before an exponent.
    var digits = value.description
    if let exponent = digits.firstIndex(of: "e"), !digits[..<exponent].contains(".") {
      digits.insert(contentsOf: ".0", at: exponent)
    }
    scalar(digits)
  }

  public mutating func string(_ value: String) { scalar(YAMLWriter.quoted(value)) }

  /// A `---` between two documents.
  public mutating func documentBreak() { text += "---\n" }

  // MARK: Containers

  public mutating func beginList() { begin(.list) }
  public mutating func endList() { end("[]", "]") }
  public mutating func beginRecord() { begin(.record) }
  public mutating func endRecord() { end("{}", "}") }

  public mutating func key(_ key: String) {
    beginItem()
    text += YAMLWriter.quoted(key) + ":"
    afterKey = true
  }

  private mutating func scalar(_ plain: String) {
    beginValue()
    text += plain
    endValue()
  }

  /// Puts what stands before a value: a dash, a comma, a space behind a key.
  private mutating func beginValue() {
    if afterKey {
      text += " "
      afterKey = false
    } else if let last = open.last, last.kind == .list {
      beginItem()
      if !last.isFlow { text += "- " }
    }
  }

  private mutating func beginItem() {
    guard let last = open.last else { return }
    let index = open.count - 1
    if last.isFlow {
      text += last.isEmpty ? (last.kind == .list ? "[" : "{") : ", "
    } else if last.isEmpty && !last.startsOnLine {
      // The line that this container's key stands on ends here, now that it is known not to be empty.
      if !text.isEmpty && text.utf8.last != 0x0A { text += "\n" }
      text += String(repeating: " ", count: last.indentation)
    } else if !last.isEmpty {
      text += String(repeating: " ", count: last.indentation)
    }
    open[index].isEmpty = false
  }

  private mutating func begin(_ kind: Kind) {
    let behindKey = afterKey
    let parent = open.last
    let isFlow = open.count >= YAMLWriter.blockLevels
    if behindKey && !isFlow {
      afterKey = false
    } else {
      beginValue()
    }
    let startsOnLine = parent.map { $0.kind == .list && !behindKey } ?? false
    let indentation = parent.map { $0.indentation + 2 } ?? 0
    open.append(Open(kind: kind, isFlow: isFlow, indentation: indentation, startsOnLine: startsOnLine))
  }

  private mutating func end(_ whenEmpty: String, _ bracket: String) {
    guard let last = open.popLast() else { return }
    if last.isEmpty {
      // Behind a key of a block the space is still due.
      if !last.isFlow && text.utf8.last == 0x3A { text += " " }
      text += whenEmpty
      endValue()
    } else if last.isFlow {
      text += bracket
      endValue()
    }
  }

  private mutating func endValue() {
    if open.last?.isFlow != true { text += "\n" }
  }
}
