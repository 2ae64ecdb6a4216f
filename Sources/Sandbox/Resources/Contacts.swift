import JSON
import SQLite

/// Contacts: people, as users or leads.
extension Workspace {
  private var contactPages: RecordPages {
    RecordPages(
      workspace: self, table: "contact", idIsNumber: false, type: "list", itemKey: "data",
      append: { [self] row, out in
        try appendContact(row, offset: 2, number: row.integer(0) ?? 0, &out)
      },
      columns: Self.contactColumns, source: Self.contactSource)
  }

  private static let liveContacts = SQLCondition(sql: "state = 0")

  func listContacts(_ call: Call) throws -> Answer {
    // 10, whatever the description says.
    let size = try pageSize(try call.query.int("per_page"), default: 10)
    var all = Self.liveContacts
    all.plan = SearchPlan(count: SearchPlan.total)
    return try contactPages.answer(
      where: all, order: SortOrder(), perPage: size,
      cursor: try cursor(call.query["starting_after"]))
  }

  func searchContacts(_ call: Call) throws -> Answer {
    var base = Self.liveContacts
    // Search sees a new contact only after a while.
    if configuration.searchLag > 0 {
      base = SQLCondition(sql: "(state = 0 AND searchable_at <= ?)", values: [.integer(clock.now)])
    }
    return try search(
      .contacts, try SearchRequest(call.body), pages: contactPages, base: base, defaultSize: 50)
  }

  func showContact(_ call: Call) throws -> Answer {
    try contactAnswer(try liveContact(call.parameter()))
  }

  // MARK: Create and update

  func createContact(_ call: Call) throws -> Answer {
    let body = call.body
    let hasEmail = body["email"]?.stringValue.map { !$0.isEmpty } ?? false
    let hasExternal = body["external_id"]?.stringValue != nil
    guard hasEmail || hasExternal || body["role"]?.stringValue != nil else {
      throw APIError(
        400, "parameter_not_found", "A contact needs an email, an external_id or a role", field: "email")
    }
    let number = try nextNumber("contact")
    guard number <= HexIdentifier.limit else { throw APIError.serverError }
    let now = clock.now
    var record = ContactRecord(
      number: number, id: contactIDs.text(number, createdAt: now), role: "user", createdAt: now)
    try apply(body, to: &record)
    try refuseDuplicate(record)
    try add(record, searchableAt: now &+ configuration.searchLag)
    return try contactAnswer(number)
  }

  func updateContact(_ call: Call) throws -> Answer {
    var record = try contactRecord(try liveContact(call.parameter()))
    try apply(call.body, to: &record)
    try refuseDuplicate(record)
    record.updatedAt = clock.now
    try save(record)
    return try contactAnswer(record.number)
  }

  private func apply(_ body: JSONObject, to record: inout ContactRecord) throws {
    for (key, value) in body {
      switch key {
      case "role":
        guard let role = value.stringValue, role == "user" || role == "lead" else {
          throw APIError.invalid("role must be user or lead", field: "role")
        }
        record.role = role
      case "external_id": record.externalID = try string(value, key)
      case "email":
        let email = try string(value, key)
        if let email, !email.isEmpty, !Self.isEmail(email) {
          throw APIError.invalid("Email is invalid", field: "email")
        }
        record.email = email?.isEmpty == true ? nil : email
      case "phone": record.phone = try string(value, key)
      case "name": record.name = try string(value, key)
      case "avatar": record.avatar = try string(value["image_url"] ?? value, key)
      case "signed_up_at": record.signedUpAt = try int(value, key)
      case "last_seen_at": record.lastSeenAt = try int(value, key)
      case "owner_id": record.ownerID = try int(value, key)
      case "unsubscribed_from_emails":
        guard let flag = value.boolValue else {
          throw APIError.invalid("unsubscribed_from_emails must be a boolean", field: key)
        }
        record.unsubscribedFromEmails = flag
      case "language_override": record.languageOverride = try string(value, key)
      case "custom_attributes":
        guard let attributes = value.objectValue else {
          throw APIError.invalid("custom_attributes must be an object", field: key)
        }
        for (name, value) in attributes {
          try checkCustomAttribute(name, value, model: "contact")
          record.customAttributes[name] = value
        }
      default: break
      }
    }
  }

