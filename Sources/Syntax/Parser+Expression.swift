import Diagnostics

extension Parser {
  mutating func parseExpression() throws(Abandoned) -> Expression { try parseInfix(.or) }

  /// Reads operands and the operators that bind at least as tightly as `minimum`.
  ///
  /// What waits for its right operand stands in a list, not on the stack: however many precedences
  /// an expression uses, it takes one frame.
  mutating func parseInfix(_ minimum: Precedence) throws(Abandoned) -> Expression {
    var pending: [Pending] = []
    var left = try parseOperand(minimum)
    var leftHeight = height
    // The operator that made `left`, as some say what may not follow.
    var last: Infix?
    while let (infix, length) = currentInfix(), infix.precedence >= minimum {
      while let top = pending.indices.last, pending[top].mustEnd(before: infix) {
        let top = pending.removeLast()
        left = try combine(top, left, &leftHeight)
        last = top.infix
      }
      try refuse(infix, behind: last)
      explainHabit()
      index = min(index + length, tokens.count - 1)
      if case .stage = infix {
        let call = try parseStage()
        left = Expression(.pipe(left, call), left.range.union(call.range))
        leftHeight = max(leftHeight, height) + 1
        try setHeight(leftHeight)
        last = infix
        continue
      }
      if let run = pending.indices.last, pending[run].infix.precedence == infix.precedence {
        pending[run].operands.append(left)
        pending[run].height = max(pending[run].height, leftHeight)
      } else {
        pending.append(Pending(infix: infix, operands: [left], height: leftHeight))
      }
      left = try parseOperand(infix.precedence.tighter)
      leftHeight = height
      last = nil
    }
    while let top = pending.popLast() { left = try combine(top, left, &leftHeight) }
    height = leftHeight
    return left
  }

  /// An operator whose right operand is being read.
  struct Pending {
    var infix: Infix
    /// One; or all so far of `a or b or c`.
    var operands: [Expression]
    var height: Int

    /// Its right operand is complete where `next` follows.
    func mustEnd(before next: Infix) -> Bool {
      if infix.precedence == next.precedence { return infix.precedence > .and }
      return infix.precedence > next.precedence
    }
  }

  private mutating func parseOperand(_ minimum: Precedence) throws(Abandoned) -> Expression {
    switch kind {
    case .not: return try parseNot(minimum)
    case .minus, .bang: return try parseUnary()
    case .bar where continuesLastValue && index == 0:
      return Expression(.name("_"), SourceRange(current.start, current.start))
    default:
      if minimum <= .pipe { bareStart = index }
      return try parsePostfix()
    }
  }

  private mutating func combine(
    _ pending: Pending, _ right: Expression, _ rightHeight: inout Int
  ) throws(Abandoned) -> Expression {
    guard case .binary(let binary, _) = pending.infix, let left = pending.operands.first else { return right }
    rightHeight = max(rightHeight, pending.height)
    if pending.operands.count >= 32 { return try balance(pending.operands + [right], binary, &rightHeight) }
    rightHeight += pending.operands.count
    try setHeight(rightHeight)
    return (pending.operands.dropFirst() + [right]).reduce(left) {
      Expression(.binary(binary, $0, $1), $0.range.union($1.range))
    }
  }

  /// `a or b or c`, all of one kind: a balanced tree means the same and is log(n) deep.
  private mutating func balance(
    _ run: [Expression], _ binary: BinaryOperator, _ height: inout Int
  ) throws(Abandoned) -> Expression {
    var operands = run
    while operands.count > 1 {
      var halved: [Expression] = []
      halved.reserveCapacity(operands.count / 2 + 1)
      for position in stride(from: 0, to: operands.count, by: 2) {
        let left = operands[position]
        guard position + 1 < operands.count else {
          halved.append(left)
          continue
        }
        let right = operands[position + 1]
        halved.append(Expression(.binary(binary, left, right), left.range.union(right.range)))
      }
      operands = halved
      height += 1
    }
    try setHeight(height)
    guard let whole = operands.first else { throw Abandoned() }
    return whole
  }

  /// The infix operator at the current token, and how many tokens it takes.
  private func currentInfix() -> (Infix, Int)? {
    let token = current
    if token.startsLine, context.lineBreaksEnd, token.kind != .bar, token.kind != .barArrow { return nil }
    if token.kind == .not { return Infix(negated: self.token(1).kind).map { ($0, 2) } }
    return Infix(token.kind).map { ($0, 1) }
  }

  private mutating func refuse(_ next: Infix, behind last: Infix?) throws(Abandoned) {
    guard let last else { return }
    if case .stage = last, next.precedence > .pipe { throw fail(.stageGoesOn(text(of: current))) }
    if last.precedence == .comparison, next.precedence == .comparison { throw fail(.chainedComparison) }
    if last.precedence == .range, next.precedence == .range { throw fail(.chainedRange) }
  }

