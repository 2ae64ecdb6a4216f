import Foundation
import Synchronization

/// An HTTP/1.1 server on plain sockets that misbehaves on order and counts every request that reached it whole:
/// these are the effects that a write had.
public final class FaultServer: Sendable {
  public struct Request: Sendable {
    public var method: String
    public var path: String
    public var headers: [String: String]
    public var body: [UInt8]
    /// Counted from 0 over all connections.
    public var number: Int
    public var connection: Int
    /// Counted from 0 on its connection.
    public var numberOnConnection: Int
  }

  public enum Reply: Sendable {
    case answer(Int, [(String, String)] = [], [UInt8] = [])
    /// These bytes as they are, and then …
    case raw([UInt8], then: End = .keep)
    /// A byte each so many milliseconds.
    case drip([UInt8], milliseconds: Int)
    /// Sends the head and then so many zero bytes.
    case flood(head: String, count: Int)

    /// The server does what it was asked for, whatever becomes of its answer.
    var acts: Bool {
      guard case .answer(let status, _, _) = self else { return true }
      return status == 408 || !(300...499).contains(status)
    }

    public static func text(_ status: Int, _ text: String, _ headers: [(String, String)] = []) -> Reply {
      .answer(status, headers, Array(text.utf8))
    }
    public static let hang = Reply.raw([], then: .hang)
    public static let close = Reply.raw([], then: .close)
    public static let reset = Reply.raw([], then: .reset)
  }

  public enum End: Sendable { case keep, close, reset, hang }

  private struct State {
    var requests: [Request] = []
    var ledger: [String: Int] = [:]
    var sockets: Set<Int32> = []
    var connections = 0
    var isStopped = false
  }

  public let port: UInt16
  private let listener: Int32
  private let state = Mutex(State())
  private let respond: @Sendable (Request) -> Reply
  private let refuseConnection: @Sendable (Int) -> Bool
  private let interrupt: @Sendable (Int, Int) -> Bool

  /// - Parameters:
  ///   - refuseConnection: true for a connection (counted from 0) that is reset before a byte is read.
  ///   - interrupt: true for a request (its connection, its number there) of which the first bytes are read, and
  ///     then the connection is reset.
  public init(
    refuseConnection: @escaping @Sendable (Int) -> Bool = { _ in false },
    interrupt: @escaping @Sendable (Int, Int) -> Bool = { _, _ in false },
    _ respond: @escaping @Sendable (Request) -> Reply
  ) throws {
    self.respond = respond
    self.refuseConnection = refuseConnection
    self.interrupt = interrupt
    (listener, port) = try Self.bind(listening: true)
    Thread.detachNewThread { [self] in acceptLoop() }
  }

  public var base: String { "http://127.0.0.1:\(port)" }
  public var requests: [Request] { state.withLock { $0.requests } }
  public var connections: Int { state.withLock { $0.connections } }
  /// Writes that took effect: those that arrived whole and were not refused.
  public var effects: Int { ledger.values.reduce(0, +) }
  /// Effects by path.
  public var ledger: [String: Int] { state.withLock { $0.ledger } }

  /// Descriptors are closed by the threads that use them, under the lock: a number that was given away again
  /// would belong to another test.
  public func stop() {
    state.withLock { state in
      state.isStopped = true
      for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
    }
    shutdown(listener, Int32(SHUT_RDWR))
  }

  /// Runs `body` with a port that is taken, so that nobody else gets it, and refuses connections.
  public static func withDeafPort<Result>(_ body: (UInt16) throws -> Result) throws -> Result {
    let (socket, port) = try bind(listening: false)
    defer { close(socket) }
    return try body(port)
  }

  private struct NoSocket: Error {}

