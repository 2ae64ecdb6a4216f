import Bytecode
import Diagnostics
import Syntax

extension Compiler {
  /// Statements in a scope of their own. The value (that of the last expression, or null) goes to `target`
  /// or a fresh register.
  func compileBody(_ body: Body, into target: Int?) -> Int {
    let result = target ?? function.allocate()
    function.scopes.append([:])
    let marked = function.nextRegister
    let outerBulk = allowsBulk
    allowsBulk = false
    var hasValue = false
    for (index, statement) in body.statements.enumerated() {
      if index == body.statements.count - 1, case .expression(let expression) = statement.kind {
        _ = compile(expression, into: result)
        shareIfAliased(expression, result)
        hasValue = true
      } else {
        compile(statement)
      }
    }
    if !hasValue, !endsInJump(body) { function.emit(.loadNull, result, body.range) }
    allowsBulk = outerBulk
    function.scopes.removeLast()
    function.nextRegister = marked
    return result
  }

  /// The body of a function or block: its value is what the function returns, so that the branches of a
  /// last `if` return on their own.
  func compileTail(_ body: Body) {
    function.scopes.append([:])
    let marked = function.nextRegister
    let outerBulk = allowsBulk
    allowsBulk = false
    for (index, statement) in body.statements.enumerated() {
      if index == body.statements.count - 1, case .expression(let expression) = statement.kind {
        compileTail(expression)
      } else {
        compile(statement)
        if index == body.statements.count - 1 { function.emit(.returnNull, 0, body.range) }
      }
    }
    if body.statements.isEmpty { function.emit(.returnNull, 0, body.range) }
    allowsBulk = outerBulk
    function.scopes.removeLast()
    function.nextRegister = marked
  }

  private func compileTail(_ expression: Expression) {
    let marked = function.nextRegister
    defer { function.nextRegister = marked }
    guard case .ifElse(var value) = expression.kind else {
      let register = compile(expression, into: nil)
      function.emit(isAliased(expression) ? .returnShared : .returnValue, register, expression.range)
      return
    }
    while true {
      let exits = compileCondition(value.condition, jumpIf: false)
      compileTail(value.then)
      for jump in exits { function.patch(jump) }
      guard let otherwise = value.otherwise else {
        function.emit(.returnNull, 0, expression.range)
        return
      }
      if otherwise.statements.count == 1, case .expression(let inner) = otherwise.statements[0].kind,
        case .ifElse(let next) = inner.kind
      {
        value = next
        continue
      }
      compileTail(otherwise)
      return
    }
  }

  private func endsInJump(_ body: Body) -> Bool {
    switch body.statements.last?.kind {
    case .returnValue, .breakLoop, .continueLoop: true
    default: false
    }
  }

  /// A body whose value nobody wants.
  func compileLoopBody(_ body: Body) {
    function.scopes.append([:])
    let marked = function.nextRegister
    let outerBulk = allowsBulk
    allowsBulk = false
    defer { allowsBulk = outerBulk }
    for statement in body.statements { compile(statement) }
    function.scopes.removeLast()
    function.nextRegister = marked
  }

  func compile(_ statement: Statement) {
    let isTopLevel = function.prototype === chunk.main && function.scopes.count == 1
    switch statement.kind {
    case .binding(let isVariable, let name, let value):
      compileBinding(isVariable, name, value, isTopLevel: isTopLevel)
    case .function(let declaration):
      compileLocalFunction(declaration)
    case .forIn(let name, let items, let body):
      compileFor(name, items, body, statement.range)
    case .whileLoop(let condition, let body):
      compileWhile(condition, body, statement.range)
    case .returnValue(let value):
      guard function.prototype !== chunk.main || function.parent != nil else {
        report("`return` leaves a function or a block, and here is none", at: statement.range)
        return
      }
      guard let value else {
        function.emit(.returnNull, 0, statement.range)
        return
      }
      let marked = function.nextRegister
      let register = compile(value, into: nil)
      function.emit(isAliased(value) ? .returnShared : .returnValue, register, statement.range)
      function.nextRegister = marked
    case .breakLoop:
      guard !function.loops.isEmpty else { return reportLoopless("break", statement.range) }
      function.loops[function.loops.count - 1].breaks.append(function.emitJump(.jump, statement.range))
    case .continueLoop:
      guard !function.loops.isEmpty else { return reportLoopless("continue", statement.range) }
      function.loops[function.loops.count - 1].continues.append(function.emitJump(.jump, statement.range))
    case .assign(let target, let operation, let value):
      compileAssignment(target, operation, value, statement.range)
    case .expression(let expression):
      let marked = function.nextRegister
      if case .ifElse(let value) = expression.kind {
        compileIf(value, into: nil, wantsValue: false, expression.range)
      } else {
        _ = compile(expression, into: nil)
      }
      function.nextRegister = marked
    }
  }

