import Foundation
import Testing

@testable import HTTP

/// What happens on each fault, by class of request, and how many effects the server saw.
@Suite struct FaultTests {
  enum Expected: Equatable {
    case answer(Int)
    /// Definitely nothing happened, or a read.
    case failure(String)
    case unknown(String)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var reply: FaultServer.Reply
    /// With the fault on every attempt (three at most).
    var read: Expected
    var idempotent: Expected
    var other: Expected
    var sends: (read: Int, idempotent: Int, other: Int)
    var testDescription: String { name }
  }

  static func ok(_ text: String) -> [UInt8] { Array(text.utf8) }

  static let rows: [Row] = [
    Row(
      name: "reset after the request", reply: .reset, read: .failure("connectionLost"),
      idempotent: .unknown("connectionLost"), other: .unknown("connectionLost"), sends: (3, 3, 1)),
    Row(
      name: "closed after the request", reply: .close, read: .failure("connectionLost"),
      idempotent: .unknown("connectionLost"), other: .unknown("connectionLost"), sends: (3, 3, 1)),
    Row(
      name: "reset in the headers", reply: .raw(ok("HTTP/1.1 200 OK\r\nContent-"), then: .reset),
      read: .failure("cutOff"), idempotent: .unknown("cutOff"), other: .unknown("cutOff"), sends: (3, 3, 1)),
    Row(
      name: "cut body",
      reply: .raw(ok("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":["), then: .close),
      read: .failure("cutOff"), idempotent: .unknown("cutOff"), other: .unknown("cutOff"), sends: (3, 3, 1)),
    Row(
      name: "reset in the body",
      reply: .raw(ok("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":["), then: .reset),
      read: .failure("cutOff"), idempotent: .unknown("cutOff"), other: .unknown("cutOff"), sends: (3, 3, 1)),
    Row(
      name: "cut chunks",
      reply: .raw(ok("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"dat"), then: .close),
      read: .failure("cutOff"), idempotent: .unknown("cutOff"), other: .unknown("cutOff"), sends: (3, 3, 1)),
    Row(
      name: "reset after the answer",
      reply: .raw(ok("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), then: .reset),
      read: .answer(200), idempotent: .answer(200), other: .answer(200), sends: (1, 1, 1)),
    Row(
      name: "no answer", reply: .hang, read: .failure("timedOut"), idempotent: .unknown("timedOut"),
      other: .unknown("timedOut"), sends: (3, 3, 1)),
    Row(
      name: "slow drip",
      reply: .drip(ok("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"), milliseconds: 40),
      read: .failure("timedOut"), idempotent: .unknown("timedOut"), other: .unknown("timedOut"),
      sends: (3, 3, 1)),
    Row(
      name: "408", reply: .text(408, "{}"), read: .answer(408), idempotent: .unknown("status"),
      other: .unknown("status"), sends: (3, 3, 1)),
    Row(
      name: "500", reply: .text(500, "{}"), read: .answer(500), idempotent: .unknown("status"),
      other: .unknown("status"), sends: (3, 3, 1)),
    Row(
      name: "502 in HTML", reply: .text(502, "<html><h1>Bad gateway</h1></html>"), read: .answer(502),
      idempotent: .unknown("status"), other: .unknown("status"), sends: (3, 3, 1)),
    Row(
      name: "503", reply: .text(503, ""), read: .answer(503), idempotent: .unknown("status"),
      other: .unknown("status"), sends: (3, 3, 1)),
    Row(
      name: "504", reply: .text(504, ""), read: .answer(504), idempotent: .unknown("status"),
      other: .unknown("status"), sends: (3, 3, 1)),
    Row(
      name: "501", reply: .text(501, ""), read: .answer(501), idempotent: .unknown("status"),
      other: .unknown("status"), sends: (1, 1, 1)),
    Row(
      name: "429 of another kind",
      reply: .text(
        429, "{\"type\":\"error.list\",\"errors\":[{\"message\":\"Exceeded limit: 1 pending job\"}]}"),
      read: .answer(429), idempotent: .answer(429), other: .answer(429), sends: (1, 1, 1)),
    Row(
      name: "429 of a resource", reply: .text(429, "{\"errors\":[{\"code\":\"too_many_requests\"}]}"),
      read: .answer(429), idempotent: .answer(429), other: .answer(429), sends: (3, 3, 3)),
    Row(
      name: "429 with a long wait", reply: .text(429, "{}", [("Retry-After", "3600")]),
      read: .failure("rateLimited"), idempotent: .failure("rateLimited"), other: .failure("rateLimited"),
      sends: (1, 1, 1)),
    Row(
      name: "404", reply: .text(404, "{}"), read: .answer(404), idempotent: .answer(404), other: .answer(404),
      sends: (1, 1, 1)),
    Row(
      name: "422", reply: .text(422, "{}"), read: .answer(422), idempotent: .answer(422), other: .answer(422),
      sends: (1, 1, 1)),
    Row(
      name: "empty 200", reply: .answer(200), read: .failure("emptyAnswer"), idempotent: .answer(200),
      other: .answer(200), sends: (3, 1, 1)),
    Row(
      name: "HTML instead of JSON", reply: .text(200, "<html>hello</html>"), read: .answer(200),
      idempotent: .answer(200), other: .answer(200), sends: (1, 1, 1)),
    Row(
      name: "gzip garbage", reply: .text(200, "this is not gzip at all", [("Content-Encoding", "gzip")]),
      read: .failure("garbled"), idempotent: .unknown("garbled"), other: .unknown("garbled"), sends: (3, 3, 1)
    ),
    Row(
      name: "no HTTP", reply: .raw(ok("\0\u{1}\u{2}garbage\r\n\r\n"), then: .close),
      read: .failure("garbled"),
      idempotent: .unknown("garbled"), other: .unknown("garbled"), sends: (3, 3, 1)),
    Row(
      name: "redirect to another host", reply: .answer(302, [("Location", "http://127.0.0.2:9/stolen")]),
      read: .failure("redirectRefused"), idempotent: .failure("redirectRefused"),
      other: .failure("redirectRefused"), sends: (1, 1, 1)),
    Row(
      name: "redirect to a host by two slashes", reply: .answer(307, [("Location", "//127.0.0.2:9/stolen")]),
      read: .failure("redirectRefused"), idempotent: .failure("redirectRefused"),
      other: .failure("redirectRefused"), sends: (1, 1, 1)),
    Row(
      name: "redirect in a circle", reply: .answer(307, [("Location", "/again")]),
      read: .failure("tooManyRedirects"), idempotent: .failure("redirectRefused"),
      other: .failure("redirectRefused"), sends: (6, 1, 1)),
    Row(
      name: "header flood",
      reply: .raw(
        ok("HTTP/1.1 200 OK\r\n" + String(repeating: "X-Flood: 0123456789\r\n", count: 20_000)), then: .close),
      read: .failure("headerFlood"), idempotent: .unknown("headerFlood"), other: .unknown("headerFlood"),
      sends: (1, 1, 1)),
    Row(
      name: "one endless header",
      reply: .flood(head: "HTTP/1.1 200 OK\r\nX-Flood: ", count: 4 << 20),
      read: .failure("garbled"), idempotent: .unknown("garbled"), other: .unknown("garbled"), sends: (3, 3, 1)
    ),
    Row(
      name: "body over the limit",
      reply: .flood(head: "HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n", count: 20_000_000),
      read: .failure("tooLarge"), idempotent: .unknown("tooLarge"), other: .unknown("tooLarge"),
      sends: (1, 1, 1)),
  ]

  static func configuration(_ base: String) throws -> ClientConfiguration {
    var configuration = try ClientConfiguration.testing(base)
    configuration.maximumBody = 10 << 20
    return configuration
  }

  static func request(_ requestClass: RequestClass) -> HTTPRequest {
    var request = requestClass == .read ? HTTPRequest.get() : .post("/contacts/1/notes", requestClass)
    request.deadlines = Deadlines(connect: 5, stall: 30, total: 0.4)
    return request
  }

  static func name(_ value: Any) -> String { String("\(value)".prefix { $0.isLetter }) }

  static func outcome(_ result: Client.Outcome) -> Expected {
    if let response = result.response { return .answer(response.status) }
    if let reason = result.unknownReason { return .unknown(name(reason)) }
    return .failure(result.failure.map { name($0) } ?? "")
  }

  @Test(arguments: rows, [RequestClass.read, .idempotentWrite, .otherWrite])
  func onEveryAttempt(row: Row, requestClass: RequestClass) throws {
    let server = try FaultServer { _ in row.reply }
    defer { server.stop() }
    let client = Client(try Self.configuration(server.base))
    var request = Self.request(requestClass)
    // Large answers take their time on a busy machine.
    if case .flood = row.reply { request.deadlines.total = 60 }
    let result = client.perform(request)
    let (expected, sends) =
      switch requestClass {
      case .read: (row.read, row.sends.read)
      case .idempotentWrite: (row.idempotent, row.sends.idempotent)
      case .otherWrite: (row.other, row.sends.other)
      }
    #expect(Self.outcome(result) == expected)
    #expect(server.requests.count == sends)
    #expect(client.statistics.attempts == sends)
    #expect(client.budget.inFlight == 0)
    if let failure = result.failure {
      #expect(failure.isDefinite == (result.unknownReason == nil))
      #expect(!failure.message(for: request).contains(markedToken))
    }
  }

  @Test(arguments: rows, [RequestClass.read, .idempotentWrite, .otherWrite])
  func onTheFirstAttemptAlone(row: Row, requestClass: RequestClass) throws {
    let server = try FaultServer { $0.number == 0 ? row.reply : .text(200, "{}") }
    defer { server.stop() }
    let client = Client(try Self.configuration(server.base))
    var request = Self.request(requestClass)
    request.deadlines.total = 60
    switch row.reply {
    case .raw([], then: .hang), .drip: request.deadlines.total = 0.4
    default: break
    }
    let result = client.perform(request)
    let expected =
      switch requestClass {
      case .read: row.read
      case .idempotentWrite: row.idempotent
      case .otherWrite: row.other
      }
    let allSends =
      switch requestClass {
      case .read: row.sends.read
      case .idempotentWrite: row.sends.idempotent
      case .otherWrite: row.sends.other
      }
    // What is sent again on a fault that lasts is cured by a fault that passes; the rest is as before.
    if allSends > 1 {
      #expect(Self.outcome(result) == .answer(200))
      #expect(server.requests.count == 2)
      let isOurs = requestClass == .idempotentWrite && row.idempotent != .answer(429)
      #expect(result.response?.mayRepeatEarlierAttempt == isOurs)
    } else {
      #expect(Self.outcome(result) == expected)
      #expect(server.requests.count == 1)
    }
  }

  @Test(arguments: [RequestClass.read, .idempotentWrite, .otherWrite])
  func connectionRefused(requestClass: RequestClass) throws {
    let (client, result) = try FaultServer.withDeafPort { port in
      let client = Client(try Self.configuration("http://127.0.0.1:\(port)"))
      return (client, client.perform(Self.request(requestClass)))
    }
    let failure = try #require(result.failure)
    guard case .unreachable(.connectFailed, "127.0.0.1", _) = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(failure.isDefinite && failure.isConnectFailure)
    #expect(client.statistics.attempts == 3)
    #expect(client.statistics.connectFailuresInARow == 3)
  }

  @Test(arguments: [RequestClass.read, .idempotentWrite, .otherWrite])
  func resetBeforeTheRequestIsRead(requestClass: RequestClass) throws {
    let server = try FaultServer(refuseConnection: { $0 == 0 }) { _ in .text(200, "{}") }
    defer { server.stop() }
    let client = Client(try Self.configuration(server.base))
    var request = Self.request(requestClass)
    request.deadlines.total = 60
    let result = client.perform(request)
    // The client cannot know that nobody read what it sent.
    if requestClass == .otherWrite {
      #expect(result.unknownReason != nil)
      #expect(server.requests.isEmpty)
    } else {
      #expect(result.response?.status == 200)
      #expect(server.requests.count == 1)
    }
  }

  @Test func nameNotFound() throws {
    var configuration = ClientConfiguration(base: try BaseURL("https://no-such-host.invalid")) { _ in
      markedToken
    }
    configuration.retry = RetryPolicy(maximumAttempts: 2, firstWait: 0.001)
    let failure = try #require(Client(configuration).perform(.post()).failure)
    switch failure {
    case .unreachable(.nameNotFound, host: "no-such-host.invalid", _), .unreachable(.proxy, _, _): break
    default: Issue.record("\(failure)")
    }
    #expect(failure.isDefinite)
  }

  @Test func anAnnouncedLengthIsNotTrusted() throws {
    let server = try FaultServer { _ in
      .raw(Self.ok("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n{"), then: .close)
    }
    defer { server.stop() }
    #expect(Self.outcome(Client(try Self.configuration(server.base)).perform(.get())) == .failure("cutOff"))
  }

  @Test func followsARedirectOfAReadOnTheSameHost() throws {
    let server = try FaultServer { request in
      request.path == "/contacts/1"
        ? .answer(302, [("Location", "/contacts/2?a=b")]) : .text(200, request.path)
    }
    defer { server.stop() }
    let response = try Client(try Self.configuration(server.base)).perform(.get()).get()
    #expect(response.body == Self.ok("/contacts/2?a=b"))
    #expect(server.requests.count == 2)
  }

  @Test func receivesALargeBodyWhole() throws {
    let body = [UInt8]((0..<9_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    let server = try FaultServer { _ in .answer(200, [], body) }
    defer { server.stop() }
    #expect(try Client(try Self.configuration(server.base)).perform(.get()).get().body == body)
  }
}
