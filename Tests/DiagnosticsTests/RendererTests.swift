import Testing

@testable import Diagnostics

struct RendererTests {
  /// Renders a diagnostic whose range stands between `«` and `»` in the text.
  private func render(
    _ marked: String, _ message: String = "wrong", label: String? = nil, hints: [String] = [],
    renderer: Renderer = Renderer(), severity: Diagnostic.Severity = .error
  ) -> String {
    let parts = marked.split(separator: "«", omittingEmptySubsequences: false).map(String.init)
    let rest = parts[1].split(separator: "»", omittingEmptySubsequences: false)
    let source = SourceText(name: "close.parl", text: parts[0] + String(rest[0] + rest[1]))
    let start = parts[0].utf8.count
    let range = SourceRange(start, start + rest[0].utf8.count)
    return renderer.render(
      Diagnostic(severity, message, at: range, label: label, hints: hints), in: source)
  }

  @Test func looksAsTheLanguageSays() {
    let text = "a\nb\nc\n  | filter { «.emial» ends_with \"@acme.com\" }\n"
    #expect(
      render(text, "a contact has no field `emial`", label: "did you mean `.email`?", hints: ["see help"])
        == """
        error: a contact has no field `emial`
          --> close.parl:4:14
           |
         4 |   | filter { .emial ends_with "@acme.com" }
           |              ^^^^^^ did you mean `.email`?
           = help: see help

        """)
  }

  @Test func theGutterGrowsWithTheNumber() {
    let text = String(repeating: "\n", count: 99) + "«x»"
    #expect(
      render(text, severity: .warning) == """
        warning: wrong
            --> close.parl:100:1
             |
         100 | x
             | ^

        """)
  }

  @Test func wideCharactersAndTabsAlign() {
    #expect(render("名前 = «😀»").contains("\n   |        ^^\n"))
    #expect(render("\ta«b»").contains("\n 1 |     ab\n   |      ^\n"))
    #expect(render("e\u{301}«x»").contains("\n   |  ^\n"))
  }

  @Test func longLinesAreCutAroundThePlace() {
    let text = String(repeating: "a", count: 300) + "«bcd»" + String(repeating: "e", count: 300)
    let lines = render(text, renderer: Renderer(excerptWidth: 40)).split(separator: "\n").map(String.init)
    #expect(lines[1] == "  --> close.parl:1:301")
    let shown = Array(lines[3].dropFirst(5))
    let carets = Array(lines[4].dropFirst(5))
    #expect(shown.count == 40)
    #expect(shown.first == "…" && shown.last == "…")
    #expect(String(zip(shown, carets).filter { $0.1 == "^" }.map { $0.0 }) == "bcd")
  }

  @Test func aRangeOverLinesShowsBothEnds() {
    #expect(
      render("let x = «f(\n  1,\n  2\n)» + 1", label: "here") == """
        error: wrong
          --> close.parl:1:9
           |
         1 | let x = f(
           |         ^^
          ...
         4 | ) + 1
           | ^ here

        """)
  }

  @Test func theEndOfTheFileIsBehindItsLastCharacter() {
    #expect(render("f(a\n\n«»").contains("--> close.parl:1:4\n   |\n 1 | f(a\n   |    ^\n"))
    #expect(render("«»").contains("--> close.parl:1:1\n   |\n 1 |\n   | ^\n"))
  }

  @Test func nothingSteersTheTerminal() {
    let text = render("a\u{1B}[2J «b»", "found \u{1B}]0;x\u{07}", label: "\u{202E}")
    #expect(!text.contains("\u{1B}") && !text.contains("\u{07}") && !text.contains("\u{202E}"))
    #expect(text.contains("a\u{241B}[2J b"))
  }

  @Test func colourIsOnlyForTerminals() {
    #expect(render("«a»", renderer: Renderer(usesColor: true)).contains("\u{1B}[1;31merror\u{1B}[0m"))
    #expect(!render("«a»").contains("\u{1B}"))
  }

  @Test func rangesOutsideTheTextDoNoHarm() {
    let source = SourceText(name: "x", text: "é")
    for range in [
      SourceRange(-5, -1), SourceRange(0, 900), SourceRange(900, 3), SourceRange(1, 1), SourceRange(2, 0),
    ] {
      #expect(Renderer().render(Diagnostic(.error, "m", at: range), in: source).contains("--> x:1:"))
    }
  }
}
