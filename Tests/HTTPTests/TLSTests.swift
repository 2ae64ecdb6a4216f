import FaultServer
import Foundation
import Synchronization
import Testing

@testable import HTTP

@Suite(.enabled(if: TLSServer.isAvailable, "needs node and openssl"))
struct TLSTests {
  func client(_ server: TLSServer, host: String = "localhost", trusts: Bool = true) throws -> Client {
    var configuration = try ClientConfiguration.testing("https://\(host):\(server.port)")
    configuration.caFile = trusts ? server.caFile : nil
    configuration.retry = RetryPolicy(maximumAttempts: 2, firstWait: 0.001)
    return Client(configuration)
  }

  struct Ledger: Decodable {
    var effects: Int
    var sessions: Int
    var paths: [String: Int]
  }

  func ledger(_ server: TLSServer) throws -> Ledger {
    let body = try client(server).perform(.get("/ledger")).get().body
    return try JSONDecoder().decode(Ledger.self, from: Data(body))
  }

  @Test func sharesOneConnectionOverHTTP2() throws {
    let server = try TLSServer()
    defer { server.stop() }
    var configuration = try client(server).configuration
    let versions = Mutex<Set<String>>([])
    configuration.trace = { event in versions.withLock { _ = $0.insert(event.protocolVersion) } }
    configuration.startInFlight = 50
    let client = Client(configuration)
    for index in 0..<100 { _ = client.submit(index % 2 == 0 ? .get() : .post()) }
    #expect(client.drain().allSatisfy { $0.1.response?.status == 200 })
    #expect(versions.withLock { $0 } == ["HTTP/2"])
    let ledger = try ledger(server)
    #expect(ledger.effects == 50)
    // One of the client, one of the question.
    #expect(ledger.sessions == 2)
  }

  static let certificates = FaultTable.rows.indices.filter { index in
    if case .certificate = FaultTable.rows[index].scenario { true } else { false }
  }

  @Test(arguments: certificates)
  func sendsNothingToAServerThatIsNotTheOne(index: Int) throws {
    let row = FaultTable.rows[index]
    guard case .certificate(let certificate) = row.scenario else { return }
    let server = try TLSServer(certificate)
    defer { server.stop() }
    for requestClass in FaultTests.classes {
      let client = try client(server, trusts: certificate != .unknown)
      let result = client.perform(FaultTests.request(requestClass))
      #expect(FaultTests.outcome(result) == row[requestClass].outcome, "\(row.name)")
      #expect(result.failure?.isDefinite == true && result.failure?.isConnectFailure == true)
      // It will not pass: tried once.
      #expect(client.statistics.attempts == 1)
    }
    if certificate == .unknown { #expect(try ledger(server).effects == 0) }
  }

  @Test func sendsNothingToAServerOfAnotherName() throws {
    let server = try TLSServer()
    defer { server.stop() }
    guard case .tls? = try client(server, host: "127.0.0.1").perform(.post()).failure else {
      Issue.record("took another name")
      return
    }
    #expect(try ledger(server).effects == 0)
  }

  /// Over HTTP/2, on a connection that is reused: one effect at most, and the client says so.
  @Test(arguments: [
    "within-request", "close", "goaway", "stream-reset", "within-head", "cut", "refused", "after",
  ])
  func aWriteHasOneEffectOverHTTP2(fault: String) throws {
    let server = try TLSServer()
    defer { server.stop() }
    for (number, write) in ResendTests.writes.enumerated() {
      let client = try client(server)
      #expect(client.perform(.get()).response?.status == 200)
      let before = try ledger(server).effects
      var request = ResendTests.request(write, .otherWrite)
      request.path = "/fault/\(fault)/\(number)"
      let result = client.perform(request)
      let effects = try ledger(server).effects - before
      switch fault {
      case "after":
        #expect(result.response?.status == 200, "\(write): \(result)")
        #expect(effects == 1)
        // On the connection that has died since.
        let next = client.perform(ResendTests.request(write, .otherWrite, path: "/next/\(number)"))
        #expect(next.response != nil || next.unknownReason != nil, "\(next)")
      case "refused", "within-request":
        // Without a body the request has arrived whole with its headers.
        #expect(result.unknownReason != nil, "\(write): \(result)")
        #expect(effects == 0, "\(write): \(result)")
      default:
        #expect(result.unknownReason != nil, "\(write): \(result)")
        #expect(effects == 1, "\(write): \(result)")
      }
    }
  }

  /// Fifty streams of one connection that dies under them.
  @Test(arguments: ["close", "goaway", "after"])
  func manyStreamsHaveTheEffectsThatAreReported(fault: String) throws {
    let server = try TLSServer()
    defer { server.stop() }
    var configuration = try client(server).configuration
    configuration.startInFlight = 50
    let client = Client(configuration)
    #expect(client.perform(.get()).response?.status == 200)
    var paths: [Ticket: String] = [:]
    for number in 0..<100 {
      let write = ResendTests.writes[number % ResendTests.writes.count]
      let path = number % 25 == 10 ? "/fault/\(fault)/many-\(number)" : "/many/\(number)"
      paths[client.submit(ResendTests.request(write, .otherWrite, path: path))] = path
    }
    let results = client.drain()
    let ledger = try ledger(server).paths
    for (ticket, result) in results {
      let effects = ledger[paths[ticket] ?? ""] ?? 0
      // A new connection may die as well, while it is being set up: then it is certain that nothing was sent.
      let isTrue =
        switch result {
        case .success: effects == 1
        case .failure(let failure): failure.isDefinite ? effects == 0 : effects <= 1
        }
      #expect(isTrue, "\(result)")
    }
    #expect(results.count == 100)
  }
}
