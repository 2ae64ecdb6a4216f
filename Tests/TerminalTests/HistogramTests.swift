import Testing

@testable import Terminal

@Suite struct HistogramTests {
  @Test func boundsAreRound() {
    let bins = Histogram((1...100).map(Double.init)).bins
    #expect(bins.map(\.lower) == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
    #expect(bins.map(\.count) == [9, 10, 10, 10, 10, 10, 10, 10, 10, 11])
    #expect(bins.first?.label == "0 – 10")
  }

  @Test func smallSteps() {
    let bins = Histogram([0.11, 0.12, 0.25, 0.31, 0.49], bins: 4).bins
    #expect(bins.map(\.lower) == [0.1, 0.2, 0.3, 0.4])
    #expect(bins.map(\.upper) == [0.2, 0.3, 0.4, 0.5])
    #expect(bins.map(\.count) == [2, 1, 1, 1])
    #expect(bins.map(\.label) == ["0.1 – 0.2", "0.2 – 0.3", "0.3 – 0.4", "0.4 – 0.5"])
  }

  @Test func wholeNumbersGetWholeSteps() {
    let bins = Histogram([1, 2, 2, 3, 4]).bins
    #expect(bins.map(\.lower) == [1, 2, 3])
    #expect(bins.map(\.count) == [1, 2, 2])
  }

  @Test func negativeValues() {
    let bins = Histogram([-15, -5, 0, 5], bins: 2).bins
    #expect(bins.map(\.lower) == [-20, -10, 0])
    #expect(bins.map(\.count) == [1, 1, 2])
  }

  @Test func oddInputs() {
    #expect(Histogram([]).bins.isEmpty)
    #expect(Histogram([.nan, .infinity]).bins.isEmpty)
    #expect(Histogram([7, 7, 7]).bins == [.init(lower: 7, upper: 7, count: 3)])
    #expect(Histogram([7]).bins.first?.label == "7")
    for values in [
      [-1.7e308, 1.7e308], [.leastNonzeroMagnitude, 2 * .leastNonzeroMagnitude], [1e15, 1e15 + 0.25],
      [1e300, 1.1e300], [0, 1e-300],
      [1, 1.0000000000000002],
    ] {
      for bins in [-1, 0, 1, 7, 100_000] {
        #expect(Histogram(values, bins: bins).bins.reduce(0) { $0 + $1.count } == 2)
      }
    }
  }

  @Test func countsEveryValueOnce() {
    var state: UInt64 = 9
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / 1000
    }
    for count in 1..<60 {
      let values = (0..<count * 5).map { _ in random() - 5000 }
      let bins = Histogram(values, bins: count % 20).bins
      #expect(bins.reduce(0) { $0 + $1.count } == values.count)
      for bin in bins.dropLast() {
        #expect(bin.count == values.count { $0 >= bin.lower && $0 < bin.upper })
      }
      for (left, right) in zip(bins, bins.dropFirst()) { #expect(left.upper == right.lower) }
    }
  }
}
