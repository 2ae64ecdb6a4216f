import JSON
import SQLite

/// What happens to a conversation: replies, notes, closing, snoozing, opening, assigning, people in and out.
extension Workspace {
  /// Adds a part to a conversation or a ticket and gives it back.
  @discardableResult
  func addPart(
    _ owner: Int64, _ type: String, body: String?, author: JSONValue, at: Int64? = nil,
    assignedTo: JSONValue = .null, attachments: [JSONValue] = [], extra: JSONObject = [:]
  ) throws -> JSONObject {
    let number = try nextNumber("part")
    let time = JSONValue.int(at ?? clock.now)
    let isTicket = extra["type"]?.stringValue == "ticket_part"
    var part: JSONObject = [
      "type": "conversation_part", "id": .string(String(number)), "part_type": .string(type),
      "body": body.map { .string(Self.html($0)) } ?? .null, "created_at": time, "updated_at": time,
      "notified_at": isTicket ? .null : time, "assigned_to": assignedTo, "author": author,
      "attachments": .array(attachments),
      "external_id": nil, "redacted": false,
    ]
    for (key, value) in extra { part[key] = value }
    // Parts of tickets leave out what they do not have.
    if isTicket { part = part.withoutNulls }
    try database.run(
      "INSERT INTO part (n, owner, json) VALUES (?, ?, ?)", .integer(number), .integer(owner),
      .text(JSONValue.object(part).text()))
    return part
  }

  // MARK: Reply

  func replyConversation(_ call: Call) throws -> Answer {
    let number: Int64
    if call.parameter() == "last" {
      number = try lastConversation(of: try replyingContact(call.body))
    } else {
      number = try conversationNumber(call.parameter())
    }
    let body = call.body
    guard let message = body["message_type"]?.stringValue else { throw APIError.missing("message_type") }
    let at = try body["created_at"].flatMap { try int($0, "created_at") } ?? clock.now
    var value = try conversation(number)
    switch body["type"]?.stringValue {
    case "admin":
      guard message == "comment" || message == "note" else {
        throw APIError.invalid("message_type must be comment or note", field: "message_type")
      }
      let admin = try self.admin(try identifier(body, "admin_id"))
      guard let text = body["body"]?.stringValue, !text.isEmpty else { throw APIError.missing("body") }
      try addPart(
        number, message, body: text, author: try author(admin: admin), at: at, attachments: attachments(body))
      join(admin, &value)
      if message == "comment" { value["waiting_since"] = nil as JSONValue }
      try touchContacts(of: number, "last_contacted_at", at, when: message == "comment")
    case "user":
      guard message == "comment" else {
        throw APIError.invalid("message_type must be comment", field: "message_type")
      }
      guard let text = body["body"]?.stringValue, !text.isEmpty else { throw APIError.missing("body") }
      let contact = try contactRecord(try replyingContact(body))
      try addPart(
        number, message, body: text, author: Self.author(contact), at: at, attachments: attachments(body))
      try addParticipant(contact.number, to: number)
      // A customer who writes opens the conversation again, and waits from now.
      open(&value)
      if value["waiting_since"]?.intValue == nil { value["waiting_since"] = .int(at) }
      try touchContacts(of: number, "last_replied_at", at, when: true)
    default: throw APIError.invalid("type must be admin or user", field: "type")
    }
    value["updated_at"] = .int(max(at, value["updated_at"]?.intValue ?? 0))
    try save(number, conversation: value)
    return try conversationAnswer(number)
  }

  /// A contact named by one of three ids.
  func replyingContact(_ body: JSONObject) throws -> Int64 {
    if body["intercom_user_id"] != nil { return try liveContact(try identifier(body, "intercom_user_id")) }
    if body["user_id"] != nil { return try liveContact(external: try identifier(body, "user_id")) }
    if let email = body["email"]?.stringValue { return try liveContact(email: email) }
    throw APIError.missing("intercom_user_id")
  }

  func liveContact(external id: String) throws -> Int64 {
    guard
      let number = try database.firstInteger(
        "SELECT n FROM contact WHERE external_id = ? AND state = 0", .text(id))
    else { throw APIError.userNotFound }
    return number
  }

  func liveContact(email: String) throws -> Int64 {
    guard
      let number = try database.firstInteger(
        "SELECT n FROM contact WHERE email = ? AND state = 0 ORDER BY role DESC, n LIMIT 1", .text(email))
    else { throw APIError.userNotFound }
    return number
  }

  private func lastConversation(of contact: Int64) throws -> Int64 {
    guard
      let number = try database.firstInteger(
        """
        SELECT n FROM participant JOIN conversation ON n = owner WHERE contact = ?
        ORDER BY updated_at DESC, n DESC LIMIT 1
        """, .integer(contact))
    else { throw APIError.resourceNotFound }
    return number
  }

