import Testing

@testable import HTTP

@Suite struct RetryPolicyTests {
  let policy = RetryPolicy()

  func decide(
    _ attempt: RetryPolicy.Attempt, _ requestClass: RequestClass, attempts: Int = 1, rateWaits: Int = 0
  ) -> RetryPolicy.Decision {
    policy.decide(attempt, of: requestClass, attempts: attempts, rateWaits: rateWaits, random: 1)
  }

  func answer(
    _ status: Int, _ limit: RetryPolicy.RateLimitKind? = nil, retryAfter: Double? = nil
  ) -> RetryPolicy.Attempt { .answer(status: status, limit: limit, retryAfter: retryAfter) }

  static let classes: [RequestClass] = [.read, .idempotentWrite, .otherWrite]

  @Test(arguments: [408, 500, 502, 503, 504])
  func passingStatuses(status: Int) {
    #expect(decide(answer(status), .read) == .again(after: 0.5))
    #expect(decide(answer(status), .idempotentWrite) == .again(after: 0.5))
    #expect(decide(answer(status), .otherWrite) == .unknown)
    #expect(decide(answer(status), .read, attempts: 6) == .deliver)
    #expect(decide(answer(status), .idempotentWrite, attempts: 6) == .unknown)
    #expect(decide(answer(status, retryAfter: 7), .read) == .again(after: 7))
    #expect(decide(answer(status, retryAfter: 1e9), .read) == .again(after: 300))
  }

  @Test(arguments: classes)
  func definiteAnswersAreHandedOut(requestClass: RequestClass) {
    for status in [200, 201, 202, 204, 304, 400, 401, 402, 403, 404, 405, 406, 409, 415, 422] {
      #expect(decide(answer(status), requestClass) == .deliver)
    }
  }

  @Test(arguments: [501, 505, 520, 599])
  func otherServerErrors(status: Int) {
    #expect(decide(answer(status), .read) == .deliver)
    #expect(decide(answer(status), .idempotentWrite) == .unknown)
    #expect(decide(answer(status), .otherWrite) == .unknown)
  }

  @Test(arguments: classes)
  func refusalsForTheRateAreDefinite(requestClass: RequestClass) {
    #expect(decide(answer(429, .window), requestClass) == .afterWindow(retryAfter: nil))
    #expect(decide(answer(429, .window, retryAfter: 3), requestClass) == .afterWindow(retryAfter: 3))
    #expect(decide(answer(429, .window), requestClass, attempts: 6) == .afterWindow(retryAfter: nil))
    #expect(decide(answer(429, .window), requestClass, rateWaits: 30) == .deliver)
    #expect(decide(answer(429, .window, retryAfter: 301), requestClass) == .tooLongToWait(301))
    #expect(decide(answer(429, .resource), requestClass) == .again(after: 0.5))
    #expect(decide(answer(429, .resource, retryAfter: 9), requestClass) == .again(after: 9))
    #expect(decide(answer(429, .resource), requestClass, attempts: 6) == .deliver)
    #expect(decide(answer(429, .other), requestClass) == .deliver)
  }

  @Test(arguments: classes)
  func whatWasNotSentIsSentAgain(requestClass: RequestClass) {
    #expect(decide(.notSent, requestClass) == .again(after: 0.5))
    #expect(decide(.notSent, requestClass, attempts: 6) == .fail)
    #expect(decide(.hopeless(sent: false), requestClass) == .fail)
  }

  @Test func whatWasLostDependsOnTheClass() {
    #expect(decide(.lost, .read) == .again(after: 0.5))
    #expect(decide(.lost, .idempotentWrite) == .again(after: 0.5))
    #expect(decide(.lost, .otherWrite) == .unknown)
    #expect(decide(.lost, .read, attempts: 6) == .fail)
    #expect(decide(.lost, .idempotentWrite, attempts: 6) == .unknown)
    #expect(decide(.hopeless(sent: true), .read) == .fail)
    #expect(decide(.hopeless(sent: true), .otherWrite) == .unknown)
    #expect(decide(.emptyAnswer, .read) == .again(after: 0.5))
  }

  @Test func theWaitsOutliveAWindow() {
    let waits = (1..<policy.maximumAttempts).map { policy.wait(after: $0, random: 1) }
    #expect(waits == [0.5, 1, 2, 4, 8])
    #expect(waits.reduce(0, +) > 10)
    #expect(policy.wait(after: 3, random: 0) == 1)
    #expect(policy.wait(after: 1_000_000, random: 1) == 15)
    #expect(policy.wait(after: -5, random: 1) == 0.5)
  }

  @Test func tellsTheKindsOf429Apart() {
    func kind(_ body: String, _ headers: [(name: String, value: String)] = []) -> RetryPolicy.RateLimitKind {
      RateLimit.kind(headers: HTTPHeaders(headers), body: Array(body.utf8))
    }
    #expect(
      kind(
        #"{"errors":[{"code":"rate_limit_exceeded","message":"Exceeded rate limit of 83 in 10_seconds"}]}"#)
        == .window)
    #expect(
      kind(
        #"{"errors":[{"code":"rate_limit_exceeded","message":"Exceeded rate limit of 1 pending message data export jobs"}]}"#
      ) == .other)
    #expect(kind("") == .window)
    #expect(kind("<html>Too many</html>") == .window)
    #expect(kind(#"{"errors":[{"code":"too_many_requests"}]}"#) == .resource)
    #expect(kind(#"{"errors":[{"code":"too_many_requests"}]}"#, [("X-RateLimit-Remaining", "0")]) == .window)
    #expect(kind(#"{"errors":[{"code":"job_running"}]}"#) == .other)
    #expect(kind(#"{"errors":[{"code":"job_running"}]}"#, [("Retry-After", "3")]) == .resource)
  }

  @Test func readsBothFormsOfRetryAfter() {
    func read(_ pairs: [(name: String, value: String)]) -> Double? {
      RateLimit.retryAfter(HTTPHeaders(pairs), wall: 784_111_700)
    }
    #expect(read([("Retry-After", "12")]) == 12)
    #expect(read([("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")]) == 77)
    #expect(
      read([("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"), ("Date", "Sun, 06 Nov 1994 08:49:30 GMT")]) == 7
    )
    #expect(read([("Retry-After", "Sun, 06 Nov 1983 08:49:37 GMT")]) == 0)
    for bad in ["-1", "soon", "nan", "inf", ""] { #expect(read([("Retry-After", bad)]) == nil) }
    #expect(read([]) == nil)
  }
}
