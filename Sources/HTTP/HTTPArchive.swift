import JSON

/// Gathers attempts as an HTTP archive (HAR 1.2), for browsers' developer tools. Holds personal data: bodies and
/// queries stand in it whole; the token does not.
public struct HTTPArchive: Sendable {
  private let creator: String
  private var entries: [JSONValue] = []

  public init(creator: String) { self.creator = creator }

  public var count: Int { entries.count }

  public mutating func add(_ event: TraceEvent) {
    let milliseconds = { (seconds: Double) in JSONValue.double(max(0, seconds) * 1_000) }
    let waiting = max(0, event.firstByte - event.connecting)
    entries.append([
      "startedDateTime": .string(HTTPDate.iso(event.startedAt)),
      "time": milliseconds(event.duration),
      "request": Self.request(event),
      "response": Self.response(event),
      "cache": [:],
      "timings": [
        "connect": milliseconds(event.connecting), "send": 0, "wait": milliseconds(waiting),
        "receive": milliseconds(event.duration - event.connecting - waiting),
      ],
      "comment": .string(event.failure ?? event.request.operation),
    ])
  }

  /// The whole archive as a file's bytes.
  public func json() -> [UInt8] {
    let log: JSONValue = [
      "version": "1.2", "creator": ["name": .string(creator), "version": "1"], "entries": .array(entries),
    ]
    return JSONValue.object(["log": log]).serialized(indentation: 1)
  }

  private static func request(_ event: TraceEvent) -> JSONValue {
    let request = event.request
    var members: [(String, JSONValue)] = [
      ("method", .string(request.method.rawValue)), ("url", .string(event.url)),
      ("httpVersion", .string(event.protocolVersion)), ("cookies", []), ("headers", pairs(request.headers)),
      ("queryString", pairs(request.query)), ("headersSize", -1),
      ("bodySize", .int(Int64(request.body?.count ?? 0))),
    ]
    if let body = request.body {
      members.append(("postData", ["mimeType": "application/json", "text": text(body)]))
    }
    return .object(JSONObject(members))
  }

  private static func response(_ event: TraceEvent) -> JSONValue {
    let type = event.responseHeaders.first { $0.name.lowercased() == "content-type" }?.value ?? ""
    let size = JSONValue.int(Int64(event.responseBody.count))
    return [
      "status": .int(Int64(event.status ?? 0)), "statusText": "",
      "httpVersion": .string(event.protocolVersion),
      "cookies": [], "headers": pairs(event.responseHeaders), "redirectURL": "", "headersSize": -1,
      "bodySize": size,
      "content": ["size": size, "mimeType": .string(type), "text": text(event.responseBody)],
    ]
  }

  private static func pairs(_ pairs: [(name: String, value: String)]) -> JSONValue {
    .array(pairs.map { ["name": .string($0.name), "value": .string($0.value)] })
  }

  private static func text(_ bytes: [UInt8]) -> JSONValue { .string(String(decoding: bytes, as: UTF8.self)) }
}
