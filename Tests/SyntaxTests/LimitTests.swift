import Diagnostics
import Syntax
import Testing

/// Nesting and length: nothing overflows the stack, and what is refused is refused once.
struct LimitTests {
  private func diagnostics(_ text: String) -> [Diagnostic] {
    parse(SourceText(name: "limit", text: text)).diagnostics
  }

  private func nest(_ open: String, _ inner: String, _ close: String, _ depth: Int) -> String {
    String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
  }

  static let brackets = [
    ("(", "1", ")"), ("[", "1", "]"), ("{a: ", "1", "}"), ("f(", "1", ")"), ("f { ", "1", " }"),
    ("if a { ", "1", " }"), ("x[", "1", "]"), ("\"\\(", "1", ")\""), ("not ", "a", ""), ("- ", "a", ""),
    ("1 + 2 * (", "1", ")"), ("try { ", "a", " } catch e { b }"),
    ("for x in y { ", "z", " }"), ("fn f() { ", "1", " }"), ("x | f { c -> ", "c", " }"),
    ("if (", "a", ") { b }"),
  ]

  @Test(arguments: brackets) func fiveHundredAreRead(_ open: String, _ inner: String, _ close: String) {
    #expect(diagnostics(nest(open, inner, close, 500)) == [])
  }

  @Test(arguments: brackets) func oneMoreIsRefused(_ open: String, _ inner: String, _ close: String) throws {
    let found = diagnostics(nest(open, inner, close, 501))
    #expect(found.count == 1)
    #expect(try #require(found.first).message.contains("nested deeper than 500"))
  }

  @Test(arguments: brackets) func aHundredThousandAreRefusedOnce(
    _ open: String, _ inner: String, _ close: String
  ) {
    #expect(diagnostics(nest(open, inner, close, 100_000)).count == 1)
    #expect(diagnostics(String(repeating: open, count: 100_000)).count == 1)
  }

  @Test func typesNestAsWell() {
    #expect(diagnostics("param p: " + nest("list<", "int", ">", 500)) == [])
    #expect(diagnostics("param p: " + nest("list<", "int", ">", 501)).count == 1)
  }

  static let chains = [
    ("1", " + 1"), ("1", " - 1"), ("1", " * 1"), ("a", " | f"), ("a", " ?? b"), ("a[0]", ".b"), ("a", "[0]"),
    ("f()", ".b"), ("if a { 1 }", " else if b { 2 }"), ("a | f(1)", " | g { .x }"), ("a", ".b"),
  ]

  @Test(arguments: chains) func aThousandLinksAreRead(_ first: String, _ link: String) {
    #expect(diagnostics(first + String(repeating: link, count: 998)) == [])
  }

  @Test(arguments: chains) func longerChainsAreRefusedOnce(_ first: String, _ link: String) throws {
    for count in [1_002, 100_000] {
      let found = diagnostics(first + String(repeating: link, count: count))
      #expect(found.count == 1)
      #expect(try #require(found.first).message.contains("more than 1000 links"))
    }
  }

  @Test(arguments: ["and", "or"]) func logicIsBalanced(_ word: String) {
    let text = "a" + String(repeating: " \(word) a == 1", count: 100_000)
    #expect(diagnostics(text) == [])
  }

  /// A chain at each level of nesting, at the left end, where the tree is deepest.
  @Test func chainsAndNestingAddUp() {
    let text = nest("(", "1", " + 1 + 1 + 1)", 400)
    #expect(diagnostics(text).count == 1)
    #expect(diagnostics(nest("(", "1", " + 1 + 1)", 400)) == [])
  }

  @Test func longFlatTextsAreNoChains() {
    #expect(diagnostics(String(repeating: "f(1)\n", count: 20_000)) == [])
    #expect(diagnostics("[" + String(repeating: "{a: [1]}, ", count: 20_000) + "]") == [])
  }

  @Test func errorsEndSomewhere() {
    #expect(diagnostics(String(repeating: "f 1\n", count: 5_000)).count == 100)
    #expect(diagnostics(String(repeating: "§", count: 5_000)).count == 1)
    #expect(diagnostics(String(repeating: "\u{1}", count: 5_000)).count == 100)
  }
}
