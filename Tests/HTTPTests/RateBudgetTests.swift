import Testing

@testable import HTTP

@Suite struct RateBudgetTests {
  // MARK: - Properties over a long run

  @Test(arguments: [0.002...0.01, 0.08...0.12, 0.2...0.5], [1.0, 0.8, 0.5])
  func aloneItUsesItsShareAndIsNeverRefused(latency: ClosedRange<Double>, share: Double) {
    var simulation = BudgetSimulation()
    simulation.latency = latency
    simulation.share = share
    let outcome = simulation.run()
    #expect(outcome.refused == 0)
    #expect(outcome.use >= 0.99, "\(outcome.use)")
    let most = Int(share * 1_000)
    #expect(outcome.accepted.values.allSatisfy { $0 <= most })
  }

  @Test(arguments: [0.0, 2.5, 5.0, 9.5, 9.95])
  func theStartWithinTheWindowDoesNotMatter(phase: Double) {
    var simulation = BudgetSimulation()
    simulation.start = 1_700_000_000 + phase
    let outcome = simulation.run()
    #expect(outcome.refused == 0)
    // What is left of the first window may be too short for its whole limit.
    #expect(outcome.seconds <= 20_000.0 / 100 * 1.01 + 10, "\(outcome.seconds)")
  }

  @Test func afterASleepNothingIsKnownOfWindows() {
    var budget = RateBudget(share: 0.8)
    budget.sent(now: 0)
    budget.answered(
      RateHeaders(limit: 10, remaining: 0, reset: 1_000_010), date: 1_000_000, sent: 0, now: 0.1,
      wall: 1_000_000)
    #expect(budget.nextSlot(now: 1) > 5)
    #expect(budget.serverTime(now: 1).map { abs($0 - 1_000_001) < 1.5 } == true)
    budget.forget()
    #expect(budget.limit == nil && budget.serverTime(now: 1) == nil)
    #expect(budget.nextSlot(now: 1) <= 1)
  }

  @Test func aShortWindowIsLearnt() {
    var simulation = BudgetSimulation()
    simulation.window = 1
    simulation.limit = { _ in 100 }
    simulation.latency = 0.001...0.01
    let outcome = simulation.run()
    #expect(outcome.refused == 0)
    #expect(outcome.use >= 0.99, "\(outcome.use)")
  }

  @Test(arguments: [-30.0, 30, 86_400])
  func aWrongClockDoesNotMatter(offset: Double) {
    var simulation = BudgetSimulation()
    simulation.wallOffset = offset
    let ours = simulation.run()
    #expect(ours.refused == 0)
    #expect(ours.use >= 0.99, "\(ours.use)")
    simulation.wallOffset = 0
    simulation.serverOffset = offset
    let theirs = simulation.run()
    #expect(theirs.refused == 0)
    #expect(theirs.use >= 0.99, "\(theirs.use)")
  }

  @Test func withoutDateOurOwnClockServes() {
    var simulation = BudgetSimulation()
    simulation.sendsDate = false
    let right = simulation.run()
    #expect(right.refused == 0)
    #expect(right.use >= 0.98, "\(right.use)")
    // 30 s off and nothing to correct it: slower, refused now and then, and through.
    simulation.wallOffset = 30
    simulation.requests = 5_000
    #expect(simulation.run().accepted.values.reduce(0, +) == 5_000)
    simulation.wallOffset = -30
    #expect(simulation.run().accepted.values.reduce(0, +) == 5_000)
  }

  @Test func withoutHeadersItKeepsToTheAssumedRate() {
    var simulation = BudgetSimulation()
    simulation.sendsHeaders = false
    simulation.requests = 3_200
    let outcome = simulation.run()
    #expect(outcome.refused == 0)
    #expect(abs(outcome.seconds - 200) < 5, "\(outcome.seconds)")
  }

  @Test func anotherClientTakesAThird() {
    var simulation = BudgetSimulation()
    simulation.others = { _ in 33 }
    let outcome = simulation.run()
    #expect(outcome.accepted.values.reduce(0, +) == 20_000)
    // Nobody can promise none; a handful in 20,000 is waited out.
    #expect(outcome.refused <= 200, "\(outcome.refused)")
    #expect(outcome.seconds <= 20_000.0 / 67 * 1.05, "\(outcome.seconds)")
    // With a share that leaves them their third, nobody is refused.
    simulation.share = 0.6
    let polite = simulation.run()
    #expect(polite.refused == 0)
    #expect(polite.use >= 0.99, "\(polite.use)")
  }

