import JSON
import Testing

@testable import Sandbox

struct SearchTests {
  /// Three contacts: one all empty, one written in capitals, one lead.
  private func people() throws -> TestSandbox {
    let sandbox = try TestSandbox { $0.timeZone = "America/New_York" }
    _ = try sandbox.contact(["external_id": "1"])
    _ = try sandbox.contact(["email": "ANNA@Example.com", "name": "Anna Smith", "owner_id": 7])
    _ = try sandbox.contact([
      "email": "ben@example.org", "role": "lead", "name": "Ben", "owner_id": 12,
      "unsubscribed_from_emails": true,
      "custom_attributes": ["plan": "pro", "logins": 5],
    ])
    return sandbox
  }

  private func found(_ sandbox: TestSandbox, _ field: String, _ op: String, _ value: JSONValue) throws
    -> Int64
  {
    let response = try sandbox.client.search("contacts", field, op, value)
    guard response.status == 200 else { return -Int64(response.status) }
    let count = response.json["data"]?.arrayValue?.count ?? -1
    #expect(response.json["total_count"]?.intValue == Int64(count))
    return Int64(count)
  }

  @Test func eachOperatorOfTextMeansWhatItSays() throws {
    let sandbox = try people()
    for (op, value, count): (String, JSONValue, Int64) in [
      ("=", "anna@example.com", 1), ("=", "nobody", 0), ("!=", "anna@example.com", 2), ("~", "EXAMPLE", 2),
      ("!~", "example.org", 2), ("^", "ben", 1), ("$", ".com", 1), ("IN", ["ben@example.org", "x"], 1),
      ("NIN", ["ben@example.org", "x"], 2), ("=", nil, 1), ("!=", nil, 2), ("~", "%", 0), ("~", "", 2),
      ("$", "", 2),
      ("IN", [], 0), ("NIN", [], 3),
    ] {
      #expect(try found(sandbox, "email", op, value) == count, "\(op) \(value)")
    }
  }

  @Test func numbersAndBooleansCompareAsSuch() throws {
    let sandbox = try people()
    for (op, value, count): (String, JSONValue, Int64) in [
      ("=", 7, 1), ("=", "7", 1), (">", 7, 1), (">=", 7, 2), ("<", 100, 2), ("!=", 7, 2), ("IN", [7, 12], 2),
      ("NIN", [7], 2), ("=", nil, 1), ("~", "7", -400), (">", "x", -400), (">", nil, -400),
    ] {
      #expect(try found(sandbox, "owner_id", op, value) == count, "\(op) \(value)")
    }
    #expect(try found(sandbox, "role", "=", "lead") == 1)
    #expect(try found(sandbox, "role", ">", "lead") == -400)
    #expect(try found(sandbox, "custom_attributes.plan", "=", "pro") == 1)
    #expect(try found(sandbox, "custom_attributes.logins", ">", 4) == 1)
    #expect(try found(sandbox, "unsubscribed_from_emails", "=", true) == 1)
    #expect(try found(sandbox, "unsubscribed_from_emails", ">", true) == -400)
  }

