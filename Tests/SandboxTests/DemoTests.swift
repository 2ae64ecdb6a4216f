import JSON
import Testing

@testable import Sandbox

/// Each of the jobs that people do in bulk finds something to do in the demo.
struct DemoTests {
  private let sandbox: TestSandbox
  private var client: RawClient { sandbox.client }
  private static let day: Int64 = 86_400
  private static let now = TestSandbox.now

  init() throws { sandbox = try TestSandbox { $0.seed = .demo } }

  private func count(_ resource: String, _ field: String, _ op: String, _ value: JSONValue) throws -> Int64 {
    try client.search(resource, field, op, value).json["total_count"]?.intValue ?? -1
  }

  private func both(_ resource: String, _ one: JSONValue, _ other: JSONValue) throws -> Int64 {
    try client.post(
      "/\(resource)/search", ["query": ["operator": "AND", "value": [one, other]]]
    ).json["total_count"]?.intValue ?? -1
  }

  private func filter(_ field: String, _ op: String, _ value: JSONValue) -> JSONValue {
    ["field": .string(field), "operator": .string(op), "value": value]
  }

  private func list(_ path: String, _ key: String = "data") throws -> [JSONValue] {
    try client.get(path).json[key]?.arrayValue ?? []
  }

  @Test func conversationsWaitAreStaleBelongToLeaversAndMentionIncidents() throws {
    #expect(try count("conversations", "source.body", "=", "outage") >= 10)
    #expect(try count("conversations", "tag_ids", "=", "22") >= 5)
    let stale = filter("updated_at", "<", .int(Self.now - 30 * Self.day))
    #expect(try both("conversations", filter("state", "=", "open"), stale) >= 20)
    let last = try #require(try list("/admins", "admins").last?["id"])
    let leaver = filter("admin_assignee_id", "=", last)
    #expect(try both("conversations", leaver, filter("state", "=", "open")) >= 5)
    #expect(try both("conversations", leaver, filter("state", "=", "closed")) >= 5)
    #expect(try both("conversations", filter("state", "=", "snoozed"), stale) >= 1)
    #expect(try count("conversations", "conversation_rating.score", ">", 0) >= 20)
  }

  @Test func contactsAreStaleDoubleGoneAndOwned() throws {
    #expect(try count("contacts", "last_seen_at", "<", .int(Self.now - 90 * Self.day)) >= 200)
    #expect(try count("contacts", "role", "=", "lead") >= 300)
    #expect(try count("contacts", "owner_id", "=", 991_267_701) >= 20)
    #expect(try count("contacts", "ios_device", "!=", nil) >= 20)
    #expect(try count("contacts", "unsubscribed_from_emails", "=", true) >= 20)
    // An erased address is found by trying to take it: of the archived nobody else tells.
    let named = try client.search("contacts", "id", "!=", nil).json["data"]?.arrayValue ?? []
    #expect(!named.isEmpty)
    let gone = try client.post("/contacts", ["external_id": "user-2001"])
    #expect(gone.status == 409)
    #expect(gone.message?.contains("archived") == true)
    let id = try #require(gone.message?.split(separator: "=").last.map(String.init))
    #expect(try client.call("POST", "/contacts/\(id)/unarchive").status == 200)
    #expect(try client.get("/contacts/\(id)").status == 200)
  }

  @Test func companiesAreEnteredTwiceUnderSeveralNames() throws {
    let names = try list("/companies?per_page=60").compactMap { $0["name"]?.stringValue?.lowercased() }
    for again in ["lumen labs", "northwind"] {
      #expect(names.filter { $0.hasPrefix(again) }.count >= 2, "\(again)")
    }
  }

  @Test func ticketsHaveStatesToLeaveAndAttributesToFill() throws {
    #expect(try count("tickets", "state", "=", "in_progress") >= 10)
    #expect(try count("tickets", "state", "=", "resolved") >= 10)
    #expect(try both("tickets", filter("open", "=", true), filter("ticket_type_id", "=", "1")) >= 20)
    let attributes =
      try client.get("/ticket_types/1").json["ticket_type_attributes"]?["data"]?.arrayValue ?? []
    let score = try #require(attributes.first { $0["name"] == "priority_score" }?["id"]?.stringValue)
    #expect(try count("tickets", "ticket_attribute.\(score)", "=", nil) >= 10)
  }

  @Test func helpCenterNewsAndOutsidePagesWantUpkeep() throws {
    let articles = try list("/articles?per_page=150")
    #expect(articles.count == 40)
    #expect(
      articles.filter { $0["body"]?.stringValue?.contains("docs.old.parlance.example") == true }.count >= 5)
    #expect(articles.filter { $0["state"] == "draft" }.count >= 5)
    #expect(articles.filter { $0["translated_content"]?["de"] == nil }.count >= 5)
    #expect(articles.filter { $0["translated_content"]?["de"]?["state"] == "draft" }.count >= 1)
    #expect(try list("/help_center/collections").count == 5)
    #expect(try list("/news/news_items").count == 8)
    #expect(try list("/news/newsfeeds").count == 2)
    #expect(try list("/ai/content_import_sources").count == 1)
    #expect(try list("/ai/external_pages").count == 12)
  }

  @Test func conversationsHoldWhatNobodyShouldKeep() throws {
    var cards = 0
    for page in 0..<4 {
      let ids =
        try client.post(
          "/conversations/search",
          [
            "query": filter("created_at", "<", .int(Self.now - Int64(page) * 75 * Self.day)),
            "pagination": ["per_page": 120],
          ]
        ).json["conversations"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
      for id in ids
      where String(decoding: try client.get("/conversations/\(id)").body, as: UTF8.self).contains("4242 4242")
      {
        cards += 1
      }
    }
    #expect(cards >= 3)
  }

  @Test func attributesLieUnusedAndActivitiesAndEventsHappened() throws {
    let attributes = try list("/data_attributes?model=contact&include_archived=true")
    #expect(attributes.contains { $0["archived"] == true })
    for name in ["legacy_id", "old_plan", "trial_score"] {
      #expect(attributes.contains { $0["name"]?.stringValue == name })
      #expect(try count("contacts", "custom_attributes.\(name)", "!=", nil) == 0)
    }
    #expect(try count("contacts", "custom_attributes.plan", "!=", nil) >= 500)
    let month = try client.get("/admins/activity_logs?created_at_after=\(Self.now - 30 * Self.day)").json
    #expect(month["pages"]?["total_pages"]?.intValue ?? 0 >= 3)
    var withEvents = 0
    for contact in try list("/contacts?per_page=60") {
      let id = contact["id"]?.stringValue ?? ""
      if try !list("/events?type=user&intercom_user_id=\(id)", "events").isEmpty { withEvents += 1 }
    }
    #expect(withEvents >= 3)
  }
}