  private func touchContacts(of owner: Int64, _ field: String, _ at: Int64, when: Bool) throws {
    guard when else { return }
    var contacts: [Int64] = []
    try database.each("SELECT contact FROM participant WHERE owner = ?", .integer(owner)) { row in
      contacts.append(row.integer(0) ?? 0)
    }
    for contact in contacts {
      var record = try contactRecord(contact)
      if field == "last_replied_at" { record.lastRepliedAt = at } else { record.lastContactedAt = at }
      try save(record)
    }
  }

  /// A teammate, or the refusal: teams are no admins.
  func admin(_ id: String, else error: APIError = .adminForIDNotFound) throws -> Int64 {
    guard let number = Int64(id), try itemExists(.admin, number) else { throw error }
    return number
  }

  private func join(_ admin: Int64, _ value: inout JSONObject) {
    var admins = value["teammates"]?["admins"]?.arrayValue ?? []
    let entry: JSONValue = ["type": "admin", "id": .string(String(admin))]
    if !admins.contains(entry) { admins.append(entry) }
    value["teammates"] = ["type": "admin.list", "admins": .array(admins)]
  }

  private func open(_ value: inout JSONObject) {
    value["open"] = true
    value["state"] = "open"
    value["snoozed_until"] = nil as JSONValue
  }

  // MARK: Manage

  func manageConversation(_ call: Call) throws -> Answer {
    let number = try conversationNumber(call.parameter())
    let body = call.body
    guard let message = body["message_type"]?.stringValue else { throw APIError.missing("message_type") }
    let admin = try self.admin(try identifier(body, "admin_id"))
    let author = try author(admin: admin)
    let text = body["body"]?.stringValue
    let now = clock.now
    var value = try conversation(number)
    switch message {
    case "close":
      guard body["type"]?.stringValue == "admin" else {
        throw APIError.invalid("type must be admin", field: "type")
      }
      value["open"] = false
      value["state"] = "closed"
      value["snoozed_until"] = nil as JSONValue
      value["waiting_since"] = nil as JSONValue
      note(&value, ["first_close_at", "time_to_first_close"], at: now, onlyFirst: true)
      note(&value, ["last_close_at", "time_to_last_close"], at: now, onlyFirst: false)
      try addPart(number, "close", body: text, author: author)
    case "snoozed":
      guard let until = try body["snoozed_until"].flatMap({ try int($0, "snoozed_until") }) else {
        throw APIError.missing("snoozed_until")
      }
      guard until > now else {
        throw APIError.invalid("snoozed_until must be in the future", field: "snoozed_until")
      }
      value["open"] = true
      value["state"] = "snoozed"
      value["snoozed_until"] = .int(until)
      try addPart(number, "snoozed", body: nil, author: author)
    case "open":
      if value["state"]?.stringValue == "closed" { count("count_reopens", &value) }
      open(&value)
      try addPart(number, "open", body: nil, author: author)
    case "assignment":
      try assign(&value, number, body, author: author, text: text)
    default:
      throw APIError.invalid(
        "message_type must be close, snoozed, open or assignment", field: "message_type")
    }
    join(admin, &value)
    value["updated_at"] = .int(now)
    try save(number, conversation: value)
    return try conversationAnswer(number)
  }

  private func assign(
    _ value: inout JSONObject, _ number: Int64, _ body: JSONObject, author: JSONValue, text: String?
  ) throws {
    let type = body["type"]?.stringValue
    guard type == "admin" || type == "team" else {
      throw APIError.invalid("type must be admin or team", field: "type")
    }
    let assignee = try identifier(body, "assignee_id")
    let isTeam = type == "team"
    let reference: JSONValue
    if assignee == "0" {
      value[isTeam ? "team_assignee_id" : "admin_assignee_id"] = nil as JSONValue
      reference = ["type": "nobody_admin", "id": nil]
    } else {
      guard let id = Int64(assignee), try itemExists(isTeam ? .team : .admin, id) else {
        throw isTeam ? APIError.teamNotFound : APIError.assigneeNotFound
      }
      value[isTeam ? "team_assignee_id" : "admin_assignee_id"] = .int(id)
      reference = ["type": .string(isTeam ? "team" : "admin"), "id": .string(assignee)]
      if !isTeam { join(id, &value) }
    }
    // Assigning opens what was closed, whether one wants it or not.
    if value["state"]?.stringValue == "closed" {
      open(&value)
      count("count_reopens", &value)
    }
    count("count_assignments", &value)
    note(&value, ["first_assignment_at", "time_to_assignment"], at: clock.now, onlyFirst: true)
    note(&value, ["last_assignment_at"], at: clock.now, onlyFirst: false)
    try addPart(number, "assignment", body: text, author: author, assignedTo: reference)
  }

  // MARK: Statistics

  private func statistics(_ value: JSONObject) -> JSONObject {
    value["statistics"]?.objectValue ?? ["type": "conversation_statistics"]
  }

  private func count(_ key: String, _ value: inout JSONObject) {
    var all = statistics(value)
    all[key] = .int((all[key]?.intValue ?? 0) &+ 1)
    value["statistics"] = .object(all)
  }

