import Diagnostics
import Testing

@testable import Syntax

struct ParserTests {
  private func result(_ text: String) -> ParseResult { parse(SourceText(name: "case", text: text)) }

  /// Offsets and messages, one a line.
  private func errors(_ text: String) -> [Int] { result(text).diagnostics.map(\.range.start) }

  static let mistakes: [(String, Int, String)] = [
    ("let x 5", 6, "expected `=`"), ("let x\n= 5", 6, "expected `=`"), ("let\nx = 5", 4, "expected a name"),
    ("for c contacts { }", 6, "expected `in`"), ("if a\n{ b }", 5, "expected `{` on this line"),
    ("while { a }", 6, "a condition stands"), ("if {\n a }", 3, "a condition stands"),
    ("fn f x { }", 5, "expected `(`"), ("fn f(x)\n= x", 8, "`=` or `{`"),
    ("fn f(1) = 1", 5, "a parameter's name"),
    ("fn f(it) = 1", 5, "a parameter's name"), ("else { a }", 0, "belongs to an `if`"),
    ("catch e { }", 0, "belongs to a `try`"), ("try { a }\ncatch e { b }", 10, "on the line of the `}`"),
    ("try { a } catch { b }", 16, "a name for the error"), ("a)", 1, "closes nothing"),
    ("}", 0, "closes nothing"),
    ("if a { b } }", 11, "closes nothing"), ("if a { test \"x\" { } }", 7, "at the top"),
    ("f { param x: int }", 4, "at the top"), ("f(a = 1)", 4, "named argument is"),
    ("(a = b)", 3, "expected `)`"),
    ("f {.id, .email}", 6, "opened a block"), ("f { ...x }", 4, "opened a block"),
    ("if a {b: 1}", 7, "opened a body"),
    ("{1}", 1, "opened a record"), ("{a b}", 3, "opened a record"), ("{a: 1, 2}", 7, "expected a key"),
    ("{if}", 1, "opened a record"), ("{\"\\(k)\" 1}", 8, "expected `:`"),
    ("1 + f \"x\"", 6, "part of an expression"),
    ("a | save \"x\" == 3", 13, "without parentheses"), ("print \"a\" and b", 10, "without parentheses"),
    ("1..2..3", 4, "do not chain"), ("a == b in c", 7, "do not chain"), ("1 + not a", 4, "parentheses"),
    ("a | f[0]", 5, "parentheses first"), ("a | f..3", 5, "parentheses first"),
    ("a | f(1)(2)", 8, "no methods"),
    ("a | it", 4, "name of a function"), ("a |", 3, "name of a function"), ("a |> f", 2, "written with `|`"),
    ("x?.y", 1, "null already"), ("x.", 2, "field's name"), ("x.\ny", 3, "field's name"),
    ("f(x).g(y)", 6, "no methods"),
    ("it", 0, "no item"), ("fn f(x) = it", 10, "in a function"), ("f { c -> it }", 9, "names its item"),
    ("a + ", 4, "expected a value"), ("let x = in", 8, "expected a value"), ("[1", 2, "`,` or `]`"),
    ("f {", 3, "expected `}`"), ("a\n+ b", 2, "does not start"), ("| f", 0, "does not start"),
    ("use x", 4, "new line"), ("use \"a\" b", 8, "new line"), ("test \"a\"", 8, "expected `{`"),
    ("param x int", 8, "`:` and a type"), ("param x: 5", 9, "expected a type"),
    ("param x: list<int", 17, "expected `>`"),
    ("type t { a int }", 11, "`:` and a type"), ("type t { a: int b: int, c: int }", 17, "one a line"),
    ("type t { a: int = b }", 18, "plain value"), ("type t { a: int x \"\\(b)\" }", 18, "plain text"),
    ("type t {", 8, "expected `}`"), ("resource r { read x() GET }", 26, "a text after the method"),
    ("resource r { read x() FETCH \"/\" }", 22, "`GET`"),
    ("resource r { read x GET \"/\" }", 20, "expected `(`"),
    ("param x: file(1)", 14, "a column's name"), ("type t { a: int x y(1) }", 20, "a word"),
    ("f { a, -> b }", 5, "opened a block"), ("f { it -> b }", 4, "expected a name"),
    ("a = = b", 4, "expected a value"),
    ("it = 1", 0, "no item"), ("(a) = 1", 4, "can be assigned"), ("1 = 1", 2, "can be assigned"),
    ("f(a, b: 1, c)", 11, "follow a named"),
  ]

