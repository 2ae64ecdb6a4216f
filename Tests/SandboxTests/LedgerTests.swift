import Foundation
import Glibc
import JSON
import Sandbox
import Testing

struct LedgerTests {
  @Test func eachRequestIsThereWithItsEffect() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let id = try sandbox.contact(["email": "a@example.com"])
    let tag = try sandbox.tag("t")
    for _ in 0..<2 {
      try client.call(
        "POST", "/contacts/\(id)/tags", ["id": .string(tag)], headers: ["X-Parlance-Write": "run1/item2/3"])
    }
    _ = try client.get("/contacts/\(id)")
    _ = try client.post("/contacts", ["email": "a@example.com"])
    let entries = try sandbox.server.requests()
    #expect(entries.map(\.number) == [1, 2, 3, 4, 5, 6])
    #expect(
      entries.map(\.operation) == [
        "CreateContact", "createTag", "attachTagToContact", "attachTagToContact", "ShowContact",
        "CreateContact",
      ])
    // The second tagging changed nothing, the conflict neither.
    #expect(entries.map(\.applied) == [true, true, true, false, false, false])
    #expect(entries.map(\.isWrite) == [true, true, true, true, false, true])
    #expect(entries.map(\.status) == [200, 200, 200, 200, 200, 409])
    #expect(entries[2].mark == "run1/item2/3")
    #expect(entries[2].target == id)
    #expect(entries[2].bodyHash == entries[3].bodyHash)
    #expect(entries[4].bodyHash == nil)
  }

  @Test func itIsReadThroughTheControlPathToo() throws {
    let sandbox = try TestSandbox()
    _ = try sandbox.client.get("/me")
    _ = try sandbox.client.get("/tags")
    sandbox.client.token = nil
    let all = try sandbox.client.get("/_sandbox/requests").json["requests"]?.arrayValue ?? []
    #expect(all.map { $0["operation"] } == ["identifyAdmin", "listTags"])
    let rest = try sandbox.client.get("/_sandbox/requests?after=1&limit=5").json["requests"]?.arrayValue ?? []
    #expect(rest.count == 1)
  }

  @Test func clockAndResetAreSteeredThroughTheControlPath() throws {
    let sandbox = try TestSandbox { $0.seed = .synthetic(contacts: 3) }
    let client = sandbox.client
    let before = try client.get("/contacts").body
    _ = try client.post("/contacts", ["email": "new@example.com"])
    #expect(try client.post("/_sandbox/reset", [:]).status == 200)
    #expect(try client.get("/contacts").body == before)
    #expect(try client.post("/_sandbox/clock", ["advance": 60]).json["now"]?.intValue == TestSandbox.now + 60)
    #expect(try client.post("/_sandbox/clock", [:]).status == 400)
    #expect(try client.get("/_sandbox/nothing").status == 404)
  }
}

struct FaultTests {
  private func statuses(_ client: RawClient, _ count: Int) -> [Int] {
    (0..<count).map { _ in (try? client.get("/me").status) ?? 0 }
  }

  @Test func specsAreRead() throws {
    #expect(try FaultSpec(parsing: "429:2%").rate == 20_000)
    #expect(try FaultSpec(parsing: "500:0.5%:after@attachTagToContact").operation == "attachTagToContact")
    #expect(try FaultSpec(parsing: "slow:200ms").kind == .slow(200))
    #expect(try FaultSpec(parsing: "lag:2m").kind == .lag(120))
    #expect(try FaultSpec(parsing: "reset:#3").only == 3)
    for bad in ["", "200", "slow", "lag:x", "500:101%", "timeout@nothing", "429:2", "cut"] {
      #expect(throws: SandboxError.self, "\(bad)") { try FaultSpec(parsing: bad) }
    }
  }

