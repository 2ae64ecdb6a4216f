import FaultServer
import Foundation
import Testing

@testable import HTTP

/// What happens on each fault, by class of request, and how many effects the server saw.
@Suite struct FaultTests {
  static let classes: [RequestClass] = [.read, .idempotentWrite, .otherWrite]

  static func configuration(_ base: String) throws -> ClientConfiguration {
    var configuration = try ClientConfiguration.testing(base)
    // A wait for the end of a window takes no time.
    configuration.clock = .fast(1_000)
    configuration.retry.maximumRateWaits = 3
    return configuration
  }

  static func request(_ requestClass: RequestClass, seconds: Double = 60) -> HTTPRequest {
    var request = requestClass == .read ? HTTPRequest.get() : .post("/contacts/1/notes", requestClass)
    request.deadlines = Deadlines(connect: 60, stall: 60, total: seconds)
    return request
  }

  static func name(_ value: Any) -> String { String("\(value)".prefix { $0.isLetter }) }

  static func outcome(_ result: Client.Outcome) -> FaultTable.Expected {
    if let response = result.response { return .answer(response.status) }
    if let reason = result.unknownReason { return .unknown(name(reason)) }
    return .failure(result.failure.map { name($0) } ?? "")
  }

  /// How many effects the client's report allows.
  static func claimed(_ result: Client.Outcome, _ requestClass: RequestClass) -> ClosedRange<Int> {
    switch result {
    case .success(let response) where response.isSuccess:
      guard requestClass != .read else { return 0...0 }
      // Sent once: exactly one. Sent again with the caller's leave: one a send at most, and the client says so.
      return response.mayRepeatEarlierAttempt ? 1...response.attempts : 1...1
    case .success: return 0...0
    case .failure(let failure) where failure.isDefinite: return 0...0
    case .failure: return 0...(requestClass == .idempotentWrite ? 3 : 1)
    }
  }

  /// Runs `body` against a server that has the row's fault on the requests for which `isFaulty` says so.
  static func withServer(
    _ row: FaultTable.Row, _ isFaulty: @escaping @Sendable (Int) -> Bool, _ body: (FaultServer) throws -> Void
  ) throws {
    let server =
      switch row.scenario {
      case .resetBefore: try FaultServer(refuseConnection: isFaulty) { _ in .text(200, "{}") }
      case .resetWithin: try FaultServer(interrupt: { isFaulty($0 + $1) }, { _ in .text(200, "{}") })
      case .reply(let reply): try FaultServer { isFaulty($0.number) ? reply : .text(200, "{}") }
      default: try FaultServer { _ in .text(200, "{}") }
      }
    defer { server.stop() }
    try body(server)
  }

  /// Large answers take their time on a busy machine; what waits for a deadline shall not.
  static func seconds(_ row: FaultTable.Row) -> Double {
    switch row.reply {
    case .raw([], then: .hang)?, .drip?: 0.4
    default: 60
    }
  }

  static let replies = FaultTable.rows.indices.filter { index in
    switch FaultTable.rows[index].scenario {
    case .reply, .resetBefore, .resetWithin: true
    default: false
    }
  }

