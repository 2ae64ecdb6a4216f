import Diagnostics

extension Parser {
  /// The statements up to a `}` or the end; each mistake costs one statement.
  private mutating func parseStatements() throws(Abandoned) -> [Statement] {
    var statements: [Statement] = []
    var deepest = 0
    while kind != .end, kind != .rightBrace {
      if accept(.semicolon) { continue }
      let start = index
      let outerStart = statementStart
      statementStart = start
      let saved = context
      do throws(Abandoned) {
        statements.append(try parseStatement())
        try expectStatementEnd()
      } catch {
        if isAborted { throw error }
        context = saved
        recover(from: start)
      }
      statementStart = outerStart
      deepest = max(deepest, height)
    }
    height = deepest
    return statements
  }

  mutating func expectStatementEnd() throws(Abandoned) {
    if current.startsLine { return }
    switch kind {
    case .semicolon, .end: return
    case .rightBrace where context.brace != .none: return
    default: throw fail(mistakeAfterStatement())
    }
  }

  /// What is wrong with a token that follows a complete statement on its line.
  private func mistakeAfterStatement() -> Mistake {
    switch kind {
    case .leftBrace: return .misplacedBlock
    case .leftParenthesis: return .noMethods(nil)
    case .rightBrace, .rightParenthesis, .rightBracket: return .unmatchedBracket(text(of: current))
    case .assign, .plusAssign, .minusAssign: return .notAssignable
    case .comma where bareEnd == index: return .textCallGoesOn
    case .colon, .comma:
      if context.brace == .block { return .blockNotRecord }
      if context.brace == .body { return .bodyNotRecord }
    default: break
    }
    let before = token(-1)
    var callee: String?
    let isStart = before.kind == .name && tokens[statementStart].start <= before.start
    if isStart,
      kind == .name || kind == .int || kind == .float || kind == .duration || kind == .it
        || kind == .textStart || kind == .text
    {
      callee = text(of: before)
    }
    return .expectedNewLine(found: describeCurrent(), callee: callee, argument: text(of: current))
  }

  mutating func parseStatement() throws(Abandoned) -> Statement {
    let start = index
    let kind: Statement.Kind
    height = 0
    switch self.kind {
    case .let, .var: kind = try parseBinding()
    case .fn: kind = .function(try parseFunction())
    case .for: kind = try parseFor()
    case .while: kind = try parseWhile()
    case .return: kind = try parseReturn()
    case .break:
      advance()
      kind = .breakLoop
    case .continue:
      advance()
      kind = .continueLoop
    default: kind = try parseExpressionStatement()
    }
    var statement = Statement(kind, range(from: start))
    switch kind {
    case .binding, .function:
      statement.documentation = documentation.of(tokens, from: start, to: index - 1)
    default: break
    }
    return statement
  }

  private mutating func parseBinding() throws(Abandoned) -> Statement.Kind {
    let isVariable = kind == .var
    advance()
    let name = try takeName("a name")
    try expectSameLine(.assign, .expected("`=`", after: "the name", found: describeCurrent()))
    return .binding(isVariable: isVariable, name, try parseExpression())
  }

  private mutating func parseFunction() throws(Abandoned) -> Function {
    advance()
    guard kind == .name, !current.startsLine else {
      throw fail(
        kind == .leftParenthesis ? .functionNeedsName : .expectedName("a name", found: describeCurrent()))
    }
    let name = takeWord()
    guard atSameLine(.leftParenthesis) else {
      throw fail(.expected("`(`", after: "the function's name", found: describeCurrent()))
    }
    let outer = context
    context.item = .function
    defer { context = outer }
    var deepest = 0
    let parameters = try nested { (parser) throws(Abandoned) in
      parser.advance()
      parser.context.lineBreaksEnd = false
      parser.context.isHead = false
      var parameters: [Function.Parameter] = []
      while parser.kind != .rightParenthesis {
        let name = try parser.takeName("a parameter's name")
        var value: Expression?
        if parser.accept(.assign) {
          value = try parser.parseExpression()
          deepest = max(deepest, parser.height)
        }
        parameters.append(Function.Parameter(name: name, defaultValue: value))
        guard parser.accept(.comma) else { break }
      }
      try parser.expect(
        .rightParenthesis, .expectedInList(closing: ")", found: parser.describeCurrent(), line: nil))
      return parameters
    }
    context.lineBreaksEnd = outer.lineBreaksEnd
    if atSameLine(.assign) {
      advance()
      let expression = try parseExpression()
      height = max(deepest, height)
      let body = Body(
        statements: [Statement(.expression(expression), expression.range)], range: expression.range)
      return Function(name: name, parameters: parameters, body: body, isExpressionBody: true)
    }
    guard atSameLine(.leftBrace) else {
      throw fail(.expected("`=` or `{`", after: "the parameters", found: describeCurrent()))
    }
    let body = try parseBody()
    height = max(deepest, height)
    return Function(name: name, parameters: parameters, body: body, isExpressionBody: false)
  }