  private static func bind(listening: Bool) throws -> (Int32, UInt16) {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw NoSocket() }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        Glibc.bind(socket, address, length) == 0 && (!listening || Glibc.listen(socket, 1_024) == 0)
          && getsockname(socket, address, &length) == 0
      }
    }
    guard bound else { throw NoSocket() }
    return (socket, UInt16(bigEndian: address.sin_port))
  }

  private func acceptLoop() {
    while true {
      let socket = accept(listener, nil, nil)
      guard socket >= 0 else {
        close(listener)
        return
      }
      let number: Int? = state.withLock { state in
        if state.isStopped { return nil }
        state.sockets.insert(socket)
        state.connections += 1
        return state.connections - 1
      }
      guard let number else {
        close(socket)
        close(listener)
        return
      }
      Thread.detachNewThread { [self] in
        if refuseConnection(number) { Self.setReset(socket) } else { serve(socket, connection: number) }
        state.withLock { state in
          state.sockets.remove(socket)
          _ = close(socket)
        }
      }
    }
  }

  private func serve(_ socket: Int32, connection: Int) {
    var buffer: [UInt8] = []
    var count = 0
    while true {
      if interrupt(connection, count) {
        if buffer.isEmpty { _ = Self.fill(socket, &buffer) }
        Self.setReset(socket)
        return
      }
      guard var request = Self.readRequest(socket, &buffer) else { return }
      request.connection = connection
      request.numberOnConnection = count
      count += 1
      let received = state.withLock { state in
        request.number = state.requests.count
        state.requests.append(request)
        return request
      }
      let reply = respond(received)
      if reply.acts, received.method != "GET" {
        state.withLock { $0.ledger[received.path, default: 0] += 1 }
      }
      guard send(reply, to: socket) else { return }
    }
  }

  /// False when the connection is to be closed.
  private func send(_ reply: Reply, to socket: Int32) -> Bool {
    switch reply {
    case .answer(let status, let headers, let body):
      var head = "HTTP/1.1 \(status) Status\r\n"
      for (name, value) in headers { head += "\(name): \(value)\r\n" }
      if status != 204 { head += "Content-Length: \(body.count)\r\n" }
      return write(Array((head + "\r\n").utf8) + body, to: socket)
    case .raw(let bytes, let end):
      guard write(bytes, to: socket) else { return false }
      switch end {
      case .keep: return true
      case .close: return false
      case .reset:
        Self.setReset(socket)
        return false
      case .hang:
        var byte: UInt8 = 0
        // Until the client hangs up or the server stops.
        while recv(socket, &byte, 1, 0) > 0 {}
        return false
      }
    case .drip(let bytes, let milliseconds):
      for byte in bytes {
        guard write([byte], to: socket) else { return false }
        usleep(UInt32(milliseconds * 1_000))
      }
      return true
    case .flood(let head, let count):
      guard write(Array(head.utf8), to: socket) else { return false }
      let block = [UInt8](repeating: 0x20, count: 1 << 16)
      var left = count
      while left > 0 {
        guard write(Array(block.prefix(min(left, block.count))), to: socket) else { return false }
        left -= block.count
      }
      return true
    }
  }

  private func write(_ bytes: [UInt8], to socket: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(socket, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Closing it then sends a reset.
  private static func setReset(_ socket: Int32) {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  private static func readRequest(_ socket: Int32, _ buffer: inout [UInt8]) -> Request? {
    let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    while true {
      if let range = buffer.firstRange(of: end) {
        let lines = String(decoding: buffer[..<range.lowerBound], as: UTF8.self).components(
          separatedBy: "\r\n")
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
          let parts = line.split(separator: ":", maxSplits: 1)
          if parts.count == 2 {
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
          }
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while buffer.count < range.upperBound + length { guard fill(socket, &buffer) else { return nil } }
        let body = Array(buffer[range.upperBound..<range.upperBound + length])
        buffer.removeFirst(range.upperBound + length)
        return Request(
          method: words[0], path: words[1], headers: headers, body: body, number: 0, connection: 0,
          numberOnConnection: 0)
      }
      guard fill(socket, &buffer) else { return nil }
    }
  }

  private static func fill(_ socket: Int32, _ buffer: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 16_384)
    let count = recv(socket, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    buffer += chunk[..<count]
    return true
  }
}
