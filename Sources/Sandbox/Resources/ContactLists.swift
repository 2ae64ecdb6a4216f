import JSON
import SQLite

/// What hangs on a contact: tags, notes, companies, segments, subscriptions.
extension Workspace {
  // MARK: Tags

  func listTagsForContact(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    var out = JSONOutput()
    out.raw(#"{"type":"list","data":["#)
    try appendTags(kind: 1, record: contact, &out)
    out.raw("]}")
    return Answer(out.bytes, target: call.parameter())
  }

  /// The tags of a record with who applied them and when; they are told here alone.
  func appendTags(kind: Int64, record: Int64, _ out: inout JSONOutput) throws {
    let statement = try database.prepare(
      """
      SELECT tag, name, applied_at, admin FROM tagging JOIN item ON item.kind = 'tag' AND n = tag
      WHERE tagging.kind = ? AND record = ? ORDER BY tag
      """)
    try statement.bind(kind, at: 1)
    try statement.bind(record, at: 2)
    defer { statement.reset() }
    var first = true
    while try statement.step() {
      if !first { out.raw(",") }
      first = false
      appendTag(
        statement.integer(0) ?? 0, statement.text(1) ?? "", statement.integer(2) ?? 0, statement.integer(3),
        &out)
    }
  }

  private func appendTag(_ id: Int64, _ name: String, _ at: Int64, _ admin: Int64?, _ out: inout JSONOutput) {
    out.member(#"{"type":"tag","id":"#, String(id))
    out.member(#","name":"#, name)
    out.member(#","applied_at":"#, at)
    if let admin {
      out.member(#","applied_by":{"type":"admin","id":"#, String(admin))
      out.raw("}}")
    } else {
      out.raw(#","applied_by":null}"#)
    }
  }

  /// Applies a tag once; a second time changes nothing.
  func applyTag(_ tag: Int64, kind: Int64, record: Int64, admin: Int64?) throws {
    try database.run(
      "INSERT OR IGNORE INTO tagging (tag, kind, record, applied_at, admin) VALUES (?, ?, ?, ?, ?)",
      .integer(tag), .integer(kind), .integer(record), .integer(clock.now), .optional(admin))
  }

  /// The tag as it is applied to the record.
  func tagAnswer(_ tag: Int64, kind: Int64, record: Int64, target: String) throws -> Answer {
    let statement = try database.prepare(
      """
      SELECT name, applied_at, admin FROM tagging JOIN item ON item.kind = 'tag' AND n = tag
      WHERE tag = ? AND tagging.kind = ? AND record = ?
      """)
    try statement.bind([.integer(tag), .integer(kind), .integer(record)])
    defer { statement.reset() }
    guard try statement.step() else { throw APIError.tagNotFound }
    var out = JSONOutput()
    appendTag(tag, statement.text(0) ?? "", statement.integer(1) ?? 0, statement.integer(2), &out)
    return Answer(out.bytes, target: target)
  }

  func attachTagToContact(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    let tag = try tagNumber(try identifier(call.body, "id"), else: .resourceNotFound)
    try applyTag(tag, kind: 1, record: contact, admin: try ownAdmin())
    if database.changes > 0 { try touchContact(contact) }
    return try tagAnswer(tag, kind: 1, record: contact, target: call.parameter())
  }

  func detachTagFromContact(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    let tag = try tagNumber(call.parameter(1), else: .resourceNotFound)
    let answer: Answer
    do {
      answer = try tagAnswer(tag, kind: 1, record: contact, target: call.parameter())
    } catch let error as APIError where error == .tagNotFound {
      throw APIError.resourceNotFound
    }
    try database.run(
      "DELETE FROM tagging WHERE tag = ? AND kind = 1 AND record = ?", .integer(tag), .integer(contact))
    try touchContact(contact)
    return answer
  }

  // MARK: Notes

  func listNotes(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    return try numberedPage(
      call, path: "/contacts/\(call.parameter())/notes", defaultSize: 50, limit: 150,
      count: "SELECT count(*) FROM note WHERE contact = ?1",
      rows: "SELECT n, contact, admin, created_at, body FROM note WHERE contact = ?1 ORDER BY n DESC",
      parameter: contact
    ) { [self] row, out in try appendNote(row, &out) }
  }

  private func appendNote(_ row: Statement, _ out: inout JSONOutput) throws {
    out.member(#"{"type":"note","id":"#, String(row.integer(0) ?? 0))
    out.member(#","created_at":"#, row.integer(3))
    let contact = try database.first("SELECT id FROM contact WHERE n = ?", .optional(row.integer(1)))
    out.member(#","contact":{"type":"contact","id":"#, contact?.textValue)
    out.raw(#"},"author":"#)
    if let admin = row.integer(2), let bytes = try itemBytes(.admin, admin) {
      out.raw(bytes)
    } else {
      out.raw("null")
    }
    out.member(#","body":"#, row.text(4))
    out.raw("}")
  }

  func createNote(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    guard let body = call.body["body"]?.stringValue, !body.isEmpty else { throw APIError.missing("body") }
    var admin = try ownAdmin()
    if call.body["admin_id"] != nil {
      guard let named = Int64(try identifier(call.body, "admin_id")), try itemExists(.admin, named) else {
        throw APIError.resourceNotFound
      }
      admin = named
    }
    let number = try nextNumber("note")
    try database.run(
      "INSERT INTO note (n, contact, admin, created_at, body) VALUES (?, ?, ?, ?, ?)", .integer(number),
      .integer(contact), .optional(admin), .integer(clock.now), .text(Self.html(body)))
    try touchContact(contact)
    var answer = try note(number)
    answer.target = call.parameter()
    return answer
  }

  func retrieveNote(_ call: Call) throws -> Answer {
    guard let number = Int64(call.parameter()) else { throw APIError.resourceNotFound }
    return try note(number)
  }

  private func note(_ number: Int64) throws -> Answer {
    let statement = try database.prepare("SELECT n, contact, admin, created_at, body FROM note WHERE n = ?")
    try statement.bind(number, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw APIError.resourceNotFound }
    var out = JSONOutput()
    try appendNote(statement, &out)
    return Answer(out.bytes, target: String(number))
  }

  /// Bodies are kept as HTML; plain text becomes a paragraph.
  static func html(_ text: String) -> String { text.hasPrefix("<") ? text : "<p>\(text)</p>" }

  // MARK: Companies

  func listCompaniesForContact(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    return try numberedPage(
      call, path: "/contacts/\(call.parameter())/companies", defaultSize: 50, limit: 60,
      count: "SELECT count(*) FROM membership WHERE contact = ?1",
      rows: "SELECT n, json FROM membership JOIN company ON company = n WHERE contact = ?1 ORDER BY n",
      parameter: contact
    ) { [self] row, out in try appendCompany(row.integer(0) ?? 0, row, column: 1, &out) }
  }

  func attachContactToCompany(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    guard call.body["id"] != nil else {
      throw APIError(400, "parameter_not_found", "company not specified")
    }
    let company = try companyNumber(try identifier(call.body, "id"))
    let count = try database.firstInteger(
      "SELECT count(*) FROM membership WHERE contact = ?", .integer(contact))
    guard count ?? 0 < 1_000 else { throw APIError.companyLimit }
    try database.run(
      "INSERT OR IGNORE INTO membership (contact, company, since) VALUES (?, ?, ?)", .integer(contact),
      .integer(company), .integer(clock.now))
    if database.changes > 0 {
      try countMembers(company)
      try touchContact(contact)
    }
    return try companyAnswer(company)
  }

  func detachContactFromCompany(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    let company = try companyNumber(call.parameter(1))
    try database.run(
      "DELETE FROM membership WHERE contact = ? AND company = ?", .integer(contact), .integer(company))
    guard database.changes > 0 else { throw APIError.companyNotFound }
    try countMembers(company)
    try touchContact(contact)
    return try companyAnswer(company)
  }

  // MARK: Segments

  func listSegmentsForContact(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    var out = JSONOutput()
    out.raw(#"{"type":"list","data":["#)
    var first = true
    for segment in Segment.contacts {
      let condition = segment.condition(clock.now)
      let statement = try database.prepare("SELECT 1 FROM contact WHERE n = ? AND \(condition.sql)")
      try statement.bind([.integer(contact)] + condition.values)
      defer { statement.reset() }
      guard try statement.step() else { continue }
      if !first { out.raw(",") }
      first = false
      out.raw(try segment.json(in: self, counting: false).serialized())
    }
    out.raw("]}")
    return Answer(out.bytes, target: call.parameter())
  }

  // MARK: Subscriptions

  /// Choices that the person made; what goes by the default is left out.
  func listSubscriptionsForContact(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    var out = JSONOutput()
    out.raw(#"{"type":"list","data":["#)
    let statement = try database.prepare(
      """
      SELECT json FROM subscription JOIN item ON kind = 'subscription_type' AND n = type
      WHERE contact = ? ORDER BY n
      """)
    try statement.bind(contact, at: 1)
    defer { statement.reset() }
    var first = true
    while try statement.step() {
      if !first { out.raw(",") }
      first = false
      statement.withBytes(0) { out.raw($0) }
    }
    out.raw("]}")
    return Answer(out.bytes, target: call.parameter())
  }

  /// Attaching an opt-out type opts the person out, an opt-in type in.
  func attachSubscription(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    guard let type = try item(.subscriptionType, try identifier(call.body, "id")) else {
      throw APIError.resourceNotFound
    }
    guard let consent = call.body["consent_type"]?.stringValue else { throw APIError.missing("consent_type") }
    guard consent == type.value["consent_type"]?.stringValue else {
      throw APIError.invalid("consent_type does not fit the subscription type", field: "consent_type")
    }
    try database.run(
      "INSERT OR IGNORE INTO subscription (contact, type, consent) VALUES (?, ?, ?)", .integer(contact),
      .integer(type.number), .text(consent))
    if database.changes > 0 { try touchContact(contact) }
    return Answer(type.value, target: call.parameter())
  }

  func detachSubscription(_ call: Call) throws -> Answer {
    let contact = try liveContact(call.parameter())
    guard let type = try item(.subscriptionType, call.parameter(1)) else { throw APIError.resourceNotFound }
    try database.run(
      "DELETE FROM subscription WHERE contact = ? AND type = ?", .integer(contact), .integer(type.number))
    guard database.changes > 0 else { throw APIError.resourceNotFound }
    try touchContact(contact)
    return Answer(type.value, target: call.parameter())
  }
}
