import Diagnostics
import Syntax

/// Statements that do nothing.
extension Checker {
  /// Says of a statement whose value nobody takes that it does nothing: a sequence that is not read, a
  /// comparison, a value. A call may do something, so it is left alone.
  func checkUnused(_ statement: Statement, _ type: StaticType, isTest: Bool = false) {
    guard depth == .everything, case .expression(let expression) = statement.kind else { return }
    if case .sequence = type {
      switch expression.kind {
      case .pipe, .call, .name: report(.unreadSequence, at: expression.range, severity: .warning)
      default: break
      }
      return
    }
    switch expression.kind {
    case .binary(let op, _, _) where op == .equal && isPure(expression):
      report(.unusedComparison(isTest: isTest), at: expression.range, severity: .warning)
    case .binary where isTest && isPure(expression):
      report(.unusedComparison(isTest: true), at: expression.range, severity: .warning)
    default:
      if isPure(expression), !isNull(expression) {
        report(.unusedValue, at: expression.range, severity: .warning)
      }
    }
  }

  private func isNull(_ expression: Expression) -> Bool {
    if case .literal(.null) = expression.kind { true } else { false }
  }

  /// Computing it changes nothing and calls nobody.
  func isPure(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .literal, .name, .item: return true
    case .member(let base, _): return isPure(base)
    case .index(let base, let key): return isPure(base) && isPure(key)
    case .not(let value), .negate(let value): return isPure(value)
    case .list(let items): return items.allSatisfy(isPure)
    case .record(let entries):
      return entries.allSatisfy { entry in
        switch entry {
        case .spread(let value), .field(_, let value): isPure(value)
        case .computed(let key, let value): isPure(key) && isPure(value)
        }
      }
    case .interpolation(let parts):
      return parts.allSatisfy { part in
        if case .expression(let value) = part { isPure(value) } else { true }
      }
    case .binary:
      // Chains lean to the left and may be long.
      var rest = expression
      while case .binary(_, let left, let right) = rest.kind {
        if !isPure(right) { return false }
        rest = left
      }
      return isPure(rest)
    case .call, .pipe, .ifElse, .tryCatch: return false
    }
  }

  // MARK: Loops without an end

  /// Whether a `while true` has no `break` of its own: nothing behind it is ever reached.
  func isEndless(_ condition: Expression, _ body: Body) -> Bool {
    guard case .literal(.bool(true)) = condition.kind else { return false }
    return !breaks(body)
  }

  private func breaks(_ body: Body) -> Bool { body.statements.contains { breaks($0) } }

  private func breaks(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .breakLoop: true
    case .expression(let expression), .binding(_, _, let expression), .assign(_, _, let expression):
      breaks(expression)
    case .returnValue(let value): value.map(breaks) ?? false
    // A loop inside has breaks of its own.
    case .forIn, .whileLoop, .function, .continueLoop: false
    }
  }

  /// A `break` stands in the bodies of an `if` or `try`, wherever these stand in an expression.
  private func breaks(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .ifElse(let choice):
      breaks(choice.condition) || breaks(choice.then) || (choice.otherwise.map { breaks($0) } ?? false)
    case .tryCatch(let attempt): breaks(attempt.body) || breaks(attempt.handler)
    case .binary(_, let left, let right): breaks(left) || breaks(right)
    case .not(let value), .negate(let value), .member(let value, _): breaks(value)
    case .call(let call): call.arguments.contains { breaks($0.value) }
    case .pipe(let left, let call): breaks(left) || call.arguments.contains { breaks($0.value) }
    case .list(let items): items.contains { breaks($0) }
    case .index(let base, let key): breaks(base) || breaks(key)
    case .literal, .name, .item, .interpolation, .record: false
    }
  }
}
