import Testing

@testable import HTTP

@Suite struct ConcurrencyLimitTests {
  /// One second of answers.
  func second(
    _ limit: inout ConcurrencyLimit, _ number: Int, latency: Double = 0.1, failures: Int = 0,
    answers: Int = 40,
    isBlocked: Bool = true
  ) {
    for index in 0..<answers {
      if isBlocked { limit.wasReached() }
      limit.answered(
        operation: "x", latency: latency, strained: index < failures,
        now: Double(number) + Double(index) / Double(answers))
    }
  }

  @Test func doublesUntilTheFirstStrainThenGrowsByAQuarter() {
    var limit = ConcurrencyLimit()
    #expect(limit.allowed == 4)
    for number in 0...2 { second(&limit, number) }
    #expect(limit.allowed == 16)
    second(&limit, 3, failures: 4)
    second(&limit, 4)
    // What was seen in second 3 acts at the start of second 4; the growth after it is by a quarter.
    #expect((16...20).contains(limit.allowed))
    let before = limit.current
    second(&limit, 5)
    second(&limit, 6)
    #expect(limit.current / before <= 1.25 * 1.25 + 0.01)
  }

  @Test func staysWhereNothingLiesIdle() {
    var limit = ConcurrencyLimit()
    for number in 0..<20 { second(&limit, number, isBlocked: false) }
    #expect(limit.allowed == 4)
  }

  @Test func staysWhereAnswersGetSlower() {
    var limit = ConcurrencyLimit()
    for number in 0...1 { second(&limit, number) }
    let before = limit.allowed
    for number in 2..<20 { second(&limit, number, latency: 0.3) }
    #expect(limit.allowed <= before * 2)
  }

  @Test func eachOperationHasItsOwnBest() {
    var limit = ConcurrencyLimit()
    for number in 0..<4 {
      for index in 0..<40 {
        limit.wasReached()
        let isSlow = index % 2 == 0
        limit.answered(
          operation: isSlow ? "search" : "get", latency: isSlow ? 1 : 0.1, strained: false,
          now: Double(number) + Double(index) / 40)
      }
    }
    #expect(limit.allowed > 4)
  }

  @Test func halvesOnFailuresDownToOneAndComesBack() {
    var limit = ConcurrencyLimit(start: 64)
    for number in 0..<10 { second(&limit, number, failures: 40) }
    #expect(limit.allowed == 1)
    for number in 10..<40 { second(&limit, number) }
    #expect(limit.allowed > 64)
  }

  @Test func oneFailureInManyDoesNotMatter() {
    var limit = ConcurrencyLimit(start: 10)
    for number in 0..<5 { second(&limit, number, failures: 1, isBlocked: false) }
    #expect(limit.allowed == 10)
  }

  @Test func neverBeyondTheMaximum() {
    var limit = ConcurrencyLimit(start: 500, maximum: 128)
    #expect(limit.allowed == 128)
    for number in 0..<20 { second(&limit, number) }
    #expect(limit.allowed == 128)
    #expect(ConcurrencyLimit(start: 0, maximum: -4).allowed == 1)
  }
}
