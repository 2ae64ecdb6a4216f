import FaultServer
import Foundation
import Synchronization
import Testing

@testable import HTTP

@Suite struct ClientTests {
  @Test func sendsWhatTheAPIWants() throws {
    let server = try FaultServer { _ in .text(200, "{\"id\":1}", [("X-Request-Id", "r-1")]) }
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    var request = HTTPRequest(
      .get, "/contacts", query: [("starting_after", "a b&c="), ("per_page", "150")],
      operation: "contacts.list",
      requestClass: .read)
    request.runMark = "run-1/2/3"
    let response = try client.perform(request).get()
    #expect(response.status == 200)
    #expect(response.body == Array("{\"id\":1}".utf8))
    #expect(response.requestID == "r-1")
    #expect(response.attempts == 1)
    let seen = try #require(server.requests.first)
    #expect(seen.path == "/contacts?starting_after=a%20b%26c%3D&per_page=150")
    #expect(seen.headers["authorization"] == "Bearer \(markedToken)")
    #expect(seen.headers["intercom-version"] == "2.12")
    #expect(seen.headers["accept"] == "application/json")
    #expect(seen.headers["accept-encoding"] == "gzip")
    #expect(seen.headers["x-parlance-write"] == "run-1/2/3")
    #expect(seen.headers["content-length"] == nil)
  }

  @Test(
    arguments: [HTTPMethod.post, .put, .delete],
    [nil, "", "{\"a\":1}", String(repeating: "x", count: 3_000_000)])
  func carriesEveryMethodWithAndWithoutBody(method: HTTPMethod, body: String?) throws {
    let server = try FaultServer { _ in .text(200, "{}") }
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    let request = HTTPRequest(
      method, "/x", body: body.map { Array($0.utf8) }, operation: "x", requestClass: .otherWrite)
    #expect(try client.perform(request).get().status == 200)
    let seen = try #require(server.requests.first)
    #expect(server.requests.count == 1)
    #expect(seen.method == method.rawValue)
    #expect(seen.body == Array((body ?? "").utf8))
    #expect(seen.headers["expect"] == nil)
    #expect(seen.headers["transfer-encoding"] == nil)
    if body != nil || method != .delete {
      #expect(seen.headers["content-length"] == "\(body?.utf8.count ?? 0)")
    }
    #expect((seen.headers["content-type"] == "application/json") == (body != nil))
  }

