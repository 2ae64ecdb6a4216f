/// What happens after one attempt: pure decisions from the request's class and what came back.
///
/// | | read | idempotent write | other write |
/// |---|---|---|---|
/// | not sent (no connection) | again | again | again |
/// | 429 of the window | again when it is over | same | same |
/// | 408, 500, 502, 503, 504 | again | again, then unknown | unknown |
/// | other 5xx | answer | unknown | unknown |
/// | lost, timed out, cut off after the send | again | again, then unknown | unknown |
/// | any other answer | answer | answer | answer |
public struct RetryPolicy: Sendable {
  /// Attempts in all, where what failed may pass.
  public var maximumAttempts: Int
  /// Waits for the end of a window before a 429 is handed to the caller.
  public var maximumRateWaits: Int
  /// The longest `Retry-After` that is waited out, in seconds.
  public var longestRetryAfter: Double
  /// Of the waits between attempts, in seconds; they double from one attempt to the next.
  public var firstWait: Double
  public var longestWait: Double

  public init(
    maximumAttempts: Int = 6, maximumRateWaits: Int = 30, longestRetryAfter: Double = 300,
    firstWait: Double = 0.5, longestWait: Double = 15
  ) {
    self.maximumAttempts = max(1, maximumAttempts)
    self.maximumRateWaits = max(0, maximumRateWaits)
    self.longestRetryAfter = max(0, longestRetryAfter)
    self.firstWait = max(0, firstWait)
    self.longestWait = max(0, longestWait)
  }

  /// How an attempt ended.
  public enum Attempt: Equatable {
    case answer(status: Int, limit: RateLimitKind?, retryAfter: Double?)
    /// A read was answered with success and nothing else.
    case emptyAnswer
    /// A passing fault before a byte of the request was sent.
    case notSent
    /// A fault that will not pass, such as a certificate that is not valid.
    case hopeless(sent: Bool)
    /// Sent, and no usable answer.
    case lost
  }

  public enum RateLimitKind: Equatable {
    /// The budget of the app or the workspace: everybody waits for the window's end.
    case window
    /// Something of this resource alone: this request waits.
    case resource
    /// A 429 that time does not cure, such as a second export at once.
    case other
  }

  public enum Decision: Equatable {
    case deliver
    /// Hand out the failure; a write's outcome is certain: nothing happened.
    case fail
    case unknown
    case again(after: Double)
    /// Again when the budget allows; `pause` blocks every request, by the server's word where it is given.
    case afterWindow(retryAfter: Double?)
    /// The server wants a longer wait than is taken by itself.
    case tooLongToWait(Double)
  }

  /// - Parameters:
  ///   - attempts: attempts so far, this one included, without those that ended in a window's 429.
  ///   - rateWaits: 429s of the window so far.
  ///   - random: 0..<1; asked for where there is a wait.
  public func decide(
    _ attempt: Attempt, of requestClass: RequestClass, attempts: Int, rateWaits: Int,
    random: @autoclosure () -> Double
  ) -> Decision {
    let mayGoOn = attempts < maximumAttempts
    var again: Decision { .again(after: wait(after: attempts, random: random())) }
    switch attempt {
    case .notSent:
      return mayGoOn ? again : .fail
    case .hopeless(let sent):
      return sent && requestClass != .read ? .unknown : .fail
    case .emptyAnswer:
      return mayGoOn ? again : .fail
    case .lost:
      if requestClass != .otherWrite, mayGoOn { return again }
      return requestClass == .read ? .fail : .unknown
    case .answer(429, let kind, let retryAfter):
      if let retryAfter, retryAfter > longestRetryAfter { return .tooLongToWait(retryAfter) }
      switch kind ?? .window {
      case .window: return rateWaits < maximumRateWaits ? .afterWindow(retryAfter: retryAfter) : .deliver
      case .resource:
        return mayGoOn
          ? .again(after: max(retryAfter ?? 0, wait(after: attempts, random: random()))) : .deliver
      case .other: return .deliver
      }
    case .answer(408, _, let retryAfter), .answer(500, _, let retryAfter),
      .answer(502...504, _, let retryAfter):
      guard requestClass != .otherWrite, mayGoOn else { return requestClass == .read ? .deliver : .unknown }
      let asked = min(retryAfter ?? 0, longestRetryAfter)
      return .again(after: max(asked, wait(after: attempts, random: random())))
    case .answer(500..., _, _):
      return requestClass == .read ? .deliver : .unknown
    case .answer:
      return .deliver
    }
  }

  /// Half fixed, half random, so that many that failed together do not come back together. With the defaults
  /// the waits add up to more than a window of 10 s.
  public func wait(after attempts: Int, random: Double) -> Double {
    var wait = firstWait
    for _ in 1..<max(2, min(attempts, 30)) where attempts > 1 { wait *= 2 }
    return min(wait, longestWait) * (0.5 + 0.5 * random)
  }
}