  private func reportLoopless(_ word: String, _ range: SourceRange) {
    report(
      "`\(word)` stands in a `for` or `while`", at: range,
      hints: function.isBlock ? ["a block ends this item with `return`"] : [])
  }

  private func compileBinding(_ isVariable: Bool, _ name: Name, _ value: Expression, isTopLevel: Bool) {
    if isTopLevel, let global = globals[name.text], globalRanges[name.text] == name.range {
      let register = function.allocate()
      _ = compile(value, into: register)
      shareIfAliased(value, register)
      emitGlobal(.setGlobal, register, global.number, name.range)
      function.nextRegister = register
      visible.insert(name.text)
      return
    }
    if let earlier = function.scopes[function.scopes.count - 1][name.text] {
      _ = earlier
      report(
        "`\(name.text)` is declared twice", at: name.range,
        hints: ["a `var` can be given another value: `\(name.text) = …`"])
    }
    let marked = function.nextRegister
    var register = compile(value, into: nil)
    if register != marked {
      // It is somebody else's register: a copy of our own.
      function.nextRegister = marked
      let own = function.allocate()
      function.emit(.move, own, register, name.range)
      register = own
    }
    shareIfAliased(value, register)
    function.nextRegister = register + 1
    function.prototype.registers = max(function.prototype.registers, register + 1)
    function.scopes[function.scopes.count - 1][name.text] = Local(
      register: register, kind: isVariable ? .variable : .fixed, parameters: nil, range: name.range)
  }

  private func compileLocalFunction(_ declaration: Function) {
    let register = function.allocate()
    let prototype = Prototype(name: declaration.name.text, source: source)
    let outer = function
    function = FunctionState(prototype: prototype, parent: outer, isBlock: false)
    function.selfName = declaration.name.text
    compileFunctionBody(declaration)
    function = outer
    outer.emit(Instruction.wide(.makeFunction, register, outer.child(prototype)), declaration.name.range)
    outer.scopes[outer.scopes.count - 1][declaration.name.text] = Local(
      register: register, kind: .fixed, parameters: prototype.parameters, range: declaration.name.range)
  }

  private func compileFor(_ name: Name, _ items: Expression, _ body: Body, _ range: SourceRange) {
    let marked = function.nextRegister
    let state = function.allocate(3)
    // Counting needs no range made.
    var counts = false
    if case .binary(.range, let low, let high) = items.kind {
      counts = true
      _ = compile(low, into: state)
      _ = compile(high, into: state + 1)
      function.emit(.countPrepare, state, items.range)
    } else {
      _ = compile(items, into: state)
      // What the loop changes must not be what it goes through. Nor the item: who changes a list that is
      // shared copies it first, and its items are shared then.
      if Mutations.found(in: body) { function.emit(.share, state, items.range) }
      function.emit(.loopPrepare, state, items.range)
    }
    let entry = function.emitJump(.jump, range)
    let start = function.here
    function.scopes.append([
      name.text: Local(register: state + 2, kind: .fixed, parameters: nil, range: name.range, isUsed: true)
    ])
    function.loops.append(FunctionState.Loop())
    compileLoopBody(body)
    let loop = function.loops.removeLast()
    function.scopes.removeLast()
    function.patch(entry)
    for jump in loop.continues { function.patch(jump) }
    let next = function.emitJump(counts ? .countNext : .loopNext, state, items.range)
    function.patch(next, to: start)
    if !counts {
      let check = function.emitJump(.loopCheck, state, items.range)
      function.patch(check, to: start)
    }
    for jump in loop.breaks { function.patch(jump) }
    function.nextRegister = marked
  }