  private mutating func parseFor() throws(Abandoned) -> Statement.Kind {
    advance()
    let name = try takeName("a name for the item")
    try expectSameLine(.in, .expected("`in`", after: "the item's name", found: describeCurrent()))
    let items = try parseHead()
    let itemsHeight = height
    let body = try parseBody()
    height = max(height, itemsHeight)
    return .forIn(name, items, body)
  }

  private mutating func parseWhile() throws(Abandoned) -> Statement.Kind {
    advance()
    let condition = try parseHead()
    let conditionHeight = height
    let body = try parseBody()
    height = max(height, conditionHeight)
    return .whileLoop(condition, body)
  }

  private mutating func parseReturn() throws(Abandoned) -> Statement.Kind {
    advance()
    if current.startsLine { return .returnValue(nil) }
    switch kind {
    case .end, .semicolon, .rightBrace: return .returnValue(nil)
    default: return .returnValue(try parseExpression())
    }
  }

  private mutating func parseExpressionStatement() throws(Abandoned) -> Statement.Kind {
    let start = index
    try refuseStatementStart()
    let expression = try parseExpression()
    switch kind {
    case .assign, .plusAssign, .minusAssign:
      if !current.startsLine { return try parseAssignment(to: expression, from: start) }
    default: break
    }
    return .expression(expression)
  }

  private mutating func parseAssignment(to left: Expression, from start: Int) throws(Abandoned)
    -> Statement.Kind
  {
    let assignment: AssignmentOperator = kind == .assign ? .set : kind == .plusAssign ? .add : .subtract
    guard tokens[start].kind == .name, let target = target(of: left) else { throw fail(.notAssignable) }
    let targetHeight = height
    advance()
    let value = try parseExpression()
    height = max(height, targetHeight)
    return .assign(target, assignment, value)
  }

  private mutating func refuseStatementStart() throws(Abandoned) {
    switch kind {
    case .minus: return
    case .bar, .barArrow:
      if continuesLastValue, index == 0 { return }
      throw fail(.startsStatement(text(of: current)))
    case .else, .catch: throw fail(.strayKeyword(text(of: current)))
    case .ellipsis where context.brace == .block: throw fail(.blockNotRecord)
    case .rightParenthesis, .rightBracket, .rightBrace: throw fail(.unmatchedBracket(text(of: current)))
    case .assign, .plusAssign, .minusAssign, .colon, .comma, .ellipsis, .arrow, .question, .questionDot:
      throw fail(.startsStatement(text(of: current)))
    case let kind where kind.isInfix: throw fail(.startsStatement(text(of: current)))
    case .name where startsDeclaration: throw fail(.onlyAtTop(text(of: current)))
    default: return
    }
  }

  private func target(of expression: Expression) -> Target? {
    var steps: [Target.Step] = []
    var left = expression
    while true {
      switch left.kind {
      case .member(let inner, let name):
        steps.append(.member(name))
        left = inner
      case .index(let inner, let key):
        steps.append(.index(key))
        left = inner
      case .name(let name):
        return Target(name: Name(name, left.range), steps: steps.reversed(), range: expression.range)
      default: return nil
      }
    }
  }

  /// The expression before a body, in which `{` directly after a call is the body.
  mutating func parseHead() throws(Abandoned) -> Expression {
    let outer = context.isHead
    context.isHead = true
    defer { context.isHead = outer }
    if atSameLine(.leftBrace), !isRecordAhead { throw fail(.missingHead) }
    let expression = try parseExpression()
    guard atSameLine(.assign) else { return expression }
    note(.assignmentInCondition, at: current.range)
    advance()
    return try parseExpression()
  }

  /// The `{` of a head is a record if something goes on behind its `}`; else it is the body, and what
  /// stands before it was forgotten.
  private var isRecordAhead: Bool {
    let closing = current.payload
    guard closing > UInt64(index), closing + 1 < UInt64(tokens.count) else { return false }
    let next = tokens[Int(closing) + 1]
    switch next.kind {
    case .end, .else, .semicolon, .rightBrace: return false
    default: return !next.startsLine
    }
  }

  /// `{ … }` with statements.
  mutating func parseBody() throws(Abandoned) -> Body {
    guard atSameLine(.leftBrace) else { throw fail(.expectedBody(found: describeCurrent())) }
    return try parseBraces(.body, item: context.item)
  }

  /// From `{` (or what follows a block's names) to `}`.
  mutating func parseBraces(_ brace: Brace, item: Item) throws(Abandoned) -> Body {
    let outer = context
    defer { context = outer }
    let start = index
    advance()
    context.item = item
    return try parseRestOfBraces(brace, from: start)
  }

  mutating func parseRestOfBraces(_ brace: Brace, from start: Int) throws(Abandoned) -> Body {
    let outer = context
    defer { context = outer }
    context.lineBreaksEnd = true
    context.isHead = false
    context.brace = brace
    layout.braces.insert(tokens[start].start)
    let statements = try nested { (parser) throws(Abandoned) in try parser.parseStatements() }
    guard accept(.rightBrace) else {
      throw fail(.unclosedBrace(line: source.position(of: tokens[start].start).line))
    }
    return Body(statements: statements, range: range(from: start))
  }
}
