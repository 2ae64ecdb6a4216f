@testable import HTTP

/// A server that counts in windows, other clients of the same workspace, and ours, on a clock that is
/// simulated: what the budget does over minutes, in milliseconds.
struct BudgetSimulation {
  // The server.
  var window = 10.0
  var limit: (Double) -> Int = { _ in 1_000 }
  /// The server's clock minus true time.
  var serverOffset = 0.0
  var sendsHeaders = true
  var sendsDate = true
  /// Requests a second of the others, at a time.
  var others: (Double) -> Double = { _ in 0 }
  /// Seconds, both ways together.
  var latency = 0.08...0.12
  /// Whether answers may overtake each other.
  var overtaking = true

  // Ours.
  var requests = 20_000
  var share = 1.0
  /// Our wall clock minus true time.
  var wallOffset = 0.0
  var start = 1_700_000_003.3

  struct Outcome {
    var refused = 0
    var seconds = 0.0
    /// What the server took from us, by window.
    var accepted: [Int: Int] = [:]
    var othersRefused = 0
    var mostInFlight = 0
    /// Accepted of what the share allowed, over the time that the run took.
    var use = 0.0
  }

  private enum Event {
    case arrival(sent: Double)
    case answer(sent: Double, headers: RateHeaders?, date: Double?, isRefused: Bool)
    case other
  }

  /// A generator with a seed, so that a failure comes back.
  struct Random {
    var state: UInt64 = 42
    mutating func next() -> Double {
      state &+= 0x9E37_79B9_7F4A_7C15
      var bits = state
      bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      return Double((bits ^ (bits >> 31)) >> 11) / Double(1 << 53)
    }
  }

  func run() -> Outcome {
    var outcome = Outcome()
    var budget = RateBudget(share: share)
    var concurrency = ConcurrencyLimit()
    var random = Random()
    var now = start
    var left = requests
    var done = 0
    var inFlight = 0
    var used: [Int: Int] = [:]
    var events: [(at: Double, event: Event)] = []
    // A boot clock has nothing to do with the date.
    let boot = start - 5_000

    func push(_ at: Double, _ event: Event) {
      var index = events.count
      while index > 0, events[index - 1].at < at { index -= 1 }
      events.insert((at, event), at: index)
    }
    func windowNumber(_ time: Double) -> Int { Int(((time + serverOffset) / window).rounded(.down)) }
    var lastAnswerAt = 0.0

    push(now, .other)
    while done < requests, now < start + 100_000 {
      while left > 0 {
        let slot = budget.nextSlot(now: now - boot)
        guard inFlight < concurrency.allowed else {
          if slot <= now - boot { concurrency.wasReached() }
          break
        }
        guard slot <= now - boot else { break }
        budget.sent(now: now - boot)
        left -= 1
        inFlight += 1
        outcome.mostInFlight = max(outcome.mostInFlight, inFlight)
        let way = latency.lowerBound + (latency.upperBound - latency.lowerBound) * random.next()
        push(now + way / 2, .arrival(sent: now))
      }
      // As the client waits: for the next event, or for the slot in whole milliseconds.
      var next = events.last?.at ?? .infinity
      if left > 0, inFlight < concurrency.allowed {
        let slot = budget.nextSlot(now: now - boot) + boot
        next = min(next, now + max(0.001, ((slot - now) * 1_000).rounded(.up) / 1_000))
      }
      now = next
      while let (at, event) = events.last, at <= now {
        events.removeLast()
        let number = windowNumber(at)
        switch event {
        case .other:
          let rate = others(at - start)
          if rate > 0 {
            if used[number, default: 0] < limit(at - start) {
              used[number, default: 0] += 1
            } else {
              outcome.othersRefused += 1
            }
          }
          push(at + (rate > 0 ? 2 * random.next() / rate : 0.1), .other)
        case .arrival(let sent):
          let allowed = limit(at - start)
          let isRefused = used[number, default: 0] >= allowed
          if !isRefused {
            used[number, default: 0] += 1
            outcome.accepted[number, default: 0] += 1
          }
          let serverTime = at + serverOffset
          let headers = RateHeaders(
            limit: allowed, remaining: max(0, allowed - used[number, default: 0]),
            reset: (Double(number + 1) * window))
          var arrival = at + (at - sent) * (overtaking ? 0.5 + random.next() : 1)
          if !overtaking { arrival = max(arrival, lastAnswerAt) }
          lastAnswerAt = arrival
          push(
            arrival,
            .answer(
              sent: sent, headers: sendsHeaders ? headers : nil,
              date: sendsDate ? serverTime.rounded(.down) : nil,
              isRefused: isRefused))
        case .answer(let sent, let headers, let date, let isRefused):
          inFlight -= 1
          budget.answered(headers, date: date, sent: sent - boot, now: at - boot, wall: at + wallOffset)
          concurrency.answered(operation: "x", latency: at - sent, strained: false, now: at - boot)
          if isRefused {
            outcome.refused += 1
            budget.limited(retryAfter: nil, now: at - boot, jitter: random.next())
            left += 1
          } else {
            done += 1
          }
        }
      }
    }
    outcome.seconds = now - start
    let last = windowNumber(now)
    var allowed = 0.0
    for number in windowNumber(start)...last {
      let end = Double(number + 1) * window - serverOffset
      let full = Double(Int(share * Double(limit(end - 0.001 - start))))
      let part = (min(now, end) - max(start, end - window)) / window
      allowed += full * min(1, max(0, part))
    }
    outcome.use = Double(requests) / max(1, allowed)
    return outcome
  }
}