  /// `&&`, `||` and `|>` are read as what they are meant to be.
  private mutating func explainHabit() {
    switch kind {
    case .ampersands, .bars, .barArrow: note(.habit(text(of: current)), at: current.range)
    default: break
    }
  }

  private mutating func parseNot(_ minimum: Precedence) throws(Abandoned) -> Expression {
    guard minimum <= .not else { throw fail(.notInsideComparison) }
    let start = current.range
    let operand = try nested { (parser) throws(Abandoned) in
      parser.advance()
      return try parser.parseInfix(.not)
    }
    return Expression(.not(operand), start.union(operand.range))
  }

  private mutating func parseUnary() throws(Abandoned) -> Expression {
    let sign = current
    if sign.kind == .bang { note(.habit("!"), at: sign.range) }
    let number = token(1)
    if sign.kind == .minus, number.start == sign.end, let literal = negative(number) {
      advance()
      advance()
      height = 0
      return try parseSteps(
        behind: Expression(.literal(literal), sign.range.union(number.range)), from: index - 2)
    }
    let operand = try nested { (parser) throws(Abandoned) in
      parser.advance()
      let isSigned = parser.kind == .minus || parser.kind == .bang
      return isSigned ? try parser.parseUnary() : try parser.parsePostfix()
    }
    let range = sign.range.union(operand.range)
    return Expression(sign.kind == .minus ? .negate(operand) : .not(operand), range)
  }

  /// What a number means with the `-` that touches it.
  private mutating func negative(_ token: Token) -> Literal? {
    switch token.kind {
    case .int:
      if token.payload <= UInt64(Int64.max) { return .int(-Int64(token.payload)) }
      if token.payload == UInt64(Int64.max) + 1 { return .int(.min) }
      note(.integerBecomesFloat, at: token.range)
      return .float(-Double(token.payload))
    case .float:
      noteIfInteger(token)
      return .float(-Double(bitPattern: token.payload))
    case .duration: return .duration(-Int64(clamping: token.payload))
    default: return nil
    }
  }

  private mutating func noteIfInteger(_ token: Token) {
    if bytes[token.start..<token.end].allSatisfy({ $0 &- 0x30 < 10 || $0 == UInt8(ascii: "_") }) {
      note(.integerBecomesFloat, at: token.range)
    }
  }

  private mutating func parsePostfix() throws(Abandoned) -> Expression {
    let start = index
    return try parseSteps(behind: try parsePrimary(), from: start)
  }

  /// `.field` and `[index]`, as many as follow on the line.
  private mutating func parseSteps(behind primary: Expression, from start: Int) throws(Abandoned)
    -> Expression
  {
    var left = primary
    while !current.startsLine {
      switch kind {
      case .dot, .questionDot: left = try parseMember(of: left)
      case .leftBracket: left = try parseIndex(of: left, from: start)
      case .leftParenthesis: throw fail(.noMethods(methodHint(left)))
      default: return left
      }
    }
    return left
  }

  private mutating func parseMember(of left: Expression) throws(Abandoned) -> Expression {
    let name = try parseField()
    try setHeight(height + 1)
    return Expression(.member(left, name), left.range.union(name.range))
  }

  private mutating func parseIndex(of left: Expression, from start: Int) throws(Abandoned) -> Expression {
    let leftHeight = height
    let key = try parseBracketed(closing: .rightBracket, "]") { (parser) throws(Abandoned) in
      try parser.parseExpression()
    }
    try setHeight(max(height, leftHeight) + 1)
    return Expression(.index(left, key), range(from: start))
  }

  /// For `x.f(…)`: the name, to show `x | f(…)`.
  private func methodHint(_ callee: Expression) -> String? {
    guard case .member(_, let name) = callee.kind else { return nil }
    return name.text
  }

  /// `.` and a word.
  mutating func parseField() throws(Abandoned) -> Name {
    if kind == .questionDot { note(.habit("?."), at: current.range) }
    advance()
    guard kind.isWord, !current.startsLine else { throw fail(.expectedField(found: describeCurrent())) }
    return takeWord()
  }

  /// Reads what a bracket holds, in which line breaks mean nothing, and its closing bracket.
  mutating func parseBracketed<Value>(
    closing: Token.Kind, _ spelling: String, _ read: (inout Parser) throws(Abandoned) -> Value
  ) throws(Abandoned) -> Value {
    let outer = context
    defer { context = outer }
    return try nested { (parser) throws(Abandoned) in
      parser.context.lineBreaksEnd = false
      parser.context.isHead = false
      parser.advance()
      let value = try read(&parser)
      guard parser.accept(closing) else {
        throw parser.fail(.expectedClosing(spelling, found: parser.describeCurrent()))
      }
      return value
    }
  }
}