  @Test(arguments: replies, classes)
  func onEveryAttempt(index: Int, requestClass: RequestClass) throws {
    let row = FaultTable.rows[index]
    try Self.withServer(row, { _ in true }) { server in
      let client = Client(try Self.configuration(server.base))
      let request = Self.request(requestClass, seconds: Self.seconds(row))
      let result = client.perform(request)
      let cell = row[requestClass]
      // Where the reset is seen before a byte was sent, it is certain that nothing happened.
      let isSeenInTime = result.failure?.isConnectFailure == true
      if case .resetBefore = row.scenario, isSeenInTime { return #expect(server.effects == 0) }
      #expect(Self.outcome(result) == cell.outcome, "\(row.name)")
      // The first send, and one after each wait.
      let sends = cell.sends ?? 4
      if case .resetBefore = row.scenario {
        // An attempt whose reset was seen in time goes again, and does not count as a send.
        #expect((sends...3).contains(client.statistics.attempts), "\(row.name)")
      } else {
        #expect(client.statistics.attempts == sends, "\(row.name)")
      }
      if row.reply != nil { #expect(server.requests.count == sends, "\(row.name)") }
      #expect(Self.claimed(result, requestClass).contains(server.effects), "\(row.name): \(server.effects)")
      #expect(client.budget.inFlight == 0)
      if let failure = result.failure {
        #expect(failure.isDefinite == (result.unknownReason == nil))
        #expect(!failure.message(for: request).contains(markedToken))
      }
      // The connection's state does no harm to what comes next: no answer is taken for another's.
      #expect(client.multi?.count == 0)
    }
  }

  @Test(arguments: replies, classes)
  func onTheFirstAttemptAlone(index: Int, requestClass: RequestClass) throws {
    let row = FaultTable.rows[index]
    try Self.withServer(row, { $0 == 0 }) { server in
      let client = Client(try Self.configuration(server.base))
      let result = client.perform(Self.request(requestClass, seconds: Self.seconds(row)))
      let cell = row[requestClass]
      #expect(Self.claimed(result, requestClass).contains(server.effects), "\(row.name): \(server.effects)")
      // What is sent again on a fault that lasts is cured by a fault that passes; the rest is as before.
      if (cell.sends ?? 2) > 1 {
        #expect(Self.outcome(result) == .answer(200), "\(row.name)")
        #expect(client.statistics.attempts == 2, "\(row.name)")
        let isOurs: Bool = if case .unknown = cell.outcome { requestClass == .idempotentWrite } else { false }
        #expect(result.response?.mayRepeatEarlierAttempt == isOurs, "\(row.name)")
      } else {
        #expect(Self.outcome(result) == cell.outcome, "\(row.name)")
        #expect(client.statistics.attempts == 1, "\(row.name)")
      }
      // The next request is answered with its own answer.
      let next = try client.perform(Self.request(.read)).get()
      #expect(next.body == FaultTable.ok("{}"), "\(row.name)")
    }
  }

  @Test(arguments: classes)
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

  @Test(arguments: classes)
  func nameNotFound(requestClass: RequestClass) throws {
    var configuration = ClientConfiguration(base: try BaseURL("https://no-such-host.invalid")) { _ in
      markedToken
    }
    configuration.retry = RetryPolicy(maximumAttempts: 3, firstWait: 0.001)
    let client = Client(configuration)
    let failure = try #require(client.perform(Self.request(requestClass)).failure)
    switch failure {
    case .unreachable(.nameNotFound, host: "no-such-host.invalid", _), .unreachable(.proxy, _, _): break
    default: Issue.record("\(failure)")
    }
    #expect(failure.isDefinite)
    #expect(client.statistics.attempts == 3)
  }

  @Test func anAnnouncedLengthIsNotTrusted() throws {
    let server = try FaultServer { _ in
      .raw(FaultTable.ok("HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n{"), then: .close)
    }
    defer { server.stop() }
    #expect(Self.outcome(Client(try Self.configuration(server.base)).perform(.get())) == .failure("cutOff"))
    let huge = try FaultServer { _ in
      .raw(FaultTable.ok("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n{"), then: .hang)
    }
    defer { huge.stop() }
    // Nobody waits for the rest.
    #expect(Self.outcome(Client(try Self.configuration(huge.base)).perform(.get())) == .failure("tooLarge"))
  }

  @Test func followsARedirectOfAReadOnTheSameHost() throws {
    let server = try FaultServer { request in
      request.path == "/contacts/1"
        ? .answer(302, [("Location", "/contacts/2?a=b")]) : .text(200, request.path)
    }
    defer { server.stop() }
    let response = try Client(try Self.configuration(server.base)).perform(.get()).get()
    #expect(response.body == FaultTable.ok("/contacts/2?a=b"))
    #expect(server.requests.count == 2)
  }

  @Test func receivesALargeBodyWhole() throws {
    let body = [UInt8]((0..<9_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    let server = try FaultServer { _ in .answer(200, [], body) }
    defer { server.stop() }
    #expect(try Client(try Self.configuration(server.base)).perform(.get()).get().body == body)
  }

  @Test func aRequestMayBringItsOwnLimit() throws {
    let server = try FaultServer { _ in .answer(200, [], [UInt8](repeating: 0x20, count: 2_000_000)) }
    defer { server.stop() }
    var configuration = try Self.configuration(server.base)
    configuration.maximumBody = 1_000_000
    let client = Client(configuration)
    #expect(client.perform(.get()).failure == .tooLarge(limit: 1_000_000))
    var request = HTTPRequest.get()
    request.maximumBody = 2_000_000
    #expect(try client.perform(request).get().body.count == 2_000_000)
  }

  // MARK: The page

  static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("docs/client.md")

  /// docs/client.md shows the rows that are asserted here. PARLANCE_WRITE_DOCS=1 writes them there.
  @Test func thePageShowsTheRows() throws {
    let (start, end) = (
      "<!-- faults: made from Tests/HTTPTests/FaultTable.swift -->\n", "<!-- faults end -->\n"
    )
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let from = try #require(text.range(of: start)?.upperBound)
    let to = try #require(text.range(of: end)?.lowerBound)
    let table = "\n" + FaultTable.markdown + "\n"
    if ProcessInfo.processInfo.environment["PARLANCE_WRITE_DOCS"] != nil {
      try text.replacingCharacters(in: from..<to, with: table).write(
        to: Self.page, atomically: true, encoding: .utf8)
    } else {
      #expect(
        String(text[from..<to]) == table, "PARLANCE_WRITE_DOCS=1 swift test --filter thePageShowsTheRows")
    }
  }
}
