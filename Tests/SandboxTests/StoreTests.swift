import Foundation
import JSON
import SQLite
import Testing

@testable import Sandbox

struct StoreTests {
  private func path() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("sandbox-\(UUID().uuidString).db").path
  }

  private func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
  }

  @Test func aFileIsServedAgainAsItWasLeft() throws {
    let path = path()
    defer { remove(path) }
    let id: String
    let count: Int
    do {
      let sandbox = try TestSandbox {
        $0.location = .file(path: path)
        $0.seed = .synthetic(contacts: 10)
      }
      id = try sandbox.contact(["email": "kept@example.com"])
      count = try sandbox.server.requests().count
    }
    let sandbox = try TestSandbox {
      $0.location = .file(path: path)
      $0.seed = .demo
    }
    #expect(try sandbox.client.get("/contacts/\(id)").json["email"] == "kept@example.com")
    #expect(try sandbox.client.get("/contacts").json["total_count"] == 11)
    // The ledger goes on counting.
    #expect(try sandbox.server.requests().map(\.number).last == Int64(count + 2))
    let next = try sandbox.contact(["email": "next@example.com"])
    #expect(next != id)
  }

  @Test func aStoreKnowsItsSeedWhateverItIsOpenedWith() throws {
    let path = path()
    defer { remove(path) }
    let id: String
    do {
      let sandbox = try TestSandbox {
        $0.location = .file(path: path)
        $0.seed = .synthetic(contacts: 5)
        $0.seedNumber = 77
        $0.timeZone = "Europe/Berlin"
      }
      id = try #require(try sandbox.client.get("/contacts").json["data"]?[0]?["id"]?.stringValue)
      // One server at a time.
      #expect(throws: SandboxError.self) { try TestSandbox { $0.location = .file(path: path) } }
    }
    let sandbox = try TestSandbox { $0.location = .file(path: path) }
    #expect(try sandbox.client.get("/contacts/\(id)").status == 200)
    #expect(try sandbox.client.get("/me").json["app"]?["timezone"] == "Europe/Berlin")
    #expect(try sandbox.client.delete("/contacts/\(id)").status == 200)
    #expect(try sandbox.client.post("/_sandbox/reset", [:]).status == 200)
    #expect(try sandbox.client.get("/contacts/\(id)").status == 200)
    #expect(try sandbox.client.get("/contacts").json["total_count"] == 5)
  }

  @Test func filesAreMadeResetAndReadWithoutAServer() throws {
    let path = path()
    defer { remove(path) }
    var configuration = SandboxConfiguration()
    configuration.seed = .synthetic(contacts: 12)
    configuration.clock = .fixed(TestSandbox.now)
    let made = try SandboxFile.seed(path, configuration)
    #expect(try made.counts().map(\.count) == [12, 0, 0, 0])
    made.close()
    #expect(throws: SandboxError.self) { try SandboxFile.seed(path, configuration) }
    #expect(throws: SandboxError.self) { try SandboxFile.open(path + ".not") }
    #expect(!SandboxFile.exists(path + ".not"))
    do {
      let sandbox = try TestSandbox { $0.location = .file(path: path) }
      _ = try sandbox.tag("t")
      #expect(throws: SandboxError.self) { try SandboxFile.open(path) }
    }
    let file = try SandboxFile.open(path)
    let entries = try file.requests()
    #expect(entries.map(\.operation) == ["createTag"])
    #expect(LedgerEntry(json: entries[0].json) == entries[0])
    try file.reset()
    file.close()
    let again = try TestSandbox { $0.location = .file(path: path) }
    #expect(try again.client.get("/tags").json["data"] == [])
    #expect(try again.client.get("/contacts").json["total_count"] == 12)
  }

  @Test func aDatabaseOfSomebodyElseIsLeftAlone() throws {
    let path = path()
    defer { remove(path) }
    let database = try Database(.file(path: path))
    try database.execute("CREATE TABLE theirs (x)")
    database.close()
    #expect(throws: SandboxError.self) { try TestSandbox { $0.location = .file(path: path) } }
    let after = try Database(.file(path: path))
    #expect(try after.firstInteger("SELECT count(*) FROM sqlite_master") == 1)
    after.close()
  }

  @Test func aFileThatIsNoStoreIsRefused() throws {
    let path = path()
    defer { remove(path) }
    try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: path))
    #expect(throws: SandboxError.self) { try TestSandbox { $0.location = .file(path: path) } }
    #expect(throws: SandboxError.self) {
      try TestSandbox { $0.location = .file(path: "/no/such/folder/x.db") }
    }
  }

  @Test func oneSeedTheSameBytes() throws {
    func pages(_ seed: UInt64) throws -> [[UInt8]] {
      let sandbox = try TestSandbox {
        $0.seed = .demo
        $0.seedNumber = seed
      }
      return try ["/contacts?per_page=150", "/conversations?per_page=150", "/tags", "/companies?per_page=60"]
        .map {
          let text = String(decoding: try sandbox.client.get($0).body, as: UTF8.self)
          return Array(text.replacing(":\(sandbox.port)/", with: ":0/").utf8)
        }
    }
    let one = try pages(1)
    #expect(try pages(1) == one)
    #expect(try pages(2)[0] != one[0])
  }

  @Test func theDemoIsAsUntidyAsPromised() throws {
    let sandbox = try TestSandbox { $0.seed = .demo }
    let client = sandbox.client
    #expect(try client.get("/contacts").json["total_count"] == 2_000)
    #expect(try client.get("/conversations").json["total_count"] == 500)
    #expect(try client.search("tickets", "created_at", ">", 0).json["total_count"] == 200)
    var emails: [String: Int] = [:]
    var mixed = 0
    var unseen = 0
    var stale = 0
    var cursor: JSONValue?
    while true {
      var pagination: JSONObject = ["per_page": 150]
      if let cursor { pagination["starting_after"] = cursor }
      let page = try client.post(
        "/contacts/search",
        ["query": ["field": "created_at", "operator": ">", "value": 0], "pagination": .object(pagination)]
      ).json
      for contact in page["data"]?.arrayValue ?? [] {
        if let email = contact["email"]?.stringValue {
          emails[email.lowercased(), default: 0] += 1
          if email != email.lowercased() { mixed += 1 }
        }
        let seen = contact["last_seen_at"]?.intValue
        if seen == nil { unseen += 1 }
        if let seen, seen < TestSandbox.now - 180 * 86_400 { stale += 1 }
        #expect((contact["created_at"]?.intValue ?? .max) <= TestSandbox.now)
        #expect((seen ?? 0) <= TestSandbox.now)
      }
      cursor = page["pages"]?["next"]?["starting_after"]
      if cursor == nil { break }
    }
    #expect(emails.values.filter { $0 > 1 }.count >= 30)
    #expect(mixed >= 20)
    #expect(unseen >= 50)
    #expect(stale >= 200)
    let names = (try client.get("/tags").json["data"]?.arrayValue ?? []).compactMap {
      $0["name"]?.stringValue
    }
    #expect(names.contains("VIP") && names.contains("vip "))
    let unused = try names.indices.filter { index in
      let id = JSONValue.string(String(index + 1))
      return try client.search("contacts", "tag_id", "=", id).json["total_count"] == 0
        && client.search("conversations", "tag_ids", "=", id).json["total_count"] == 0
    }
    #expect(!unused.isEmpty)
  }

  @Test func daysHaveTheZonesLength() throws {
    let zone = try #require(TimeZoneRule.named("America/New_York"))
    // 2026-03-08 02:00 becomes 03:00; 2026-11-01 02:00 becomes 01:00.
    let spring = zone.day(holding: 1_772_992_800)
    #expect(spring.start == 1_772_946_000)
    #expect(spring.next - spring.start == 23 * 3_600)
    let autumn = zone.day(holding: 1_793_548_800)
    #expect(autumn.next - autumn.start == 25 * 3_600)
    #expect(TimeZoneRule.utc.day(holding: -1) == (-86_400, 0))
    #expect(TimeZoneRule.utc.day(holding: .max).next > 0)
    let sydney = try #require(TimeZoneRule.named("Australia/Sydney"))
    #expect(sydney.offset(at: 1_768_478_400) == 11 * 3_600)
    #expect(sydney.offset(at: 1_784_116_800) == 10 * 3_600)
  }
}
