import Bytecode
import Diagnostics
import Syntax

extension Compiler {
  /// The register of an operand. A variable that a later operand may change is copied first.
  func operand(_ expression: Expression, before later: Expression?) -> Int {
    guard let later, later.mayAssign else { return compile(expression, into: nil) }
    let copy = function.allocate()
    _ = compile(expression, into: copy)
    shareIfAliased(expression, copy)
    return copy
  }

  func compileBinary(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, into target: Int?, _ range: SourceRange
  ) -> Int {
    switch op {
    case .and, .or:
      return compileLogic(op, left, right, into: target, range)
    case .coalesce:
      let register = target ?? function.allocate()
      let marked = function.nextRegister
      _ = compile(left, into: register)
      let done = function.emitJump(.jumpIfNotNull, register, range)
      _ = compile(right, into: register)
      function.patch(done)
      function.nextRegister = marked
      return register
    case .add, .subtract, .multiply, .divide, .remainder:
      return compileArithmetic(op, left, right, into: target, range)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      let register = target ?? function.allocate()
      let marked = function.nextRegister
      let a = operand(left, before: right)
      let b = compile(right, into: nil)
      switch op {
      case .equal: function.emit(.equal, register, a, b, range)
      case .notEqual: function.emit(.notEqual, register, a, b, range)
      case .less: function.emit(.less, register, a, b, range)
      case .lessOrEqual: function.emit(.lessOrEqual, register, a, b, range)
      case .greater: function.emit(.less, register, b, a, range)
      default: function.emit(.lessOrEqual, register, b, a, range)
      }
      function.nextRegister = marked
      return register
    case .range:
      let register = target ?? function.allocate()
      let marked = function.nextRegister
      let a = operand(left, before: right)
      let b = compile(right, into: nil)
      function.emit(.makeRange, register, a, b, range)
      function.nextRegister = marked
      return register
    case .in, .contains, .startsWith, .endsWith, .matches, .notIn, .notContains, .notStartsWith, .notEndsWith,
      .notMatches:
      let register = target ?? function.allocate()
      let marked = function.nextRegister
      let a = operand(left, before: right)
      let b = compile(right, into: nil)
      let (word, negated) = op.word
      function.emit(.word, register, a, b, extras: [Int(word.rawValue)], range)
      if negated { function.emit(.not, register, register, range) }
      function.nextRegister = marked
      return register
    }
  }

  /// Chains lean to the left (`a + b + c + …`) and may be long: emitted in a loop.
  private func compileArithmetic(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, into target: Int?, _ range: SourceRange
  ) -> Int {
    var links: [(BinaryOperator, Expression, SourceRange)] = [(op, right, range)]
    var first = left
    while case .binary(let inner, let a, let b) = first.kind, inner.isArithmetic {
      links.append((inner, b, first.range))
      first = a
    }
    let register = target ?? function.allocate()
    let marked = function.nextRegister
    // An accumulator of its own if a later operand may read the target.
    var accumulator = operand(first, before: links.first { $0.1.mayAssign }?.1)
    var isFirst = true
    let place = links.count == 1 ? register : (target == nil ? register : function.allocate())
    for (number, link) in links.reversed().enumerated() {
      let isLast = number == links.count - 1
      let into = isLast ? register : place
      let inner = function.nextRegister
      let fused = constantOperand(link.1)
      if let fused {
        function.emit(link.0.opcode(constant: true), into, accumulator, fused, link.2)
      } else {
        let b = compile(link.1, into: nil)
        function.emit(link.0.opcode(constant: false), into, accumulator, b, link.2)
      }
      accumulator = into
      if !isFirst || accumulator == place { function.nextRegister = max(inner, marked) }
      isFirst = false
    }
    function.nextRegister = marked
    return register
  }

  /// The number of a constant that fits an 8-bit operand.
  private func constantOperand(_ expression: Expression) -> Int? {
    guard case .literal(let literal) = expression.kind, let constant = number(literal) else { return nil }
    let index = function.constant(constant)
    return index < 256 ? index : nil
  }

