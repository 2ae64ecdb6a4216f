import Diagnostics

/// Reads a whole source text; finds all its syntax errors in one go.
public struct ParseResult: Sendable {
  /// What could be read; not to be run when `diagnostics` holds an error.
  public var script: Script
  /// In the order of their places.
  public var diagnostics: [Diagnostic]
  /// The text is right so far and ends in the middle: a bracket or a `"""` is open, or an operator,
  /// a comma, `=` or `->` comes last. More lines may complete it.
  public var isUnfinished: Bool

  public init(script: Script, diagnostics: [Diagnostic], isUnfinished: Bool = false) {
    self.script = script
    self.diagnostics = diagnostics
    self.isUnfinished = isUnfinished
  }

  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Reads a source text. See `Parser.parse(_:)`.
public func parse(_ source: SourceText) -> ParseResult { Parser.parse(source) }

/// A recursive descent over the tokens with a table of precedences for the infix operators.
///
/// A mistake abandons its statement: it is recorded, `Abandoned` is thrown, and the innermost list
/// of statements goes on behind it.
public struct Parser {
  public static func parse(_ source: SourceText) -> ParseResult {
    var parser = Parser(source)
    return parser.parseScript()
  }

  /// As `parse`, where a text that starts with `|` goes on from the last value, `_`.
  public static func parseREPLLine(_ source: SourceText) -> ParseResult {
    var parser = Parser(source)
    parser.continuesLastValue = true
    return parser.parseScript()
  }

  /// Brackets, blocks and bodies inside each other. It bounds the recursion of whatever walks a
  /// tree, together with `chainLimit`.
  static let nestingLimit = 500
  /// Links of operators, stages, fields or `else if` on the way from a statement to any leaf. They
  /// are read in loops; but the tree leans to one side, and whoever walks or frees it recurses.
  /// `and` and `or` do not count: long chains of them are balanced.
  static let chainLimit = 1_000

  let source: SourceText
  let bytes: [UInt8]
  var tokens: [Token]
  let texts: [String]
  let instants: [TimeLiteral]
  let documentation: Documentation
  var diagnostics: [Diagnostic]
  let endsInBlockText: Bool

  var index = 0
  var context = Context()
  /// Chain links under the node that was read last.
  var height = 0
  /// Index of the token where a name may take a text without parentheses.
  var bareStart = -1
  /// Index behind the last call of that kind.
  var bareEnd = -1
  var continuesLastValue = false
  var isAborted = false
  /// Where the statement being read starts.
  var statementStart = 0
  /// For the formatter, which works on tokens: the `{` of blocks and bodies, types, and the methods
  /// of operations, by offset.
  var layout = Layout()

  /// What the place in the text allows.
  struct Context {
    /// False inside `(`, `[` and records.
    var lineBreaksEnd = true
    /// In the head of `if`, `for` or `while`, where `{` opens the body.
    var isHead = false
    var item = Item.none
    var brace = Brace.none
    var depth = 0
    /// The function whose arguments are being read.
    var callee: String?
  }

  enum Item { case none, implicit, named, function }
  enum Brace { case none, block, body }

  struct Abandoned: Error {}

  struct Layout {
    var braces: Set<Int> = []
    var types: [SourceRange] = []
    var methods: Set<Int> = []
  }

  init(_ source: SourceText) {
    var lexer = Lexer(source)
    lexer.run()
    self.source = source
    bytes = source.bytes
    tokens = lexer.tokens
    texts = lexer.texts
    instants = lexer.instants
    diagnostics = lexer.diagnostics
    endsInBlockText = lexer.endsInBlockText
    documentation = Documentation(lexer.documentation, bytes: source.bytes, tokens: lexer.tokens)
  }
}

// MARK: - Tokens

extension Parser {
  /// `tokens` ends in `.end` and `index` never passes it.
  @inline(__always) var current: Token { tokens[index] }
  @inline(__always) var kind: Token.Kind { tokens[index].kind }

  func token(_ distance: Int) -> Token { tokens[min(max(0, index + distance), tokens.count - 1)] }

  @inline(__always) mutating func advance() {
    if index < tokens.count - 1 { index += 1 }
  }

  /// The current token is of that kind and on the line of the one before it.
  func atSameLine(_ wanted: Token.Kind) -> Bool { kind == wanted && !current.startsLine }

  mutating func accept(_ wanted: Token.Kind) -> Bool {
    guard kind == wanted else { return false }
    advance()
    return true
  }

  mutating func expect(_ wanted: Token.Kind, _ mistake: Mistake) throws(Abandoned) {
    guard accept(wanted) else { throw fail(mistake) }
  }

  mutating func expectSameLine(_ wanted: Token.Kind, _ mistake: Mistake) throws(Abandoned) {
    guard atSameLine(wanted) else { throw fail(mistake) }
    advance()
  }

  func text(of token: Token) -> String {
    String(decoding: bytes[token.start..<token.end], as: UTF8.self)
  }

  /// The token is that name or reserved word.
  func isWord(_ token: Token, _ word: StaticString) -> Bool {
    guard token.kind.isWord, token.end - token.start == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { bytes[token.start..<token.end].elementsEqual($0) }
  }

  mutating func takeWord() -> Name {
    let token = current
    advance()
    return Name(text(of: token), token.range)
  }

