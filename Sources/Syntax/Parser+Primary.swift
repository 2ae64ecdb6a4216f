import Diagnostics

extension Parser {
  mutating func parsePrimary() throws(Abandoned) -> Expression {
    height = 0
    let token = current
    switch token.kind {
    case .name: return try parsePathExpression()
    case .it:
      advance()
      checkItem(token.range)
      return Expression(.item, token.range)
    case .dot: return try parseItemField()
    case .textStart: return try parseInterpolation()
    case .leftParenthesis: return try parseParentheses()
    case .leftBracket: return try parseList()
    case .leftBrace: return try parseRecord()
    case .if: return try parseIf()
    case .try: return try parseTry()
    default: return try parseLiteral()
    }
  }

  private mutating func parseLiteral() throws(Abandoned) -> Expression {
    let token = current
    switch token.kind {
    case .int, .float, .duration, .time, .text, .null, .true, .false:
      advance()
      return Expression(.literal(literal(token)), token.range)
    case .invalid:
      // The lexer has said what is wrong; reading on finds what else is.
      advance()
      return Expression(.literal(.null), token.range)
    case .fn: throw fail(.functionValue)
    case .questionDot: throw fail(.habit("?."))
    default: throw fail(.expectedExpression(found: describeCurrent(), isKeyword: kind.isKeyword))
    }
  }

  private mutating func parseParentheses() throws(Abandoned) -> Expression {
    let start = index
    let inner = try parseBracketed(closing: .rightParenthesis, ")") { (parser) throws(Abandoned) in
      try parser.parseExpression()
    }
    return Expression(inner.kind, range(from: start))
  }

  mutating func literal(_ token: Token) -> Literal {
    switch token.kind {
    case .int:
      if let value = Int64(exactly: token.payload) { return .int(value) }
      note(.integerBecomesFloat, at: token.range)
      return .float(Double(token.payload))
    case .float:
      if bytes[token.start..<token.end].allSatisfy({ $0 &- 0x30 < 10 || $0 == UInt8(ascii: "_") }) {
        note(.integerBecomesFloat, at: token.range)
      }
      return .float(Double(bitPattern: token.payload))
    case .duration: return .duration(Int64(clamping: token.payload))
    case .time:
      let place = Int(token.payload)
      return place < instants.count ? .time(instants[place]) : .null
    case .text: return .string(decodedText(token))
    case .true: return .bool(true)
    case .false: return .bool(false)
    default: return .null
    }
  }

  /// What a `.text` or `.textPiece` means.
  func decodedText(_ token: Token) -> String {
    if token.payload != Lexer.verbatim, token.payload < UInt64(texts.count) {
      return texts[Int(token.payload)]
    }
    let mark = token.kind == .text ? 1 : 0
    let start = token.start + mark
    return String(decoding: bytes[start..<max(start, token.end - mark)], as: UTF8.self)
  }

  private mutating func checkItem(_ range: SourceRange) {
    switch context.item {
    case .implicit: break
    case .none: note(context.callee.map { .noItemInArguments(of: $0) } ?? .noItem, at: range)
    case .named: note(.itemHasName, at: range)
    case .function: note(.noItemInFunction, at: range)
    }
  }

  /// `.field` for `it.field`.
  private mutating func parseItemField() throws(Abandoned) -> Expression {
    let dot = current.range
    checkItem(dot)
    let name = try parseField()
    try setHeight(1)
    return Expression(.member(Expression(.item, dot), name), dot.union(name.range))
  }

  private mutating func parseInterpolation() throws(Abandoned) -> Expression {
    let start = index
    advance()
    var parts: [TextPart] = []
    var deepest = 0
    while kind != .textEnd, kind != .end {
      if kind == .textPiece {
        let text = decodedText(current)
        if !text.isEmpty { parts.append(.text(text)) }
        advance()
      } else {
        let value = try parseBracketed(closing: .interpolationEnd, ")") { (parser) throws(Abandoned) in
          if parser.kind == .interpolationEnd { throw parser.fail(.emptyInterpolation) }
          return try parser.parseExpression()
        }
        parts.append(.expression(value))
        deepest = max(deepest, height)
      }
    }
    advance()
    height = deepest
    return Expression(.interpolation(parts), range(from: start))
  }

  private mutating func parseList() throws(Abandoned) -> Expression {
    let start = index
    var items: [Expression] = []
    let outer = context
    defer { context = outer }
    try nested { (parser) throws(Abandoned) in
      parser.context.lineBreaksEnd = false
      parser.context.isHead = false
      parser.advance()
      var deepest = 0
      while parser.kind != .rightBracket {
        items.append(try parser.parseExpression())
        deepest = max(deepest, parser.height)
        guard parser.accept(.comma) else { break }
      }
      parser.height = deepest
      if !parser.accept(.rightBracket) {
        throw parser.fail(
          .expectedInList(closing: "]", found: parser.describeCurrent(), line: parser.lineOfOpen(start)))
      }
    }
    return Expression(.list(items), range(from: start))
  }

