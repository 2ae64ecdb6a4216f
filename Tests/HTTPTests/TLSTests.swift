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

  @Test(arguments: [TLSServer.Certificate.expired, .otherName])
  func sendsNothingToAServerThatIsNotTheOne(certificate: TLSServer.Certificate) throws {
    let server = try TLSServer(certificate)
    defer { server.stop() }
    let client = try client(server)
    let failure = try #require(client.perform(.post()).failure)
    guard case .tls(host: "localhost", _) = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(failure.isDefinite && failure.isConnectFailure)
    // It will not pass: tried once.
    #expect(client.statistics.attempts == 1)
  }

  @Test func sendsNothingToAServerThatNobodyVouchesFor() throws {
    let server = try TLSServer()
    defer { server.stop() }
    guard case .tls? = try client(server, trusts: false).perform(.post()).failure else {
      Issue.record("trusted")
      return
    }
    guard case .tls? = try client(server, host: "127.0.0.1").perform(.post()).failure else {
      Issue.record("took another name")
      return
    }
    #expect(try ledger(server).effects == 0)
  }

  /// Over HTTP/2, on a connection that is reused: one effect at most, and the client says so.
  @Test(arguments: ["close", "goaway", "stream-reset", "cut", "refused"])
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
      #expect(result.unknownReason != nil, "\(write): \(result)")
      #expect(try ledger(server).effects - before == (fault == "refused" ? 0 : 1), "\(write): \(result)")
    }
  }
}
