import Diagnostics
import Syntax
import Testing

struct FormatterTests {
  private func format(_ text: String) -> String { Formatter.format(SourceText(name: "x", text: text)) }

  static let examples: [(String, String)] = [
    ("let  x=1", "let x = 1\n"), ("f( a,b :1 ,c:[ 1,2 ] )", "f(a, b: 1, c: [1, 2])\n"),
    ("x|map{.a+1}|f", "x | map { .a + 1 } | f\n"), ("{ a :1,...b,\"c\":2 }", "{a: 1, ...b, \"c\": 2}\n"),
    ("if a{b}else{c}", "if a { b } else { c }\n"), ("f {}", "f {}\n"), ("f { c->c.a }", "f { c -> c.a }\n"),
    ("a -1", "a - 1\n"), ("- 1; -1; -a; - a; 2- -3", "- 1; -1; -a; -a; 2 - -3\n"), ("1 .. n-1", "1..n - 1\n"),
    ("x [ 0 ] . b", "x[0].b\n"), ("f (x)", "f(x)\n"), ("not(a)and b", "not (a) and b\n"),
    ("@2026-01-31-1d", "@2026-01-31 - 1d\n"),
    ("a\n|f\n|g{\n.b\n}\n\n\n\nc", "a\n  | f\n  | g {\n    .b\n  }\n\nc\n"),
    ("let x=\n5", "let x =\n  5\n"), ("f(\na,\n-b)", "f(\n  a,\n  -b)\n"),
    ("fn f(a,b=1){\n\n# note\nreturn a # end\n\n}\n", "fn f(a, b = 1) {\n  # note\n  return a  # end\n}\n"),
    ("f({\na:1,\nb:[\n2,\n],\n})", "f({\n  a: 1,\n  b: [\n    2,\n  ],\n})\n"),
    ("print \"a \\( b+1 ) c\"", "print \"a \\( b+1 ) c\"\n"), ("x.in .b", "x.in.b\n"), ("a??b", "a ?? b\n"),
    ("param p:list< \"a\"|\"b\" > ? = []", "param p: list<\"a\" | \"b\">? = []\n"),
    ("## doc   \nparam a : int=1 ## x", "## doc\nparam a: int = 1  ## x\n"),
    (
      "resource r of t{\n## Reads.\nread a(x:id<t>?,n:int=1)->sequence<t>\nGET \"/a\" items \"x\" undo b( c )\n}",
      "resource r of t {\n  ## Reads.\n  read a(x: id<t>?, n: int = 1) -> sequence<t>\n    GET \"/a\" items \"x\" undo b(c)\n}\n"
    ),
    ("type t{\na:\"x\"|\"y\" search eq\n}", "type t {\n  a: \"x\" | \"y\" search eq\n}\n"), ("", ""),
    ("# only\n\n", "# only\n"),
    ("a <b; a>b", "a < b; a > b\n"),
    ("x = \"\"\"\n    a\n  b\n  \"\"\"", "x = \"\"\"\n    a\n  b\n  \"\"\"\n"),
    ("let a = 1\r\nb\r\n", "let a = 1\nb\n"), ("(a\nand b)", "(a\n  and b)\n"), ("f 1", "f 1"),
    ("a\n# why\n|f", "a\n  # why\n  | f\n"), ("x\n-1", "x\n-1\n"), ("(x\n- 1)", "(x\n  - 1)\n"),
  ]

  @Test(arguments: examples) func example(_ text: String, _ expected: String) {
    #expect(format(text) == expected)
  }

  static let whole =
    GrammarTests.fixture.good.map(\.source) + GrammarTests.fixture.json + examples.map(\.0)
    + ParserTests.trees.map(\.0)

  @Test(arguments: whole) func keepsTheTree(_ text: String) {
    let formatted = format(text)
    #expect(
      parse(SourceText(name: "x", text: formatted)).hasErrors
        == parse(SourceText(name: "x", text: text)).hasErrors)
    #expect(SExpression.of(formatted) == SExpression.of(text))
    #expect(format(formatted) == formatted)
  }
}
