import Diagnostics

extension Parser {
  /// `param`, `use`, `test`, `resource` and `type` are names everywhere else.
  var startsDeclaration: Bool {
    let next = token(1)
    guard kind == .name, !next.startsLine else { return false }
    if isWord(current, "use") || isWord(current, "test") { return next.kind.isText }
    if isWord(current, "param") || isWord(current, "resource") || isWord(current, "type") {
      return next.kind == .name || next.kind.isKeyword && !next.kind.isInfix && next.kind != .not
    }
    return false
  }

  mutating func parseDeclaration() throws(Abandoned) -> Declaration {
    guard startsDeclaration else { return .statement(try parseStatement()) }
    if isWord(current, "param") { return .param(try parseParam()) }
    if isWord(current, "use") { return .use(try parseUse()) }
    if isWord(current, "test") { return .test(try parseTest()) }
    if isWord(current, "resource") { return .resource(try parseResource()) }
    return .type(try parseTypeDeclaration())
  }

  private mutating func parseParam() throws(Abandoned) -> ParamDeclaration {
    let start = index
    advance()
    let name = try takeName("a name")
    try expectSameLine(
      .colon, .expected("`:` and a type", after: "the parameter's name", found: describeCurrent()))
    let type = try parseType()
    let value = accept(.assign) ? try parseExpression() : nil
    return ParamDeclaration(
      name: name, type: type, defaultValue: value,
      documentation: documentation.of(tokens, from: start, to: index - 1), range: range(from: start))
  }

  private mutating func takePlainText(_ what: String) throws(Abandoned) -> String {
    guard kind == .text, !current.startsLine else {
      if kind == .textStart { throw fail(.plainTextNeeded(what)) }
      throw fail(.expected("a text", after: what, found: describeCurrent()))
    }
    let text = decodedText(current)
    advance()
    return text
  }

  private mutating func parseUse() throws(Abandoned) -> UseDeclaration {
    let start = index
    advance()
    let path = try takePlainText("`use`")
    return UseDeclaration(path: path, range: range(from: start))
  }

  private mutating func parseTest() throws(Abandoned) -> TestDeclaration {
    let start = index
    advance()
    let title = try takePlainText("`test`")
    let body = try parseBody()
    return TestDeclaration(
      title: title, body: body, documentation: documentation.of(tokens, from: start, to: index - 1),
      range: range(from: start))
  }

  // MARK: - Resources and types

  private mutating func parseResource() throws(Abandoned) -> ResourceDeclaration {
    let start = index
    advance()
    let name = try takeName("a name")
    var recordType: Name?
    if isWord(current, "of"), !current.startsLine {
      advance()
      recordType = try takeName("a type's name")
    }
    let operations = try parseLines { (parser) throws(Abandoned) in try parser.parseOperation() }
    return ResourceDeclaration(
      name: name, recordType: recordType, operations: operations,
      documentation: documentation.of(tokens, from: start, to: index - 1), range: range(from: start))
  }

  private mutating func parseTypeDeclaration() throws(Abandoned) -> TypeDeclaration {
    let start = index
    advance()
    let name = try takeName("a name")
    let fields = try parseLines { (parser) throws(Abandoned) in
      let start = parser.index
      var field = try parser.parseField(of: "a field")
      field.clauses = try parser.parseClauses()
      _ = parser.accept(.comma)
      field.documentation = parser.documentation.of(parser.tokens, from: start, to: parser.index - 1)
      return field
    }
    return TypeDeclaration(
      name: name, fields: fields, documentation: documentation.of(tokens, from: start, to: index - 1),
      range: range(from: start))
  }

  /// `{`, one item a line, `}`; a mistake costs one item.
  private mutating func parseLines<Item>(
    _ read: (inout Parser) throws(Abandoned) -> Item
  ) throws(Abandoned) -> [Item] {
    let opening = index
    guard atSameLine(.leftBrace) else { throw fail(.expectedBody(found: describeCurrent())) }
    layout.braces.insert(current.start)
    advance()
    var items: [Item] = []
    while kind != .rightBrace {
      if kind == .end { throw fail(.unclosedBrace(line: source.position(of: tokens[opening].start).line)) }
      if accept(.semicolon) { continue }
      let start = index
      let outerStart = statementStart
      statementStart = start
      let saved = context
      do throws(Abandoned) {
        items.append(try read(&self))
        if !current.startsLine, kind != .rightBrace, kind != .semicolon, kind != .end {
          throw fail(.oneALine(found: describeCurrent()))
        }
      } catch {
        if isAborted { throw error }
        context = saved
        recover(from: start)
      }
      statementStart = outerStart
    }
    advance()
    return items
  }

  private mutating func parseOperation() throws(Abandoned) -> OperationDeclaration {
    let start = index
    let effects: [StaticString] = ["read", "write", "destroy", "outward"]
    guard effects.contains(where: { isWord(current, $0) }) else {
      throw fail(.operationNeedsEffect(found: describeCurrent()))
    }
    let effect = takeWord()
    guard kind.isWord, !current.startsLine else {
      throw fail(.expectedName("the operation's name", found: describeCurrent()))
    }
    let name = takeWord()
    guard atSameLine(.leftParenthesis) else {
      throw fail(.expected("`(`", after: "the operation's name", found: describeCurrent()))
    }
    advance()
    var parameters: [FieldDeclaration] = []
    while kind != .rightParenthesis {
      let start = index
      var parameter = try parseField(of: "a parameter")
      parameter.documentation = documentation.of(tokens, from: start, to: index - (kind == .comma ? 0 : 1))
      parameters.append(parameter)
      guard accept(.comma) else { break }
    }
    try expect(.rightParenthesis, .expectedInList(closing: ")", found: describeCurrent(), line: nil))
    let result = accept(.arrow) ? try parseType() : nil
    let methods: [StaticString] = ["GET", "POST", "PUT", "DELETE"]
    guard methods.contains(where: { isWord(current, $0) }) else {
      throw fail(.operationNeedsMethod(found: describeCurrent()))
    }
    layout.methods.insert(current.start)
    let method = takeWord().text
    let path = try takePlainText("the method")
    let clauses = try parseClauses()
    return OperationDeclaration(
      effect: effect, name: name, parameters: parameters, result: result, method: method, path: path,
      clauses: clauses, documentation: documentation.of(tokens, from: start, to: index - 1),
      range: range(from: start))
  }

