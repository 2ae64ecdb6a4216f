import Foundation

@testable import HTTP

/// The long versions of tests that have one.
let isLong = ProcessInfo.processInfo.environment["PARLANCE_LONG_TESTS"] != nil

let markedToken = "dG9rOm1hcmtlZF90b2tlbl8xMjM0NTY3OA=="

extension ClientConfiguration {
  /// Towards a server of the tests: no pauses that a test would have to wait for.
  static func testing(_ base: String) throws -> ClientConfiguration {
    var configuration = ClientConfiguration(base: try BaseURL(base)) { _ in markedToken }
    configuration.assumedRate = 1e6
    configuration.share = 1
    configuration.retry = RetryPolicy(maximumAttempts: 3, firstWait: 0.001, longestWait: 0.002)
    configuration.random = { 0 }
    return configuration
  }
}

extension HTTPRequest {
  static func get(_ path: String = "/contacts/1") -> HTTPRequest {
    HTTPRequest(.get, path, operation: "contacts.get", requestClass: .read)
  }

  static func post(
    _ path: String = "/contacts/1/notes", _ requestClass: RequestClass = .otherWrite,
    body: String? = "{\"body\":\"x\"}"
  ) -> HTTPRequest {
    HTTPRequest(
      .post, path, body: body.map { Array($0.utf8) }, operation: "notes.create", requestClass: requestClass)
  }
}

extension Client {
  /// Every result, in the order of arrival.
  func drain(limit: Int = 10_000) -> [(Ticket, Outcome)] {
    var results: [(Ticket, Outcome)] = []
    var rounds = 0
    while hasPending, rounds < limit {
      results += poll(timeout: 10_000)
      rounds += 1
    }
    return results
  }
}

extension Result where Success == HTTPResponse, Failure == HTTPFailure {
  var response: HTTPResponse? { try? get() }
  var failure: HTTPFailure? { if case .failure(let failure) = self { failure } else { nil } }
  var unknownReason: UnknownOutcome.Reason? {
    if case .failure(.unknownOutcome(let outcome)) = self { outcome.reason } else { nil }
  }
}