  /// Notes a moment, and the seconds from the beginning to it.
  private func note(_ value: inout JSONObject, _ keys: [String], at now: Int64, onlyFirst: Bool) {
    var all = statistics(value)
    guard let moment = keys.first else { return }
    if onlyFirst && all[moment]?.intValue != nil { return }
    all[moment] = .int(now)
    for key in keys.dropFirst() { all[key] = .int(now &- (value["created_at"]?.intValue ?? now)) }
    value["statistics"] = .object(all)
  }

  // MARK: People

  private func customers(_ number: Int64) throws -> Answer {
    var list: [JSONValue] = []
    try database.each(
      "SELECT role, id FROM participant JOIN contact ON n = contact WHERE owner = ? ORDER BY n",
      .integer(number)
    ) { row in
      list.append(["type": .string(row.text(0) ?? "user"), "id": .string(row.text(1) ?? "")])
    }
    return Answer(["customers": .array(list)], target: String(number))
  }

  /// An email that nobody has makes a new lead.
  func attachContactToConversation(_ call: Call) throws -> Answer {
    let number = try conversationNumber(call.parameter())
    guard let customer = call.body["customer"]?.objectValue else { throw APIError.missing("customer") }
    var author: JSONValue = .null
    if call.body["admin_id"] != nil {
      author = try self.author(admin: try admin(try identifier(call.body, "admin_id")))
    }
    let contact: Int64
    do {
      contact = try replyingContact(customer)
    } catch let error as APIError where error == .userNotFound {
      guard let email = customer["email"]?.stringValue else { throw error }
      contact = try newLead(email: email)
    }
    try addParticipant(contact, to: number)
    if database.changes > 0 {
      var value = try conversation(number)
      if value["state"]?.stringValue == "closed" {
        open(&value)
        count("count_reopens", &value)
      }
      value["updated_at"] = .int(clock.now)
      try save(number, conversation: value)
      try addPart(number, "participant_added", body: nil, author: author)
    }
    return try customers(number)
  }

  func newLead(email: String) throws -> Int64 {
    let number = try nextNumber("contact")
    let now = clock.now
    var record = ContactRecord(
      number: number, id: contactIDs.text(number, createdAt: now), role: "lead", createdAt: now)
    record.email = email
    try add(record, searchableAt: now &+ configuration.searchLag)
    return number
  }

  func detachContactFromConversation(_ call: Call) throws -> Answer {
    let number = try conversationNumber(call.parameter())
    let contact = try liveContact(call.parameter(1))
    let author = try author(admin: try admin(try identifier(call.body, "admin_id")))
    guard
      try database.firstInteger(
        "SELECT 1 FROM participant WHERE owner = ? AND contact = ?", .integer(number), .integer(contact))
        != nil
    else { throw APIError.userNotFound }
    let count = try database.firstInteger(
      "SELECT count(*) FROM participant WHERE owner = ?", .integer(number))
    guard count ?? 0 > 1 else { throw APIError.lastCustomer }
    try database.run(
      "DELETE FROM participant WHERE owner = ? AND contact = ?", .integer(number), .integer(contact))
    try addPart(number, "participant_removed", body: nil, author: author)
    try touchConversation(number)
    return try customers(number)
  }

  // MARK: Redact

  func redactConversation(_ call: Call) throws -> Answer {
    let number = try conversationNumber(try identifier(call.body, "conversation_id"), else: .partNotFound)
    switch call.body["type"]?.stringValue {
    case "conversation_part":
      let id = try identifier(call.body, "conversation_part_id")
      let stored = try database.first(
        "SELECT json FROM part WHERE n = ? AND owner = ?", .integer(Int64(id) ?? -1), .integer(number))
      guard let text = stored?.textValue, var part = try JSONValue.parse(text).objectValue else {
        throw APIError.partNotFound
      }
      guard part["body"]?.stringValue != nil else { throw APIError.partNotRedactable }
      part["body"] = "<p><i>This message was deleted</i></p>"
      part["attachments"] = []
      part["redacted"] = true
      part["updated_at"] = .int(clock.now)
      try database.run(
        "UPDATE part SET json = ? WHERE n = ?", .text(JSONValue.object(part).text()),
        .integer(Int64(id) ?? -1))
      try touchConversation(number)
    case "source":
      var value = try conversation(number)
      guard var source = value["source"]?.objectValue,
        source["id"]?.stringValue == (try identifier(call.body, "source_id"))
      else { throw APIError.partNotFound }
      guard ["user", "lead", "contact"].contains(source["author"]?["type"]?.stringValue ?? "") else {
        throw APIError.partNotRedactable
      }
      source["body"] = "<p><i>This message was deleted</i></p>"
      source["attachments"] = []
      source["redacted"] = true
      value["source"] = .object(source)
      value["updated_at"] = .int(clock.now)
      try save(number, conversation: value)
    default: throw APIError.invalid("type must be conversation_part or source", field: "type")
    }
    return try conversationAnswer(number)
  }
}
