/// An error with what a person and a script need of it. Never holds a secret.
public struct Problem: Error, Sendable, Equatable {
  public var status: Int?
  /// The API's or our own word: `not_found`, `timeout`, `deadlock`.
  public var code: String
  public var message: String
  public var requestID: String?

  public init(status: Int? = nil, code: String, message: String, requestID: String? = nil) {
    self.status = status
    self.code = code
    self.message = message
    self.requestID = requestID
  }
}

/// What a done write gave.
public struct WriteResult: Sendable, Equatable {
  /// The answer as canonical JSON; nil if it had none that could be read.
  public var body: String?
  /// The id of the record that it made.
  public var created: String?
  /// The target's version after it, if the answer says.
  public var version: String?

  public init(body: String? = nil, created: String? = nil, version: String? = nil) {
    self.body = body
    self.created = created
    self.version = version
  }
}

/// What came back for a write, before anyone judges it.
public enum Answer: Sendable, Equatable {
  /// A complete 2xx.
  case success(WriteResult, status: Int, requestID: String?)
  /// A complete answer with another status; `retryAfter` in seconds.
  case status(Problem, retryAfter: Int?)
  /// The connection could not be made: nothing was sent.
  case notSent(Problem)
  /// Sent in part or in full, and no usable answer: timeout, reset, cut body, a rewind refused.
  case broken(Problem)
}