  @Test func contactDatesGoByTheDayOfTheWorkspace() throws {
    let sandbox = try people()
    // 12:00 UTC is 07:00 in New York: the day began at 05:00 UTC.
    let now = TestSandbox.now
    let midnight = now - 7 * 3_600
    for (op, value, count): (String, Int64, Int64) in [
      ("=", now, 3), ("=", midnight, 3), ("=", midnight - 1, 0), ("=", midnight + 86_400, 0),
      (">", now - 3_600, 0),
      (">", midnight - 1, 3), ("<", now + 3_600, 0), ("<", midnight + 86_400, 3), (">", now * 1_000, 0),
    ] {
      #expect(try found(sandbox, "created_at", op, .int(value)) == count, "\(op) \(value)")
    }
    #expect(try found(sandbox, "created_at", "=", .string(String(now))) == 3)
    for op in ["!=", ">=", "<=", "IN", "NIN", "~"] {
      #expect(
        try found(sandbox, "created_at", op, op.hasSuffix("IN") ? [.int(now)] : .int(now)) == -400, "\(op)")
    }
  }

  @Test func groupsNestTwiceAndHoldFifteen() throws {
    let sandbox = try people()
    func status(_ query: JSONValue) throws -> Int {
      try sandbox.client.post("/contacts/search", ["query": query]).status
    }
    let filter: JSONValue = ["field": "role", "operator": "=", "value": "lead"]
    func group(_ op: String, _ parts: [JSONValue]) -> JSONValue {
      ["operator": .string(op), "value": .array(parts)]
    }
    #expect(try status(group("AND", [group("OR", [filter, filter]), group("OR", [filter])])) == 200)
    #expect(try status(group("AND", [group("OR", [group("AND", [filter])])])) == 400)
    #expect(try status(group("AND", Array(repeating: filter, count: 15))) == 200)
    #expect(try status(group("AND", Array(repeating: filter, count: 16))) == 400)
    #expect(try status(group("AND", [])) == 400)
    #expect(try status(["field": "role", "operator": "=", "value": ["lead"]]) == 400)
    #expect(try status(["field": "role", "operator": "IN", "value": "lead"]) == 400)
    #expect(try status(["field": "no_such", "operator": "=", "value": 1]) == 400)
    #expect(try status(["field": "role", "operator": "LIKE", "value": "x"]) == 400)
    #expect(try status("x") == 400)
    #expect(try sandbox.client.post("/contacts/search", [:]).code == "parameter_not_found")
    let either = try sandbox.client.post(
      "/contacts/search",
      ["query": group("OR", [filter, ["field": "name", "operator": "^", "value": "anna"]])])
    #expect(either.json["total_count"] == 2)
  }

  @Test func nothingFoundHasNoPages() throws {
    let sandbox = try people()
    let none = try sandbox.client.search("contacts", "email", "=", "nobody").json
    #expect(none["total_count"] == 0)
    #expect(none["pages"]?["total_pages"] == 0)
    #expect(none["pages"]?["next"] == nil)
    #expect(none["data"] == [])
  }

  @Test func companySegmentsAreAskedForByType() throws {
    let client = try TestSandbox { $0.seed = .demo }.client
    let people = try client.get("/segments").json["segments"]?.arrayValue ?? []
    let companies = try client.get("/segments?type=company").json["segments"]?.arrayValue ?? []
    #expect(people.count == 4 && people.allSatisfy { $0["person_type"] != "company" })
    #expect(companies.count == 1 && companies[0]["person_type"] == "company")
  }

  @Test func tagsAndSegmentsAreSearchedByID() throws {
    let sandbox = try people()
    let tag = try sandbox.tag("t")
    let id = try sandbox.contact(["email": "tagged@example.com"])
    _ = try sandbox.client.post("/contacts/\(id)/tags", ["id": .string(tag)])
    #expect(try found(sandbox, "tag_id", "=", .string(tag)) == 1)
    #expect(try found(sandbox, "tag_id", "!=", .string(tag)) == 3)
    #expect(try found(sandbox, "tag_id", "IN", [.string(tag)]) == -400)
    #expect(try found(sandbox, "tag_id", "~", .string(tag)) == -400)
    let segments = try sandbox.client.get("/segments?include_count=true").json["segments"]?.arrayValue ?? []
    let new = try #require(segments.first { $0["name"] == "New" })
    #expect(try found(sandbox, "segment_id", "=", new["id"] ?? nil) == new["count"]?.intValue)
  }

  @Test func pagesWalkToTheEndInAnyOrder() throws {
    let sandbox = try TestSandbox { $0.seed = .synthetic(contacts: 331) }
    for (field, order) in [
      ("created_at", "descending"), ("created_at", "ascending"), ("last_seen_at", "descending"),
      ("last_seen_at", "ascending"), ("email", "ascending"), ("name", "descending"),
      ("updated_at", "ascending"),
    ] {
      var ids: [String] = []
      var values: [JSONValue] = []
      var pagination: JSONValue = ["per_page": 50]
      var pages = 0
      while true {
        let page = try sandbox.client.post(
          "/contacts/search",
          [
            "query": ["field": "created_at", "operator": ">", "value": 0], "pagination": pagination,
            "sort": ["field": .string(field), "order": .string(order)],
          ]
        ).json
        pages += 1
        #expect(page["pages"]?["page"] == .int(Int64(pages)))
        for record in page["data"]?.arrayValue ?? [] {
          ids.append(record["id"]?.stringValue ?? "")
          values.append(record[field] ?? nil)
        }
        guard let next = page["pages"]?["next"]?["starting_after"] else { break }
        pagination = ["per_page": 50, "starting_after": next]
      }
      #expect(pages == 7)
      #expect(ids.count == 331, "\(field) \(order)")
      #expect(Set(ids).count == 331, "\(field) \(order)")
      // Those without a value come last, whatever the direction.
      if let first = values.firstIndex(of: .null) {
        #expect(!values[first...].contains { !$0.isNull })
      }
      let numbers = values.compactMap(\.intValue)
      #expect(numbers == numbers.sorted(by: order == "ascending" ? { $0 < $1 } : { $0 > $1 }))
    }
  }

  @Test func aCursorInTheQueryOfASearchIsIgnored() throws {
    let sandbox = try TestSandbox { $0.seed = .synthetic(contacts: 5) }
    let body: JSONValue = [
      "query": ["field": "created_at", "operator": ">", "value": 0], "pagination": ["per_page": 2],
    ]
    let first = try sandbox.client.post("/contacts/search", body).json
    let cursor = try #require(first["pages"]?["next"]?["starting_after"]?.stringValue)
    #expect(try sandbox.client.post("/contacts/search?starting_after=\(cursor)", body).json == first)
    let bad = try sandbox.client.post(
      "/contacts/search", ["query": body["query"] ?? nil, "pagination": ["starting_after": "junk!"]])
    #expect(bad.status == 400)
  }

  @Test func aKeySetPageMovesWithWhatIsWritten() throws {
    let sandbox = try TestSandbox { $0.seed = .synthetic(contacts: 4) }
    let client = sandbox.client
    func page(_ cursor: JSONValue?) throws -> JSONValue {
      var pagination: JSONValue = ["per_page": 2]
      if let cursor { pagination = ["per_page": 2, "starting_after": cursor] }
      return try client.post(
        "/contacts/search",
        [
          "query": ["field": "created_at", "operator": ">", "value": 0], "pagination": pagination,
          "sort": ["field": "updated_at", "order": "ascending"],
        ]
      ).json
    }
    let first = try page(nil)
    let moved = try #require(first["data"]?[0]?["id"]?.stringValue)
    _ = try client.put("/contacts/\(moved)", ["name": "moved"])
    let second = try page(first["pages"]?["next"]?["starting_after"])
    let third = try page(second["pages"]?["next"]?["starting_after"])
    // The record that was changed comes a second time, at the end.
    #expect(third["data"]?[0]?["id"]?.stringValue == moved)
  }

  @Test func newContactsMayLagBehindInSearch() throws {
    let sandbox = try TestSandbox { $0.searchLag = 120 }
    let id = try sandbox.contact(["email": "late@example.com"])
    #expect(try found(sandbox, "email", "=", "late@example.com") == 0)
    #expect(try sandbox.client.get("/contacts/\(id)").status == 200)
    try sandbox.server.advanceClock(by: 121)
    #expect(try found(sandbox, "email", "=", "late@example.com") == 1)
  }

  @Test func wordsOfTheFirstMessageAreFoundOneByOne() throws {
    let sandbox = try TestSandbox()
    let contact = try sandbox.contact(["email": "a@example.com"])
    _ = try sandbox.conversation(with: contact, body: "<p>I need <b>Support</b>: now!</p>")
    for (op, value, count): (String, String, Int64) in [
      ("=", "support", 1), ("=", "SUPPORT", 1), ("=", "need support", 0), ("~", "need support", 0),
      ("~", "upp", 1),
      ("=", "upp", 0), ("^", "sup", 1), ("$", "ort", 1), ("^", "ort", 0), ("!=", "support", 0),
      ("!~", "other", 1),
      ("=", "b", 0),
    ] {
      let answer = try sandbox.client.search("conversations", "source.body", op, .string(value)).json
      #expect(answer["total_count"]?.intValue == count, "\(op) \(value)")
    }
  }

  @Test func everyFieldIsTranslatedForEachOfItsOperators() throws {
    let sandbox = try TestSandbox { $0.seed = .demo }
    for (resource, fields) in [
      ("contacts", SearchField.contacts), ("conversations", SearchField.conversations),
      ("tickets", SearchField.tickets),
    ] {
      for field in fields where field.kind != .segment {
        for op in field.operators {
          let single: JSONValue =
            switch field.kind {
            case .boolean: true
            case .integer, .day, .instant: 1
            default: "1"
            }
          let value: JSONValue = op == .in || op == .notIn ? .array([single]) : single
          let response = try sandbox.client.search(resource, field.name, op.rawValue, value)
          #expect(response.status == 200, "\(resource) \(field.name) \(op.rawValue)")
        }
      }
    }
  }
}