  private func compileWhile(_ condition: Expression, _ body: Body, _ range: SourceRange) {
    let start = function.here
    let exits = compileCondition(condition, jumpIf: false)
    function.loops.append(FunctionState.Loop())
    compileLoopBody(body)
    let loop = function.loops.removeLast()
    for jump in loop.continues { function.patch(jump) }
    let back = function.emitJump(.jumpBack, range)
    function.patch(back, to: start)
    for jump in exits { function.patch(jump) }
    for jump in loop.breaks { function.patch(jump) }
  }

  // MARK: Assignment

  private func compileAssignment(
    _ target: Target, _ operation: AssignmentOperator, _ value: Expression, _ range: SourceRange
  ) {
    let marked = function.nextRegister
    defer { function.nextRegister = marked }
    let register: Int
    var global: Int?
    switch resolve(target.name.text) {
    case .register(let number, .variable): register = number
    case .global(let binding) where binding.isVariable:
      global = binding.number
      register = function.allocate()
    case .hiddenVariable:
      report(
        "`\(target.name.text)` belongs to the code around this block: a block cannot change it",
        at: target.name.range, hints: ["let the block's value say it: `sum`, `count`, `reduce`"])
      return
    case .unknown:
      reportUnknown(target.name.text, at: target.name.range, isAssigned: true)
      return
    default:
      report(
        "`\(target.name.text)` is fixed", at: target.name.range,
        hints: ["declare it with `var` if it is to change"])
      return
    }
    if target.steps.isEmpty {
      if let global, operation != .set { emitGlobal(.getGlobal, register, global, target.name.range) }
      compileUpdate(register, operation, value, range)
    } else {
      if let global { emitGlobal(.getGlobal, register, global, target.name.range) }
      compilePath(register, target.steps, operation, value, range)
    }
    if let global { emitGlobal(.setGlobal, register, global, target.name.range) }
  }

  /// `register op= value`
  private func compileUpdate(
    _ register: Int, _ operation: AssignmentOperator, _ value: Expression, _ range: SourceRange
  ) {
    switch operation {
    case .set:
      if isSafeInPlace(value) {
        _ = compile(value, into: register)
      } else {
        let other = compile(value, into: nil)
        function.emit(.move, register, other, range)
      }
      shareIfAliased(value, register)
    case .add:
      if case .literal(let literal) = value.kind, let constant = number(literal),
        case let index = function.constant(constant), index < 256
      {
        function.emit(.addConstant, register, register, index, range)
      } else if case .list(let items) = value.kind, items.count == 1, let item = items.first {
        let other = compile(item, into: nil)
        shareIfAliased(item, other)
        function.emit(.push, register, other, range)
      } else {
        let other = compile(value, into: nil)
        function.emit(.appendTo, register, other, range)
      }
    case .subtract:
      if case .literal(let literal) = value.kind, let constant = number(literal),
        case let index = function.constant(constant), index < 256
      {
        function.emit(.subtractConstant, register, register, index, range)
      } else {
        let other = compile(value, into: nil)
        function.emit(.subtract, register, register, other, range)
      }
    }
  }