  @Test func theLimitChangesOnTheWay() {
    var simulation = BudgetSimulation()
    simulation.limit = { $0 < 56.7 ? 1_000 : $0 < 106.7 ? 500 : 2_000 }
    let outcome = simulation.run()
    #expect(outcome.refused == 0)
    #expect(outcome.use >= 0.97, "\(outcome.use)")
  }

  // MARK: - Single steps

  /// A budget that has heard of a window of 100 that ends 10 s after local time 0.
  static func informed(share: Double = 1, remaining: Int = 99, now: Double = 0) -> RateBudget {
    var budget = RateBudget(share: share)
    budget.sent(now: now)
    budget.answered(
      RateHeaders(limit: 100, remaining: remaining, reset: 1_010), date: nil, sent: now, now: now,
      wall: 1_000 + now)
    return budget
  }

  @Test func theFirstRequestGoesAtOnce() {
    var budget = RateBudget()
    #expect(budget.nextSlot(now: 5) <= 5)
    budget.sent(now: 5)
    #expect(abs(budget.nextSlot(now: 5) - 5 - 1.0 / 16) < 1e-9)
  }

  @Test func slotsAreSpreadOverTheWindow() {
    var budget = Self.informed()
    let gap = budget.nextSlot(now: 0)
    #expect(abs(gap - 9.9 / 99) < 0.01, "\(gap)")
    #expect(budget.slots == 99)
  }

  @Test func theShareIsLeftToOthers() {
    var budget = Self.informed(share: 0.5)
    #expect(budget.slots == 49)
    for index in 0..<49 { budget.sent(now: Double(index) * 0.1) }
    #expect(budget.slots == 0)
    #expect(abs(budget.nextSlot(now: 5) - 10) < 1e-6)
  }

  @Test func whatOthersTookIsNotOurs() {
    #expect(Self.informed(remaining: 3).slots == 3)
    var budget = Self.informed(remaining: 0)
    #expect(budget.slots == 0)
    #expect(abs(budget.nextSlot(now: 1) - 10) < 1e-6)
    #expect(budget.nextSlot(now: 10) <= 10)
  }

  @Test func theLowestRemainingCounts() {
    var budget = Self.informed(remaining: 50)
    budget.sent(now: 1)
    budget.sent(now: 1)
    budget.answered(
      RateHeaders(limit: 100, remaining: 20, reset: 1_010), date: nil, sent: 1, now: 1.2, wall: 1_001.2)
    budget.answered(
      RateHeaders(limit: 100, remaining: 21, reset: 1_010), date: nil, sent: 1, now: 1.3, wall: 1_001.3)
    #expect(budget.remaining == 20)
  }

  @Test func a429BlocksUntilTheWindowEnds() {
    var budget = Self.informed()
    budget.limited(retryAfter: nil, now: 4, jitter: 0)
    #expect(budget.nextSlot(now: 4) >= 10)
    #expect(budget.nextSlot(now: 4) <= 10.1)
    budget.limited(retryAfter: 42, now: 4, jitter: 0)
    #expect(budget.nextSlot(now: 20) >= 46)
    var unknown = RateBudget()
    unknown.limited(retryAfter: nil, now: 0, jitter: 0.5)
    #expect(unknown.nextSlot(now: 0) >= 10 && unknown.nextSlot(now: 0) <= 11)
  }

  @Test(arguments: [1e9, 500.0, -1e6, 1_000])
  func anAbsurdResetIsWaitedOutAtMostElevenSeconds(reset: Double) {
    var budget = RateBudget(share: 1)
    budget.sent(now: 0)
    budget.answered(
      RateHeaders(limit: 100, remaining: 0, reset: 1_000 + reset), date: 1_000, sent: 0, now: 0.1, wall: 1_000
    )
    var now = 0.1
    var steps = 0
    while budget.nextSlot(now: now) > now, steps < 100 {
      now = max(now + 0.001, budget.nextSlot(now: now))
      steps += 1
    }
    #expect(now <= 11.2, "\(now)")
  }