  /// One sign before and a dot after a single "at", no blanks: as loose as such checks are.
  private static func isEmail(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !text.contains(where: \.isWhitespace) else { return false }
    return parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
      && parts[1].contains(".")
  }

  /// Users are one of a kind by email and by external id, archived ones included; leads by external id alone.
  private func refuseDuplicate(_ record: ContactRecord) throws {
    var rivals: [(id: String, archived: Bool)] = []
    func look(_ sql: String, _ value: String) throws {
      try database.each(sql, .text(value), .integer(record.number)) { row in
        rivals.append((row.text(0) ?? "", row.integer(1) == ContactState.archived.rawValue))
      }
    }
    if let external = record.externalID {
      try look(
        "SELECT id, state FROM contact WHERE external_id = ? AND n <> ? AND state < 2 LIMIT 1", external)
    }
    if let email = record.email, record.role == "user" {
      // Live ones first: they are the ones that a client can go on with.
      try look(
        "SELECT id, state FROM contact WHERE email = ? AND n <> ? AND role = 'user' AND state < 2 "
          + "ORDER BY state, n LIMIT 1", email)
    }
    guard let rival = rivals.first(where: { !$0.archived }) ?? rivals.first else { return }
    throw rival.archived
      ? APIError.archivedContactExists(id: rival.id) : APIError.contactExists(id: rival.id)
  }

  // MARK: Archive, delete, merge

  func archiveContact(_ call: Call) throws -> Answer {
    guard let found = try findContact(call.parameter()), found.state != .merged else {
      throw APIError.userNotFound
    }
    try setState(found.number, .archived)
    return try brief(found.number, "archived", true)
  }

  func unarchiveContact(_ call: Call) throws -> Answer {
    guard let found = try findContact(call.parameter()) else { throw APIError.userNotFound }
    guard found.state != .merged else { throw APIError.mergedNotRestorable(id: call.parameter()) }
    if found.state == .archived { try refuseDuplicate(try contactRecord(found.number)) }
    try setState(found.number, .live)
    return try brief(found.number, "archived", false)
  }

  private func setState(_ number: Int64, _ state: ContactState) throws {
    try database.run(
      "UPDATE contact SET state = ?1 WHERE n = ?2 AND state <> ?1", .integer(state.rawValue), .integer(number)
    )
  }

  private func brief(_ number: Int64, _ key: String, _ value: Bool) throws -> Answer {
    let record = try contactRecord(number)
    return Answer(
      [
        "type": "contact", "id": .string(record.id),
        "external_id": record.externalID.map { .string($0) } ?? .null, key: .bool(value),
      ], target: record.id)
  }

  /// For good, archived ones too, with the conversations that were theirs alone.
  func deleteContact(_ call: Call) throws -> Answer {
    guard let number = try contactNumber(call.parameter()) else { throw APIError.userNotFound }
    let answer = try brief(number, "deleted", true)
    let companies = try companies(of: number)
    let alone = """
      SELECT owner FROM participant p WHERE contact = ?1
        AND NOT EXISTS (SELECT 1 FROM participant q WHERE q.owner = p.owner AND q.contact <> ?1)
      """
    for sql in [
      "DELETE FROM part WHERE owner IN (\(alone))",
      "DELETE FROM tagging WHERE kind IN (3, 4) AND record IN (\(alone))",
      "DELETE FROM conversation WHERE n IN (\(alone))",
      "DELETE FROM ticket WHERE n IN (\(alone))",
      "DELETE FROM participant WHERE contact = ?1",
      "DELETE FROM tagging WHERE kind = 1 AND record = ?1",
      "DELETE FROM membership WHERE contact = ?1",
      "DELETE FROM note WHERE contact = ?1",
      "DELETE FROM subscription WHERE contact = ?1",
      "DELETE FROM event WHERE contact = ?1",
      "DELETE FROM contact WHERE n = ?1",
      "DELETE FROM contact_body WHERE n = ?1",
    ] {
      try database.run(sql, .integer(number))
    }
    for company in companies { try countMembers(company) }
    return answer
  }

