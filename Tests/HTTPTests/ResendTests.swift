import FaultServer
import Foundation
import Testing

@testable import HTTP

/// libcurl repeats a request by itself when a connection that it reuses dies without a byte of an answer. A
/// write must not have two effects while its caller sees one answer.
@Suite struct ResendTests {
  struct Write: Sendable {
    var method: HTTPMethod
    var body: String?
  }

  static let writes: [Write] = [HTTPMethod.post, .put, .delete].flatMap { method in
    [nil, "", "{\"a\":1}", String(repeating: "y", count: 200_000)].map { Write(method: method, body: $0) }
  }

  /// Where in the exchange a connection that is in use dies.
  enum Death: String, CaseIterable, Sendable {
    /// While the request is on its way.
    case withinRequest
    case beforeAnswer, beforeAnswerByReset
    case withinHead, withinBody
    /// The answer is whole; the connection looks good and is not.
    case afterAnswer, afterAnswerByReset

    var reply: FaultServer.Reply {
      let whole = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8)
      return switch self {
      case .withinRequest, .beforeAnswer: .close
      case .beforeAnswerByReset: .reset
      case .withinHead: .raw(Array(whole[..<20]), then: .reset)
      case .withinBody: .raw(Array(whole[..<(whole.count - 1)]), then: .reset)
      case .afterAnswer: .raw(whole, then: .close)
      case .afterAnswerByReset: .raw(whole, then: .reset)
      }
    }
  }

  /// The second request of each of the first connections meets the fault; all others are answered.
  static func server(_ death: Death, connections: Int = 1) throws -> FaultServer {
    try FaultServer(
      interrupt: { death == .withinRequest && $0 < connections && $1 == 1 },
      { request in
        request.connection < connections && request.numberOnConnection == 1 ? death.reply : .text(200, "{}")
      })
  }

  static func request(_ write: Write, _ requestClass: RequestClass, path: String = "/x") -> HTTPRequest {
    HTTPRequest(
      write.method, path, body: write.body.map { Array($0.utf8) }, operation: "x", requestClass: requestClass)
  }

  @Test(arguments: writes, Death.allCases)
  func aWriteOnADyingConnectionHasTheEffectsThatAreReported(write: Write, death: Death) throws {
    let server = try Self.server(death)
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    #expect(client.perform(.get()).response?.status == 200)
    let result = client.perform(Self.request(write, .otherWrite))
    switch death {
    case .afterAnswer, .afterAnswerByReset: #expect(result.response?.status == 200)
    default: #expect(result.unknownReason != nil, "\(result)")
    }
    #expect(server.effects == (death == .withinRequest ? 0 : 1))
    let before = server.effects
    // The next one finds a connection that works, or says that it does not know; whether a close was seen in time
    // is the kernel's affair.
    let next = client.perform(Self.request(write, .otherWrite))
    let effects = server.effects - before
    #expect(next.response != nil ? effects == 1 : next.unknownReason != nil && effects <= 1)
  }

  /// Many at once on one multi handle, each with a path of its own: the server's ledger has one effect for each
  /// that the client counts as done, and no path has two.
  @Test(arguments: Death.allCases)
  func manyAtOnceHaveTheEffectsThatAreReported(death: Death) throws {
    let server = try Self.server(death, connections: 12)
    defer { server.stop() }
    var configuration = try ClientConfiguration.testing(server.base)
    configuration.startInFlight = 16
    let client = Client(configuration)
    for number in 0..<32 { _ = client.submit(.get("/warm/\(number)")) }
    #expect(client.drain().count == 32)
    var paths: [Ticket: String] = [:]
    for number in 0..<120 {
      let path = "/x/\(number)"
      paths[client.submit(Self.request(Self.writes[number % Self.writes.count], .otherWrite, path: path))] =
        path
    }
    var done = 0
    var unknown = 0
    for (ticket, result) in client.drain() {
      let effects = server.ledger[paths[ticket] ?? ""] ?? 0
      if result.response != nil {
        #expect(effects == 1)
        done += 1
      } else {
        #expect(result.unknownReason != nil && effects <= 1, "\(result)")
        unknown += 1
      }
    }
    #expect(done + unknown == 120)
    #expect(server.ledger.values.allSatisfy { $0 == 1 })
  }

  @Test(arguments: writes)
  func anIdempotentWriteIsRepeatedInTheOpen(write: Write) throws {
    let server = try Self.server(.beforeAnswer)
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    #expect(client.perform(.get()).response?.status == 200)
    let response = try client.perform(Self.request(write, .idempotentWrite)).get()
    #expect(response.attempts == server.effects)
    #expect(response.attempts == 2)
    #expect(response.mayRepeatEarlierAttempt)
  }

  @Test func aReadMayBeRepeated() throws {
    let server = try Self.server(.beforeAnswer)
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    #expect(client.perform(.get()).response?.status == 200)
    #expect(client.perform(.get()).response?.status == 200)
    #expect(server.requests.count == 3)
  }
}
