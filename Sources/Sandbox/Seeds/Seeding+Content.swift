import JSON
import SQLite

/// The rest of the demo: articles, news, outside pages, attributes that nobody uses, and what went on lately.
/// Each part has numbers of its own, so that another one more or less changes nothing else.
extension Seeding {
  private func randomness(_ part: UInt64) -> Randomness {
    Randomness(workspace.identity.seed, stream: 0xDE31_0000 + part)
  }

  func content() throws {
    try articles()
    try news()
    try pages()
    try attributes()
  }

  // MARK: Help center

  private func articles() throws {
    var random = randomness(1)
    for (index, name) in SeedNames.collections.enumerated() {
      let number = try workspace.nextNumber("collection")
      let created = now - 500 * Self.day + Int64(index) * Self.day
      try workspace.put(
        .collection, number, name: name, updatedAt: created,
        [
          "id": .string(String(number)), "workspace_id": .string(workspace.workspaceID),
          "name": .string(name),
          "description": nil, "created_at": .int(created), "updated_at": .int(created), "url": nil,
          "icon": "book-bookmark", "order": .int(number), "default_locale": "en", "translated_content": nil,
          "parent_id": nil, "help_center_id": 1,
        ])
    }
    for index in 0..<40 {
      let number = try workspace.nextNumber("article")
      let text = SeedNames.articles[index % SeedNames.articles.count]
      let title =
        index < SeedNames.articles.count
        ? text.title : "\(text.title) (\(index / SeedNames.articles.count + 1))"
      let created = now - random.between(60 * Self.day, 600 * Self.day)
      let updated = min(now, created + random.between(0, 200 * Self.day))
      let isPublished = random.chance(70)
      let author = random.pick(admins, default: 0)
      // A third links to where the documents used to be, or to a page that has moved.
      let link =
        switch random.below(3) {
        case 0: " See <a href=\"http://docs.old.parlance.example/\(number)\">the manual</a>."
        default:
          " See <a href=\"https://help.parlance.example/en/articles/\(1 + random.below(40))\">more</a>."
        }
      let body = "<p>\(text.body)\(link)</p>"
      // Nobody has translated all of them, and some translations are drafts.
      var translations: JSONObject = ["type": "article_translated_content"]
      for locale in ["de", "fr"] where random.chance(locale == "de" ? 60 : 30) {
        translations[locale] = [
          "type": "article_content", "title": .string("[\(locale)] \(title)"), "description": "",
          "body": .string(body), "author_id": .int(author),
          "state": random.chance(75) ? "published" : "draft",
          "created_at": .int(updated), "updated_at": .int(updated),
          "url": .string("https://help.parlance.example/\(locale)/articles/\(number)"),
        ]
      }
      let parent = random.chance(85) ? 1 + Int64(random.below(SeedNames.collections.count)) : nil
      try workspace.put(
        .article, number, name: title, updatedAt: updated,
        [
          "type": "article", "id": .string(String(number)), "workspace_id": .string(workspace.workspaceID),
          "title": .string(title), "description": "", "body": .string(body), "author_id": .int(author),
          "state": isPublished ? "published" : "draft", "created_at": .int(created),
          "updated_at": .int(updated),
          "url": isPublished ? .string("https://help.parlance.example/en/articles/\(number)") : .null,
          "parent_id": parent.map { .int($0) } ?? .null,
          "parent_ids": .array(parent.map { [.int($0)] } ?? []),
          "parent_type": parent == nil ? .null : "collection", "default_locale": "en",
          "translated_content": translations.count > 1 ? .object(translations) : .null,
        ])
    }
  }

  private func news() throws {
    var random = randomness(2)
    for title in SeedNames.news {
      let number = try workspace.nextNumber("news_item")
      let created = now - random.between(0, 200 * Self.day)
      let isLive = random.chance(75)
      try workspace.put(
        .newsItem, number, name: title, updatedAt: created,
        [
          "type": "news-item", "id": .string(String(number)), "workspace_id": .string(workspace.workspaceID),
          "title": .string(title), "body": .string("<p>\(title).</p>"),
          "sender_id": .int(random.pick(admins, default: 0)), "state": isLive ? "live" : "draft",
          "newsfeed_assignments": isLive
            ? [["newsfeed_id": .int(Int64(1 + random.below(2))), "published_at": .int(created)]] : [],
          "labels": [], "cover_image_url": nil, "reactions": [], "deliver_silently": false,
          "created_at": .int(created), "updated_at": .int(created),
        ])
    }
  }