  @Test func aResetThatStandsStillDoesNotOpenTheGates() {
    var budget = RateBudget(share: 1)
    var now = 0.0
    var sent = 0
    // The server claims a window that ended long ago, and that nothing of it is left.
    while now < 100 {
      if budget.nextSlot(now: now) <= now {
        budget.sent(now: now)
        sent += 1
        budget.answered(
          RateHeaders(limit: 100, remaining: 0, reset: 900), date: 1_000 + now.rounded(.down), sent: now,
          now: now + 0.001, wall: 1_000 + now)
      }
      now += 0.01
    }
    #expect(sent <= 30, "\(sent)")
  }

  @Test func onlyWhatIsInFlightIsHeldBack() {
    var budget = Self.informed()
    for _ in 0..<10 { budget.sent(now: 1) }
    #expect(budget.inFlight == 10)
    budget.lost()
    budget.neverSent()
    #expect(budget.inFlight == 8)
    #expect(budget.ours == 10)
    for _ in 0..<20 { budget.lost() }
    #expect(budget.inFlight == 0)
  }

  // MARK: - Headers

  @Test func readsTheHeadersOfAWindow() {
    func read(_ limit: String, _ remaining: String, _ reset: String) -> RateHeaders? {
      RateHeaders(
        HTTPHeaders([
          ("x-ratelimit-limit", limit), ("X-RateLimit-Remaining", remaining), ("X-RATELIMIT-RESET", reset),
        ]))
    }
    #expect(read("166", "165", "1700000010") == RateHeaders(limit: 166, remaining: 165, reset: 1_700_000_010))
    #expect(read("166", "-3", "1700000010")?.remaining == 0)
    #expect(read("166", "999", "1700000010")?.remaining == 166)
    for bad in [
      ("0", "1", "1"), ("x", "1", "1"), ("1", "", "1"), ("1", "1", "nan"), ("1", "1", "inf"),
      ("99999999999999999999", "1", "1"), ("1", "1", "1e300"),
    ] { #expect(read(bad.0, bad.1, bad.2) == nil) }
    #expect(RateHeaders(HTTPHeaders()) == nil)
  }

  @Test func readsDates() {
    #expect(HTTPDate.parse("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
    #expect(HTTPDate.parse("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
    #expect(HTTPDate.parse("Thu, 29 Feb 2024 23:59:59 GMT") == 1_709_251_199)
    for bad in ["", "yesterday", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 99 Nov 1994 08:49:37 GMT"] {
      #expect(HTTPDate.parse(bad) == nil)
    }
  }

  @Test func writesDates() {
    #expect(HTTPDate.iso(784_111_777.25) == "1994-11-06T08:49:37.250Z")
    #expect(HTTPDate.iso(1_709_251_199) == "2024-02-29T23:59:59.000Z")
    #expect(HTTPDate.iso(0) == "1970-01-01T00:00:00.000Z")
    #expect(HTTPDate.iso(-.infinity) == "1970-01-01T00:00:00.000Z")
    #expect(HTTPDate.iso(.nan) == "1970-01-01T00:00:00.000Z")
    #expect(HTTPDate.iso(1e300).hasPrefix("9999-12-31T"))
  }

  @Test func theServersClockIsLearntFromRoundedDates() throws {
    var clock = ServerClock()
    let offset = 1_234.567
    var random = BudgetSimulation.Random()
    for step in 0..<100 {
      let sent = Double(step) * 0.137
      let received = sent + 0.05 + 0.05 * random.next()
      clock.observe(date: (sent + 0.03 + offset).rounded(.down), sent: sent, received: received)
      let local = try #require(clock.local(2_000))
      #expect(local.earliest <= 2_000 - offset && 2_000 - offset <= local.latest)
    }
    let local = try #require(clock.local(2_000))
    #expect(local.latest - local.earliest < 0.2)
    // A clock that was set is believed at once.
    clock.observe(date: 5_000, sent: 20, received: 20.1)
    #expect(try #require(clock.local(5_000)).latest > 19)
  }
}
