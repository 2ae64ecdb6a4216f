import Foundation
import HTTP
import JSON
import Sandbox
import Testing

@testable import CLI

/// A sandbox stands in for the live workspace; what is pulled from it is served and compared.
struct SandboxPullTests {
  private final class Served {
    let server: SandboxServer
    let client: Client

    init(_ change: (inout SandboxConfiguration) -> Void) throws {
      var configuration = SandboxConfiguration()
      configuration.clock = .fixed(1_768_478_400)
      configuration.rateLimit = nil
      change(&configuration)
      server = try SandboxServer(configuration: configuration)
      let port = try server.start()
      client = Client(ClientConfiguration(base: try BaseURL("http://127.0.0.1:\(port)")) { _ in "test" })
    }

    func call(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil) throws -> JSONValue {
      let request = HTTPRequest(method, path, body: body?.serialized(), requestClass: .read)
      let response = try client.perform(request).get()
      return (try? JSONValue.parse(response.body)) ?? .null
    }
  }

  private func path() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("pull-\(UUID().uuidString).db").path
  }

  private func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
  }

  private func pull(
    _ source: Served, _ path: String, pseudonyms: Pseudonyms?, parts: Bool = true, limit: Int? = nil
  )
    throws -> SandboxFile
  {
    var reader = WorkspaceReader(
      client: source.client, voice: ConsoleVoice(quiet(), asks: false), limit: limit, withParts: parts)
    var configuration = SandboxConfiguration()
    configuration.seed = .empty
    configuration.clock = .fixed(1_768_478_400)
    return try SandboxFile.pull(path, configuration, pseudonyms: pseudonyms) { try reader.read(into: $0) }
  }

  private func quiet() -> Console { Console(outputIsTerminal: false) { _, _ in true } }

  @Test func whatIsPulledUnderItsOwnNamesAnswersAlike() throws {
    let source = try Served { $0.seed = .demo }
    let path = path()
    defer { remove(path) }
    let made = try pull(source, path, pseudonyms: nil)
    // Two of the sixty companies have nobody in them, and the API lists no such company.
    #expect(try made.counts().map(\.count) == [2_000, 58, 500, 200])
    made.close()
    let copy = try Served {
      $0.location = .file(path: path)
      $0.seedNumber = 9
    }
    let contacts = try source.call(.get, "/contacts?per_page=3")["data"]?.arrayValue ?? []
    for contact in contacts {
      let id = contact["id"]?.stringValue ?? ""
      let there = try copy.call(.get, "/contacts/\(id)")
      for key in [
        "id", "email", "name", "created_at", "custom_attributes", "tags", "companies", "notes", "location",
      ] {
        #expect(there[key] == contact[key], "\(key) of \(id)")
      }
    }
    // The same searches find as many.
    for (resource, field, op, value): (String, String, String, JSONValue) in [
      ("contacts", "role", "=", "lead"), ("contacts", "tag_id", "=", "1"),
      ("contacts", "email", "$", "example.org"),
      ("contacts", "last_seen_at", "<", 1_752_926_400), ("conversations", "state", "=", "open"),
      ("conversations", "source.body", "=", "outage"), ("conversations", "tag_ids", "=", "17"),
      ("tickets", "state", "=", "resolved"), ("tickets", "ticket_type_id", "=", "2"),
    ] {
      let body: JSONValue = [
        "query": ["field": .string(field), "operator": .string(op), "value": value],
        "pagination": ["per_page": 1],
      ]
      let path = "/\(resource)/search"
      let one = try source.call(.post, path, body)["total_count"]?.intValue
      #expect(one ?? 0 > 0, "\(field)")
      #expect(try copy.call(.post, path, body)["total_count"]?.intValue == one, "\(resource) \(field)")
    }
    let conversation =
      try source.call(.get, "/conversations?per_page=1")["conversations"]?[0]?["id"]?.stringValue ?? ""
    #expect(
      try copy.call(.get, "/conversations/\(conversation)")["conversation_parts"]
        == source.call(.get, "/conversations/\(conversation)")["conversation_parts"])
    // What is made there gets a number of its own.
    let new = try copy.call(.post, "/contacts", ["email": "fresh@example.com"])["id"]?.stringValue ?? ""
    #expect(try source.call(.get, "/contacts/\(new)")["id"] == nil)
    #expect(try copy.call(.get, "/contacts/\(new)")["email"] == "fresh@example.com")
    let tag = try copy.call(.post, "/tags", ["name": "fresh"])["id"]?.stringValue ?? ""
    #expect(try source.call(.get, "/tags/\(tag)")["name"] == nil)
    // Its pages walk to the end though its ids are not the store's own.
    var seen: Set<String> = []
    var cursor: JSONValue?
    repeat {
      var pagination: JSONObject = ["per_page": 150]
      if let cursor { pagination["starting_after"] = cursor }
      let page = try copy.call(
        .post, "/contacts/search",
        ["query": ["field": "role", "operator": "=", "value": "user"], "pagination": .object(pagination)])
      for contact in page["data"]?.arrayValue ?? [] { seen.insert(contact["id"]?.stringValue ?? "") }
      cursor = page["pages"]?["next"]?["starting_after"]
    } while cursor != nil
    let users = try source.call(
      .post, "/contacts/search", ["query": ["field": "role", "operator": "=", "value": "user"]])
    #expect(Int64(seen.count) == (users["total_count"]?.intValue ?? 0) + 1)
    #expect(try copy.call(.post, "/_sandbox/reset", [:])["errors"]?[0]?["code"] == "parameter_invalid")
  }

  @Test func noNameOrAddressComesThrough() throws {
    let source = try Served { $0.seed = .demo }
    let path = path()
    defer { remove(path) }
    try pull(source, path, pseudonyms: Pseudonyms(key: 5)).close()
    let copy = try Served { $0.location = .file(path: path) }
    var names: Set<String> = []
    var emails: [String: String] = [:]
    var pseudonyms: [String: String] = [:]
    for page in 0..<5 {
      let body: JSONValue = [
        "query": [
          "field": "created_at", "operator": "<", "value": .int(1_768_478_400 - Int64(page) * 10_000_000),
        ],
        "pagination": ["per_page": 150],
      ]
      for contact in try source.call(.post, "/contacts/search", body)["data"]?.arrayValue ?? [] {
        let id = contact["id"]?.stringValue ?? ""
        if let email = contact["email"]?.stringValue { emails[id] = email }
        if let name = contact["name"]?.stringValue { names.insert(name) }
      }
      for contact in try copy.call(.post, "/contacts/search", body)["data"]?.arrayValue ?? [] {
        pseudonyms[contact["id"]?.stringValue ?? ""] = contact["email"]?.stringValue
      }
    }
    #expect(emails.count > 300 && names.count > 300)
    #expect(Set(emails.keys) == Set(pseudonyms.keys))
    // Nobody keeps an address, and those who shared one still do.
    let groups = Dictionary(grouping: emails.keys) { emails[$0]?.lowercased() ?? "" }
    let others = Dictionary(grouping: pseudonyms.keys) { pseudonyms[$0]?.lowercased() ?? "" }
    #expect(Set(groups.keys).isDisjoint(with: others.keys))
    #expect(Set(groups.values.map { Set($0) }) == Set(others.values.map { Set($0) }))
    #expect(
      emails.filter { $0.value != $0.value.lowercased() }.keys.allSatisfy {
        pseudonyms[$0] != pseudonyms[$0]?.lowercased()
      })
    // The file as a whole holds none of the addresses, in no body and no part.
    let bytes = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    for email in emails.values.prefix(200) { #expect(!bytes.contains(email), "\(email)") }
  }
}
