import Bytecode
import Diagnostics
import Syntax

extension Compiler {
  /// `expect(a == b)`: both sides are computed once and handed over, so that a failure can show them. An `and`
  /// is two expectations, so that the one that fails is pointed at. False where the condition compares nothing.
  func compileExpectation(
    _ given: [(label: Name?, source: ArgumentSource)], into target: Int?, _ range: SourceRange
  ) -> Int? {
    guard let first = given.first, first.label == nil || first.label?.text == "condition",
      case .expression(let condition) = first.source, given.count <= 2, compares(condition)
    else { return nil }
    let message = given.dropFirst().first
    if let message, message.label != nil, message.label?.text != "message" { return nil }
    let register = target ?? function.allocate()
    let marked = function.nextRegister
    // A failure of the whole is pointed at as a whole, that of a part where the part stands.
    let isWhole = if case .binary(.and, _, _) = condition.kind { false } else { true }
    expect(condition, message?.source, isWhole ? range : nil)
    function.emit(.loadNull, register, range)
    function.nextRegister = marked
    return register
  }

  private func compares(_ condition: Expression) -> Bool {
    switch condition.kind {
    case .binary(.and, _, _): true
    case .binary(let op, _, _): op.isComparison
    case .not(let inner): if case .binary(let op, _, _) = inner.kind { op.isComparison } else { false }
    default: false
    }
  }

  private func expect(_ condition: Expression, _ message: ArgumentSource?, _ whole: SourceRange?) {
    if case .binary(.and, let left, let right) = condition.kind {
      expect(left, message, nil)
      expect(right, message, nil)
      return
    }
    let range = whole ?? condition.range
    let marked = function.nextRegister
    defer { function.nextRegister = marked }
    let call = function.allocate()
    var compared = condition
    var isNegated = false
    if case .not(let inner) = condition.kind, compares(condition) { (compared, isNegated) = (inner, true) }
    guard case .binary(let op, let left, let right) = compared.kind, op.isComparison else {
      place(.expression(condition), at: function.allocate())
      if let message { place(message, at: function.allocate()) }
      function.emit(.callNative, call, message == nil ? 1 : 2, extras: [function.native("expect")], range)
      return
    }
    let first = function.allocate()
    let second = function.allocate()
    let holds = function.allocate()
    place(.expression(left), at: first)
    if right.mayAssign { shareIfAliased(left, first) }
    place(.expression(right), at: second)
    emitComparison(op, holds, first, second, compared.range)
    if isNegated { function.emit(.not, holds, holds, range) }
    let sign = function.allocate()
    let words = (isNegated ? "not " : "") + op.rawValue
    place(.expression(Expression(.literal(.string(words)), range)), at: sign)
    if let message { place(message, at: function.allocate()) }
    function.emit(
      .callNative, call, message == nil ? 4 : 5, extras: [function.native("__expect")], range)
  }

  private func place(_ source: ArgumentSource, at register: Int) {
    if case .expression(let expression) = source { _ = compile(expression, into: register) }
    function.nextRegister = max(function.nextRegister, register + 1)
  }

  private func emitComparison(
    _ op: BinaryOperator, _ into: Int, _ left: Int, _ right: Int, _ range: SourceRange
  ) {
    switch op {
    case .equal: function.emit(.equal, into, left, right, range)
    case .notEqual: function.emit(.notEqual, into, left, right, range)
    case .less: function.emit(.less, into, left, right, range)
    case .lessOrEqual: function.emit(.lessOrEqual, into, left, right, range)
    case .greater: function.emit(.less, into, right, left, range)
    case .greaterOrEqual: function.emit(.lessOrEqual, into, right, left, range)
    default:
      let (word, isNegated) = op.word
      function.emit(.word, into, left, right, extras: [Int(word.rawValue)], range)
      if isNegated { function.emit(.not, into, into, range) }
    }
  }
}

extension BinaryOperator {
  /// Its value is a bool, made from two values that can be shown.
  var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .contains, .startsWith,
      .endsWith, .matches, .notIn, .notContains, .notStartsWith, .notEndsWith, .notMatches:
      true
    case .or, .and, .coalesce, .range, .add, .subtract, .multiply, .divide, .remainder: false
    }
  }
}