  @Test(arguments: mistakes) func mistake(_ text: String, _ offset: Int, _ message: String) throws {
    let found = result(text).diagnostics
    let first = try #require(found.first)
    #expect(first.range.start == offset)
    let words = ([first.message, first.label ?? ""] + first.hints).joined(separator: "\n")
    #expect(words.contains(message), "\(words)")
  }

  @Test func printXSaysWhatWasMeant() throws {
    #expect(try #require(result("print x").diagnostics.first).label == "did you mean `print(x)`?")
    #expect(try #require(result("f(x).g(y)").diagnostics.first).label == "did you mean `| g(…)`?")
    #expect(try #require(result("let if = 1").diagnostics.first).label == "a reserved word")
  }

  // MARK: - Recovery

  @Test func allMistakesInOneGo() {
    let text = """
      let a = 1 +* 2
      let b = f(1 2, [3,
        4])
      let c = 3
      fn f(x) {
        x y
        let d = {a 1}
        return x
      }
      if c = 3 { print c }
      for x in f(a { b }
      let e = "abc
      let g = 1 && 2
      """
    let source = SourceText(name: "case", text: text)
    let found = parse(source).diagnostics.map { source.position(of: $0.range.start).line }
    #expect(found == [1, 2, 6, 7, 10, 10, 12, 12, 13])
  }