  private func pages() throws {
    let source = try workspace.nextNumber("content_import_source")
    try workspace.put(
      .contentSource, source,
      [
        "type": "content_import_source", "id": .int(source), "url": "https://docs.parlance.example",
        "sync_behavior": "api", "status": "active", "last_synced_at": .int(now - 40 * Self.day),
        "created_at": .int(now - 300 * Self.day), "updated_at": .int(now - 40 * Self.day),
      ])
    for index in 1...12 {
      let page = try workspace.nextNumber("external_page")
      let at = now - Int64(index) * 20 * Self.day
      try workspace.put(
        .externalPage, page, name: "chapter-\(index)", parent: source, updatedAt: at,
        [
          "type": "external_page", "id": .string(String(page)), "title": .string("Manual, chapter \(index)"),
          "html": .string("<h1>Chapter \(index)</h1>"),
          "url": .string("https://docs.parlance.example/\(index)"), "fin_availability": true, "locale": "en",
          "ai_agent_availability": true, "ai_copilot_availability": true, "source_id": .int(source),
          "external_id": .string("chapter-\(index)"), "created_at": .int(at), "updated_at": .int(at),
          "last_ingested_at": .int(at),
        ])
    }
  }

  /// Declared once and never filled; one is archived already.
  private func attributes() throws {
    for (name, type) in [("legacy_id", "string"), ("old_plan", "string"), ("trial_score", "integer")] {
      _ = try workspace.addDataAttribute(
        name: name, model: "contact", type: type, description: "", options: nil, custom: true,
        messengerWritable: false)
    }
    _ = try workspace.addDataAttribute(
      name: "region", model: "company", type: "string", description: "",
      options: ["EMEA", "Americas", "APAC"],
      custom: true, messengerWritable: false)
    let old = try workspace.addDataAttribute(
      name: "fax", model: "contact", type: "string", description: "", options: nil, custom: true,
      messengerWritable: false)
    guard var value = try workspace.item(.dataAttribute, old)?.objectValue else { return }
    value["archived"] = true
    try workspace.put(.dataAttribute, old, name: "contact.fax", archived: true, .object(value))
  }

  // MARK: What went on

  func goings() throws {
    try activities()
    try events()
    try cards()
    try ratings()
  }

  private func activities() throws {
    var random = randomness(3)
    for index in 0..<150 {
      let number = try workspace.nextNumber("activity_log")
      let activity = random.pick(SeedNames.activities, default: ("", ""))
      let admin = random.pick(admins, default: 0)
      let value = try workspace.item(.admin, admin)
      let at = now - Int64(150 - index) * 60 * Self.day / 150
      try workspace.put(
        .activityLog, number, name: activity.type, updatedAt: at,
        [
          "id": .string(String(number)),
          "performed_by": [
            "type": "admin", "id": .string(String(admin)), "email": value?["email"] ?? .null,
            "ip": "203.0.113.7",
          ],
          "metadata": [:], "created_at": .int(at), "activity_type": .string(activity.type),
          "activity_description": .string("\(value?["name"]?.stringValue ?? "") \(activity.description)"),
        ])
    }
  }

  private func events() throws {
    var random = randomness(4)
    let insert = try workspace.database.prepare(
      "INSERT INTO event (n, contact, name, created_at, json) VALUES (?, ?, ?, ?, ?)")
    for contact in 1...Self.demoContacts where random.chance(20) {
      for _ in 0...random.below(4) {
        let number = try workspace.nextNumber("event")
        let at = now - random.between(0, 88 * Self.day)
        try insert.run(
          .integer(number), .integer(contact), .text(random.pick(SeedNames.eventNames)), .integer(at),
          .text(#"{"source":"billing","amount":\#(random.below(400))}"#))
      }
    }
  }

  /// Some people write down what nobody should keep.
  private func cards() throws {
    var random = randomness(5)
    for (index, number) in try demoConversationNumbers().enumerated() where index % 23 == 4 {
      guard
        let owner = try workspace.database.firstInteger(
          "SELECT contact FROM participant WHERE owner = ? LIMIT 1", .integer(number))
      else { continue }
      let at = try workspace.conversation(number)["updated_at"]?.intValue ?? now
      try workspace.addPart(
        number, "comment", body: random.pick(SeedNames.cards),
        author: Workspace.author(try workspace.contactRecord(owner)), at: at)
    }
  }

  private func ratings() throws {
    var random = randomness(6)
    for number in try demoConversationNumbers() {
      var value = try workspace.conversation(number)
      guard value["state"] == "closed", random.chance(35), let at = value["updated_at"]?.intValue,
        let owner = try workspace.database.firstInteger(
          "SELECT contact FROM participant WHERE owner = ? LIMIT 1", .integer(number))
      else { continue }
      let contact = try workspace.contactRecord(owner)
      value["conversation_rating"] = [
        "rating": .int(random.chance(70) ? random.between(4, 5) : random.between(1, 3)),
        "remark": random.chance(20) ? "Quick and kind." : "", "created_at": .int(at),
        "contact": [
          "type": "contact", "id": .string(contact.id),
          "external_id": contact.externalID.map { .string($0) } ?? .null,
        ],
        "teammate": [
          "type": "admin", "id": .string(String(value["admin_assignee_id"]?.intValue ?? admins[0])),
        ],
      ]
      try workspace.save(number, conversation: value)
    }
  }

  private func demoConversationNumbers() throws -> [Int64] {
    var numbers: [Int64] = []
    try workspace.database.each("SELECT n FROM conversation ORDER BY n") { row in
      numbers.append(row.integer(0) ?? 0)
    }
    return numbers
  }
}
