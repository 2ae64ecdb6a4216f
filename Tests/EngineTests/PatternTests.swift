import Diagnostics
import Engine
import Machine
import Testing

@testable import Builtins

struct PatternTests {
  @Test(arguments: [
    ("abc", "b", true), ("abc", "^b", false), ("abc", "c$", true), ("a\nb", "^b", false),
    ("a\nb", "(?m)^b", true),
    ("a\nb", "a.b", false), ("a\nb", "(?s)a.b", true), ("ABC", "(?i)abc", true), ("ÄRGER", "(?i)ärger", true),
    ("ABc", "(?i:ab)C", false), ("foo bar", "\\bbar\\b", true), ("foobar", "\\bbar", false),
    ("über", "^\\w+$", true),
    ("a-b", "^[a-z-]+$", true), ("a]b", "[]]", true), ("ab", "^[^a]", false),
    ("2026-01-31", "^\\d{4}-\\d{2}-\\d{2}$", true),
    ("aaa", "^a{2}$", false), ("aaa", "^a{2,}$", true), ("aaaa", "^a{2,3}$", false), ("", "^$", true),
    ("x", "", true),
    ("cat", "^(cat|dog)s?$", true), ("日本語", "^.{3}$", true), ("日本語", "本", true), ("tab\there", "\\t", true),
    ("a\u{E9}", "\\u00E9$", true), ("Ab", "^\\p{Lu}\\p{Ll}$", true), ("a.b", "^a\\.b$", true),
    ("axb", "^a\\.b$", false),
    ("", "(a*)*", true), ("b", "^(a|b*)*$", true), ("K", "(?i)[k]", true),
  ])
  func matches(_ text: String, _ pattern: String, _ expected: Bool) throws {
    #expect(
      try Session.output("print(\(literal(text)) matches '\(pattern)')") == ["\(expected)"], "\(pattern)")
  }

  @Test(arguments: [
    ("a1b22", "[0-9]+", ["1", "22"]), ("aaa", "a*?", ["", "", "", ""]), ("aXbXc", ".*?X", ["aX", "bX"]),
    ("aXbXc", ".*X", ["aXbX"]), ("ab", "a|ab", ["a"]), ("ab", "ab|a", ["ab"]), ("abab", "(?:ab)+", ["abab"]),
    ("x", "y", []), ("éa éb", "é.", ["éa", "éb"]), ("aab", "x?", ["", "", "", ""]),
    ("foo.bar", "\\w+", ["foo", "bar"]),
  ])
  func findsAll(_ text: String, _ pattern: String, _ expected: [String]) throws {
    let list = "[" + expected.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    #expect(try Session.output("print(find_all(\(literal(text)), '\(pattern)'))") == [list], "\(pattern)")
  }

  @Test(arguments: [
    ("a(?=b)", "ahead"), ("(?<=a)b", "behind"), ("(a)\\1", "asked for again"), ("a++", "backtracking"),
    ("(a", "not closed"),
    ("a)", "closes nothing"), ("[a", "not closed"), ("*a", "nothing does"), ("a{", "\\{"),
    ("a{2,1}", "wrong way"),
    ("[z-a]", "wrong way"), ("(?<n>a)", "names"), ("[[:alpha:]]", "[:"), ("a{1001}", "1000"),
    ("\\y", "not known"),
    ("((a{1000}){1000}){1000}", "too large"), ("\\p{Greek}", "\\p{Greek}"), ("a**", "follow each other"),
  ])
  func refuses(_ pattern: String, _ part: String) throws {
    // A pattern that is written out is refused before it runs; one that comes from elsewhere, when it is used.
    let whole = Engine().compile(SourceText(name: "x", text: "print(\"a\" matches '\(pattern)')"))
    #expect(whole.diagnostics.contains { ([$0.message] + $0.hints).joined(separator: " ").contains(part) })
    let error = try Session.failure("let p = '\(pattern)'\nprint(\"a\" matches p)")
    let text = ([error?.message ?? ""] + (error?.hints ?? [])).joined(separator: " ")
    #expect(error?.code == "pattern")
    #expect(text.contains(part), "\(text)")
  }

  /// Nothing, a thousand times, nested: as much work as nothing.
  @Test func repeatsNothing() throws {
    #expect(try Session.output("print(\"\" matches '((((){1000}){1000}){1000}){1000}')") == ["true"])
  }

  private func literal(_ text: String) -> String {
    "\"" + text.replacing("\n", with: "\\n").replacing("\t", with: "\\t") + "\""
  }
}

