import Testing

@testable import Terminal

@Suite struct TableLayoutTests {
  private func table(_ headers: [String], _ rows: [[String]], width: Int) -> TableLayout.Table {
    TableLayout(columns: headers.map { TableLayout.Column($0) }, width: width).table(rows)
  }

  @Test func keepsNaturalWidths() {
    let layout = TableLayout(
      columns: [.init("id"), .init("name"), .init("seats", alignment: .right)], width: 80)
    let table = layout.table([["1", "Ada", "5"], ["22", "日本", "1200"], ["3"], ["4", "", "7", "ignored"]])
    #expect(
      table.lines == [
        "id  name  seats",
        "──  ────  ─────",
        "1   Ada       5",
        "22  日本   1200",
        "3",
        "4             7",
      ])
    #expect(table.hiddenHeaders.isEmpty)
  }

  @Test func wideColumnsShare() {
    let long = String(repeating: "x", count: 100)
    let table = table(["id", "a", "b"], [["1", long, long], ["2", "short", "b"]], width: 30)
    #expect(
      table.lines == [
        "id  a             b",
        "──  ────────────  ────────────",
        "1   xxxxxxxxxxx…  xxxxxxxxxxx…",
        "2   short         b",
      ])
  }

  @Test func aColumnBelowTheShareKeepsItsWidth() {
    let table = table(["a", "b", "c"], [["1234567890", String(repeating: "y", count: 50), "z"]], width: 30)
    #expect(table.lines[2] == "1234567890  yyyyyyyyyyyyyy…  z")
  }

  @Test func leavesOutWhatDoesNotFit() {
    let headers = (1...10).map { "column\($0)" }
    let row = (1...10).map { "value number \($0)" }
    let table = table(headers, [row], width: 20)
    // The mark and its gap take three of the twenty columns, two gaps four: thirteen for three columns.
    #expect(table.lines == ["colu…  col…  col…  …", "─────  ────  ────  ─", "valu…  val…  val…  …"])
    #expect(table.lines[0].hasSuffix("…"))
    #expect(table.hiddenHeaders == Array(headers[(10 - table.hiddenHeaders.count)...]))
    #expect(!table.hiddenHeaders.isEmpty)
  }

  @Test func neverWiderThanItsPlace() {
    var state: UInt64 = 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    let pieces = ["a", "bc", "日本", "😀", "e\u{301}", " ", "long word", "\n", "🇬🇧", "\u{1B}[0m"]
    for _ in 0..<500 {
      let count = 1 + random(8)
      let columns = (0..<count).map {
        TableLayout.Column(
          "h\($0)" + String(repeating: "x", count: random(12)), alignment: random(2) == 0 ? .left : .right)
      }
      let rows = (0..<random(6)).map { _ in
        (0..<random(count + 2)).map { _ in (0..<random(12)).map { _ in pieces[random(pieces.count)] }.joined()
        }
      }
      let width = 1 + random(60)
      let table = TableLayout(columns: columns, width: width).table(rows)
      #expect(table.lines.count == rows.count + 2)
      for line in table.lines {
        #expect(TextWidth.columns(of: line) <= width, "\(line)")
        #expect(line.last != " " && !line.contains("\n") && !line.contains("\u{1B}"))
      }
      // What is cut keeps four columns where there is more than one column.
      let rule = table.lines[1].split(separator: " ").map(\.count)
      let shown = count - table.hiddenHeaders.count
      if shown > 1 {
        for index in 0..<shown where rule[index] < 4 {
          let natural =
            ([columns[index].header] + rows.map { $0.count > index ? TextWidth.visible($0[index]) : "" })
            .map { TextWidth.columns(of: $0) }.max() ?? 0
          #expect(rule[index] == natural)
        }
      }
    }
  }

  @Test func stylesHeaderAndRule() {
    let layout = TableLayout(columns: [.init("a")], width: 20, style: .colored)
    #expect(layout.table([["1"]]).lines == ["\u{1B}[1ma\u{1B}[0m", "\u{1B}[2m─\u{1B}[0m", "1"])
  }

  @Test func cellsCannotBreakTheTable() {
    #expect(table(["a"], [["x\ny\u{1B}[2J"]], width: 40).lines[2] == "x y␛[2J")
    #expect(table([], [["x"]], width: 40).lines.isEmpty)
    #expect(table(["a"], [], width: 0).lines == ["a", "─"])
  }

  @Test func wholeColumnsAreCutLast() {
    let columns = [TableLayout.Column("text"), TableLayout.Column("at", isWhole: true)]
    let rows = [[String(repeating: "x", count: 40), "2026-01-31 09:30"]]
    let lines = TableLayout(columns: columns, width: 30).table(rows).lines
    #expect(lines[2] == "xxxxxxxxxxx…  2026-01-31 09:30")
    // Where the others would be left with nothing, all share.
    let narrow = TableLayout(columns: columns, width: 20).table(rows).lines
    #expect(narrow[2] == "xxxxxxxx…  2026-01-…")
  }
}