  private mutating func parseRecord() throws(Abandoned) -> Expression {
    let start = index
    var entries: [RecordEntry] = []
    let outer = context
    defer { context = outer }
    try nested { (parser) throws(Abandoned) in
      parser.context.lineBreaksEnd = false
      parser.context.isHead = false
      parser.advance()
      var deepest = 0
      while parser.kind != .rightBrace {
        entries.append(try parser.parseEntry(isFirst: entries.isEmpty))
        deepest = max(deepest, parser.height)
        guard parser.accept(.comma) else { break }
      }
      parser.height = deepest
      try parser.expect(
        .rightBrace,
        .expectedInRecord(found: parser.describeCurrent(), isAfterName: parser.token(-1).kind == .name))
    }
    return Expression(.record(entries), range(from: start))
  }

  private mutating func parseEntry(isFirst: Bool) throws(Abandoned) -> RecordEntry {
    height = 0
    switch kind {
    case .ellipsis:
      advance()
      return .spread(try parseExpression())
    case .dot:
      let value = try parseItemField()
      guard case .member(_, let name) = value.kind else { return .spread(value) }
      return .field(name, value)
    case .textStart: return try parseComputedEntry()
    case .name where token(1).kind != .colon:
      let name = takeWord()
      return .field(name, Expression(.name(name.text), name.range))
    default:
      let name = try takeKey(isFirst: isFirst)
      return .field(name, try parseExpression())
    }
  }

  /// A word or a text, and its colon.
  private mutating func takeKey(isFirst: Bool) throws(Abandoned) -> Name {
    let token = current
    if token.kind == .text {
      advance()
      try expectColon()
      return Name(decodedText(token), token.range)
    }
    guard token.kind.isWord, self.token(1).kind == .colon else {
      let found = describeCurrent()
      throw fail(isFirst || token.kind.isWord ? .recordNotBlock(found: found) : .expectedEntry(found: found))
    }
    let name = takeWord()
    advance()
    return name
  }

  private mutating func parseComputedEntry() throws(Abandoned) -> RecordEntry {
    let key = try parseInterpolation()
    let keyHeight = height
    try expectColon()
    let value = try parseExpression()
    height = max(height, keyHeight)
    return .computed(key, value)
  }

  private mutating func expectColon() throws(Abandoned) {
    try expect(.colon, .expected("`:`", after: "a record's key", found: describeCurrent()))
  }

  /// `if … else if … else`, in a loop, however many there are.
  private mutating func parseIf() throws(Abandoned) -> Expression {
    var arms: [Arm] = []
    var otherwise: Body?
    var deepest = 0
    while true {
      let start = index
      advance()
      let condition = try parseHead()
      deepest = max(deepest, height)
      arms.append(Arm(start: start, condition: condition, then: try parseBody()))
      deepest = max(deepest, height)
      guard acceptElse() else { break }
      if kind == .if, !current.startsLine { continue }
      otherwise = try parseBody()
      deepest = max(deepest, height)
      break
    }
    try setHeight(deepest + arms.count - 1)
    return try chain(arms, otherwise)
  }

  private struct Arm {
    var start: Int
    var condition: Expression
    var then: Body
  }

  private mutating func acceptElse() -> Bool {
    guard kind == .else else { return false }
    if current.startsLine { note(.onLineOfBrace("else"), at: current.range) }
    advance()
    return true
  }

  /// The arms from the last to the first, each the `else` of the one before.
  private func chain(_ arms: [Arm], _ last: Body?) throws(Abandoned) -> Expression {
    var otherwise = last
    var whole: Expression?
    for arm in arms.reversed() {
      let expression = Expression(
        .ifElse(IfExpression(condition: arm.condition, then: arm.then, otherwise: otherwise)),
        range(from: arm.start))
      otherwise = Body(
        statements: [Statement(.expression(expression), expression.range)], range: expression.range)
      whole = expression
    }
    guard let whole else { throw Abandoned() }
    return whole
  }

  private mutating func parseTry() throws(Abandoned) -> Expression {
    let start = index
    advance()
    let body = try parseBody()
    let bodyHeight = height
    guard kind == .catch else { throw fail(.tryNeedsCatch) }
    if current.startsLine { note(.onLineOfBrace("catch"), at: current.range) }
    advance()
    let name = try takeName("a name for the error")
    let handler = try parseBody()
    height = max(height, bodyHeight)
    return Expression(.tryCatch(TryExpression(body: body, name: name, handler: handler)), range(from: start))
  }
}
