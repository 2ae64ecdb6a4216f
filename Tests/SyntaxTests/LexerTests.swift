import Diagnostics
import Testing

@testable import Syntax

struct LexerTests {
  private func literals(_ text: String) -> [Literal] {
    let result = parse(SourceText(name: "case", text: text))
    #expect(!result.hasErrors, "\(result.diagnostics)")
    return result.script.declarations.compactMap { declaration in
      guard case .statement(let statement) = declaration, case .expression(let value) = statement.kind,
        case .literal(let literal) = value.kind
      else { return nil }
      return literal
    }
  }

  private func errors(_ bytes: [UInt8]) -> [String] {
    parse(SourceText(name: "case", bytes: bytes)).diagnostics.map { "\($0.range.start): \($0.message)" }
  }

  static let values: [(String, Literal)] = [
    ("1_000_000", .int(1_000_000)), ("0", .int(0)), ("-0", .int(0)), ("9223372036854775807", .int(.max)),
    ("-9223372036854775808", .int(.min)), ("-9223372036854775809", .float(-9223372036854775808)),
    ("12345678901234567890", .float(12345678901234567168)), ("99999999999999999999999", .float(1e23)),
    ("3.5", .float(3.5)), ("1e9", .float(1e9)), ("1E5", .float(1e5)), ("-3e-2", .float(-0.03)),
    ("1_0.5_0", .float(10.5)), ("0.1", .float(0.1)),
    ("90d", .duration(7_776_000_000)), ("500ms", .duration(500)), ("5m", .duration(300_000)),
    ("2w", .duration(1_209_600_000)), ("-1h", .duration(-3_600_000)), ("0s", .duration(0)),
    ("106751991167d", .duration(9_223_372_036_828_800_000)),
    ("@2026-01-31", .time(TimeLiteral(year: 2026, month: 1, day: 31))),
    ("@2024-02-29T23:59", .time(TimeLiteral(year: 2024, month: 2, day: 29, hour: 23, minute: 59))),
    (
      "@2026-01-31T09:30:15.25Z",
      .time(
        TimeLiteral(
          year: 2026, month: 1, day: 31, hour: 9, minute: 30, milliseconds: 15_250, offsetMinutes: 0))
    ),
    (
      "@2026-01-31T09:30:01.123456789-03:30",
      .time(
        TimeLiteral(
          year: 2026, month: 1, day: 31, hour: 9, minute: 30, milliseconds: 1_123, offsetMinutes: -210))
    ),
    (#""a\n\t\"\\\/\b\f\rb""#, .string("a\n\t\"\\/\u{8}\u{C}\rb")), (#""\u00e9\ud83d\uDE00""#, .string("é😀")),
    (#""\ud83d""#, .string("\u{FFFD}")), (#""\ude00x""#, .string("\u{FFFD}x")),
    (#""\ud83d\n""#, .string("\u{FFFD}\n")), (#""\ud83d\u0041""#, .string("\u{FFFD}A")),
    (#"'\d+ "x" \(y)'"#, .string(#"\d+ "x" \(y)"#)), ("''", .string("")), ("\"\"", .string("")),
    ("\"\t\u{7F}\"", .string("\t\u{7F}")), ("null", .null), ("true", .bool(true)), ("false", .bool(false)),
    ("\"\"\"\n  a\n    b\n\n  c\n  \"\"\"", .string("a\n  b\n\nc")), ("\"\"\"\n\"\"\"", .string("")),
    ("\"\"\"\n  \"\"\"", .string("")), ("\"\"\"a \"b\" c\"\"\"", .string("a \"b\" c")),
    ("\"\"\"\r\n  a\r\n  b\r\n  \"\"\"\r\n", .string("a\nb")),
    ("\"\"\"  \n\tx\\ty\n\t\"\"\"", .string("x\ty")),
    ("\"\"\"\n  a\n \n  b\"\"\"", .string("a\n\nb")), ("\"\"\"\n\n\"\"\"", .string("")),
    ("\"\"\"\n\n\n\"\"\"", .string("\n")),
  ]

  @Test(arguments: values) func literal(_ text: String, _ value: Literal) {
    #expect(literals(text) == [value])
  }

  @Test func bigIntegersAreWarnedAbout() {
    let found = parse(SourceText(name: "case", text: "[12345678901234567890, 99999999999999999999999, 1e30]"))
    #expect(found.diagnostics.map(\.severity) == [.warning, .warning])
    #expect(found.diagnostics.map(\.range.start) == [1, 23])
  }

  static let mistakes: [(String, Int, String)] = [
    ("1_", 1, "between two digits"), ("1__0", 1, "between two digits"), ("1.5h", 0, "whole number"),
    ("99999999999999999999w", 0, "too long"), ("106751991168d", 0, "too long"), ("3mo", 1, "no such unit"),
    ("5é", 1, "no such unit"), ("-01", 1, "start with 0"), ("007d", 0, "start with 0"),
    ("00", 0, "start with 0"),
    ("@2026-02-29", 0, "28 days"), ("@2026-13-01", 0, "no month 13"), ("@2026-00-01", 0, "no month 0"),
    ("@2026-01-00", 0, "31 days"), ("@2026-01-31T24:00", 0, "hours"), ("@2026-01-31T10:60", 0, "minutes"),
    ("@2026-01-31T10:00:60", 0, "seconds"), ("@2026-01-31T10:00+19:00", 0, "offsets"),
    ("@0000-01-01", 0, "years"),
    ("@2026-01-31Z", 0, "a date is"), ("@2026-01-31T9:30", 0, "a date is"), ("@", 0, "a date is"),
    ("@20260131", 0, "a date is"), ("@2026-01-31T10:00:5", 0, "a date is"), ("@2026-01-310", 0, "a date is"),
    ("'abc", 0, "no closing `'`"), ("\"a\nb", 0, "no closing"), ("\"\"\"abc", 0, "no closing `\"\"\"`"),
    (#""\u12g4""#, 1, "hexadecimal"), (#""\u12""#, 1, "hexadecimal"),
    ("\"\\\u{1F600}\"", 1, "no such escape"),
    ("\"\\(\"a\" + b\nc", 1, "no closing )"), ("\"\\()\"", 3, "needs a value"),
    ("\"\"\"\n  a\n b\n  \"\"\"", 9, "indented less"), ("\"\"\"\n  a\n\\(b)\n  \"\"\"", 8, "indented less"),
    ("a $ b", 2, "no `$`"), ("\u{201C}hi\u{201D}", 0, "straight quotes"), ("a\u{A0}| b", 1, "no-break"),
    ("1 \u{2212} 2", 2, "dash"), ("a\u{200B}", 1, "invisible"), ("`a`", 0, "between"),
    ("a & b", 2, "means nothing"),
    ("// hi", 0, "starts with `#`"), ("a // hi", 2, "starts with `#`"), ("a\u{0}", 1, "U+0000"),
    ("\"a\u{1}\"", 2, "U+0001"), ("'\u{1B}'", 1, "U+001B"), ("# \u{7}", 2, "U+0007"),
    ("a \u{7F}", 2, "U+007F"),
    ("\u{1F600}", 0, "cannot stand"), ("x.5", 2, "field's name"), ("f(.5)", 2, "before the point"),
  ]

  @Test(arguments: mistakes) func mistake(_ text: String, _ offset: Int, _ message: String) throws {
    let found = parse(SourceText(name: "case", text: text)).diagnostics
    let first = try #require(found.first)
    #expect(first.range.start == offset)
    #expect(first.message.contains(message) || first.hints.contains { $0.contains(message) })
    #expect(found.filter { $0.range.start > offset + 6 || $0.range.start < offset } == [])
  }

  @Test func oneMistakeIsReportedOnce() {
    for text in [
      "\u{201C}hi\u{201D}", "`a`", "print(\"abc", "x = [1, 'a\nb", "\"\\(a", "@2026-1-1 + 1d",
      "let x = 90days + 01",
    ] {
      let found = parse(SourceText(name: "case", text: text)).diagnostics
      #expect(found.count <= 2, "\(text): \(found.map(\.message))")
    }
  }

  @Test func byteOrderMarkAndLineEndings() {
    #expect(errors([0xEF, 0xBB, 0xBF] + Array("let a = 1\r\nlet b = 2\r\n".utf8)) == [])
    #expect(SExpression.of("\u{FEFF}a\r\n| f\r\n\r\nb\r") == "(| a f)\nb")
    #expect(errors([0xEF, 0xBB, 0xBF]) == [])
  }

  @Test func anyBytesComeToAnEnd() {
    var state: UInt64 = 42
    let alphabet = Array("\"'\\()[]{}|.,:;=-+*/<>?!&#@ \n\ra1_itfn0é\u{201C}".utf8) + [0, 0xFF, 0xC3, 0xF0]
    for _ in 0..<3_000 {
      var bytes: [UInt8] = []
      for _ in 0..<40 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      let source = SourceText(name: "noise", bytes: bytes)
      let result = parse(source)
      for diagnostic in result.diagnostics {
        #expect(diagnostic.range.start >= 0 && diagnostic.range.end <= bytes.count)
        #expect(diagnostic.range.start <= diagnostic.range.end)
        #expect(Renderer().render(diagnostic, in: source).contains("-->"))
      }
      let tokens = Lexer.tokens(of: source)
      #expect(tokens.last?.kind == .end)
      #expect(zip(tokens, tokens.dropFirst()).allSatisfy { $0.end <= $1.start || $1.kind == .end })
    }
  }

  @Test func tokensKeepComments() {
    let tokens = Lexer.tokens(of: SourceText(name: "x", text: "## doc\nlet a = 1 # note\n#### rule"))
    #expect(tokens.map(\.kind) == [.documentation, .let, .name, .assign, .int, .comment, .comment, .end])
    #expect(tokens.map(\.startsLine) == [true, true, false, false, false, false, true, true])
  }

  @Test func reservedWordsAreAllKnown() {
    let words = """
      null true false and or not in contains starts_with ends_with matches it let var fn if else for while break \
      continue return try catch
      """.split(separator: " ").map(String.init)
    #expect(Set(words) == Set(Token.Kind.keywords.keys))
    for word in words {
      #expect(Lexer.tokens(of: SourceText(name: "x", text: word)).first?.kind == Token.Kind.keywords[word])
      #expect(Lexer.tokens(of: SourceText(name: "x", text: word + "s")).first?.kind == .name)
    }
  }
}