  @Test func theSameSeedGivesTheSameFaults() throws {
    let faults = [try FaultSpec(parsing: "500:30%"), try FaultSpec(parsing: "429:10%")]
    func run(_ seed: UInt64) throws -> [Int] {
      let sandbox = try TestSandbox {
        $0.faults = faults
        $0.seedNumber = seed
      }
      return statuses(sandbox.client, 100)
    }
    let one = try run(1)
    #expect(try run(1) == one)
    #expect(try run(2) != one)
    #expect((10...50).contains(one.filter { $0 == 500 }.count))
    #expect((1...25).contains(one.filter { $0 == 429 }.count))
  }

  @Test func aFaultComesBeforeOrAfterTheEffect() throws {
    for (spec, applied) in [("500:#1@createTag", 0), ("500:#1:after@createTag", 1)] {
      let fault = try FaultSpec(parsing: spec)
      let sandbox = try TestSandbox { $0.faults = [fault] }
      #expect(try sandbox.client.post("/tags", ["name": "t"]).status == 500)
      #expect(try sandbox.client.get("/tags").json["data"]?.arrayValue?.count == applied)
      let entry = try #require(try sandbox.server.requests().first)
      #expect(entry.applied == (applied == 1))
      #expect(entry.fault != nil)
      #expect(try sandbox.client.post("/tags", ["name": "t"]).status == 200)
    }
  }

  @Test func connectionsBreakAsOrdered() throws {
    for spec in ["reset:#1", "cut-body:#1"] {
      let fault = try FaultSpec(parsing: spec)
      let sandbox = try TestSandbox { $0.faults = [fault] }
      #expect(throws: RawClient.Failure.self) { try sandbox.client.get("/me") }
      sandbox.client.close()
      #expect(try sandbox.client.get("/me").status == 200)
    }
    let emptying = try FaultSpec(parsing: "empty:#1")
    let empty = try TestSandbox { $0.faults = [emptying] }
    let response = try empty.client.get("/me")
    #expect(response.status == 200)
    #expect(response.body.isEmpty)
    let slowing = try FaultSpec(parsing: "slow:5ms")
    let slow = try TestSandbox { $0.faults = [slowing] }
    #expect(try slow.client.get("/me").status == 200)
  }

  @Test func aScrollCanExpireOnOrder() throws {
    let fault = try FaultSpec(parsing: "scroll-expiry:#2@scrollOverAllCompanies")
    let sandbox = try TestSandbox {
      $0.seed = .demo
      $0.faults = [fault]
    }
    let first = try sandbox.client.get("/companies/scroll").json["scroll_param"]?.stringValue ?? ""
    let next = try sandbox.client.get("/companies/scroll?scroll_param=\(first)")
    #expect(next.status == 404)
    #expect(next.message == "scroll parameter not found")
    #expect(try sandbox.client.get("/companies/scroll").status == 200)
    let broken = try FaultSpec(parsing: "500@scrollOverAllCompanies")
    try sandbox.server.setFaults([broken])
    #expect(try sandbox.client.get("/companies/scroll").status == 500)
  }

  @Test func anUnansweredRequestLeavesItsTrace() throws {
    let fault = try FaultSpec(parsing: "timeout:#1:after@createTag")
    let sandbox = try TestSandbox { $0.faults = [fault] }
    try sandbox.client.send(sandbox.client.request("POST", "/tags", Array(#"{"name":"t"}"#.utf8)))
    usleep(100_000)
    let other = RawClient(port: sandbox.port)
    #expect(try other.get("/tags").json["data"]?.arrayValue?.count == 1)
    let entry = try #require(try sandbox.server.requests().first)
    #expect(entry.applied && entry.fault == "timeout")
  }

  @Test func faultsCanBeOrderedWhileItRuns() throws {
    let sandbox = try TestSandbox()
    #expect(try sandbox.client.post("/_sandbox/faults", ["faults": ["503:#1"]]).status == 200)
    #expect(try sandbox.client.get("/me").code == "service_unavailable")
    #expect(try sandbox.client.post("/_sandbox/faults", ["faults": ["nonsense"]]).status == 400)
    try sandbox.server.setFaults([])
    #expect(try sandbox.client.get("/me").status == 200)
  }
}
