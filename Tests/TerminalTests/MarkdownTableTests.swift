import Testing

@testable import Terminal

@Suite struct MarkdownTableTests {
  @Test func alignsColumns() {
    let table = MarkdownTable(columns: [.init("id", alignment: .right), .init("name")])
    #expect(
      table.text([["1", "Ada"], ["22", "日本"], ["3"]]) == """
        |  id | name |
        | --: | ---- |
        |   1 | Ada  |
        |  22 | 日本 |
        |   3 |      |

        """)
    #expect(MarkdownTable(columns: []).text([["x"]]) == "")
  }

  @Test(arguments: [
    ("a|b", #"a\|b"#), (#"a\|b"#, #"a\\\|b"#), ("a\nb", "a<br>b"), ("a\r\nb", "a<br>b"), ("a\rb", "a<br>b"),
    ("<b>&", "&lt;b&gt;&amp;"), ("*x* `y`", #"\*x\* \`y\`"#), ("[a](b)", #"\[a\](b)"#),
    ("last_seen_at", "last_seen_at"),
    ("_x_", #"\_x\_"#), ("~~x~~", #"\~\~x\~\~"#), ("\u{1B}[0m", #"␛\[0m"#), ("é_1", "é_1"), ("", ""),
  ]) func escapes(text: String, expected: String) {
    #expect(MarkdownTable.escaped(text) == expected)
  }
}
