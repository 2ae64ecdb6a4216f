import Bytecode
import Syntax

extension Checker {
  /// Conditions in the block of a `search` that no search takes, as far as the text tells; what only the values
  /// tell is said when the script runs.
  func checkSearch(_ expression: Expression, of type: String) {
    switch expression.kind {
    case .binary(.and, let left, let right), .binary(.or, let left, let right):
      checkSearch(left, of: type)
      checkSearch(right, of: type)
    case .binary(let op, let left, let right):
      guard let types else { return }
      if let way = Checker.way(left) {
        let isNull = if case .literal(.null) = right.kind { true } else { false }
        if isNull || !types.searchTakes(way, op.rawValue, of: type) { refuse(way, expression) }
      } else if let way = Checker.way(right), let turned = Checker.turned(op),
        !types.searchTakes(way, turned.rawValue, of: type)
      {
        refuse(way, expression)
      }
    default: break
    }
  }

  private func refuse(_ way: [String], _ expression: Expression) {
    report(.unsearchable(way.joined(separator: ".")), at: expression.range, severity: .error)
  }

  /// `.location.country` as its names; nil for anything else.
  private static func way(_ expression: Expression) -> [String]? {
    guard case .member(let base, let name) = expression.kind else { return nil }
    if case .item = base.kind { return [name.text] }
    return way(base).map { $0 + [name.text] }
  }

  /// The operator for the same comparison from the other side; nil for words, whose sides differ.
  private static func turned(_ op: BinaryOperator) -> BinaryOperator? {
    switch op {
    case .equal, .notEqual: op
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: nil
    }
  }
}
