import Foundation
import JSON
import Synchronization
import TestSupport

#if canImport(Glibc)
  import Glibc
#endif

/// An HTTP server of a few lines that is none of ours: keeps every request to the byte and answers what it is told.
final class RecordingServer: Sendable {
  struct Request: Sendable {
    var method: String
    /// As sent, the query apart.
    var path: String
    var query: [String: String]
    var headers: [String: String]
    var body: [UInt8]

    var json: JSONValue? { body.isEmpty ? nil : try? JSONValue.parse(body) }
  }

  struct Response: Sendable {
    var status = 200
    var body = "{}"
  }

  private struct State {
    var requests: [Request] = []
    var answer: @Sendable (Request, Int) -> Response = { _, _ in Response() }
  }

  private let state = Mutex(State())
  private let listener: Int32
  let port: Int

  init() throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) == 0 && listen(listener, 64) == 0
          && getsockname(listener, address, &size) == 0
      }
    }
    guard bound else { throw TestWorkspace.Failure(description: "cannot listen: \(errno)") }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        guard let self else {
          close(connection)
          return
        }
        Thread.detachNewThread { self.serve(connection) }
      }
    }
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// What the next requests are answered: `number` counts from 0 since this call.
  func answer(_ answer: @escaping @Sendable (_ request: Request, _ number: Int) -> Response) {
    state.withLock {
      $0.answer = answer
      $0.requests = []
    }
  }

  /// The requests since the last `answer`.
  var requests: [Request] { state.withLock { $0.requests } }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    var buffer: [UInt8] = []
    while let request = read(connection, &buffer) {
      let response = state.withLock { state in
        state.requests.append(request)
        return state.answer(request, state.requests.count - 1)
      }
      let head =
        "HTTP/1.1 \(response.status) X\r\nContent-Type: application/json\r\nContent-Length: \(response.body.utf8.count)\r\n\r\n"
      var bytes = Array((head + response.body).utf8)[...]
      while !bytes.isEmpty {
        let sent = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent > 0 else { return }
        bytes = bytes.dropFirst(sent)
      }
    }
  }

  private func read(_ connection: Int32, _ buffer: inout [UInt8]) -> Request? {
    var piece = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      if let request = take(&buffer) { return request }
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0 else { return nil }
      buffer += piece[..<count]
    }
  }

  private func take(_ buffer: inout [UInt8]) -> Request? {
    guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ").map(String.init)
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      if parts.count == 2 { headers[parts[0].lowercased()] = parts[1] }
    }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    guard buffer.count >= end.upperBound + length, words.count == 3 else { return nil }
    let body = Array(buffer[end.upperBound..<end.upperBound + length])
    buffer.removeFirst(end.upperBound + length)
    let target = words[1].split(separator: "?", maxSplits: 1).map(String.init)
    var query: [String: String] = [:]
    for pair in (target.count > 1 ? target[1] : "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1).map { String($0).removingPercentEncoding ?? "" }
      query[parts[0]] = parts.count > 1 ? parts[1] : ""
    }
    return Request(method: words[0], path: target[0], query: query, headers: headers, body: body)
  }
}
