import JSON

/// Writes attempts as an HTTP archive (HAR 1.2), for browsers' developer tools, an entry at a time: `head`, the
/// entries with commas between, `tail`. Holds personal data: bodies and queries stand in it whole; the token does
/// not.
public enum HTTPArchive {
  /// What stands before the first entry.
  public static func head(creator: String, version: String) -> [UInt8] {
    let name = JSONValue.string(creator).text()
    let version = JSONValue.string(version).text()
    return Array(
      "{\"log\": {\"version\": \"1.2\", \"creator\": {\"name\": \(name), \"version\": \(version)}, \"entries\": [\n"
        .utf8)
  }

  /// What stands behind the last entry.
  public static let tail = Array("\n]}}\n".utf8)

  public static func entry(_ event: TraceEvent) -> [UInt8] {
    let milliseconds = { (seconds: Double) in JSONValue.double(max(0, seconds) * 1_000) }
    let waiting = max(0, event.firstByte - event.connecting)
    let entry: JSONValue = [
      "startedDateTime": .string(HTTPDate.iso(event.startedAt)),
      "time": milliseconds(event.duration),
      "request": request(event),
      "response": response(event),
      "cache": [:],
      "timings": [
        "connect": milliseconds(event.connecting), "send": 0, "wait": milliseconds(waiting),
        "receive": milliseconds(event.duration - event.connecting - waiting),
      ],
      "comment": .string(event.failure ?? event.request.operation),
    ]
    return entry.serialized()
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