  private func compileLogic(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, into target: Int?, _ range: SourceRange
  ) -> Int {
    let register = target ?? function.allocate()
    let marked = function.nextRegister
    let whole = Expression(.binary(op, left, right), range)
    let exits = compileCondition(whole, jumpIf: false)
    function.nextRegister = marked
    function.emit(.loadTrue, register, range)
    let done = function.emitJump(.jump, range)
    for jump in exits { function.patch(jump) }
    function.emit(.loadFalse, register, range)
    function.patch(done)
    return register
  }

  // MARK: Conditions

  /// Emits jumps that are taken when the condition is `jumpIf`; otherwise falls through. The jumps are to
  /// be patched.
  func compileCondition(_ expression: Expression, jumpIf: Bool) -> [Int] {
    let marked = function.nextRegister
    defer { function.nextRegister = marked }
    switch expression.kind {
    case .literal(.bool(let value)):
      return value == jumpIf ? [function.emitJump(.jump, expression.range)] : []
    case .not(let value):
      return compileCondition(value, jumpIf: !jumpIf)
    case .binary(let op, let left, let right):
      switch op {
      case .and, .or:
        return compileConditionChain(op, expression, jumpIf: jumpIf)
      case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
        return [compileComparison(op, left, right, jumpIf: jumpIf, expression.range)]
      default: break
      }
    case .call(let call) where options.isPrelude && call.path.count == 1 && call.path[0].text == "__ended":
      guard let argument = call.arguments.first else { return [] }
      let register = compile(argument.value, into: nil)
      let jump = function.emitJump(.jumpIfEnd, register, expression.range)
      if jumpIf { return [jump] }
      let skip = function.emitJump(.jump, expression.range)
      function.patch(jump)
      return [skip]
    default: break
    }
    let register = compile(expression, into: nil)
    return [function.emitJump(jumpIf ? .jumpIfTrue : .jumpIfFalse, register, expression.range)]
  }

  private func compileConditionChain(_ op: BinaryOperator, _ expression: Expression, jumpIf: Bool) -> [Int] {
    var parts: [Expression] = []
    var rest = expression
    while case .binary(let inner, let left, let right) = rest.kind, inner == op {
      parts.append(right)
      rest = left
    }
    parts.append(rest)
    parts.reverse()
    var exits: [Int] = []
    // `and` is decided by its first false part, `or` by its first true one.
    let deciding = op == .or
    if jumpIf == deciding {
      for part in parts { exits.append(contentsOf: compileCondition(part, jumpIf: jumpIf)) }
      return exits
    }
    var others: [Int] = []
    for part in parts.dropLast() { others.append(contentsOf: compileCondition(part, jumpIf: deciding)) }
    if let last = parts.last { exits = compileCondition(last, jumpIf: jumpIf) }
    for jump in others { function.patch(jump) }
    return exits
  }

