import JSON
import SQLite

/// The workspace that newcomers meet: small, believable, untidy.
extension Seeding {
  static let day: Int64 = 86_400

  func demo() throws {
    var random = Randomness(workspace.identity.seed, stream: 0xDE30)
    try tags()
    try companies(&random)
    try contactLinks(&random)
    try conversations(&random)
    try tickets(&random)
    try content()
    try goings()
    try archived()
    try workspace.database.execute(Self.listed)
  }

  /// Marks contacts that have lists of their own.
  static let listed = """
    UPDATE contact SET listed = 1 WHERE n IN (SELECT record FROM tagging WHERE kind = 1
      UNION SELECT contact FROM membership UNION SELECT contact FROM note UNION SELECT contact FROM subscription)
    """

  private func tags() throws {
    for name in SeedNames.tags {
      let number = try workspace.nextNumber("tag")
      try workspace.put(
        .tag, number, name: name, ["type": "tag", "id": .string(String(number)), "name": .string(name)])
    }
  }

  private func companies(_ random: inout Randomness) throws {
    for index in 0..<60 {
      let number = try workspace.nextNumber("company")
      let created = now - random.between(30 * Self.day, 700 * Self.day)
      let base = SeedNames.companies[index % SeedNames.companies.count]
      let name = index < SeedNames.companies.count ? base : SeedNames.again(base, index)
      let request = max(created, now - random.between(0, 200 * Self.day))
      try workspace.save(
        number,
        company: [
          "type": "company", "company_id": .string("company-\(number)"),
          "id": .string(workspace.companyIDs.text(number, createdAt: created)),
          "app_id": .string(workspace.workspaceID), "name": .string(name), "remote_created_at": .int(created),
          "created_at": .int(created), "updated_at": .int(request), "last_request_at": .int(request),
          "size": .int(random.between(1, 900)), "website": nil,
          "industry": .string(random.pick(SeedNames.industries)),
          "monthly_spend": .int(random.between(0, 4_000)),
          "session_count": .int(random.between(1, 500)),
          "plan": ["type": "plan", "id": "1", "name": .string(random.pick(SeedNames.plans))],
          "custom_attributes": [:],
        ])
    }
  }

  private func contactLinks(_ random: inout Randomness) throws {
    let database = workspace.database
    let tagging = try database.prepare(
      "INSERT OR IGNORE INTO tagging (tag, kind, record, applied_at, admin) VALUES (?, 1, ?, ?, ?)")
    let membership = try database.prepare(
      "INSERT OR IGNORE INTO membership (contact, company, since) VALUES (?, ?, ?)")
    for contact in 1...Self.demoContacts {
      // A few have more tags than a contact shows at once.
      let tags = contact % 400 == 7 ? 14 : random.chance(35) ? 1 + random.below(3) : 0
      for _ in 0..<tags {
        try tagging.run(
          .integer(Int64(1 + random.below(SeedNames.contactTags))), .integer(contact),
          .integer(now - random.between(0, 400 * Self.day)), .integer(random.pick(admins, default: 0)))
      }
      if random.chance(45) {
        try membership.run(
          .integer(contact), .integer(1 + Int64(random.below(58))),
          .integer(now - random.between(0, 400 * Self.day)))
      }
      if random.chance(4) {
        let number = try workspace.nextNumber("note")
        try database.run(
          "INSERT INTO note (n, contact, admin, created_at, body) VALUES (?, ?, ?, ?, ?)", .integer(number),
          .integer(contact), .integer(random.pick(admins, default: 0)),
          .integer(now - random.between(0, 300 * Self.day)), "<p>Called, will follow up.</p>")
      }
      if random.chance(5) {
        try database.run(
          "INSERT OR IGNORE INTO subscription (contact, type, consent) VALUES (?, 1, 'opt_out')",
          .integer(contact))
      }
    }
    try database.execute(
      "UPDATE company SET user_count = (SELECT count(*) FROM membership WHERE company = company.n)")
  }

  /// People who left: their addresses are still taken, and nobody finds them.
  private func archived() throws {
    let writer = try ContactWriter(workspace.database, workspaceID: workspace.workspaceID)
    for index in 0..<Self.demoArchived {
      let number = try workspace.nextNumber("contact")
      let seed = contactSeed.contact(40 * index + 5)
      var record = ContactRecord(
        number: number, id: workspace.contactIDs.text(number, createdAt: seed.createdAt), role: "user",
        createdAt: seed.createdAt)
      record.name = seed.name
      record.email = seed.email.map { "left." + $0 } ?? "left.\(number)@example.org"
      record.externalID = "user-\(number)"
      record.updatedAt = max(record.createdAt, now - 90 * Self.day)
      try writer.insert(record, searchableAt: 0)
      try workspace.database.run("UPDATE contact SET state = 1 WHERE n = ?", .integer(number))
    }
  }

  // MARK: Conversations

