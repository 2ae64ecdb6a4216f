import JSON
import Sandbox
import Testing

struct OtherResourcesTests {
  private let admin = JSONValue.int(Int64(TestSandbox.admin) ?? 0)

  @Test func dataAttributesHaveRules() throws {
    let client = try TestSandbox().client
    func create(_ name: String, _ type: String, _ more: JSONObject = [:]) throws -> RawClient.Response {
      var body: JSONObject = ["name": .string(name), "model": "contact", "data_type": .string(type)]
      for (key, value) in more { body[key] = value }
      return try client.post("/data_attributes", .object(body))
    }
    let made = try create("score", "integer")
    #expect(made.json["full_name"] == "custom_attributes.score")
    #expect(try create("score", "integer").status == 400)
    #expect(try create("a/b", "string").status == 400)
    #expect(try create("x", "list").status == 400)
    #expect(try create("y", "string", ["options": [["value": "one"]]]).status == 400)
    #expect(
      try create("y", "string", ["options": [["value": "one"], "two"]]).json["options"] == ["one", "two"])
    #expect(
      try client.post("/contacts", ["external_id": "1", "custom_attributes": ["score": "high"]]).status == 400
    )
    let id = made.json["id"]?.intValue ?? 0
    #expect(try client.put("/data_attributes/\(id)", ["archived": true]).json["archived"] == true)
    #expect(try client.put("/data_attributes/999", ["archived": true]).code == "field_not_found")
  }

  @Test func eventsPageByTimeAndEndAfterNinetyDays() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let id = try sandbox.contact(["external_id": "e1"])
    for number in 0..<7 {
      let sent = try client.post(
        "/events",
        [
          "event_name": .string("ordered \(number % 2)"),
          "created_at": .int(TestSandbox.now - Int64(number / 2)), "user_id": "e1",
        ])
      #expect(sent.status == 202)
      #expect(sent.body.isEmpty)
    }
    _ = try client.post(
      "/events", ["event_name": "old", "created_at": .int(TestSandbox.now - 91 * 86_400), "id": .string(id)])
    var seen: Set<String> = []
    var path = "/events?type=user&user_id=e1&per_page=3"
    while true {
      let page = try client.get(path).json
      for event in page["events"]?.arrayValue ?? [] { seen.insert(event["id"]?.stringValue ?? "") }
      guard let next = page["pages"]?["next"]?.stringValue else { break }
      path = String(next.dropFirst("http://127.0.0.1:\(sandbox.port)".count))
    }
    #expect(seen.count == 7)
    #expect(try client.get("/events?user_id=e1").status == 400)
    #expect(try client.post("/events", ["event_name": "x", "created_at": 1, "user_id": "no"]).status == 404)
    let summary = try client.get("/events?type=user&user_id=e1&summary=true").json
    #expect(summary["events"]?.arrayValue?.count == 3)
  }

  @Test func articlesAndCollectionsAreKept() throws {
    let client = try TestSandbox().client
    let collection = try client.post("/help_center/collections", ["name": "C"]).json["id"]?.stringValue ?? ""
    #expect(try client.post("/articles", ["title": "T"]).message?.hasPrefix("author_id") == true)
    let article = try client.post(
      "/articles",
      ["title": "Refunds", "author_id": admin, "parent_id": .int(Int64(collection) ?? 0), "body": "x"])
    #expect(article.json["state"] == "draft")
    let id = article.json["id"]?.stringValue ?? ""
    #expect(try client.put("/articles/\(id)", ["state": "published"]).json["url"] != .null)
    let found = try client.get("/articles/search?phrase=refund&state=published").json
    #expect(found["data"]?["articles"]?[0]?["id"]?.stringValue == id)
    #expect(try client.get("/articles").json["pages"]?["per_page"] == 25)
    #expect(try client.delete("/articles/\(id)").json["object"] == "article")
    #expect(try client.get("/articles/\(id)").status == 404)
    #expect(try client.delete("/help_center/collections/\(collection)").json["deleted"] == true)
  }

  @Test func newsGoesLiveInAFeed() throws {
    let client = try TestSandbox().client
    let item = try client.post(
      "/news/news_items",
      ["title": "N", "sender_id": admin, "state": "live", "newsfeed_assignments": [["newsfeed_id": 1]]])
    let id = item.json["id"]?.stringValue ?? ""
    #expect(try client.get("/news/newsfeeds/1/items").json["data"]?[0]?["id"]?.stringValue == id)
    #expect(try client.get("/news/newsfeeds/2/items").json["total_count"] == 0)
    for bad: JSONValue in [["x"], [nil], [1], [["newsfeed_id": "x"]], [[:]], "1"] {
      let refused = try client.post(
        "/news/news_items", ["title": "N", "sender_id": admin, "state": "live", "newsfeed_assignments": bad])
      #expect(refused.status == 400, "\(bad)")
    }
    #expect(try client.get("/news/newsfeeds/1/items").json["total_count"] == 1)
    #expect(try client.put("/news/news_items/\(id)", ["sender_id": admin]).status == 400)
    #expect(try client.delete("/news/news_items/\(id)").json["object"] == "news-item")
  }

  @Test func pagesGoWithTheirSourceAndAreNotDoubled() throws {
    let client = try TestSandbox().client
    let source = try client.post(
      "/ai/content_import_sources", ["sync_behavior": "api", "url": "https://x.example"])
    let page: JSONValue = [
      "title": "P", "html": "<p>x</p>", "locale": "en", "source_id": source.json["id"] ?? nil,
      "external_id": "9",
    ]
    let first = try client.post("/ai/external_pages", page)
    #expect(try client.post("/ai/external_pages", page).json["id"] == first.json["id"])
    #expect(try client.delete("/ai/content_import_sources/\(source.json["id"]?.intValue ?? 0)").status == 204)
    #expect(try client.get("/ai/external_pages").json["total_count"] == 0)
  }

  @Test func oneExportAtATimeGivesAGzippedFile() throws {
    let client = try TestSandbox { $0.seed = .demo }.client
    let range: JSONValue = ["created_at_after": 0, "created_at_before": .int(TestSandbox.now)]
    let job = try client.post("/export/content/data", range)
    let id = job.json["job_identifier"]?.stringValue ?? ""
    #expect(job.json["status"] == "pending")
    #expect(try client.post("/export/content/data", range).status == 429)
    var status: JSONValue?
    for _ in 0..<3 { status = try client.get("/export/content/data/\(id)").json["status"] }
    #expect(status == "completed")
    #expect(try client.get("/download/content/data/\(id)").status == 406)
    let file = try client.call(
      "GET", "/download/content/data/\(id)", headers: ["Accept": "application/octet-stream"])
    #expect(Array(file.body.prefix(2)) == [0x1F, 0x8B])
    #expect(try client.call("POST", "/export/cancel/\(id)").json["status"] == "completed")
  }

  @Test func messagesMakeNoConversationUnlessAsked() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    let id = try sandbox.contact(["external_id": "e1"])
    var body: JSONObject = [
      "message_type": "in_app", "body": "Hi", "from": ["type": "admin", "id": admin],
      "to": ["type": "user", "id": .string(id)],
    ]
    #expect(try client.post("/messages", .object(body)).json["message_type"] == "inapp")
    #expect(try client.get("/conversations").json["total_count"] == 0)
    body["create_conversation_without_contact_reply"] = true
    #expect(try client.post("/messages", .object(body)).json["conversation_id"] != nil)
    #expect(try client.get("/conversations").json["total_count"] == 1)
    body["message_type"] = "email"
    #expect(try client.post("/messages", .object(body)).status == 422)
    #expect(
      try client.post("/phone_call_redirects", ["phone": "+15551234567"]).json["type"]
        == "phone_call_redirect")
    #expect(try client.post("/phone_call_redirects", ["phone": "x"]).status == 400)
  }

  @Test func visitorsBecomeContacts() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    #expect(try client.get("/visitors?user_id=visitor-1").json["type"] == "visitor")
    #expect(try client.put("/visitors", ["user_id": "visitor-1", "name": "V"]).json["name"] == "V")
    let contact = try client.post(
      "/visitors/convert", ["type": "lead", "user": [:], "visitor": ["user_id": "visitor-1"]])
    #expect(contact.json["role"] == "lead")
    #expect(contact.json["name"] == "V")
    #expect(try client.get("/visitors?user_id=visitor-1").message == "Visitor Not Found")
  }

  @Test func articlesComeLatestChangeFirst() throws {
    let sandbox = try TestSandbox()
    let client = sandbox.client
    var ids: [String] = []
    for title in ["A", "B", "C"] {
      ids.append(
        try client.post("/articles", ["title": .string(title), "author_id": admin]).json["id"]?.stringValue
          ?? "")
      try sandbox.server.advanceClock(by: 10)
    }
    _ = try client.put("/articles/\(ids[0])", ["title": "A2"])
    let order = try client.get("/articles").json["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue }
    #expect(order == [ids[0], ids[2], ids[1]])
    let first = try client.get("/articles?per_page=2").json
    #expect(first["pages"]?["next"]?.stringValue?.contains("/articles?per_page=2&page=2") == true)
    #expect(try client.get("/articles?per_page=2&page=2").json["pages"]?["next"] == .null)
  }

  @Test func eventsHaveAtMostTenKeysAndAnyValues() throws {
    let sandbox = try TestSandbox()
    _ = try sandbox.contact(["external_id": "e1"])
    func send(_ count: Int) throws -> Int {
      var metadata: JSONObject = ["price": ["amount": 12, "currency": "eur"], "paid": true]
      for number in 2..<count { metadata["k\(number)"] = .int(Int64(number)) }
      return try sandbox.client.post(
        "/events",
        [
          "event_name": "x", "created_at": .int(TestSandbox.now), "user_id": "e1",
          "metadata": .object(metadata),
        ]
      ).status
    }
    #expect(try send(10) == 202)
    #expect(try send(11) == 400)
    let event = try sandbox.client.get("/events?type=user&user_id=e1").json["events"]?[0]
    #expect(event?["metadata"]?["price"]?["amount"] == 12)
  }

  @Test func theSameEventOfAUserCountsOnce() throws {
    let sandbox = try TestSandbox()
    _ = try sandbox.contact(["external_id": "e1"])
    for (name, at) in [("x", 0), ("x", 0), ("x", 1), ("y", 0)] {
      let answer = try sandbox.client.post(
        "/events",
        ["event_name": .string(name), "created_at": .int(TestSandbox.now - Int64(at)), "user_id": "e1"])
      #expect(answer.status == 202)
    }
    let events = try sandbox.client.get("/events?type=user&user_id=e1").json["events"]?.arrayValue
    #expect(events?.count == 3)
  }

  @Test func tenAttachmentsAreKept() throws {
    let sandbox = try TestSandbox()
    let id = try sandbox.conversation(with: try sandbox.contact(["external_id": "e1"]))
    let urls = JSONValue.array((0..<12).map { .string("https://x.example/\($0).png") })
    let reply = try sandbox.client.post(
      "/conversations/\(id)/reply",
      [
        "message_type": "comment", "type": "admin", "admin_id": .string(TestSandbox.admin), "body": "see",
        "attachment_urls": urls,
      ]
    ).json
    #expect(
      reply["conversation_parts"]?["conversation_parts"]?[0]?["attachments"]?.arrayValue?.count == 10)
  }

  @Test func aSecondReplyIsASecondOne() throws {
    let sandbox = try TestSandbox()
    let contact = try sandbox.contact(["external_id": "e1"])
    let id = try sandbox.conversation(with: contact)
    let body: JSONValue = [
      "message_type": "note", "type": "admin", "admin_id": .string(TestSandbox.admin), "body": "again",
    ]
    for _ in 0..<2 { _ = try sandbox.client.post("/conversations/\(id)/reply", body) }
    #expect(try sandbox.client.get("/conversations/\(id)").json["conversation_parts"]?["total_count"] == 2)
    for _ in 0..<2 { _ = try sandbox.client.post("/contacts/\(contact)/notes", ["body": "again"]) }
    #expect(try sandbox.client.get("/contacts/\(contact)/notes").json["total_count"] == 2)
  }

  @Test func whatComesWithTheProductIsNotArchived() throws {
    let client = try TestSandbox().client
    let attributes = try client.get("/data_attributes?model=contact").json["data"]?.arrayValue ?? []
    let email = try #require(attributes.first { $0["name"] == "email" }?["id"]?.intValue)
    let refused = try client.put("/data_attributes/\(email)", ["archived": true])
    #expect(refused.status == 422)
    #expect(refused.code == "data_invalid")
    #expect(try client.get("/data_attributes?model=conversation").status == 200)
    #expect(
      try client.post("/data_attributes", ["name": "x", "model": "conversation", "data_type": "string"])
        .status
        == 400)
  }

  @Test func exportsEndAfterTwoDays() throws {
    let sandbox = try TestSandbox { $0.seed = .demo }
    let client = sandbox.client
    let range: JSONValue = ["created_at_after": 0, "created_at_before": .int(TestSandbox.now)]
    let id = try client.post("/export/content/data", range).json["job_identifier"]?.stringValue ?? ""
    for _ in 0..<3 { _ = try client.get("/export/content/data/\(id)") }
    let accept = ["Accept": "application/octet-stream"]
    #expect(try client.call("GET", "/download/content/data/\(id)", headers: accept).status == 200)
    try sandbox.server.advanceClock(by: 2 * 86_400 + 1)
    #expect(try client.call("GET", "/download/content/data/\(id)", headers: accept).status == 404)
    // Nothing was sent in the future: a job without data says so.
    let none: JSONValue = [
      "created_at_after": .int(TestSandbox.now * 2), "created_at_before": .int(TestSandbox.now * 3),
    ]
    let empty = try client.post("/export/content/data", none).json["job_identifier"]?.stringValue ?? ""
    var status: JSONValue?
    for _ in 0..<3 { status = try client.get("/export/content/data/\(empty)").json["status"] }
    #expect(status == "no_data")
  }
}