  /// `register.a["k"] op= value`: each step's record is made the variable's own on the way down, and put
  /// back on the way up.
  private func compilePath(
    _ register: Int, _ steps: [Target.Step], _ operation: AssignmentOperator, _ value: Expression,
    _ range: SourceRange
  ) {
    var indices: [Int] = []
    for (number, step) in steps.enumerated() {
      if case .index(let index) = step {
        let later = steps[(number + 1)...].compactMap { step in
          if case .index(let index) = step { index } else { nil }
        }
        indices.append(operand(index, before: (later + [value]).first { $0.mayAssign }))
      } else {
        indices.append(-1)
      }
    }
    // The right side before the way down: what it changes is there when the path is walked.
    var newValue = function.allocate()
    var single: Expression?
    if operation == .add, case .list(let items) = value.kind, items.count == 1 { single = items.first }
    let isLiteral: Bool
    if operation != .set, case .literal = value.kind { isLiteral = true } else { isLiteral = false }
    if !isLiteral {
      _ = compile(single ?? value, into: newValue)
      shareIfAliased(single ?? value, newValue)
    }
    let right = newValue
    var chain = [register]
    for (number, step) in steps.dropLast().enumerated() {
      let next = function.allocate()
      switch step {
      case .index: function.emit(.takeIndex, next, chain[number], indices[number], range)
      case .member(let name):
        function.emit(
          .takeField, next, chain[number], extras: [function.constant(.string(name.text)), 0], name.range)
      }
      chain.append(next)
    }
    guard let last = steps.last, let holder = chain.last else { return }
    if operation != .set {
      if steps.count == 1 { function.emit(.own, holder, range) }
      newValue = function.allocate()
      emitGet(newValue, holder, last, indices[steps.count - 1])
      if isLiteral {
        compileUpdate(newValue, operation, value, range)
      } else if operation == .add {
        function.emit(single == nil ? .appendTo : .push, newValue, right, range)
      } else {
        function.emit(.subtract, newValue, newValue, right, range)
      }
    }
    var stays: Int?
    if steps.count > 1, case .member(let name) = last {
      stays = function.here
      let field = function.constant(.string(name.text))
      function.emit(.putField, holder, newValue, extras: [field, 0, 0], name.range)
    } else {
      emitSet(holder, newValue, last, indices[steps.count - 1], range)
    }
    var number = steps.count - 2
    while number >= 0 {
      emitSet(chain[number], chain[number + 1], steps[number], indices[number], range)
      number -= 1
    }
    if let stays { function.patch(stays) }
  }

  private func emitGet(_ result: Int, _ holder: Int, _ step: Target.Step, _ index: Int) {
    switch step {
    case .member(let name):
      function.emit(
        .getField, result, holder, extras: [function.constant(.string(name.text)), 0], name.range)
    case .index(let expression):
      function.emit(.getIndex, result, holder, index, extras: [0, 0], expression.range)
    }
  }

  private func emitSet(_ holder: Int, _ value: Int, _ step: Target.Step, _ index: Int, _ range: SourceRange) {
    switch step {
    case .member(let name):
      function.emit(.setField, holder, value, extras: [function.constant(.string(name.text)), 0], name.range)
    case .index:
      function.emit(.setIndex, holder, index, value, range)
    }
  }

  func number(_ literal: Literal) -> Constant? {
    switch literal {
    case .int(let value): .int(value)
    case .float(let value): .float(value)
    default: nil
    }
  }

  /// Compiling it into a variable's register reads the variable before it writes it.
  private func isSafeInPlace(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .literal, .name, .item, .member, .index, .call, .pipe, .negate: true
    case .list: true
    case .binary(let op, _, _):
      switch op {
      case .add, .subtract, .multiply, .divide, .remainder: true
      default: false
      }
    default: false
    }
  }

  /// Lists and records that may be stored elsewhere already are shared from here on.
  func shareIfAliased(_ expression: Expression, _ register: Int) {
    if isAliased(expression) { function.emit(.share, register, expression.range) }
  }

  /// The value may be stored elsewhere already.
  private func isAliased(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .name, .item, .member, .index, .ifElse, .tryCatch, .binary(.coalesce, _, _): true
    default: false
    }
  }
}

/// Whether statements assign to anything: then loops around them guard what they iterate.
enum Mutations {
  static func found(in body: Body) -> Bool {
    body.statements.contains { found(in: $0) }
  }

  private static func found(in statement: Statement) -> Bool {
    switch statement.kind {
    case .assign(let target, let operation, let value):
      !target.steps.isEmpty || operation == .add || found(in: value)
    case .forIn(_, let items, let body): found(in: items) || found(in: body)
    case .whileLoop(let condition, let body): found(in: condition) || found(in: body)
    case .expression(let expression): found(in: expression)
    case .binding(_, _, let value): found(in: value)
    case .returnValue(let value): value.map { found(in: $0) } ?? false
    case .function, .breakLoop, .continueLoop: false
    }
  }

  private static func found(in expression: Expression) -> Bool {
    switch expression.kind {
    case .ifElse(let value):
      found(in: value.condition) || found(in: value.then) || (value.otherwise.map { found(in: $0) } ?? false)
    case .tryCatch(let value): found(in: value.body) || found(in: value.handler)
    default: expression.mayAssign
    }
  }
}
