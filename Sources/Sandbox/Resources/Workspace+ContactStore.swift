import JSON
import SQLite

/// Whether a contact is there for the API.
enum ContactState: Int64 { case live = 0, archived = 1, merged = 2 }

extension Workspace {
  /// The number of a contact that is live or archived; nil if there is none with this id.
  func contactNumber(_ id: String) throws -> Int64? {
    guard let found = try findContact(id), found.state != .merged else { return nil }
    return found.number
  }

  func findContact(_ id: String) throws -> (number: Int64, state: ContactState)? {
    // An id of the sandbox's own making tells the number; that of a contact from elsewhere does not.
    let number = contactIDs.number(id)
    let statement = try database.prepare(
      "SELECT n, state FROM contact WHERE id = ?2" + (number == nil ? " AND ?1 IS NULL" : " AND n = ?1"))
    try statement.bind([.optional(number), .text(id)])
    defer { statement.reset() }
    guard try statement.step(), let found = statement.integer(0),
      let state = ContactState(rawValue: statement.integer(1) ?? 0)
    else { return nil }
    return (found, state)
  }

  /// The number of a live contact, or the refusal that the API gives.
  func liveContact(_ id: String, else error: APIError = .userNotFound) throws -> Int64 {
    guard let found = try findContact(id), found.state == .live else { throw error }
    return found.number
  }

  func contactRecord(_ number: Int64) throws -> ContactRecord {
    let statement = try database.prepare("SELECT json, devices FROM contact_body WHERE n = ?")
    try statement.bind(number, at: 1)
    defer { statement.reset() }
    guard try statement.step(), let bytes = statement.bytes(0),
      var record = ContactRecord(number: number, json: try JSONValue.parse(bytes))
    else { throw APIError.userNotFound }
    if let devices = statement.bytes(1) { record.readDevices(try JSONValue.parse(devices)) }
    return record
  }

  func add(_ record: ContactRecord, searchableAt: Int64) throws {
    let writer = try ContactWriter(database, workspaceID: workspaceID)
    try writer.insert(record, searchableAt: searchableAt)
  }

  func save(_ record: ContactRecord) throws {
    try ContactWriter(database, workspaceID: workspaceID).update(record)
  }

  /// Moves `updated_at` to now, in the column and in the JSON.
  func touchContact(_ number: Int64) throws {
    var record = try contactRecord(number)
    record.updatedAt = clock.now
    try ContactWriter(database, workspaceID: workspaceID).updateBody(record)
    // No other column: each one that is named costs the writing of its index.
    try database.run(
      """
      UPDATE contact SET updated_at = ?2, listed = EXISTS (SELECT 1 FROM tagging WHERE kind = 1 AND record = ?1)
        OR EXISTS (SELECT 1 FROM note WHERE contact = ?1) OR EXISTS (SELECT 1 FROM membership WHERE contact = ?1)
        OR EXISTS (SELECT 1 FROM subscription WHERE contact = ?1)
      WHERE n = ?1
      """, .integer(number), .integer(record.updatedAt))
  }

  // MARK: JSON

  /// The columns that `appendContact` reads, from `offset` on.
  static let contactColumns = "id, json, devices, listed"
  static let contactSource = "contact JOIN contact_body USING (n)"

  /// Puts one contact together from its parts.
  func appendContact(_ row: Statement, offset: Int, number: Int64, _ out: inout JSONOutput) throws {
    row.withBytes(offset + 1) { out.raw($0.dropLast()) }
    out.raw(",")
    if row.isNull(offset + 2) {
      out.raw(ContactRecord.noDevices)
    } else {
      row.withBytes(offset + 2) { out.raw($0.dropFirst().dropLast()) }
    }
    out.raw(",")
    if row.integer(offset + 3) == 0 {
      row.withBytes(offset) { ContactRecord.emptyLists(id: $0, into: &out) }
    } else {
      try appendLists(number, id: row.text(offset) ?? "", &out)
    }
    out.raw("}")
  }

  func contactAnswer(_ number: Int64) throws -> Answer {
    let statement = try database.prepare(
      "SELECT \(Self.contactColumns) FROM \(Self.contactSource) WHERE n = ?")
    try statement.bind(number, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw APIError.userNotFound }
    var out = JSONOutput(capacity: 2_500)
    try appendContact(statement, offset: 0, number: number, &out)
    return Answer(out.bytes, target: statement.text(0))
  }

  private func appendLists(_ number: Int64, id: String, _ out: inout JSONOutput) throws {
    try appendList(
      "tags", url: "tags", id, "SELECT tag FROM tagging WHERE kind = 1 AND record = ? ORDER BY tag", number,
      &out
    ) { row, out in
      out.raw(#"{"id":""#)
      row.withBytes(0) { out.raw($0) }
      out.raw(#"","type":"tag","url":"/tags/"#)
      row.withBytes(0) { out.raw($0) }
      out.raw(#""}"#)
    }
    out.raw(",")
    try appendList(
      "notes", url: "notes", id, "SELECT n FROM note WHERE contact = ? ORDER BY n DESC", number, &out
    ) { row, out in
      out.raw(#"{"id":""#)
      row.withBytes(0) { out.raw($0) }
      out.raw(#"","type":"note","url":"/notes/"#)
      row.withBytes(0) { out.raw($0) }
      out.raw(#""}"#)
    }
    out.raw(",")
    try appendList(
      "companies", url: "companies", id,
      "SELECT id FROM membership JOIN company ON company = n WHERE contact = ? ORDER BY n", number, &out
    ) { row, out in
      out.raw(#"{"id":""#)
      row.withBytes(0) { out.raw($0) }
      out.raw(#"","type":"company","url":"/companies/"#)
      row.withBytes(0) { out.raw($0) }
      out.raw(#""}"#)
    }
    for consent in ["out", "in"] {
      out.raw(",")
      try appendList(
        consent == "out" ? "opted_out_subscription_types" : "opted_in_subscription_types",
        url: "subscriptions", id,
        "SELECT type FROM subscription WHERE contact = ? AND consent = 'opt_\(consent)' ORDER BY type",
        number, &out
      ) { row, out in
        out.raw(#"{"id":""#)
        row.withBytes(0) { out.raw($0) }
        out.raw(#"","type":"subscription","url":"/subscription_types/"#)
        row.withBytes(0) { out.raw($0) }
        out.raw(#""}"#)
      }
    }
  }

  /// How many items of an addressable list stand in the contact itself.
  static let inlineItems: Int64 = 10

  private func appendList(
    _ name: StaticString, url: StaticString, _ id: String, _ sql: String, _ number: Int64,
    _ out: inout JSONOutput, _ append: (Statement, inout JSONOutput) -> Void
  ) throws {
    out.raw("\"")
    out.raw(name)
    out.raw(#"":{"type":"list","data":["#)
    let statement = try database.prepare(sql)
    try statement.bind(number, at: 1)
    defer { statement.reset() }
    var count: Int64 = 0
    while try statement.step() {
      if count < Self.inlineItems {
        if count > 0 { out.raw(",") }
        append(statement, &out)
      }
      count += 1
    }
    out.raw(#"],"url":"/contacts/"#)
    out.raw(id.utf8)
    out.raw("/")
    out.raw(url)
    out.raw(#"","total_count":"#)
    out.int(count)
    out.raw(#","has_more":"#)
    out.bool(count > Self.inlineItems)
    out.raw("}")
  }
}