  private func compileComparison(
    _ op: BinaryOperator, _ left: Expression, _ right: Expression, jumpIf: Bool, _ range: SourceRange
  ) -> Int {
    if case .literal(.null) = right.kind, op == .equal || op == .notEqual {
      let register = compile(left, into: nil)
      return function.emitJump((op == .equal) == jumpIf ? .jumpIfNull : .jumpIfNotNull, register, range)
    }
    if case .literal(.null) = left.kind, op == .equal || op == .notEqual {
      let register = compile(right, into: nil)
      return function.emitJump((op == .equal) == jumpIf ? .jumpIfNull : .jumpIfNotNull, register, range)
    }
    if case .literal(let literal) = right.kind,
      let constant = op == .equal || op == .notEqual ? constant(of: literal, right.range) : number(literal)
    {
      let index = function.constant(constant)
      if index < 256 {
        let register = compile(left, into: nil)
        let opcode: Opcode =
          switch op {
          case .equal: jumpIf ? .jumpIfEqualConstant : .jumpUnlessEqualConstant
          case .notEqual: jumpIf ? .jumpUnlessEqualConstant : .jumpIfEqualConstant
          case .less: jumpIf ? .jumpIfLessConstant : .jumpUnlessLessConstant
          case .lessOrEqual: jumpIf ? .jumpIfLessOrEqualConstant : .jumpUnlessLessOrEqualConstant
          case .greater: jumpIf ? .jumpIfGreaterConstant : .jumpUnlessGreaterConstant
          default: jumpIf ? .jumpIfGreaterOrEqualConstant : .jumpUnlessGreaterOrEqualConstant
          }
        return function.emitJump(opcode, register, index, range)
      }
    }
    let a = operand(left, before: right)
    let b = compile(right, into: nil)
    switch op {
    case .equal: return function.emitJump(jumpIf ? .jumpIfEqual : .jumpUnlessEqual, a, b, range)
    case .notEqual: return function.emitJump(jumpIf ? .jumpUnlessEqual : .jumpIfEqual, a, b, range)
    case .less: return function.emitJump(jumpIf ? .jumpIfLess : .jumpUnlessLess, a, b, range)
    case .lessOrEqual:
      return function.emitJump(jumpIf ? .jumpIfLessOrEqual : .jumpUnlessLessOrEqual, a, b, range)
    case .greater: return function.emitJump(jumpIf ? .jumpIfLess : .jumpUnlessLess, b, a, range)
    default: return function.emitJump(jumpIf ? .jumpIfLessOrEqual : .jumpUnlessLessOrEqual, b, a, range)
    }
  }
}

extension Expression {
  /// An `if` or `try` inside an expression has statements, which may assign.
  var mayAssign: Bool {
    switch kind {
    case .ifElse, .tryCatch: true
    case .binary:
      // Chains lean to the left and may be long.
      leansToAssignment
    case .not(let value), .negate(let value): value.mayAssign
    case .call(let call): call.arguments.contains { $0.value.mayAssign }
    case .pipe(let left, let call): left.mayAssign || call.arguments.contains { $0.value.mayAssign }
    case .list(let items): items.contains { $0.mayAssign }
    case .member(let base, _): base.mayAssign
    case .index(let base, let index): base.mayAssign || index.mayAssign
    case .record(let entries):
      entries.contains { entry in
        switch entry {
        case .spread(let value), .field(_, let value): value.mayAssign
        case .computed(let key, let value): key.mayAssign || value.mayAssign
        }
      }
    case .interpolation(let parts):
      parts.contains { part in
        if case .expression(let value) = part { value.mayAssign } else { false }
      }
    case .literal, .name, .item: false
    }
  }

  private var leansToAssignment: Bool {
    var rest = self
    while case .binary(_, let left, let right) = rest.kind {
      if right.mayAssign { return true }
      rest = left
    }
    return rest.mayAssign
  }
}

extension BinaryOperator {
  var isArithmetic: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .remainder: true
    default: false
    }
  }

  func opcode(constant: Bool) -> Opcode {
    switch self {
    case .add: constant ? .addConstant : .add
    case .subtract: constant ? .subtractConstant : .subtract
    case .multiply: constant ? .multiplyConstant : .multiply
    case .divide: constant ? .divideConstant : .divide
    default: constant ? .remainderConstant : .remainder
    }
  }

  /// The word operator, and whether a `not` stands before it.
  var word: (WordOperator, Bool) {
    switch self {
    case .in: (.isIn, false)
    case .notIn: (.isIn, true)
    case .contains: (.contains, false)
    case .notContains: (.contains, true)
    case .startsWith: (.startsWith, false)
    case .notStartsWith: (.startsWith, true)
    case .endsWith: (.endsWith, false)
    case .notEndsWith: (.endsWith, true)
    case .notMatches: (.matches, true)
    default: (.matches, false)
    }
  }
}