  private func conversations(_ random: inout Randomness) throws {
    for index in 0..<Self.demoConversations {
      let number = try workspace.nextNumber("conversation")
      let contact = try workspace.contactRecord(1 + Int64(random.below(Int(Self.demoContacts))))
      // Older ones first, as they come; the last ones are of today.
      let age = Int64(Self.demoConversations - index) * 300 * Self.day / Int64(Self.demoConversations)
      let created = now - age - random.between(0, 6 * 3_600)
      var value = Workspace.newConversation(number: number, at: created)
      let topic = random.pick(SeedNames.subjects, default: ("", ""))
      let message = try workspace.nextNumber("message")
      value["source"] = [
        "type": .string(random.chance(30) ? "email" : "conversation"), "id": .string(String(message)),
        "delivered_as": "customer_initiated", "subject": .string(topic.subject),
        "body": .string("<p>\(topic.body)</p>"), "author": Workspace.author(contact), "attachments": [],
        "url": nil, "redacted": false,
      ]
      value["title"] = random.chance(40) ? .string(topic.subject) : .null
      value["first_contact_reply"] = ["created_at": .int(created), "type": "conversation", "url": nil]
      let admin = random.pick(admins, default: 0)
      if random.chance(70) { value["admin_assignee_id"] = .int(admin) }
      if random.chance(60) { value["team_assignee_id"] = .int(random.pick(teams, default: 0)) }
      if random.chance(8) { value["priority"] = "priority" }
      value["read"] = .bool(random.chance(70))

      // Parts: answers and replies in turn, ending some time before now.
      var at = created
      let parts = random.below(6)
      for part in 0..<parts {
        at = min(now, at + random.between(600, max(601, age / 12)))
        if part % 2 == 0 {
          try workspace.addPart(
            number, random.chance(15) ? "note" : "comment", body: random.pick(SeedNames.answers),
            author: try workspace.author(admin: admin), at: at)
          value["teammates"] = [
            "type": "admin.list", "admins": [["type": "admin", "id": .string(String(admin))]],
          ]
        } else {
          try workspace.addPart(
            number, "comment", body: random.pick(SeedNames.replies), author: Workspace.author(contact), at: at
          )
        }
      }
      let waits = parts % 2 == 0
      value["waiting_since"] = waits ? .int(at) : .null
      var statistics: JSONObject = [
        "type": "conversation_statistics", "count_reopens": 0,
        "count_assignments": .int(random.chance(70) ? 1 : 0),
        "count_conversation_parts": .int(Int64(parts)),
      ]
      switch random.below(100) {
      case 0..<45: break
      case 45..<85:
        at = min(now, at + random.between(300, Self.day))
        value["state"] = "closed"
        value["open"] = false
        value["waiting_since"] = nil as JSONValue
        statistics["first_close_at"] = .int(at)
        statistics["last_close_at"] = .int(at)
        statistics["time_to_first_close"] = .int(at - created)
        try workspace.addPart(number, "close", body: nil, author: try workspace.author(admin: admin), at: at)
      default:
        value["state"] = "snoozed"
        value["snoozed_until"] = .int(now + random.between(3_600, 14 * Self.day))
      }
      if parts > 0 { statistics["time_to_admin_reply"] = .int(random.between(300, 2 * Self.day)) }
      value["statistics"] = .object(statistics)
      value["updated_at"] = .int(at)
      try workspace.save(number, conversation: value)
      try workspace.addParticipant(contact.number, to: number)
      if random.chance(40) {
        let tag = SeedNames.conversationTags.lowerBound + random.below(SeedNames.conversationTags.count)
        try workspace.database.run(
          "INSERT OR IGNORE INTO tagging (tag, kind, record, applied_at, admin) VALUES (?, 3, ?, ?, ?)",
          .integer(Int64(tag + 1)), .integer(number), .integer(at), .integer(admin))
      }
    }
  }

  // MARK: Tickets

  private func tickets(_ random: inout Randomness) throws {
    let states = try workspace.itemNumbers(.ticketState)
    for index in 0..<Self.demoTickets {
      let number = try workspace.nextNumber("conversation")
      let type = Int64(1 + random.below(3))
      let topic = random.pick(SeedNames.subjects, default: ("", ""))
      let age = Int64(Self.demoTickets - index) * 200 * Self.day / Int64(Self.demoTickets)
      let created = now - age - random.between(0, 12 * 3_600)
      let admin = random.pick(admins, default: 0)
      var attributes: JSONObject = [
        "_default_title_": .string(topic.subject), "_default_description_": .string(topic.body),
      ]
      attributes["priority_score"] = random.chance(60) ? .int(random.between(1, 5)) : .null
      try workspace.addTicket(
        number, type: type, attributes: attributes,
        contacts: [1 + Int64(random.below(Int(Self.demoContacts)))],
        at: created, author: try workspace.author(admin: admin))
      var (value, _, state) = try workspace.ticket(number)
      var at = created
      let steps = random.below(4)
      for step in 0..<steps where states.indices.contains(step + 1) {
        at = min(now, at + random.between(3_600, max(3_601, age / 5)))
        let previous = try workspace.item(.ticketState, state)?["category"] ?? "submitted"
        state = states[step + 1]
        try workspace.addTicketPart(
          number, "ticket_state_updated_by_admin", body: nil, author: try workspace.author(admin: admin),
          at: at,
          extra: [
            "ticket_state": try workspace.item(.ticketState, state)?["category"] ?? "submitted",
            "previous_ticket_state": previous,
          ])
      }
      if steps == 3 { value["open"] = false }
      if random.chance(60) { value["admin_assignee_id"] = .string(String(admin)) }
      if random.chance(50) { value["team_assignee_id"] = .string(String(random.pick(teams, default: 0))) }
      value["updated_at"] = .int(at)
      try workspace.save(number, ticket: value, type: type, state: state)
    }
  }
}
