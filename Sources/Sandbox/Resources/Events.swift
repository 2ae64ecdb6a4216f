import JSON
import SQLite

/// What people did, as told by the workspace's own systems.
extension Workspace {
  /// Accepted without a word, also a second time. Leads can be named by their id alone.
  func createDataEvent(_ call: Call) throws -> Answer {
    let body = call.body
    guard let name = body["event_name"]?.stringValue, !name.isEmpty else {
      throw APIError.missing("event_name")
    }
    guard let at = try body["created_at"].flatMap({ try int($0, "created_at") }) else {
      throw APIError.missing("created_at")
    }
    let contact: Int64
    if body["id"] != nil {
      contact = try liveContact(try identifier(body, "id"))
    } else if body["user_id"] != nil {
      contact = try liveUser("external_id", try identifier(body, "user_id"))
    } else if let email = body["email"]?.stringValue {
      contact = try liveUser("email", email)
    } else {
      throw APIError.missing("id")
    }
    let metadata = body["metadata"] ?? [:]
    guard let members = metadata.objectValue else {
      throw APIError.invalid("metadata must be an object", field: "metadata")
    }
    guard members.count <= 10 else {
      throw APIError.invalid("metadata may not have more than 10 keys", field: "metadata")
    }
    // The same event of somebody with an id of yours is recorded once, and answered all the same.
    let known = try database.firstInteger(
      """
      SELECT event.n FROM event JOIN contact ON contact.n = event.contact
      WHERE event.contact = ? AND event.name = ? AND event.created_at = ? AND external_id IS NOT NULL
      """, .integer(contact), .text(name), .integer(at))
    if let known { return .empty(202, target: String(known)) }
    let number = try nextNumber("event")
    try database.run(
      "INSERT INTO event (n, contact, name, created_at, json) VALUES (?, ?, ?, ?, ?)", .integer(number),
      .integer(contact), .text(name), .integer(at), .text(metadata.text()))
    return .empty(202, target: String(number))
  }

  private func liveUser(_ column: String, _ value: String) throws -> Int64 {
    guard
      let number = try database.firstInteger(
        "SELECT n FROM contact WHERE \(column) = ? AND state = 0 AND role = 'user' ORDER BY n LIMIT 1",
        .text(value))
    else { throw APIError.userNotFound }
    return number
  }

  /// Newest first, no older than 90 days; the next page's address tells the time in milliseconds.
  func listDataEvents(_ call: Call) throws -> Answer {
    guard call.query["type"] == "user" else { throw APIError.invalid("type must be user", field: "type") }
    let contact: Int64
    let filter: String
    if let id = call.query["intercom_user_id"] {
      contact = try liveContact(id)
      filter = "intercom_user_id=\(id)"
    } else if let id = call.query["user_id"] {
      contact = try liveContact(external: id)
      filter = "user_id=\(PercentEncoding.encode(id))"
    } else if let email = call.query["email"] {
      contact = try liveContact(email: email)
      filter = "email=\(PercentEncoding.encode(email))"
    } else {
      throw APIError.missing("user_id")
    }
    let person = try contactRecord(contact)
    if call.query.bool("summary") == true { return try eventSummary(person) }
    let size = try pageSize(try call.query.int("per_page"), default: 50)
    // Seconds are too coarse to page by: the number breaks ties in the milliseconds.
    let key = "(created_at * 1000 + n % 1000)"
    let before = try call.query.int("before") ?? .max
    let since = try call.query.int("since") ?? 0
    let statement = try database.prepare(
      """
      SELECT name, created_at, json, \(key), n FROM event WHERE contact = ? AND \(key) < ? AND \(key) > ?
        AND created_at >= ? ORDER BY \(key) DESC LIMIT ?
      """)
    try statement.bind([
      .integer(contact), .integer(before), .integer(since), .integer(clock.now &- 90 * 86_400),
      .integer(size + 1),
    ])
    defer { statement.reset() }
    var events: [JSONValue] = []
    var last: Int64 = 0
    var first: Int64?
    var more = false
    while try statement.step() {
      if Int64(events.count) == size {
        more = true
        break
      }
      last = statement.integer(3) ?? 0
      first = first ?? last
      events.append([
        "type": "event", "id": .string(String(statement.integer(4) ?? 0)),
        "event_name": .string(statement.text(0) ?? ""), "created_at": .int(statement.integer(1) ?? 0),
        "user_id": person.externalID.map { .string($0) } ?? .null, "intercom_user_id": .string(person.id),
        "email": person.email.map { .string($0) } ?? .null,
        "metadata": try JSONValue.parse(statement.bytes(2) ?? Array("{}".utf8)),
      ])
    }
    let address = "\(baseAddress)/events?type=user&\(filter)&per_page=\(size)"
    var pages = JSONObject()
    if more { pages["next"] = .string("\(address)&before=\(last)") }
    if let first { pages["since"] = .string("\(address)&since=\(first)") }
    return Answer(
      ["type": "event.list", "events": .array(events), "pages": .object(pages)], target: person.id)
  }

  private func eventSummary(_ person: ContactRecord) throws -> Answer {
    var events: [JSONValue] = []
    try database.each(
      "SELECT name, min(created_at), max(created_at), count(*) FROM event WHERE contact = ? GROUP BY name ORDER BY name",
      .integer(person.number)
    ) { row in
      events.append([
        "name": .string(row.text(0) ?? ""), "first": .int(row.integer(1) ?? 0),
        "last": .int(row.integer(2) ?? 0),
        "count": .int(row.integer(3) ?? 0), "description": nil,
      ])
    }
    return Answer(
      [
        "type": "event.summary", "email": person.email.map { .string($0) } ?? .null,
        "intercom_user_id": .string(person.id), "user_id": person.externalID.map { .string($0) } ?? .null,
        "events": .array(events),
      ], target: person.id)
  }
}

extension PercentEncoding {
  /// Escapes all but letters, digits and `-._~`.
  static func encode(_ text: String) -> String {
    var out: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: out.append(byte)
      default: out += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
