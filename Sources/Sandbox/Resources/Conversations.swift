import JSON
import SQLite

/// Conversations. What is stored leaves out tags, contacts and parts: they have tables of their own.
extension Workspace {
  static let conversationColumns = "json"

  var conversationPages: RecordPages {
    RecordPages(
      workspace: self, table: "conversation", idIsNumber: true, type: "conversation.list",
      itemKey: "conversations",
      append: { [self] row, out in
        try appendConversation(row, offset: 2, number: row.integer(0) ?? 0, parts: false, &out)
      },
      columns: Self.conversationColumns)
  }

  func appendConversation(
    _ row: Statement, offset: Int, number: Int64, parts: Bool, _ out: inout JSONOutput
  ) throws {
    row.withBytes(offset) { out.raw($0.dropLast()) }
    out.raw(#","tags":{"type":"tag.list","tags":["#)
    try appendTags(kind: 3, record: number, &out)
    out.raw(#"]},"contacts":"#)
    try appendParticipants(number, &out)
    if parts {
      out.raw(#","conversation_parts":{"type":"conversation_part.list","conversation_parts":["#)
      let total = try appendParts(number, &out)
      out.raw(#"],"total_count":"#)
      out.int(total)
      out.raw("}")
    }
    out.raw("}")
  }

  func appendParticipants(_ owner: Int64, _ out: inout JSONOutput) throws {
    out.raw(#"{"type":"contact.list","contacts":["#)
    let statement = try database.prepare(
      "SELECT id, external_id FROM participant JOIN contact ON n = contact WHERE owner = ? ORDER BY n")
    try statement.bind(owner, at: 1)
    defer { statement.reset() }
    var first = true
    while try statement.step() {
      if !first { out.raw(",") }
      first = false
      out.member(#"{"type":"contact","id":"#, statement.text(0))
      out.member(#","external_id":"#, statement.text(1))
      out.raw("}")
    }
    out.raw("]}")
  }

  /// At most the latest 500; the total counts all.
  func appendParts(_ owner: Int64, _ out: inout JSONOutput) throws -> Int64 {
    let total = try database.firstInteger("SELECT count(*) FROM part WHERE owner = ?", .integer(owner)) ?? 0
    let statement = try database.prepare(
      "SELECT json FROM part WHERE owner = ? ORDER BY n LIMIT 500 OFFSET ?")
    try statement.bind(owner, at: 1)
    try statement.bind(max(0, total - 500), at: 2)
    defer { statement.reset() }
    var first = true
    while try statement.step() {
      if !first { out.raw(",") }
      first = false
      statement.withBytes(0) { out.raw($0) }
    }
    return total
  }

  // MARK: Reading

  func conversationNumber(_ id: String, else error: APIError = .resourceNotFound) throws -> Int64 {
    guard let number = Int64(id),
      try database.firstInteger("SELECT 1 FROM conversation WHERE n = ?", .integer(number)) != nil
    else { throw error }
    return number
  }

  func conversationAnswer(_ number: Int64) throws -> Answer {
    let statement = try database.prepare("SELECT \(Self.conversationColumns) FROM conversation WHERE n = ?")
    try statement.bind(number, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw APIError.resourceNotFound }
    var out = JSONOutput(capacity: 4_096)
    try appendConversation(statement, offset: 0, number: number, parts: true, &out)
    return Answer(out.bytes, target: String(number))
  }

  func listConversations(_ call: Call) throws -> Answer {
    let size = try pageSize(try call.query.int("per_page"), default: 20)
    return try conversationPages.answer(
      where: .always, order: SortOrder(column: "updated_at"), perPage: size,
      cursor: try cursor(call.query["starting_after"]))
  }

  func searchConversations(_ call: Call) throws -> Answer {
    try search(
      .conversations, try SearchRequest(call.body), pages: conversationPages, base: .always, defaultSize: 20)
  }

  func retrieveConversation(_ call: Call) throws -> Answer {
    let number = try conversationNumber(call.parameter())
    guard call.query["display_as"] == "plaintext" else { return try conversationAnswer(number) }
    var value = try JSONValue.parse(try conversationAnswer(number).body)
    value = Self.plainText(value)
    return Answer(value, target: String(number))
  }

  /// Bodies without their HTML, all the way down.
  private static func plainText(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let items): return .array(items.map(plainText))
    case .object(var object):
      for (key, member) in object {
        if key == "body", case .string(let html) = member {
          object[key] = .string(PlainText.of(html))
        } else {
          object[key] = plainText(member)
        }
      }
      return .object(object)
    default: return value
    }
  }

  // MARK: Writing

  /// The stored body of a conversation.
  func conversation(_ number: Int64) throws -> JSONObject {
    let statement = try database.prepare("SELECT json FROM conversation WHERE n = ?")
    try statement.bind(number, at: 1)
    defer { statement.reset() }
    guard try statement.step(), let bytes = statement.bytes(0),
      let value = try JSONValue.parse(bytes).objectValue
    else { throw APIError.resourceNotFound }
    return value
  }

  /// Stores a conversation and the columns that come out of it.
  func save(_ number: Int64, conversation value: JSONObject) throws {
    let statement = try database.prepare(
      """
      INSERT OR REPLACE INTO conversation (n, created_at, updated_at, waiting_since, snoozed_until, state, open,
        read, priority, admin_assignee_id, team_assignee_id, words, json)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    func int(_ key: String) -> SQLiteValue { .optional(value[key]?.intValue) }
    func flag(_ key: String) -> SQLiteValue { .integer(value[key]?.boolValue == true ? 1 : 0) }
    try statement.bind([
      .integer(number), int("created_at"), int("updated_at"), int("waiting_since"), int("snoozed_until"),
      .text(value["state"]?.stringValue ?? "open"), flag("open"), flag("read"),
      .optional(value["priority"]?.stringValue), int("admin_assignee_id"), int("team_assignee_id"),
      .text(Words.column(value["source"]?["body"]?.stringValue ?? "")), .text(JSONValue.object(value).text()),
    ])
    defer { statement.reset() }
    try statement.run()
  }

  func touchConversation(_ number: Int64) throws {
    var value = try conversation(number)
    value["updated_at"] = .int(clock.now)
    try save(number, conversation: value)
  }

  func createConversation(_ call: Call) throws -> Answer {
    guard let from = call.body["from"]?.objectValue else { throw APIError.missing("from") }
    guard let body = call.body["body"]?.stringValue, !body.isEmpty else { throw APIError.missing("body") }
    let contact = try liveContact(try identifier(from, "id"))
    let record = try contactRecord(contact)
    let at = try call.body["created_at"].flatMap { try int($0, "created_at") } ?? clock.now
    let number = try nextNumber("conversation")
    let message = try nextNumber("message")
    var value = Self.newConversation(number: number, at: at)
    value["source"] = [
      "type": "conversation", "id": .string(String(message)), "delivered_as": "customer_initiated",
      "subject": .string(call.body["subject"]?.stringValue ?? ""), "body": .string(Self.html(body)),
      "author": Self.author(record), "attachments": .array(attachments(call.body)), "url": nil,
      "redacted": false,
    ]
    value["waiting_since"] = .int(at)
    value["first_contact_reply"] = ["created_at": .int(at), "type": "conversation", "url": nil]
    try save(number, conversation: value)
    try addParticipant(contact, to: number)
    return Answer(
      [
        "type": "user_message", "id": .string(String(message)), "created_at": .int(at), "body": .string(body),
        "message_type": "inapp", "conversation_id": .string(String(number)),
      ], target: String(number))
  }

  static func newConversation(number: Int64, at: Int64) -> JSONObject {
    [
      "type": "conversation", "id": .string(String(number)), "created_at": .int(at), "updated_at": .int(at),
      "waiting_since": nil, "snoozed_until": nil, "source": nil, "first_contact_reply": nil,
      "admin_assignee_id": nil, "team_assignee_id": nil, "open": true, "state": "open", "read": false,
      "priority": "not_priority", "sla_applied": nil, "statistics": nil, "conversation_rating": nil,
      "teammates": ["type": "admin.list", "admins": []], "title": nil, "custom_attributes": [:],
      "topics": [:],
      "ticket": nil, "linked_objects": ["type": "list", "data": [], "total_count": 0, "has_more": false],
      "ai_agent": nil, "ai_agent_participated": false,
    ]
  }

  static func author(_ contact: ContactRecord) -> JSONValue {
    [
      "type": .string(contact.role), "id": .string(contact.id),
      "name": contact.name.map { .string($0) } ?? .null,
      "email": .string(contact.email ?? ""),
    ]
  }

  func author(admin: Int64) throws -> JSONValue {
    let value = try item(.admin, admin)
    return [
      "type": "admin", "id": .string(String(admin)), "name": value?["name"] ?? .null,
      "email": value?["email"] ?? "",
    ]
  }

  func attachments(_ body: JSONObject) -> [JSONValue] {
    (body["attachment_urls"]?.arrayValue ?? []).prefix(10).map { url in
      let text = url.stringValue ?? ""
      let name = text.split(separator: "/").last.map(String.init) ?? "file"
      return [
        "type": "upload", "name": .string(name), "url": .string(text),
        "content_type": "application/octet-stream", "filesize": 0, "width": nil, "height": nil,
      ]
    }
  }

  func addParticipant(_ contact: Int64, to owner: Int64) throws {
    try database.run(
      "INSERT OR IGNORE INTO participant (owner, contact) VALUES (?, ?)", .integer(owner), .integer(contact))
  }

  func updateConversation(_ call: Call) throws -> Answer {
    let number = try conversationNumber(call.parameter())
    var value = try conversation(number)
    if let read = call.body["read"] {
      guard read.boolValue != nil else { throw APIError.invalid("read must be a boolean", field: "read") }
      value["read"] = read
    }
    if let attributes = call.body["custom_attributes"] {
      guard let attributes = attributes.objectValue else {
        throw APIError.invalid("custom_attributes must be an object", field: "custom_attributes")
      }
      var all = value["custom_attributes"]?.objectValue ?? JSONObject()
      for (name, attribute) in attributes { all[name] = attribute }
      value["custom_attributes"] = .object(all)
    }
    value["updated_at"] = .int(clock.now)
    try save(number, conversation: value)
    return try conversationAnswer(number)
  }
}

enum PlainText {
  /// The text between the tags; paragraphs and breaks become line ends.
  static func of(_ html: String) -> String {
    var out = ""
    var tag: String?
    for character in html {
      switch character {
      case "<": tag = ""
      case ">":
        if let name = tag {
          if name == "br" || name == "br/" || name == "/p", !out.isEmpty { out += "\n" }
          tag = nil
        } else {
          out.append(character)
        }
      default:
        if tag == nil { out.append(character) } else { tag?.append(character) }
      }
    }
    while out.last == "\n" { out.removeLast() }
    return out
  }
}