  private func companies(of contact: Int64) throws -> [Int64] {
    var companies: [Int64] = []
    try database.each("SELECT company FROM membership WHERE contact = ?", .integer(contact)) { row in
      companies.append(row.integer(0) ?? 0)
    }
    return companies
  }

  func mergeContact(_ call: Call) throws -> Answer {
    guard let from = call.body["from"]?.stringValue else { throw APIError.missing("from") }
    guard let into = call.body["into"]?.stringValue else { throw APIError.missing("into") }
    let lead = try contactRecord(try liveContact(from))
    var user = try contactRecord(try liveContact(into))
    guard lead.role == "lead", user.role == "user", lead.number != user.number else {
      throw APIError.invalidMerge
    }
    user.takeMissing(from: lead)
    user.updatedAt = clock.now
    try save(user)
    let companies = try companies(of: lead.number)
    for sql in [
      "UPDATE OR IGNORE tagging SET record = ?2 WHERE kind = 1 AND record = ?1",
      "DELETE FROM tagging WHERE kind = 1 AND record = ?1",
      "UPDATE OR IGNORE membership SET contact = ?2 WHERE contact = ?1",
      "DELETE FROM membership WHERE contact = ?1",
      "UPDATE OR IGNORE subscription SET contact = ?2 WHERE contact = ?1",
      "DELETE FROM subscription WHERE contact = ?1",
      "UPDATE OR IGNORE participant SET contact = ?2 WHERE contact = ?1",
      "DELETE FROM participant WHERE contact = ?1",
      "UPDATE note SET contact = ?2 WHERE contact = ?1",
      "UPDATE event SET contact = ?2 WHERE contact = ?1",
      "UPDATE contact SET state = 2 WHERE n = ?1 AND ?2 > 0",
    ] {
      let statement = try database.prepare(sql)
      try statement.bind(lead.number, at: 1)
      if sql.contains("?2") { try statement.bind(user.number, at: 2) }
      try statement.run()
    }
    for company in companies { try countMembers(company) }
    try touchContact(user.number)
    return try contactAnswer(user.number)
  }

  // MARK: Values of bodies

  /// A string, a number as text, or nothing.
  func string(_ value: JSONValue, _ name: String) throws -> String? {
    switch value {
    case .null: return nil
    case .string(let text): return text
    case .int(let number): return String(number)
    default: throw APIError.invalid("\(name) must be a string", field: name)
    }
  }

  func int(_ value: JSONValue, _ name: String) throws -> Int64? {
    switch value {
    case .null: return nil
    case .int(let number): return number
    case .string(let text):
      if let number = Int64(text) { return number }
    default: break
    }
    throw APIError.invalid("\(name) must be a number", field: name)
  }

  /// Ids come as strings or as numbers: the description says one and shows the other.
  func identifier(_ body: JSONObject, _ name: String) throws -> String {
    switch body[name] {
    case .string(let text): return text
    case .int(let number): return String(number)
    case nil, .null: throw APIError.missing(name)
    default: throw APIError.invalid("\(name) must be an id", field: name)
    }
  }
}

extension ContactRecord {
  /// Fills what is empty here with what the other has.
  mutating func takeMissing(from other: ContactRecord) {
    externalID = externalID ?? other.externalID
    email = email ?? other.email
    phone = phone ?? other.phone
    name = name ?? other.name
    avatar = avatar ?? other.avatar
    ownerID = ownerID ?? other.ownerID
    signedUpAt = signedUpAt ?? other.signedUpAt
    lastSeenAt = later(lastSeenAt, other.lastSeenAt)
    lastContactedAt = later(lastContactedAt, other.lastContactedAt)
    lastRepliedAt = later(lastRepliedAt, other.lastRepliedAt)
    languageOverride = languageOverride ?? other.languageOverride
    country = country ?? other.country
    region = region ?? other.region
    city = city ?? other.city
    for (key, value) in other.customAttributes where (customAttributes[key] ?? .null).isNull {
      customAttributes[key] = value
    }
  }

  private func later(_ one: Int64?, _ other: Int64?) -> Int64? {
    guard let one, let other else { return one ?? other }
    return max(one, other)
  }
}