extension PatternTests {
  /// `matches` goes through states made on the way, `find_all` through all places side by side: whether there
  /// is a match they must always say alike.
  @Test func bothWaysOfMatchingAgree() throws {
    var random = SystemRandomNumberGenerator()
    func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }
    func pattern(_ depth: Int) -> String {
      var text = ""
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let atom =
          depth > 0 && Bool.random(using: &random)
          ? "(?:\(pattern(depth - 1)))"
          : pick([
            "a", "b", "é", ".", "\\\\w", "\\\\d", "[^a]", "[a-cé]", "^", "$", "\\\\b", "\\\\B", "(?i:A)",
            "\\\\n", "1", "日",
          ])
        text += atom + pick(["", "", "", "*", "+", "?", "{1,2}", "*?"])
        if Int.random(in: 0..<6, using: &random) == 0 { text += "|" }
      }
      return pick(["", "", "(?m)", "(?s)"]) + text
    }
    let session = Session()
    var asked: [String] = []
    for _ in 0..<300 {
      let pattern = pattern(2)
      let text = (0..<Int.random(in: 0...8, using: &random))
        .map { _ in pick(["a", "b", "A", "é", "1", " ", "\\n", "日", "c"]) }.joined()
      asked.append("\(pattern) on \(text)")
      let both = "(\"\(text)\" matches \"\(pattern)\") == (find_all(\"\(text)\", \"\(pattern)\") != [])"
      try session.run("try { print(\(both)) } catch e { print(e.code) }")
    }
    #expect(session.lines.count == asked.count)
    for (line, what) in zip(session.lines, asked) { #expect(line == "true" || line == "pattern", "\(what)") }
    #expect(session.lines.filter { $0 == "true" }.count > 150)
  }

  /// More states than are kept, in one text and over many: what is forgotten is made again.
  @Test func manyStatesAreForgottenAndMadeAgain() throws {
    let text = """
      var t = ""
      var n = 12345
      for i in 1..1200 {
        n = (n * 1103515245 + 12345) % 2147483648
        t = t + (if n > 1073741824 { "a" } else { "b" })
      }
      print(t matches '(a|b)*a(a|b){9}c')
      print(((t + "é") matches '(a|b)*b(a|b){9}é') == (find_all(t + "é", 'b(a|b){9}é') != []))
      """
    let said = try Session.output(text)
    #expect(said.first == "false")
    #expect(said.last == "true")
  }

  /// The finder that reads a text twice gives the very matches of the one that goes from match to match: whatever
  /// the pattern prefers, on texts of several blocks too.
  @Test(arguments: [0..<12, 0..<60, 16_380..<16_390, 33_000..<33_010])
  func bothFindersGiveTheSameMatches(lengths: Range<Int>) throws {
    var random = SystemRandomNumberGenerator()
    let pieces = ["a", "a", "b", "A", "é", "1", " ", "\n", "日", "c", "😀"]
    let atoms = [
      "a", "b", "é", ".", "\\w", "\\d", "[^a]", "[a-cé]", "^", "$", "\\b", "\\B", "(?i:A)", "\\n", "1", "日",
      "😀",
    ]
    func pattern(_ depth: Int) -> String {
      var text = ""
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let isGroup = depth > 0 && Bool.random(using: &random)
        text += isGroup ? "(?:\(pattern(depth - 1)))" : atoms.randomElement(using: &random) ?? ""
        text += ["", "", "", "*", "+", "?", "{1,2}", "*?", "+?", "??"].randomElement(using: &random) ?? ""
        if Int.random(in: 0..<6, using: &random) == 0 { text += "|" }
      }
      return (["", "", "(?m)", "(?s)"].randomElement(using: &random) ?? "") + text
    }
    let machine = Engine().machine
    var compared = 0
    for _ in 0..<(lengths.upperBound > 1_000 ? 20 : 500) {
      let source = pattern(2)
      guard let pattern = try? PatternCompiler.compile(source) else { continue }
      let length = Int.random(in: lengths, using: &random)
      var text = (0..<length).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      try text.withUTF8 { bytes in
        var matcher = PatternMatcher(pattern)
        let finder = try PatternFinder(pattern, bytes, machine)
        var start = 0
        while start <= bytes.count {
          let one = try matcher.find(in: bytes, from: start, machine)
          let other = try finder.find(from: start, machine)
          // Not `#expect`, which costs more than the search.
          if one != other {
            let shown = length < 60 ? String(decoding: bytes, as: UTF8.self) : "a long text"
            Issue.record("\(source) at \(start) of \(shown)")
          }
          guard let one, one == other else { break }
          start = one.isEmpty ? PatternMatcher.next(after: one.upperBound, bytes) : one.upperBound
        }
        compared += 1
      }
    }
    #expect(compared > 10)
  }

  /// Each search on its own would read to the end: half a million times half a million characters.
  @Test func findingAllIsLinear() throws {
    let text = """
      var t = "a"
      while len(t) < 500000 { t = t + t }
      print(find_all(t, 'a.*b|a') | count)
      print(find_all(t + "b", '(?:a*c|a)') | count)
      """
    #expect(try Session.output(text) == ["524288", "524288"])
  }
}