  mutating func takeName(_ what: String) throws(Abandoned) -> Name {
    guard kind == .name, !current.startsLine || !context.lineBreaksEnd else {
      throw fail(.expectedName(what, found: describeCurrent()))
    }
    return takeWord()
  }

  /// From a token to the last one read.
  func range(from start: Int) -> SourceRange {
    SourceRange(tokens[start].start, tokens[max(start, index - 1)].end)
  }

  /// The line of an open bracket where the current token stands on a later one.
  func lineOfOpen(_ bracket: Int) -> Int? {
    let line = source.position(of: tokens[bracket].start).line
    return source.position(of: current.start).line == line ? nil : line
  }

  /// How messages speak of the current token.
  func describeCurrent() -> String {
    switch kind {
    case .end: "the end"
    case .text, .textStart: "a text"
    default: "`\(text(of: current))`"
    }
  }
}

// MARK: - Mistakes

extension Parser {
  /// Records a mistake at the current token and gives what is to be thrown.
  mutating func fail(_ mistake: Mistake, at range: SourceRange? = nil) -> Abandoned {
    // Behind a token that the lexer refused, everything is doubtful; one mistake a place is enough.
    let isDoubtful = tokens[statementStart...index].contains { $0.kind == .invalid }
    if !isDoubtful {
      let (explained, place) = explained(mistake, at: range)
      note(explained, at: place)
    }
    return Abandoned()
  }

  /// Records a mistake after which reading goes on.
  mutating func note(_ mistake: Mistake, at range: SourceRange) {
    guard !isAborted, diagnostics.count < Lexer.diagnosticLimit else { return }
    if diagnostics.contains(where: { $0.range.start == range.start && $0.severity == .error }) { return }
    diagnostics.append(mistake.diagnostic(at: range))
  }

  /// Goes to where the next statement can begin: behind the brackets that the abandoned one left
  /// open (as far as they are ever closed), then to a new line, a `;` or the `}` of what it is in.
  mutating func recover(from start: Int) {
    if tokens[start...index].contains(where: { $0.kind == .invalid }) {
      // An open text may have swallowed any bracket; only the line is sure.
      while kind != .end, !(current.startsLine && index > start), kind != .semicolon, kind != .rightBrace {
        advance()
      }
      return
    }
    var target = index
    for token in tokens[start..<index] where token.payload >= UInt64(index) && token.kind.opensBracket {
      target = max(target, min(Int(token.payload) + 1, tokens.count - 1))
    }
    let isInside = target > index
    index = target
    if index == start, !isInside { skipGroup() }
    while kind != .end, !current.startsLine, kind != .semicolon, kind != .rightBrace { skipGroup() }
  }

  private mutating func skipGroup() {
    let token = current
    if token.kind.opensBracket, token.payload > UInt64(index), token.payload < UInt64(tokens.count) {
      index = Int(token.payload)
    }
    advance()
  }

  mutating func nested<Value>(
    _ read: (inout Parser) throws(Abandoned) -> Value
  ) throws(Abandoned) -> Value {
    context.depth += 1
    defer { context.depth -= 1 }
    if context.depth > Parser.nestingLimit {
      let abandoned = fail(.nestedTooDeeply(Parser.nestingLimit))
      isAborted = true
      throw abandoned
    }
    return try read(&self)
  }

  /// Notes that a node with these chain links under it was built.
  mutating func setHeight(_ value: Int) throws(Abandoned) {
    height = value
    if value > Parser.chainLimit {
      let abandoned = fail(.chainTooLong(Parser.chainLimit))
      isAborted = true
      throw abandoned
    }
  }
}

extension Token.Kind {
  var opensBracket: Bool {
    switch self {
    case .leftParenthesis, .leftBracket, .leftBrace, .interpolationStart: true
    default: false
    }
  }
}

// MARK: - Scripts

extension Parser {
  mutating func parseScript() -> ParseResult {
    var declarations: [Declaration] = []
    while kind != .end, !isAborted {
      if accept(.semicolon) { continue }
      let start = index
      statementStart = start
      let saved = context
      do throws(Abandoned) {
        declarations.append(try parseDeclaration())
        try expectStatementEnd()
      } catch {
        context = saved
        recover(from: start)
        // A `}` that closes nothing is not worth stopping at.
        if kind == .rightBrace { advance() }
      }
    }
    diagnostics.sort { $0.range.start < $1.range.start }
    let script = Script(
      declarations: declarations, documentation: documentation.ofScript(tokens, of: declarations.first))
    return ParseResult(script: script, diagnostics: diagnostics, isUnfinished: isUnfinished)
  }

  private var isUnfinished: Bool {
    let errors = diagnostics.filter { $0.severity == .error }
    if endsInBlockText {
      return errors.count == 1
    }
    guard !errors.isEmpty, errors.allSatisfy({ $0.range.start >= bytes.count }) else { return false }
    let last = token(-1)
    guard tokens.count > 1, index == tokens.count - 1 else { return false }
    let isField = tokens.count > 2 && (token(-2).kind == .dot || token(-2).kind == .questionDot)
    switch last.kind {
    case .comma, .assign, .plusAssign, .minusAssign, .arrow: return true
    case .not where !isField: return true
    case let kind where kind.isInfix && !isField: return true
    default: break
    }
    var open = 0
    for (position, token) in tokens.enumerated()
    where token.kind.opensBracket && token.payload <= UInt64(position) {
      open += 1
    }
    return open > 0
  }
}
