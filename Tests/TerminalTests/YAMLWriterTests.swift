import Testing

@testable import Terminal

@Suite struct YAMLWriterTests {
  @Test func writesBlocks() {
    var yaml = YAMLWriter()
    yaml.beginList()
    yaml.beginRecord()
    yaml.key("id")
    yaml.string("814865")
    yaml.key("name")
    yaml.string("Ada")
    yaml.key("seats")
    yaml.int(-3)
    yaml.key("tags")
    yaml.beginList()
    yaml.string("a")
    yaml.beginList()
    yaml.int(1)
    yaml.double(2)
    yaml.endList()
    yaml.beginRecord()
    yaml.key("x")
    yaml.null()
    yaml.key("y")
    yaml.bool(true)
    yaml.endRecord()
    yaml.beginList()
    yaml.endList()
    yaml.endList()
    yaml.key("empty")
    yaml.beginRecord()
    yaml.endRecord()
    yaml.key("none")
    yaml.beginList()
    yaml.endList()
    yaml.key("in")
    yaml.beginRecord()
    yaml.key("deeper")
    yaml.beginRecord()
    yaml.key("z")
    yaml.double(1.5)
    yaml.endRecord()
    yaml.endRecord()
    yaml.endRecord()
    yaml.string("last")
    yaml.endList()
    #expect(
      yaml.text == """
        - id: "814865"
          name: Ada
          seats: -3
          tags:
            - a
            - - 1
              - 2.0
            - x: null
              "y": true
            - []
          empty: {}
          none: []
          in:
            deeper:
              z: 1.5
        - last

        """)
  }

  @Test func writesSingleValues() {
    var yaml = YAMLWriter()
    yaml.string("x")
    yaml.documentBreak()
    yaml.beginList()
    yaml.endList()
    yaml.documentBreak()
    yaml.beginRecord()
    yaml.key("a")
    yaml.int(1)
    yaml.endRecord()
    #expect(yaml.text == "x\n---\n[]\n---\na: 1\n")
  }

  @Test func doublesStayDoubles() {
    for (value, text) in [
      (1.0, "1.0"), (1e16, "1.0e+16"), (1.5e-7, "1.5e-07"), (-0.0, "-0.0"), (.infinity, ".inf"),
      (-.infinity, "-.inf"),
      (.nan, ".nan"),
    ] {
      var yaml = YAMLWriter()
      yaml.double(value)
      #expect(yaml.text == text + "\n")
    }
  }

  @Test func deepValuesGoOnInBrackets() {
    var yaml = YAMLWriter()
    let depth = 10_000
    for level in 0..<depth {
      if level % 2 == 0 {
        yaml.beginList()
      } else {
        yaml.beginRecord()
        yaml.key("k")
      }
    }
    yaml.int(1)
    for level in (0..<depth).reversed() {
      if level % 2 == 0 { yaml.endList() } else { yaml.endRecord() }
    }
    #expect(yaml.text.hasPrefix("- k:\n    - k:\n        - k:\n"))
    #expect(yaml.text.contains("- k: [{k: [{k: [{k: ") || yaml.text.contains("k: [{k: [{k: "))
    #expect(yaml.text.hasSuffix("}]}]\n"))
    #expect(yaml.text.utf8.count < 200_000)
  }

  @Test func bracketsSeparate() {
    var yaml = YAMLWriter()
    for _ in 0..<64 { yaml.beginList() }
    yaml.beginRecord()
    yaml.key("a")
    yaml.int(1)
    yaml.key("b")
    yaml.beginList()
    yaml.string("x, y")
    yaml.beginList()
    yaml.endList()
    yaml.beginRecord()
    yaml.endRecord()
    yaml.endList()
    yaml.endRecord()
    for _ in 0..<64 { yaml.endList() }
    #expect(yaml.text == String(repeating: "- ", count: 64) + "{a: 1, b: [\"x, y\", [], {}]}\n")
  }

  @Test(
    arguments: [
      "hello", "hello world", "a-b", "x_1", "Ada Example", "person@example.com", "https://example.com/a?b=c",
      "a:b", "a#b",
      "12 apples", "v1.2", "日本語", "naïve", "😀", "nullable", "trueish", "it's", "a \"b\"",
      "@2".dropFirst() + "nd",
    ].map { String($0) }) func leavesPlain(text: String)
  {
    #expect(YAMLWriter.quoted(text) == text)
  }

  @Test(arguments: [
    ("", "\"\""), (" a", "\" a\""), ("a ", "\"a \""), ("- a", "\"- a\""), ("-", "\"-\""), ("? a", "\"? a\""),
    (": a", "\": a\""), ("a: b", "\"a: b\""), ("a:", "\"a:\""), ("a #b", "\"a #b\""), ("#a", "\"#a\""),
    ("[a]", "\"[a]\""), ("{a}", "\"{a}\""), ("a, b", "\"a, b\""), ("&a", "\"&a\""), ("*a", "\"*a\""),
    ("!a", "\"!a\""), ("|", "\"|\""), (">", "\">\""), ("'a'", "\"'a'\""), ("\"a\"", "\"\\\"a\\\"\""),
    ("%a", "\"%a\""),
    ("@a", "\"@a\""), ("`a`", "\"`a`\""), ("null", "\"null\""), ("Null", "\"Null\""), ("~", "\"~\""),
    ("true", "\"true\""), ("FALSE", "\"FALSE\""), ("yes", "\"yes\""), ("No", "\"No\""), ("on", "\"on\""),
    ("Off", "\"Off\""), ("y", "\"y\""), ("N", "\"N\""), ("123", "\"123\""), ("-1", "\"-1\""),
    ("+1", "\"+1\""),
    ("1.5", "\"1.5\""), (".5", "\".5\""), ("1e5", "\"1e5\""), ("0x1F", "\"0x1F\""), ("0o17", "\"0o17\""),
    ("1_000", "\"1_000\""), ("12:30", "\"12:30\""), ("2026-01-31", "\"2026-01-31\""),
    ("2026-01-31T10:00:00Z", "\"2026-01-31T10:00:00Z\""), ("+44 20 7946", "\"+44 20 7946\""),
    (".inf", "\".inf\""),
    (".NaN", "\".NaN\""), ("<<", "\"<<\""), ("=", "\"=\""), ("---", "\"---\""), ("...", "\"...\""),
    ("a\nb", "\"a\\nb\""), ("a\tb", "\"a\\tb\""), ("a\\b\n", "\"a\\\\b\\n\""), ("\u{1}", "\"\\u0001\""),
    ("\u{7F}", "\"\\u007F\""), ("\u{85}", "\"\\u0085\""), ("\u{2028}", "\"\\u2028\""),
    ("\u{FEFF}a", "\"\\uFEFFa\""),
    ("a\r\nb", "\"a\\r\\nb\""),
  ]) func quotes(text: String, expected: String) {
    #expect(YAMLWriter.quoted(text) == expected)
  }
}
