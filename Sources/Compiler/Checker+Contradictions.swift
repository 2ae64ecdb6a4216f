import Diagnostics
import Syntax

extension Checker {
  /// Finds, among the parts of an `and` or `or`, two that cannot both hold, or of which one always does:
  /// `.role == "user" and .role == "lead"`, `n > 5 and n < 3`, `state != "open" or state != "snoozed"`.
  /// Called for every link; a chain is looked through once, from its outermost.
  func checkChain(_ op: BinaryOperator, _ left: Expression, _ right: Expression, _ range: SourceRange) {
    guard depth == .everything, chained.remove(range) == nil else { return }
    var parts: [Expression] = []
    collectParts(of: Expression(.binary(op, left, right), range), op, into: &parts)
    let claims = parts.prefix(Checker.longestChain).compactMap { claim($0) }
    for (index, later) in claims.enumerated() {
      guard
        let earlier = claims[..<index].first(where: {
          isSame($0.subject, later.subject) && $0.conflicts(with: later, in: op)
        })
      else { continue }
      report(
        .contradiction(
          source.text(in: earlier.range), always: op == .or,
          isChoice: earlier.op == later.op && (later.op == .equal || later.op == .notEqual)),
        at: later.range, severity: .warning)
      return
    }
  }

  /// Longer chains are lists of alternatives that a program wrote.
  private static let longestChain = 200

  /// Before the sides are looked at: they are parts of this chain, not chains of their own.
  func markLinks(_ op: BinaryOperator, _ left: Expression, _ right: Expression) {
    for side in [left, right] {
      if case .binary(op, _, _) = side.kind { chained.insert(side.range) }
    }
  }

  private func collectParts(of expression: Expression, _ op: BinaryOperator, into parts: inout [Expression]) {
    var open = [expression]
    while let next = open.popLast() {
      if case .binary(let inner, let left, let right) = next.kind, inner == op {
        open += [right, left]
      } else {
        parts.append(next)
      }
    }
  }

  /// What a part says of one thing that is read twice the same: a name, an item, a field.
  private func claim(_ part: Expression) -> Claim? {
    guard case .binary(let op, let left, let right) = part.kind, isStable(left),
      case .literal(let literal) = right.kind
    else { return nil }
    return Claim(subject: left, op: op, value: literal, range: part.range)
  }

  private func isStable(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .name, .item: true
    case .member(let base, _): isStable(base)
    case .index(let base, let key): if case .literal = key.kind { isStable(base) } else { false }
    default: false
    }
  }
}

/// `subject op value`, as a part of a condition.
private struct Claim {
  var subject: Expression
  var op: BinaryOperator
  var value: Literal
  var range: SourceRange

  /// In an `and`: both can never hold. In an `or`: one of them always does.
  func conflicts(with other: Claim, in chain: BinaryOperator) -> Bool {
    chain == .and ? excludes(other) || other.excludes(self) : covers(other) || other.covers(self)
  }

  private func excludes(_ other: Claim) -> Bool {
    switch (op, other.op) {
    case (.equal, .equal): return isOther(other)
    case (.equal, .notEqual): return value == other.value
    case (.equal, .less), (.equal, .lessOrEqual), (.equal, .greater), (.equal, .greaterOrEqual):
      // Nothing is in an order with null.
      if value == .null { return true }
      guard let mine = value.order, let bound = other.value.order, mine.kind == bound.kind else {
        return false
      }
      switch other.op {
      case .less: return mine.place >= bound.place
      case .lessOrEqual: return mine.place > bound.place
      case .greater: return mine.place <= bound.place
      default: return mine.place < bound.place
      }
    case (.less, .greater), (.less, .greaterOrEqual), (.lessOrEqual, .greater):
      guard let mine = value.order, let bound = other.value.order, mine.kind == bound.kind else {
        return false
      }
      return mine.place <= bound.place
    case (.lessOrEqual, .greaterOrEqual):
      guard let mine = value.order, let bound = other.value.order, mine.kind == bound.kind else {
        return false
      }
      return mine.place < bound.place
    default: return false
    }
  }

  private func covers(_ other: Claim) -> Bool {
    switch (op, other.op) {
    case (.notEqual, .notEqual): isOther(other)
    case (.equal, .notEqual): value == other.value
    default: false
    }
  }

  /// The two values are certainly different; `1` and `1.0` are the same.
  private func isOther(_ other: Claim) -> Bool {
    if let mine = value.order, let theirs = other.value.order {
      return mine.kind != theirs.kind || mine.place != theirs.place
    }
    switch (value, other.value) {
    case (.time, .time): return false
    default: return value != other.value
    }
  }
}

extension Literal {
  fileprivate enum OrderKind { case number, duration }

  /// Where a number or duration stands among its like; nil for what this cannot tell exactly.
  fileprivate var order: (kind: OrderKind, place: Double)? {
    switch self {
    case .int(let value): Int64(exactly: Double(value)) == value ? (.number, Double(value)) : nil
    case .float(let value): (.number, value)
    case .duration(let value): Int64(exactly: Double(value)) == value ? (.duration, Double(value)) : nil
    default: nil
    }
  }
}