  /// `name: type = literal`
  private mutating func parseField(of what: String) throws(Abandoned) -> FieldDeclaration {
    guard kind.isWord else { throw fail(.expectedName("\(what)'s name", found: describeCurrent())) }
    let name = takeWord()
    guard atSameLine(.colon) else {
      throw fail(.expected("`:` and a type", after: "\(what)'s name", found: describeCurrent()))
    }
    advance()
    let type = try parseTypeReference()
    var value: Literal?
    if accept(.assign) {
      let expression = try parseInfix(.term)
      guard case .literal(let literal) = expression.kind else {
        throw fail(.literalNeeded, at: expression.range)
      }
      value = literal
    }
    return FieldDeclaration(name: name, type: type, defaultValue: value, clauses: [], documentation: nil)
  }

  /// `items "tickets" paging cursor_body undo update(earlier)`, all on the line.
  private mutating func parseClauses() throws(Abandoned) -> [Clause] {
    var clauses: [Clause] = []
    while kind.isWord, !current.startsLine {
      let name = takeWord()
      clauses.append(Clause(name: name, value: try parseClauseValue()))
    }
    return clauses
  }

  private mutating func parseClauseValue() throws(Abandoned) -> Clause.Value {
    guard !current.startsLine else { return .none }
    switch kind {
    case .text:
      let text = decodedText(current)
      advance()
      return .text(text)
    case .textStart: throw fail(.plainTextNeeded("a clause"))
    case .int:
      guard let value = Int64(exactly: current.payload) else { throw fail(.literalNeeded) }
      advance()
      return .int(value)
    case let kind where kind.isWord:
      let word = takeWord().text
      guard atSameLine(.leftParenthesis) else { return .word(word, []) }
      return .word(word, try parseWords())
    default: return .none
    }
  }

  /// `(earlier, later)`
  private mutating func parseWords() throws(Abandoned) -> [String] {
    advance()
    var words: [String] = []
    while kind != .rightParenthesis {
      guard kind.isWord else { throw fail(.expectedName("a word", found: describeCurrent())) }
      words.append(takeWord().text)
      guard accept(.comma) else { break }
    }
    try expect(.rightParenthesis, .expectedInList(closing: ")", found: describeCurrent(), line: nil))
    return words
  }
}

// MARK: - Types

extension Parser {
  mutating func parseType() throws(Abandoned) -> TypeReference { try parseTypeReference() }

  mutating func parseTypeReference() throws(Abandoned) -> TypeReference {
    let start = index
    let kind: TypeReference.Kind
    if self.kind == .text {
      var choices = [decodedText(current)]
      advance()
      while self.kind == .bar, token(1).kind == .text {
        advance()
        choices.append(decodedText(current))
        advance()
      }
      kind = .choice(choices)
    } else {
      guard self.kind == .name, !current.startsLine || !context.lineBreaksEnd || isInOperation else {
        throw fail(.expectedType(found: describeCurrent()))
      }
      kind = try parseNamedType()
    }
    let isOptional = self.kind == .question && !current.startsLine
    if isOptional { advance() }
    layout.types.append(range(from: start))
    return TypeReference(kind, isOptional: isOptional, range: range(from: start))
  }

  /// Behind `->` and `:` the type may stand on the next line, as behind any operator.
  private var isInOperation: Bool { token(-1).kind == .arrow || token(-1).kind == .colon }

  private mutating func parseNamedType() throws(Abandoned) -> TypeReference.Kind {
    let name = takeWord()
    if name.text == "file", atSameLine(.leftParenthesis) { return .file(columns: try parseColumns()) }
    guard atSameLine(.less) else { return .named(name.text, argument: nil) }
    let argument = try nested { (parser) throws(Abandoned) in
      parser.advance()
      return try parser.parseTypeReference()
    }
    if kind == .greaterOrEqual {
      // `list<int>=…`: the lexer took the two characters for one operator.
      let token = current
      tokens[index] = Token(.assign, token.start + 1, token.end, startsLine: false)
    } else {
      try expect(.greater, .expectedClosing(">", found: describeCurrent()))
    }
    return .named(name.text, argument: argument)
  }

  private mutating func parseColumns() throws(Abandoned) -> [String] {
    advance()
    var columns: [String] = []
    while kind != .rightParenthesis {
      if kind == .text {
        columns.append(decodedText(current))
        advance()
      } else if kind.isWord {
        columns.append(takeWord().text)
      } else {
        throw fail(.expectedName("a column's name", found: describeCurrent()))
      }
      guard accept(.comma) else { break }
    }
    try expect(.rightParenthesis, .expectedInList(closing: ")", found: describeCurrent(), line: nil))
    return columns
  }
}
