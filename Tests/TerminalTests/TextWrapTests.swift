import Testing

@testable import Terminal

@Suite struct TextWrapTests {
  @Test(arguments: [
    ("one two three four", 9, ["one two", "three", "four"]), ("one", 20, ["one"]), ("", 20, [""]),
    ("abcdefghijkl", 8, ["abcdefgh", "ijkl"]), ("a\nb", 20, ["a", "b"]), ("語語語語語 語", 8, ["語語語語", "語 語"]),
  ])
  func breaksAtSpaces(_ text: String, _ columns: Int, _ expected: [String]) {
    #expect(TextWidth.wrap(text, to: columns) == expected)
  }

  @Test func laterLinesHang() {
    #expect(TextWidth.wrap("null: aaaa, bbbb", to: 12, hanging: "  ") == ["null: aaaa,", "  bbbb"])
  }

  @Test func noLineIsWiderThanAsked() {
    let text = String(repeating: "語 word 👩‍👩‍👧 longerwordthanaline ", count: 20)
    for columns in [8, 9, 13, 40] {
      for line in TextWidth.wrap(text, to: columns, hanging: "  ") {
        #expect(TextWidth.columns(of: line) <= columns)
      }
    }
  }
}

@Suite struct TimeBinsTests {
  private let day: Int64 = 86_400_000

  @Test func daysWithoutAnyAreThereToo() {
    let bins = TimeBins(local: [0, 1000, day * 3 + 5], bins: 10)
    #expect(bins.step == day)
    #expect(bins.bins.map(\.count) == [2, 0, 0, 1])
    #expect(bins.bins.map(\.start) == [0, day, day * 2, day * 3])
  }

  @Test func stepsFitTheSpan() {
    #expect(TimeBins(local: [0, 50 * 60_000]).step == 60_000)
    #expect(TimeBins(local: [0, 30 * day]).step == day)
    #expect(
      TimeBins(local: [0, 3650 * day]).step == 365 * day
        || TimeBins(local: [0, 3650 * day]).step == 30 * day * 1)
    #expect(TimeBins(local: []).bins.isEmpty)
    #expect(TimeBins(local: [.min, .max]).bins.map(\.count).reduce(0, +) == 2)
    #expect(TimeBins(local: [-1, 1]).bins.map(\.count) == [1, 1])
  }
}

@Suite struct ChartPictureTests {
  @Test func barsAndColumnsAreWholeDocuments() {
    let bars = [BarChart.Bar("a <b> & \"c\"", 3), BarChart.Bar("語", 0), BarChart.Bar("nan", .nan)]
    for text in [
      ChartPicture().bars(bars), ChartPicture().columns(bars), ChartPicture().bars([]),
      ChartPicture().columns([]),
    ] {
      #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
      #expect(text.hasSuffix("</svg>\n"))
      #expect(!text.contains("<b>"))
      #expect(!text.contains("nan\" height"))
    }
    #expect(ChartPicture().bars(bars).contains("a &lt;b&gt; &amp; &quot;c&quot;"))
  }
}
