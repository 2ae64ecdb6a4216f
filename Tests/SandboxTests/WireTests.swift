import Foundation
import Glibc
import JSON
import Sandbox
import Synchronization
import Testing

struct WireTests {
  @Test func errorsAreListsWithARequestID() throws {
    let sandbox = try TestSandbox()
    let response = try sandbox.client.get("/contacts/nobody")
    #expect(response.status == 404)
    #expect(response.json["type"] == "error.list")
    #expect(response.json["request_id"]?.stringValue == response.headers["x-request-id"])
    #expect(response.json["errors"] == [["code": "not_found", "message": "User Not Found"]])
  }

  @Test func aTokenIsNeededAndMayBeTheOneGiven() throws {
    let sandbox = try TestSandbox { $0.token = "right" }
    sandbox.client.token = nil
    #expect(try sandbox.client.get("/me").code == "unauthorized")
    sandbox.client.token = "wrong"
    #expect(try sandbox.client.get("/me").status == 401)
    #expect(try sandbox.client.call("GET", "/me", headers: ["Authorization": "Basic right"]).status == 401)
    sandbox.client.token = "right"
    #expect(try sandbox.client.get("/me").status == 200)
    let open = try TestSandbox()
    #expect(try open.client.get("/me").status == 200)
  }

  @Test func answersAreDatedByTheWorkspacesClock() throws {
    let sandbox = try TestSandbox { $0.clock = .real }
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "GMT")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    for ahead in [0, -40 * 86_400] {
      try sandbox.server.advanceClock(by: Int64(ahead))
      let text = try #require(try sandbox.client.get("/me").headers["date"])
      let date = try #require(format.date(from: text), "\(text)")
      #expect(abs(date.timeIntervalSinceNow - Double(ahead)) < 30)
    }
    // One that stands still is told to nobody.
    #expect(try TestSandbox().client.get("/me").headers["date"] == nil)
  }

  @Test func theWindowIsToldAndHolds() throws {
    let sandbox = try TestSandbox { $0.rateLimit = .init(requests: 3, seconds: 1_000_000) }
    for left in [2, 1, 0] {
      let response = try sandbox.client.get("/me")
      #expect(response.headers["x-ratelimit-limit"] == "3")
      #expect(response.headers["x-ratelimit-remaining"] == String(left))
      #expect(Int(response.headers["x-ratelimit-reset"] ?? "") ?? 0 > 1_700_000_000)
    }
    let refused = try sandbox.client.get("/me")
    #expect(refused.status == 429)
    #expect(refused.code == "rate_limit_exceeded")
    #expect(refused.headers["x-ratelimit-remaining"] == "0")
    // Without a token nothing is counted or told.
    sandbox.client.token = nil
    let unknown = try sandbox.client.get("/me")
    #expect(unknown.status == 401)
    #expect(unknown.headers["x-ratelimit-limit"] == nil)
  }

  @Test func meTellsRegionAndTimeZone() throws {
    let sandbox = try TestSandbox {
      $0.region = "eu"
      $0.timeZone = "Europe/Berlin"
    }
    let app = try sandbox.client.get("/me").json["app"]
    #expect(app?["region"] == "EU")
    #expect(app?["timezone"] == "Europe/Berlin")
    #expect(throws: SandboxError.self) { try TestSandbox { $0.timeZone = "Mars/Olympus" } }
    #expect(throws: SandboxError.self) { try TestSandbox { $0.region = "mars" } }
  }

  @Test func unknownPathsMethodsAndVersionsAreRefused() throws {
    let client = try TestSandbox().client
    for path in [
      "/", "/contact", "/contacts/", "//contacts", "/contacts/../me", "/contacts/a/b/c/d/e/f/g/h/i", "*",
    ] {
      #expect(try client.get(path).status == 404, "\(path)")
    }
    #expect(try client.call("PUT", "/contacts").status == 404)
    #expect(try client.call("PATCH", "/contacts").status == 405)
    #expect(try client.call("HEAD", "/contacts").status == 404)
    #expect(try client.call("GET", "/me", headers: ["Intercom-Version": "2.12"]).status == 200)
    #expect(try client.call("GET", "/me", headers: ["Intercom-Version": "2.11"]).status == 200)
    #expect(
      try client.call("GET", "/me", headers: ["Intercom-Version": "9.9"]).code == "intercom_version_invalid")
    #expect(try client.call("GET", "/me", headers: ["Accept": "text/html"]).status == 406)
  }

  @Test func badBodiesAreRefusedAndTheConnectionGoesOn() throws {
    let sandbox = try TestSandbox { $0.bodyLimit = 100_000 }
    let client = sandbox.client
    func post(_ body: [UInt8], _ headers: [String: String] = [:]) throws -> RawClient.Response {
      try client.send(client.request("POST", "/contacts", body, headers: headers))
      return try client.receive()
    }
    for body in ["{", "{\"email\":}", "nonsense", "\u{0}", "{\"a\":1}{", "{\"email\":\"\\ud800\",}"] {
      let response = try post(Array(body.utf8))
      #expect(response.status == 400)
      #expect(response.code == "parameter_invalid")
    }
    #expect(try post([0xFF, 0xFE]).status == 400)
    #expect(try post(Array("[1]".utf8)).status == 400)
    let deep = Array(String(repeating: "[", count: 40_000).utf8)
    #expect(try post(deep).status == 400)
    let nested = String(repeating: "{\"operator\":\"AND\",\"value\":[", count: 300)
    #expect(try post(Array(nested.utf8)).status == 400)
    #expect(try post(Array("{}".utf8), ["Content-Type": "text/plain"]).status == 415)
    let large = try post([UInt8](repeating: 0x20, count: 100_001))
    #expect(large.status == 413)
    #expect(try client.get("/me").status == 200)
  }

  @Test func whatIsNoHTTPGetsOneAnswer() throws {
    let sandbox = try TestSandbox()
    for garbage in ["\u{16}\u{3}\u{1}\u{2}", "GET\r\n\r\n", "GET /me HTTP/1.1\r\nContent-Length: x\r\n\r\n"] {
      let client = RawClient(port: sandbox.port)
      try client.send(Array(garbage.utf8) + Array("\r\n\r\n".utf8))
      #expect(try client.receive().status == 400)
    }
    #expect(try sandbox.client.get("/me").status == 200)
  }

  @Test func aCursorTellsSortValueIDAndPage() throws {
    let sandbox = try TestSandbox { $0.seed = .demo }
    func parts(_ path: String, _ body: JSONValue) throws -> [JSONValue] {
      let page = try sandbox.client.post(path, body).json
      let text = page["pages"]?["next"]?["starting_after"]?.stringValue ?? ""
      return try JSONValue.parse(Array(Data(base64Encoded: text) ?? Data())).arrayValue ?? []
    }
    let contacts = try parts(
      "/contacts/search",
      [
        "query": ["field": "created_at", "operator": ">", "value": 0], "pagination": ["per_page": 5],
        "sort": ["field": "updated_at", "order": "descending"],
      ])
    #expect(contacts.count == 3 && contacts[2] == 2)
    // Milliseconds, and an id that is text.
    #expect((contacts[0].intValue ?? 0) % 1_000 == 0 && (contacts[0].intValue ?? 0) > 1_000_000_000_000)
    #expect(contacts[1].stringValue?.count == 24)
    let conversations = try parts(
      "/conversations/search",
      ["query": ["field": "state", "operator": "=", "value": "open"], "pagination": ["per_page": 5]])
    #expect(conversations.count == 3 && conversations[1].intValue ?? 0 > 1_000_000_000)
  }

  @Test func aRequestThatNeverArrivesIsGivenUp() throws {
    let sandbox = try TestSandbox { $0.arrivalLimit = 150 }
    // A byte now and then would hold the connection for ever.
    for start in [
      "G", "GET /me HTTP/1.1\r\nHost: x\r\n", "POST /tags HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
    ] {
      let client = RawClient(port: sandbox.port)
      try client.send(Array(start.utf8))
      let answer = try client.receive()
      #expect(answer.status == 408, "\(start)")
      #expect(answer.code == "request_timeout")
    }
    // Between requests a connection may rest.
    #expect(try sandbox.client.get("/me").status == 200)
    usleep(250_000)
    #expect(try sandbox.client.get("/me").status == 200)
  }

  @Test func connectionsBeyondTheLimitAreClosed() throws {
    let sandbox = try TestSandbox { $0.connectionLimit = 3 }
    let clients = (0..<3).map { _ in RawClient(port: sandbox.port) }
    for client in clients { #expect(try client.get("/me").status == 200) }
    let one = RawClient(port: sandbox.port)
    #expect(throws: RawClient.Failure.self) { try one.get("/me") }
    clients[0].close()
    usleep(50_000)
    one.close()
    #expect(try one.get("/me").status == 200)
  }

  @Test func clientsThatChangeOneContactAtOnceLoseNoUpdate() throws {
    let sandbox = try TestSandbox()
    let port = sandbox.port
    let id = try sandbox.contact(["external_id": "shared"])
    let failures = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { worker in
      let client = RawClient(port: port)
      for round in 0..<25 {
        let body: JSONValue = ["custom_attributes": .object(["w\(worker)_\(round)": .int(Int64(round))])]
        if (try? client.put("/contacts/\(id)", body).status) != 200 { failures.withLock { $0 += 1 } }
      }
    }
    #expect(failures.withLock { $0 } == 0)
    let attributes = try sandbox.client.get("/contacts/\(id)").json["custom_attributes"]?.objectValue
    #expect(attributes?.count == 200)
  }

  @Test func manyRequestsAtOnceAreAnsweredInOrder() throws {
    let sandbox = try TestSandbox()
    var bytes: [UInt8] = []
    for number in 0..<50 { bytes += sandbox.client.request("GET", number % 2 == 0 ? "/me" : "/tags", nil) }
    try sandbox.client.send(bytes)
    for number in 0..<50 {
      let response = try sandbox.client.receive()
      #expect(response.json["type"] == (number % 2 == 0 ? "admin" : "list"))
    }
  }

  @Test func severalClientsLoseNothing() throws {
    let sandbox = try TestSandbox()
    let port = sandbox.port
    let tag = try sandbox.tag("shared")
    let ids = try (0..<40).map { try sandbox.contact(["external_id": .string("c\($0)")]) }
    let failures = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 4) { worker in
      let client = RawClient(port: port)
      for index in stride(from: worker, to: ids.count, by: 4) {
        let ok = try? client.post("/contacts/\(ids[index])/tags", ["id": .string(tag)]).status == 200
        if ok != true { failures.withLock { $0 += 1 } }
      }
    }
    #expect(failures.withLock { $0 } == 0)
    #expect(try sandbox.client.search("contacts", "tag_id", "=", .string(tag)).json["total_count"] == 40)
    #expect(try sandbox.server.requests().filter(\.applied).count == 81)
  }

  @Test func onlyLoopbackIsServedAndPortsClash() throws {
    let sandbox = try TestSandbox()
    #expect(throws: SandboxError.self) { try TestSandbox { $0.port = UInt16(sandbox.port) } }
    #expect(throws: SandboxError.self) { try sandbox.server.start() }
    sandbox.server.stop()
    #expect(throws: SandboxError.self) { try sandbox.server.requests() }
  }
}