  @Test func whatIsRightIsKept() {
    #expect(SExpression.of("let a = 1\nb c\nlet d = 2") == "(let a 1)\nb\n(let d 2)")
    #expect(SExpression.of("x | each {\n a b\n c\n}\nd") == "(| x (each {it -> a; c}))\nd")
    #expect(SExpression.of("let a = f(1,\nlet b = 2\n") == "(let b 2)")
    #expect(SExpression.of("print(\"abc\nlet b = 2") == "(let b 2)")
    #expect(SExpression.of("type t {\n a int\n b: int\n}\nc") == "(type t [b:int])\nc")
    #expect(
      SExpression.of("resource r {\n get a() GET \"/\"\n read b() GET \"/b\"\n}")
        == "(resource r (read b [] GET \"/b\"))")
  }

  @Test func anOpenBracketIsOneMistake() {
    #expect(errors("f { g { h {").count == 1)
    #expect(errors("let a = (((1\nlet b = 2\nlet c = 3").count == 1)
    #expect(errors("fn f() {\n  g(\n}\nlet x = 1").count == 1)
  }

  // MARK: - Unfinished texts

  @Test(arguments: [
    "f(", "f(a,", "[1, 2", "{a: 1", "x | each {", "fn f() {\n  a\n", "let x =", "a +", "a |", "a or", "not",
    "a not in", "f { c ->", "\"\"\"\nabc", "if a { b } else {", "(", "x = \"\"\"\n a \\(b", "a ??",
    "contacts |  # then\n",
    "type t {", "resource r {\n  read a(", "n +=", "f(\"a\", x: ",
  ])
  func unfinished(_ text: String) {
    #expect(result(text).isUnfinished)
  }

  @Test(arguments: [
    "", "a", "f()", "\"abc", "f(\"abc", "a b(", "1 2 {", "x.in", "x.or", "{in: 1}", "try { a }", "a)",
    "let x", "a.",
    "'abc", "01 +", "a.b.not", "return", "f 1 +",
  ])
  func notUnfinished(_ text: String) {
    #expect(!result(text).isUnfinished)
  }

  // MARK: - Shapes beyond the fixture

  static let trees: [(String, String)] = [
    ("a or b or c", "(or (or a b) c)"), ("a and b or c and d", "(or (and a b) (and c d))"),
    ("1 - 2 - 3", "(- (- 1 2) 3)"), ("a -1", "(- a 1)"), ("[a -1]", "[(- a 1)]"), ("2 * -3", "(* 2 -3)"),
    ("not not a", "(not (not a))"), ("- -1", "(- -1)"), ("a | f | g ?? b", "(?? (| (| a f) g) b)"),
    ("print \"a\" | f", "(| (print \"a\") f)"), ("if any \"x\" { y }", "(if (any \"x\") {y})"),
    ("if a[0] { y }", "(if a[0] {y})"), ("for x in f(a) { y }", "(for x (f a) {y})"),
    ("if {a: 1} == x { y }", "(if (== <a:1> x) {y})"), ("{a: 1}.a + 1", "(+ <a:1>.a 1)"),
    ("f {}", "(f {it -> })"), ("x | f { a; b }", "(| x (f {it -> a; b}))"), ("a.b.c(1)", "(a.b.c 1)"),
    ("f(if: 1, in: 2)", "(f if:1 in:2)"), ("fn f(a = {b: 1}) = a.b", "(fn f [a=<b:1>] a.b)"),
    ("xs += [v]; n -= 1", "(+= xs [v])\n(-= n 1)"), ("r[\"a\"].b[0] = 1", "(= r[\"a\"].b[0] 1)"),
    ("\"\\(a)\\(b)\"", "\"\\(a)\\(b)\""), ("\"\\(\"\\(\"\\(x)\")\")\"", "\"\\(\"\\(\"\\(x)\")\")\""),
    ("\"\"\"\n  \\(a)\n  - \\({b: \"}\"}.b)\n  \"\"\"", "\"\\(a)\n- \\(<b:\"}\">.b)\""),
    ("\"\"\"\n \\(f(\n1))\n \"\"\"", "\"\\((f 1))\""), ("'a' | f", "(| \"a\" f)"), ("{'k': 1}", "<'k':1>"),
    ("f(\n  a,\n  b,\n)", "(f a b)"), ("(a\n  == b)", "(== a b)"),
    ("f {\n (a\n  + b)\n c\n}", "(f {it -> (+ a b); c})"),
    ("use 'x.parl'", "(use \"x.parl\")"), ("use = 1; test = use", "(= use 1)\n(= test use)"),
    ("param file: file(email, \"Full name\")?", "(param file file(email Full name)?)"),
    ("param p: list<\"a\" | \"b\">? = []", "(param p list<\"a\"|\"b\">? = [])"),
    ("param p: list<int>= [1]", "(param p list<int> = [1])"),
    ("param p: id<contact>", "(param p id<contact>)"),
    ("try { a } catch e { b } | f", "(| (try {a} e {b}) f)"), ("return -1", "(return -1)"),
    ("x not starts_with y", "(not-starts_with x y)"), ("not a matches b", "(not (matches a b))"),
    ("a\n|f", "(| a f)"), ("if a { b } else { if c { d } }", "(if a {b} {(if c {d})})"),
    (
      "type t {\n  id: id<t> key\n  in: \"a\" | \"b\"? search eq, max 3\n}",
      "(type t [id:id<t> key; in:\"a\"|\"b\"? search=eq])"
    ),
    (
      "resource notes {\n  outward reply(to: id<c>, in: string = \"x\", n: int = -1) -> list<note>?\n    POST '/r' undo x(a, b) limit 5\n  destroy drop() DELETE \"/d\"\n}",
      "(resource notes (outward reply [to:id<c> in:string=\"x\" n:int=-1] -> list<note>? POST \"/r\" undo=x(a b) limit=5) (destroy drop [] DELETE \"/d\"))"
    ),
  ]

  @Test(arguments: trees) func tree(_ text: String, _ expected: String) {
    #expect(SExpression.of(text) == expected)
  }

  @Test func rangesCoverTheirText() {
    let source = SourceText(name: "x", text: "(a + b) * f(1) | g { .h }")
    guard case .statement(let statement) = parse(source).script.declarations.first,
      case .expression(let pipe) = statement.kind, case .pipe(let left, let stage) = pipe.kind,
      case .binary(_, let sum, let call) = left.kind
    else {
      Issue.record("another tree")
      return
    }
    #expect(source.text(in: pipe.range) == "(a + b) * f(1) | g { .h }")
    #expect(source.text(in: sum.range) == "(a + b)")
    #expect(source.text(in: call.range) == "f(1)")
    #expect(source.text(in: stage.range) == "g { .h }")
    #expect(source.text(in: stage.block?.body.range ?? SourceRange(0, 0)) == "{ .h }")
  }
}
