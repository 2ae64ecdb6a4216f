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

  /// The second request of the first connection meets the fault; all others are answered.
  static func server(_ fault: FaultServer.Reply) throws -> FaultServer {
    try FaultServer { request in
      request.connection == 0 && request.numberOnConnection == 1 ? fault : .text(200, "{}")
    }
  }

  static func request(_ write: Write, _ requestClass: RequestClass) -> HTTPRequest {
    HTTPRequest(
      write.method, "/x", body: write.body.map { Array($0.utf8) }, operation: "x", requestClass: requestClass)
  }

  @Test(arguments: writes, [FaultServer.Reply.close, .reset])
  func aWriteOnADeadConnectionHasOneEffect(write: Write, fault: FaultServer.Reply) throws {
    let server = try Self.server(fault)
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    #expect(client.perform(.get()).response?.status == 200)
    let result = client.perform(Self.request(write, .otherWrite))
    #expect(result.unknownReason != nil)
    #expect(server.effects == 1)
    // The next one finds a connection that works.
    #expect(client.perform(Self.request(write, .otherWrite)).response?.status == 200)
    #expect(server.effects == 2)
  }

  @Test(arguments: writes)
  func anIdempotentWriteIsRepeatedInTheOpen(write: Write) throws {
    let server = try Self.server(.close)
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    #expect(client.perform(.get()).response?.status == 200)
    let response = try client.perform(Self.request(write, .idempotentWrite)).get()
    #expect(response.attempts == server.effects)
    #expect(response.attempts == 2)
    #expect(response.mayRepeatEarlierAttempt)
  }

  @Test func aReadMayBeRepeated() throws {
    let server = try Self.server(.close)
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    #expect(client.perform(.get()).response?.status == 200)
    #expect(client.perform(.get()).response?.status == 200)
    #expect(server.requests.count == 3)
  }

  @Test func aConnectionClosedWhileIdleIsNotUsed() throws {
    let server = try FaultServer { _ in
      .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8), then: .close)
    }
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    for write in Self.writes {
      let result = client.perform(Self.request(write, .otherWrite))
      // Whether the close was seen in time is the kernel's affair; a second effect is not.
      #expect(result.response?.status == 200 || result.unknownReason != nil)
    }
    #expect(server.effects <= Self.writes.count)
  }
}
