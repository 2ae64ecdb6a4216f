import Foundation
import Glibc
import JSON
import Sandbox

/// A client on a bare socket: one connection, kept alive, no cleverness that could hide what the server does.
final class RawClient {
  struct Response {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]

    var json: JSONValue { (try? JSONValue.parse(body)) ?? .null }
    var code: String? { json["errors"]?[0]?["code"]?.stringValue }
    var message: String? { json["errors"]?[0]?["message"]?.stringValue }
  }

  enum Failure: Error { case cannotConnect, closed, notHTTP }

  let port: Int
  var token: String? = "test"
  /// Runs at least as long as its client is in use.
  var server: SandboxServer?
  private var socket: Int32 = -1
  private var buffer: [UInt8] = []

  init(port: Int) { self.port = port }
  deinit { close() }

  func close() {
    if socket >= 0 { Glibc.close(socket) }
    socket = -1
    buffer = []
  }

  private func connect() throws {
    guard socket < 0 else { return }
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else {
      close()
      throw Failure.cannotConnect
    }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  func send(_ bytes: [UInt8]) throws {
    try connect()
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure.closed }
      sent += count
    }
  }

  private func fill() throws {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = chunk.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { throw Failure.closed }
    buffer += chunk[..<count]
  }

  /// Reads one response; `head` is for answers to HEAD, which have no body whatever they announce.
  func receive(head: Bool = false) throws -> Response {
    var found: Int?
    while found == nil {
      found = buffer.indices.first { index in
        index + 3 < buffer.count && buffer[index] == 13 && buffer[index + 1] == 10 && buffer[index + 2] == 13
          && buffer[index + 3] == 10
      }
      if found == nil { try fill() }
    }
    let end = found ?? 0
    let lines = String(decoding: buffer[..<end], as: UTF8.self).components(separatedBy: "\r\n")
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw Failure.notHTTP
    }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 {
        headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    buffer.removeFirst(end + 4)
    let length = head ? 0 : Int(headers["content-length"] ?? "0") ?? 0
    while buffer.count < length { try fill() }
    let body = Array(buffer[..<length])
    buffer.removeFirst(length)
    if headers["connection"] == "close" { close() }
    return Response(status: status, headers: headers, body: body)
  }

  @discardableResult
  func call(
    _ method: String, _ path: String, _ body: JSONValue? = nil, headers: [String: String] = [:]
  ) throws -> Response {
    try send(request(method, path, body.map { $0.serialized() }, headers: headers))
    return try receive(head: method == "HEAD")
  }

  func request(
    _ method: String, _ path: String, _ body: [UInt8]?, headers: [String: String] = [:]
  ) -> [UInt8] {
    var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json"]
    if let token { lines.append("Authorization: Bearer \(token)") }
    var headers = headers
    if let body {
      lines.append("Content-Length: \(body.count)")
      if headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
    }
    for (name, value) in headers {
      lines.removeAll { $0.hasPrefix(name + ":") }
      lines.append("\(name): \(value)")
    }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
  }

  func get(_ path: String) throws -> Response { try call("GET", path) }
  func post(_ path: String, _ body: JSONValue) throws -> Response { try call("POST", path, body) }
  func put(_ path: String, _ body: JSONValue) throws -> Response { try call("PUT", path, body) }
  func delete(_ path: String, _ body: JSONValue? = nil) throws -> Response { try call("DELETE", path, body) }

  /// One filter.
  func search(_ resource: String, _ field: String, _ op: String, _ value: JSONValue) throws -> Response {
    try post(
      "/\(resource)/search", ["query": ["field": .string(field), "operator": .string(op), "value": value]])
  }
}

/// A sandbox of its own for a test, with a client.
final class TestSandbox {
  let server: SandboxServer
  let port: Int
  let client: RawClient

  /// 2026-01-15 12:00 UTC.
  static let now: Int64 = 1_768_478_400

  init(_ change: (inout SandboxConfiguration) -> Void = { _ in }) throws {
    var configuration = SandboxConfiguration()
    configuration.seed = .empty
    configuration.clock = .fixed(Self.now)
    configuration.rateLimit = nil
    change(&configuration)
    server = try SandboxServer(configuration: configuration)
    port = try server.start()
    client = RawClient(port: port)
    client.server = server
  }

  /// A new contact's id.
  func contact(_ body: JSONValue) throws -> String {
    let response = try client.post("/contacts", body)
    guard let id = response.json["id"]?.stringValue else { throw RawClient.Failure.notHTTP }
    return id
  }

  func tag(_ name: String) throws -> String {
    try client.post("/tags", ["name": .string(name)]).json["id"]?.stringValue ?? ""
  }

  /// A new conversation's id.
  func conversation(with contact: String, body: String = "Hello there") throws -> String {
    try client.post(
      "/conversations", ["from": ["type": "user", "id": .string(contact)], "body": .string(body)]
    ).json["conversation_id"]?.stringValue ?? ""
  }

  static let admin = "991267701"
  static let team = "5017691"
}
