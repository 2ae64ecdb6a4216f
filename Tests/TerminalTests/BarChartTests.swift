import Testing

@testable import Terminal

@Suite struct BarChartTests {
  @Test func drawsHalves() {
    let lines = BarChart(width: 20).lines([.init("a", 10), .init("bb", 5), .init("c", 0.5), .init("d", 0)])
    // 20 less two for labels, three for numbers, two spaces: thirteen columns, 26 halves.
    #expect(lines == ["a  █████████████ 10", "bb ██████▌ 5", "c  ▌ 0.5", "d  0"])
  }

  @Test func fitsAnyWidth() {
    let bars: [BarChart.Bar] = [
      .init("a label that is much longer than the rest", 1_234_567), .init("日本語", 3), .init("x\ny", -5),
      .init("nan", .nan), .init("inf", .infinity), .init("", 1, text: "one"),
    ]
    for width in 0..<90 {
      let lines = BarChart(width: width).lines(bars)
      #expect(lines.count == bars.count)
      for line in lines { #expect(TextWidth.columns(of: line) <= max(1, width), "\(width): \(line)") }
    }
    #expect(BarChart(width: 40).lines([]).isEmpty)
  }

  @Test func coloursOnlyTheBar() {
    let lines = BarChart(width: 10, style: .colored).lines([.init("a", 1)])
    #expect(lines == ["a \u{1B}[36m██████\u{1B}[0m 1"])
  }

  @Test func numbersAreShort() {
    #expect(BarChart.Bar("", 3).text == "3")
    #expect(BarChart.Bar("", 3.25).text == "3.25")
    #expect(BarChart.Bar("", -2).text == "-2")
  }

  @Test func columnsShowARow() {
    let lines = ColumnChart(width: 24, height: 3).lines([0, 1, 2, 3, 6], from: "Mon", to: "Fri")
    #expect(
      lines == [
        "     6             ██",
        "                ▄▄ ██",
        "     0    ▄▄ ██ ██ ██",
        "       Mon         Fri",
      ])
  }

  @Test func columnsFitAnyWidth() {
    let values = (0..<300).map { Double($0 % 17) } + [.nan, .infinity, -4]
    for width in 0..<120 {
      for count in [1, 5, 60, 303] {
        let lines = ColumnChart(width: width, height: 4).lines(
          Array(values[..<count]), from: "2026-01-01", to: "2026-10-30")
        #expect(lines.count == 4 || lines.count == 5)
        for line in lines where width > 1 {
          #expect(TextWidth.columns(of: line) <= width, "\(width): \(line)")
        }
      }
    }
    #expect(ColumnChart(width: 10).lines([]).isEmpty)
    #expect(ColumnChart(width: 10, height: 1).lines([0, 0]).count == 1)
  }
}
