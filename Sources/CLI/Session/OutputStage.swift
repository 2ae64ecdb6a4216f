import Syntax

/// The stages that print by themselves and have no value worth a line.
enum OutputStage {
  /// Those that print all they have at once.
  private static let whole: Set = ["table", "json", "csv", "yaml", "chart"]
  private static let all = whole.union(["print", "warn", "ndjson", "save", "each"])

  /// Whether a script's last expression is one.
  static func ends(_ script: Script) -> Bool { last(of: script).map(all.contains) ?? false }

  /// Whether it is one whose print belongs on a page.
  static func endsWhole(_ script: Script) -> Bool { last(of: script).map(whole.contains) ?? false }

  private static func last(of script: Script) -> String? {
    guard case .statement(let statement)? = script.declarations.last,
      case .expression(let expression) = statement.kind
    else { return nil }
    switch expression.kind {
    case .call(let call), .pipe(_, let call): return call.path.count == 1 ? call.path[0].text : nil
    default: return nil
    }
  }
}
