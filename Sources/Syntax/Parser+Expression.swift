import Diagnostics

extension Parser {
  mutating func parseExpression() throws(Abandoned) -> Expression { try parseInfix(.or) }

  /// Reads operands and the operators that bind at least as tightly as `minimum`.
  mutating func parseInfix(_ minimum: Precedence) throws(Abandoned) -> Expression {
    var left: Expression
    if kind == .not {
      left = try parseNot(minimum)
    } else if continuesLastValue, index == 0, kind == .bar {
      left = Expression(.name("_"), SourceRange(current.start, current.start))
    } else {
      if minimum <= .pipe { bareStart = index }
      left = try parseUnary()
    }
    var leftHeight = height
    // What stands left of the next operator, if that says which ones may not follow.
    var last: Infix?
    while let (infix, length) = currentInfix(), infix.precedence >= minimum {
      try refuse(infix, behind: last)
      switch infix {
      case .stage:
        explainHabit()
        advance()
        let call = try parseStage()
        left = Expression(.pipe(left, call), left.range.union(call.range))
      case .binary(let binary, let precedence) where precedence <= .and:
        let run = try parseRun(of: binary, precedence, from: left, &leftHeight)
        left = run
        last = infix
        continue
      case .binary(let binary, let precedence):
        index = min(index + length, tokens.count - 1)
        let right = try parseInfix(precedence.tighter)
        left = Expression(.binary(binary, left, right), left.range.union(right.range))
      }
      last = infix
      leftHeight = max(leftHeight, height) + 1
      try setHeight(leftHeight)
    }
    height = leftHeight
    return left
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

  /// `a or b or c`, all of one kind: a balanced tree means the same and is log(n) deep.
  private mutating func parseRun(
    of binary: BinaryOperator, _ precedence: Precedence, from first: Expression, _ height: inout Int
  ) throws(Abandoned) -> Expression {
    var operands = [first]
    var deepest = height
    while let (infix, _) = currentInfix(), infix.precedence == precedence {
      explainHabit()
      advance()
      operands.append(try parseInfix(precedence.tighter))
      deepest = max(deepest, self.height)
    }
    if operands.count <= 32 {
      height = deepest + operands.count - 1
      try setHeight(height)
      return operands.dropFirst().reduce(first) {
        Expression(.binary(binary, $0, $1), $0.range.union($1.range))
      }
    }
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
      deepest += 1
    }
    height = deepest
    try setHeight(height)
    return operands.first ?? first
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
    guard kind == .minus || kind == .bang else { return try parsePostfix() }
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
      return try parser.parseUnary()
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
  private mutating func parseSteps(behind primary: Expression, from start: Int) throws(Abandoned) -> Expression {
    var left = primary
    while !current.startsLine {
      let innerHeight = height
      switch kind {
      case .dot, .questionDot:
        let name = try parseField()
        left = Expression(.member(left, name), left.range.union(name.range))
        height = innerHeight
      case .leftBracket:
        let key = try parseBracketed(closing: .rightBracket, "]") { (parser) throws(Abandoned) in
          try parser.parseExpression()
        }
        left = Expression(.index(left, key), range(from: start))
        height = max(height, innerHeight)
      case .leftParenthesis: throw fail(.noMethods(methodHint(left)))
      default: return left
      }
      try setHeight(height + 1)
    }
    return left
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
