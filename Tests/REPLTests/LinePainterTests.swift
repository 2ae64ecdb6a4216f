import Testing

@testable import REPL

@Suite struct LinePainterTests {
  private let painter = LinePainter(isResource: { $0 == "contacts" }, hint: { _, _ in nil })

  /// A letter for each scalar: t text, n number, k keyword, r resource, c comment, w wrong, `.` plain.
  private func picture(_ line: String, earlier: String = "") -> String {
    painter.paints(line, earlier: earlier).map { paint in
      switch paint {
      case .text: "t"
      case .number: "n"
      case .keyword: "k"
      case .resource: "r"
      case .comment: "c"
      case .wrong: "w"
      case nil: "."
      }
    }.joined()
  }

  @Test(arguments: [
    ("contacts | count", "rrrrrrrr........"), ("let a = 12", "kkk.....nn"), ("\"a\" + 1", "ttt...n"),
    ("x.contacts", ".........."), ("# note", "cccccc"), ("\"語é\" + 1", "tttt...n"), ("1h + 2", "nn...n"),
    (":save a", "kkkkk.."), ("help x", "kkkk.."), ("", ""), ("\"open", "ttttt"),
  ])
  func paints(_ line: String, _ expected: String) {
    let found = picture(line)
    #expect(found == expected)
    #expect(found.count == line.unicodeScalars.count)
  }

  @Test func theLinesBeforeDecide() {
    #expect(picture("true)", earlier: "let a = (\n") == "kkkk.")
    #expect(
      picture("contacts", earlier: "let s = \"\"\"\n") == "tttttttt"
        || !picture("contacts", earlier: "let s = \"\"\"\n").contains("r"))
  }

  @Test func anyLineIsPaintedWhole() {
    for line in [
      "\u{FFFD}\u{0301}", "((((", "\"\\(\"\\(\"", "}}}", "\"\"\"", "@2026", "👩‍👩‍👧 | x", "é\u{0301}\"語",
    ] {
      #expect(painter.paints(line).count == line.unicodeScalars.count, "\(line)")
    }
  }
}

@Suite struct BrushTests {
  @Test func movesOnlyWhereItMust() {
    var brush = LineEditor.Brush(row: 1)
    brush.put("a", width: 1, .text, row: 0, column: 3)
    brush.put("b", width: 1, .text, row: 0, column: 4)
    brush.put("語", width: 2, nil, row: 1, column: 0)
    brush.finish(row: 1, column: 2)
    #expect(
      brush.text
        == "\u{1B}[?25l\u{1B}[1A\r\u{1B}[3C\u{1B}[0;32mab\u{1B}[1B\r\u{1B}[0m語\r\u{1B}[2C\u{1B}[?25h")
  }
}