  @Test func keepsConnectionsAndCountsThem() throws {
    let server = try FaultServer { _ in .text(200, "{}") }
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    for _ in 0..<20 { #expect(client.perform(.get()).response?.status == 200) }
    #expect(server.connections == 1)
    #expect(client.statistics.connectionsOpened == 1)
    #expect(client.statistics.connectionsReused == 19)
    #expect(client.statistics.requests == 20)
  }

  @Test func handsOutEachResultOnce() throws {
    let server = try FaultServer { .text(200, $0.path) }
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    var paths: [Ticket: String] = [:]
    for index in 0..<200 { paths[client.submit(.get("/n/\(index)"))] = "/n/\(index)" }
    let results = client.drain()
    #expect(results.count == 200)
    for (ticket, outcome) in results {
      let path = paths.removeValue(forKey: ticket)
      let expected = try #require(path)
      #expect(outcome.response.map { String(decoding: $0.body, as: UTF8.self) } == expected)
    }
    #expect(!client.hasPending)
    #expect(client.poll(timeout: 0).isEmpty)
  }

  @Test func anotherThreadEndsThePoll() throws {
    let server = try FaultServer { _ in .hang }
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    _ = client.submit(.get())
    let waker = client.waker
    Thread.detachNewThread { waker.wake() }
    // Without the wake this would last ten minutes.
    #expect(client.poll(timeout: 600_000).isEmpty)
    #expect(client.hasPending)
  }

  @Test func cancelsQueuedAndRunning() throws {
    let server = try FaultServer { _ in .hang }
    defer { server.stop() }
    var configuration = try ClientConfiguration.testing(server.base)
    configuration.startInFlight = 2
    configuration.maximumInFlight = 2
    let client = Client(configuration)
    let read = client.submit(.get())
    let write = client.submit(.post())
    let queued = client.submit(.post())
    while server.requests.count < 2 { _ = client.poll(timeout: 5) }
    client.cancelAll()
    let results = Dictionary(uniqueKeysWithValues: client.poll(timeout: 0))
    #expect(results[read]?.failure == .cancelled)
    #expect(results[write]?.unknownReason == .cancelled)
    #expect(results[queued]?.failure == .cancelled)
    #expect(!client.hasPending)
    client.cancel(read)
    #expect(client.poll(timeout: 0).isEmpty)
  }

  @Test func cancelsLeakNothing() throws {
    let server = try FaultServer { _ in .hang }
    defer { server.stop() }
    let client = Client(try .testing(server.base))
    func round(_ number: Int) {
      let ticket = client.submit(.post())
      while server.requests.count < number { _ = client.poll(timeout: 5) }
      client.cancel(ticket)
      #expect(client.poll(timeout: 0).count == 1)
    }
    for number in 1...10 { round(number) }
    #expect(client.multi?.count == 0)
    #expect(client.exchanges.isEmpty && client.inFlight == 0 && client.timers.isEmpty)
    for number in 11...(isLong ? 10_000 : 500) { round(number) }
    #expect(client.multi?.count == 0)
    #expect(client.multi.map { $0.idleCount } == 1)
    #expect(client.budget.inFlight == 0)
    #expect(client.exchanges.isEmpty && client.inFlight == 0 && client.timers.isEmpty)
  }

  @Test func refusesWhatMustNotBeSent() throws {
    let server = try FaultServer { _ in .text(200, "{}") }
    defer { server.stop() }
    var configuration = try ClientConfiguration.testing(server.base)
    let client = Client(configuration)
    for path in ["contacts", "", "/a b", "/a\r\nX: y", "/a#b", "/\\evil", "/ü"] {
      #expect(client.perform(.get(path)).failure == .refused(.malformedPath(path)))
    }
    var request = HTTPRequest.get()
    request.headers = [("X-Note", "a\r\nAuthorization: Bearer other")]
    #expect(client.perform(request).failure == .refused(.malformedHeader(name: "X-Note")))
    request.headers = [("Authorization", "Bearer other"), ("Accept", "text/csv")]
    #expect(client.perform(request).response?.status == 200)
    #expect(server.requests.last?.headers["authorization"] == "Bearer \(markedToken)")
    #expect(server.requests.last?.headers["accept"] == "text/csv")

    configuration.token = { _ in nil }
    #expect(Client(configuration).perform(.get()).failure == .refused(.noToken("")))
    configuration.token = { _ in "abc\r\nX: y" }
    #expect(Client(configuration).perform(.get()).failure == .refused(.malformedToken))
    #expect(server.requests.count == 1)
  }

  @Test func asksForANewerTokenOnce() throws {
    let server = try FaultServer { request in
      request.headers["authorization"] == "Bearer new-token" ? .text(200, "{}") : .text(401, "{}")
    }
    defer { server.stop() }
    var configuration = try ClientConfiguration.testing(server.base)
    let refused = Mutex<[String]>([])
    configuration.token = { old in
      if let old { refused.withLock { $0.append(old) } }
      return refused.withLock { $0.isEmpty } ? "old-token" : "new-token"
    }
    #expect(Client(configuration).perform(.post()).response?.status == 200)
    #expect(refused.withLock { $0 } == ["old-token"])
    configuration.token = { _ in "old-token" }
    #expect(Client(configuration).perform(.post()).response?.status == 401)
    #expect(server.requests.count == 3)
  }
}
