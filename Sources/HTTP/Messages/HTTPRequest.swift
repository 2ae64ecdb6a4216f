/// The methods that the API knows.
public enum HTTPMethod: String, Sendable {
  case get = "GET"
  case post = "POST"
  case put = "PUT"
  case delete = "DELETE"
}

/// What sending a request twice would do; decides what is retried and what becomes an unknown outcome.
public enum RequestClass: String, Sendable {
  /// Changes nothing: sent again after every passing fault.
  case read
  /// The caller vouches that a second send does no harm.
  case idempotentWrite
  /// Sent at most once unless it is certain that nothing happened.
  case otherWrite
}

/// How long one attempt may take, in seconds. Waiting for the budget does not count.
public struct Deadlines: Sendable, Equatable {
  public var connect: Double
  /// A transfer that moves no byte for so long is given up; whole seconds, rounded up.
  public var stall: Double
  public var total: Double

  public init(connect: Double = 10, stall: Double = 30, total: Double = 90) {
    self.connect = connect
    self.stall = stall
    self.total = total
  }
}

/// One request to the workspace's API, as the caller means it.
public struct HTTPRequest: Sendable {
  public var method: HTTPMethod
  /// Starts with a slash; identifiers in it are already encoded (`HTTPRequest.encode(segment:)`).
  public var path: String
  /// Encoded by the client, in this order.
  public var query: [(name: String, value: String)]
  public var body: [UInt8]?
  /// The operation's name for traces, errors and latency statistics, such as `contacts.get`.
  public var operation: String
  public var requestClass: RequestClass
  /// Nil: the client's.
  public var deadlines: Deadlines?
  /// Replace the client's own headers of the same name, except those that carry the token.
  public var headers: [(name: String, value: String)]
  /// Run, item and sequence number, told to loopback servers only.
  public var runMark: String?
  /// A read whose answer may be empty says so; else an empty 200 counts as a fault.
  public var allowsEmptyAnswer: Bool
  /// Bytes after unpacking; nil: the client's limit.
  public var maximumBody: Int?

  public init(
    _ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = [],
    body: [UInt8]? = nil, operation: String = "", requestClass: RequestClass,
    deadlines: Deadlines? = nil, headers: [(name: String, value: String)] = [],
    runMark: String? = nil, allowsEmptyAnswer: Bool = false, maximumBody: Int? = nil
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.body = body
    self.operation = operation
    self.requestClass = requestClass
    self.deadlines = deadlines
    self.headers = headers
    self.runMark = runMark
    self.allowsEmptyAnswer = allowsEmptyAnswer
    self.maximumBody = maximumBody
  }

  /// A path segment or a query part with everything but unreserved characters percent-encoded.
  public static func encode(segment: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(segment.utf8.count)
    for byte in segment.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
      default:
        bytes.append(0x25)
        bytes.append(hexDigit(byte >> 4))
        bytes.append(hexDigit(byte & 15))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

  /// The path without a query that it may bring along: queries can hold personal data.
  public var pathAlone: String { String(path.prefix { $0 != "?" }) }

  /// Path and query as they stand in the request line.
  public var target: String {
    guard !query.isEmpty else { return path }
    let parts = query.map { Self.encode(segment: $0.name) + "=" + Self.encode(segment: $0.value) }
    return path + (path.utf8.contains(0x3F) ? "&" : "?") + parts.joined(separator: "&")
  }
}
