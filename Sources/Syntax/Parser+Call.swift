import Diagnostics

extension Parser {
  /// A name with what belongs to it: `count`, `ticket.id`, `tags.apply(it, tag)`, `print "hi"`.
  mutating func parsePathExpression() throws(Abandoned) -> Expression {
    let start = index
    let mayBeBare = bareStart == start
    let path = try parsePath()
    if let call = try parseCall(path, from: start, mayBeBare: mayBeBare) {
      return Expression(.call(call), call.range)
    }
    guard let root = path.first else { throw Abandoned() }
    let name = Expression(.name(root.text), root.range)
    try setHeight(path.count - 1)
    return path.dropFirst().reduce(name) {
      Expression(.member($0, $1), $0.range.union($1.range))
    }
  }

  /// What stands right of `|`: a call, whose parentheses may be left out.
  mutating func parseStage() throws(Abandoned) -> Call {
    let start = index
    if kind != .name { throw refuseStage() }
    let path = try parsePath()
    height = 0
    let call = try parseCall(path, from: start, mayBeBare: true)
    if !current.startsLine { try refuseBehindStage() }
    return call ?? Call(path: path, arguments: [], block: nil, range: range(from: start))
  }

  private mutating func refuseStage() -> Abandoned {
    switch kind {
    case .dot: fail(.stageIsField(text(of: token(1))))
    case .invalid: Abandoned()
    default: fail(.stageNeedsName(found: describeCurrent()))
    }
  }

  private mutating func refuseBehindStage() throws(Abandoned) {
    switch kind {
    case .dot, .questionDot, .leftBracket: throw fail(.stageGoesOn(text(of: current)))
    case .leftParenthesis: throw fail(.noMethods(nil))
    default: return
    }
  }

  private mutating func parsePath() throws(Abandoned) -> [Name] {
    var path = [takeWord()]
    while !current.startsLine, kind == .dot || kind == .questionDot {
      path.append(try parseField())
    }
    return path
  }

  /// The arguments and the block behind a path, nil if there are none.
  private mutating func parseCall(_ path: [Name], from start: Int, mayBeBare: Bool) throws(Abandoned) -> Call?
  {
    guard !current.startsLine else { return nil }
    switch kind {
    case .leftParenthesis: return try parseOrdinaryCall(path, from: start)
    case .leftBrace:
      guard let block = try parseBlockIfPresent() else { return nil }
      return Call(path: path, arguments: [], block: block, range: range(from: start))
    case .text, .textStart:
      guard mayBeBare else { throw refuseTextCall(path) }
      return try parseBareCall(path, from: start)
    default: return nil
    }
  }

  private mutating func refuseTextCall(_ path: [Name]) -> Abandoned {
    fail(.textCallInside(path.map(\.text).joined(separator: ".")))
  }

  private mutating func parseOrdinaryCall(_ path: [Name], from start: Int) throws(Abandoned) -> Call {
    let arguments = try parseArguments(of: path)
    let argumentsHeight = height
    let block = try parseBlockIfPresent()
    height = max(argumentsHeight, block == nil ? 0 : height)
    return Call(path: path, arguments: arguments, block: block, range: range(from: start))
  }

  /// `print "hi"`, `bulk "name" { … }`: one text, and nothing else up to the end or the next stage.
  private mutating func parseBareCall(_ path: [Name], from start: Int) throws(Abandoned) -> Call {
    let text = try parsePrimary()
    let textHeight = height
    let block = try parseBlockIfPresent()
    height = max(textHeight, block == nil ? 0 : height)
    let call = Call(
      path: path, arguments: [Argument(label: nil, value: text)], block: block, range: range(from: start))
    if !current.startsLine {
      switch kind {
      case .bar, .barArrow, .coalesce, .semicolon, .rightBrace, .rightParenthesis, .rightBracket, .comma,
        .interpolationEnd, .end:
        break
      case .leftBrace where context.isHead: break
      default: throw fail(.textCallGoesOn)
      }
    }
    bareEnd = index
    return call
  }

  private mutating func parseArguments(of path: [Name]) throws(Abandoned) -> [Argument] {
    let outer = context
    let start = index
    context.callee = path.last.flatMap { Parser.stages.contains($0.text) ? $0.text : nil }
    defer { context = outer }
    return try nested { (parser) throws(Abandoned) in
      parser.context.lineBreaksEnd = false
      parser.context.isHead = false
      parser.advance()
      var arguments: [Argument] = []
      var deepest = 0
      var hasLabel = false
      while parser.kind != .rightParenthesis {
        let label = parser.takeLabel(&hasLabel)
        arguments.append(Argument(label: label, value: try parser.parseExpression()))
        deepest = max(deepest, parser.height)
        guard parser.accept(.comma) else { break }
      }
      parser.height = deepest
      if !parser.accept(.rightParenthesis) { throw parser.refuseInArguments(from: start) }
      return arguments
    }
  }

  private mutating func takeLabel(_ hasLabel: inout Bool) -> Name? {
    if kind.isWord, token(1).kind == .colon {
      let label = takeWord()
      advance()
      hasLabel = true
      return label
    }
    if hasLabel { note(.positionalAfterNamed, at: current.range) }
    return nil
  }

  private mutating func refuseInArguments(from start: Int) -> Abandoned {
    if kind == .assign { return fail(.argumentWithEquals) }
    return fail(.expectedInList(closing: ")", found: describeCurrent(), line: lineOfOpen(start)))
  }

  /// A block on this line; in the head of a statement `{` is the body, so none is taken there.
  private mutating func parseBlockIfPresent() throws(Abandoned) -> Block? {
    guard atSameLine(.leftBrace) else { return nil }
    if context.isHead {
      try refuseBlockInHead()
      return nil
    }
    return try parseBlock()
  }

  /// Two pairs of braces on a line: the first was meant as a block.
  private mutating func refuseBlockInHead() throws(Abandoned) {
    let closing = current.payload
    guard closing > UInt64(index), closing + 1 < UInt64(tokens.count) else { return }
    let next = tokens[Int(closing) + 1]
    if next.kind == .leftBrace, !next.startsLine { throw fail(.blockInHead) }
  }

  private mutating func parseBlock() throws(Abandoned) -> Block {
    let outer = context
    defer { context = outer }
    let start = index
    let names = try parseBlockNames()
    context.item = names.isEmpty ? .implicit : .named
    let body = try parseRestOfBraces(.block, from: start)
    return Block(parameters: names, body: body)
  }

  /// Goes past `{`, and past `a, b ->` if that follows.
  private mutating func parseBlockNames() throws(Abandoned) -> [Name] {
    advance()
    var ahead = 0
    while token(ahead).kind.isWord, token(ahead + 1).kind == .comma { ahead += 2 }
    guard token(ahead).kind.isWord, token(ahead + 1).kind == .arrow else { return [] }
    var names: [Name] = []
    while true {
      guard kind == .name else { throw fail(.expectedName("a name", found: describeCurrent())) }
      names.append(takeWord())
      let isLast = kind == .arrow
      advance()
      if isLast { return names }
    }
  }
}
