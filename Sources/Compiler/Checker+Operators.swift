import Bytecode
import Diagnostics
import Syntax

extension Checker {
  func inferBinary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, _ range: SourceRange
  ) -> StaticType {
    if op == .and || op == .or { markLinks(op, left, right) }
    let first = infer(left)
    let second = infer(right)
    switch op {
    case .and, .or:
      checkCondition(left, first, of: op.rawValue)
      checkCondition(right, second, of: op.rawValue)
      checkChain(op, left, right, range)
      return .bool
    case .equal, .notEqual:
      checkEquality(op, left, first, right, second, range)
      return .bool
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      checkOrder(op, left, first, right, second, range)
      return .bool
    case .in, .notIn:
      checkMembership(left, first, right, second, range)
      return .bool
    case .contains, .startsWith, .endsWith, .matches, .notContains, .notStartsWith, .notEndsWith,
      .notMatches:
      checkWord(op, left, first, second, range)
      if op == .matches || op == .notMatches { checkPattern(right) }
      return .bool
    case .coalesce: return first == .null ? second : first.joined(second)
    case .range: return .range
    case .add, .subtract: return sum(op, first, second)
    case .multiply, .remainder:
      return first == .int && second == .int ? .int : .unknown
    case .divide: return first.kind == .number && second.kind == .number ? .float : .unknown
    }
  }

  private func sum(_ op: BinaryOperator, _ first: StaticType, _ second: StaticType) -> StaticType {
    switch (first.kind, second.kind) {
    case (.number, .number): first == .int && second == .int ? .int : .float
    case (.text, .text) where op == .add: .text
    case (.time, .duration): .time
    case (.time, .time) where op == .subtract: .duration
    case (.duration, .duration): .duration
    case (.list, .list) where op == .add: first.joined(second)
    default: .unknown
    }
  }

  // MARK: Comparisons that can never hold

  private func checkEquality(
    _ op: BinaryOperator, _ left: Expression, _ first: StaticType, _ right: Expression, _ second: StaticType,
    _ range: SourceRange
  ) {
    if isSame(left, right) {
      report(.comparesWithItself(always: op == .equal), at: range, severity: .warning)
      return
    }
    // A declared value is often on the left, but not always.
    if checkChoice(op, first, right) || checkChoice(op, second, left) { return }
    if case .id(let type) = first, second.kind == .number {
      reportNumber(right, for: type)
    } else if case .id(let type) = second, first.kind == .number {
      reportNumber(left, for: type)
    } else if let one = first.kind, let other = second.kind, one != other, one != .range, other != .range {
      report(
        .neverEqual(first.words, second.words, always: op == .notEqual), at: range,
        severity: isDeclared(left) || isDeclared(right) ? .error : .warning)
    }
  }

  /// An id is a text, though it looks like a number.
  private func reportNumber(_ number: Expression, for type: String) {
    var written: String?
    if case .literal(.int(let value)) = number.kind { written = String(value) }
    report(.idIsText(type: type, number: written), at: number.range, severity: .error)
  }

  private func checkChoice(_ op: BinaryOperator, _ type: StaticType, _ value: Expression) -> Bool {
    guard case .choice(let words) = type, case .literal(.string(let text)) = value.kind, !words.contains(text)
    else { return false }
    report(
      .outsideChoice(text, words, near: Spelling.nearest(text, in: words), always: op == .notEqual),
      at: value.range, severity: .error)
    return true
  }

  private func checkOrder(
    _ op: BinaryOperator, _ left: Expression, _ first: StaticType, _ right: Expression, _ second: StaticType,
    _ range: SourceRange
  ) {
    if isSame(left, right) {
      report(
        .comparesWithItself(always: op == .lessOrEqual || op == .greaterOrEqual), at: range,
        severity: .warning)
      return
    }
    if first == .null || second == .null {
      report(.orderWithNull(op.rawValue), at: range, severity: .warning)
      return
    }
    guard let one = first.kind, let other = second.kind else { return }
    let ordered: Set<StaticType.Kind> = [.number, .text, .time, .duration]
    guard one != other || !ordered.contains(one) else { return }
    report(
      .noOrder(
        op.rawValue, first.words, second.words,
        isInstantAsText: isInstant(one, right) || isInstant(other, left)),
      at: range, severity: isDeclared(left) || isDeclared(right) ? .error : .warning)
  }

  /// A text that stands where a time is compared: `.created_at < "2026-01-31"`.
  private func isInstant(_ kind: StaticType.Kind, _ other: Expression) -> Bool {
    guard kind == .time, case .literal(.string) = other.kind else { return false }
    return true
  }

  private func checkMembership(
    _ left: Expression, _ first: StaticType, _ right: Expression, _ second: StaticType, _ range: SourceRange
  ) {
    if case .list(let items) = right.kind {
      for item in items where !checkChoice(.equal, first, item) {
        guard case .id(let type) = first, case .literal(.int) = item.kind else { continue }
        reportNumber(item, for: type)
      }
      return
    }
    if second.kind == .text {
      report(.inText, at: range, severity: isDeclared(right) ? .error : .warning)
    }
  }

  private func checkWord(
    _ op: BinaryOperator, _ left: Expression, _ first: StaticType, _ second: StaticType, _ range: SourceRange
  ) {
    guard let kind = first.kind, kind != .text else { return }
    // `contains` on a list is a mistake of its own, which the machine explains; a field's type is certain.
    guard isDeclared(left) else { return }
    report(.wordOnNoText(op.rawValue, first.words, isList: kind == .list), at: range, severity: .error)
  }

  /// A pattern that is written out can be read before anything runs.
  func checkPattern(_ expression: Expression) {
    guard case .literal(.string(let pattern)) = expression.kind, let fault = environment.patternFault(pattern)
    else { return }
    report(.badPattern(fault.message, hints: fault.hints), at: expression.range, severity: .error)
  }

  /// Whether both read the same thing. Calls may give something else each time, and two literals are no slip.
  func isSame(_ left: Expression, _ right: Expression) -> Bool {
    switch (left.kind, right.kind) {
    case (.item, .item): true
    case (.name(let one), .name(let other)): one == other
    case (.member(let one, let name), .member(let other, let second)):
      name.text == second.text && isSame(one, other)
    case (.index(let one, let key), .index(let other, let second)):
      isSame(one, other) && (isSame(key, second) || isSameLiteral(key, second))
    default: false
    }
  }

  private func isSameLiteral(_ left: Expression, _ right: Expression) -> Bool {
    guard case .literal(let one) = left.kind, case .literal(let other) = right.kind else { return false }
    return one == other
  }
}
