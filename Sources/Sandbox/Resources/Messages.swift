import JSON
import SQLite

/// What a teammate sends first, and the redirect of phone calls.
extension Workspace {
  /// Makes no conversation until the contact answers, unless asked to.
  func createMessage(_ call: Call) throws -> Answer {
    let body = call.body
    guard let type = body["message_type"]?.stringValue else { throw APIError.missing("message_type") }
    guard ["in_app", "inapp", "email"].contains(type) else {
      throw APIError.invalid("message_type must be in_app or email", field: "message_type")
    }
    guard let from = body["from"]?.objectValue else { throw APIError.missing("from") }
    let sender = try admin(try identifier(from, "id"), else: .adminNotFound)
    guard let to = body["to"]?.objectValue else { throw APIError.missing("to") }
    let contact =
      to["user_id"] != nil
      ? try liveContact(external: try identifier(to, "user_id")) : try liveContact(try identifier(to, "id"))
    guard let text = body["body"]?.stringValue, !text.isEmpty else {
      throw APIError.invalid("Body is required", field: "body")
    }
    let subject = body["subject"]?.stringValue ?? ""
    if type == "email" {
      guard !subject.isEmpty else {
        throw APIError(422, "parameter_not_found", "No subject supplied for email message")
      }
      guard body["template"]?.stringValue != nil else { throw APIError.missing("template") }
    }
    let at = try body["created_at"].flatMap { try int($0, "created_at") } ?? clock.now
    let number = try nextNumber("message")
    var value: JSONObject = [
      "type": "admin_message", "id": .string(String(number)), "created_at": .int(at),
      "subject": .string(subject),
      "body": .string(text), "message_type": type == "email" ? "email" : "inapp",
      "owner": try author(admin: sender),
    ]
    if body["create_conversation_without_contact_reply"]?.boolValue == true {
      let conversation = try nextNumber("conversation")
      var stored = Self.newConversation(number: conversation, at: at)
      stored["source"] = [
        "type": type == "email" ? "email" : "conversation", "id": .string(String(number)),
        "delivered_as": "admin_initiated", "subject": .string(subject), "body": .string(Self.html(text)),
        "author": try author(admin: sender), "attachments": [], "url": nil, "redacted": false,
      ]
      stored["admin_assignee_id"] = .int(sender)
      try save(conversation, conversation: stored)
      try addParticipant(contact, to: conversation)
      value["conversation_id"] = .string(String(conversation))
    }
    var record = try contactRecord(contact)
    record.lastContactedAt = at
    try save(record)
    return Answer(.object(value), target: String(number))
  }

  /// Sends no text message here; only the answer is that of the API.
  func createPhoneSwitch(_ call: Call) throws -> Answer {
    guard let phone = call.body["phone"]?.stringValue else {
      throw APIError(422, "parameter_not_found", "phone is required", field: "phone")
    }
    let digits = phone.filter(\.isNumber)
    guard phone.hasPrefix("+"), digits.count == phone.count - 1, (7...15).contains(digits.count) else {
      throw APIError.invalid("phone is not a valid number", field: "phone")
    }
    try database.run(
      "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", .text("phone switch \(phone)"),
      .integer(clock.now))
    return Answer(["type": "phone_call_redirect", "phone": .string(phone)], target: phone)
  }

  func dataEventSummaries(_ call: Call) throws -> Answer {
    guard call.body["user_id"] != nil else { throw APIError.missing("user_id") }
    let contact = try liveContact(external: try identifier(call.body, "user_id"))
    guard let summaries = call.body["event_summaries"]?.objectValue,
      let name = summaries["event_name"]?.stringValue, let count = summaries["count"]?.intValue,
      let last = summaries["last"]?.intValue
    else { throw APIError.missing("event_summaries") }
    // A summary counts as that many events at its last time, up to what a test can look at.
    for _ in 0..<min(max(0, count), 1_000) {
      try database.run(
        "INSERT INTO event (n, contact, name, created_at, json) VALUES (?, ?, ?, ?, '{}')",
        .integer(try nextNumber("event")), .integer(contact), .text(name), .integer(last))
    }
    return .empty(200, target: String(contact))
  }

  // MARK: Visitors

  private func visitor(_ userID: String) throws -> (number: Int64, value: JSONObject) {
    guard let number = try itemNumber(.visitor, named: userID),
      let value = try item(.visitor, number)?.objectValue
    else { throw APIError.visitorNotFound }
    return (number, value)
  }

  /// By either of its two ids.
  private func visitor(_ body: JSONObject) throws -> (number: Int64, value: JSONObject) {
    if body["user_id"] != nil { return try visitor(try identifier(body, "user_id")) }
    guard body["id"] != nil else { throw APIError.missing("id") }
    let id = try identifier(body, "id")
    let number = try database.firstInteger(
      "SELECT n FROM item WHERE kind = 'visitor' AND json_extract(json, '$.id') = ?", .text(id))
    guard let number, let value = try item(.visitor, number)?.objectValue else {
      throw APIError.visitorNotFound
    }
    return (number, value)
  }

  func retrieveVisitor(_ call: Call) throws -> Answer {
    guard let id = call.query["user_id"] else { throw APIError.missing("user_id") }
    let (_, value) = try visitor(id)
    return Answer(.object(value), target: id)
  }

  func updateVisitor(_ call: Call) throws -> Answer {
    var (number, value) = try visitor(call.body)
    if let name = call.body["name"] { value["name"] = try string(name, "name").map { .string($0) } ?? .null }
    if let attributes = call.body["custom_attributes"]?.objectValue {
      var all = value["custom_attributes"]?.objectValue ?? JSONObject()
      for (name, member) in attributes { all[name] = member }
      value["custom_attributes"] = .object(all)
    }
    value["updated_at"] = .int(clock.now)
    let id = value["user_id"]?.stringValue
    try put(.visitor, number, name: id, .object(value))
    return Answer(.object(value), target: id)
  }

  /// Into an existing user, who stays, or into a new user or lead; the visitor is gone afterwards.
  func convertVisitor(_ call: Call) throws -> Answer {
    guard let type = call.body["type"]?.stringValue, type == "user" || type == "lead" else {
      throw APIError.invalid("type must be user or lead", field: "type")
    }
    guard let from = call.body["visitor"]?.objectValue else { throw APIError.missing("visitor") }
    let (number, value) = try visitor(from)
    let into = call.body["user"]?.objectValue ?? JSONObject()
    var contact: Int64?
    if let id = into["id"] {
      contact = try contactNumber(id.stringValue ?? "")
    } else if let id = into["user_id"]?.stringValue {
      contact = try database.firstInteger(
        "SELECT n FROM contact WHERE external_id = ? AND state = 0", .text(id))
    } else if let email = into["email"]?.stringValue {
      contact = try database.firstInteger(
        "SELECT n FROM contact WHERE email = ? AND state = 0 AND role = 'user'", .text(email))
    }
    if contact == nil {
      let now = clock.now
      let fresh = try nextNumber("contact")
      var record = ContactRecord(
        number: fresh, id: contactIDs.text(fresh, createdAt: now), role: type, createdAt: now)
      record.externalID = into["user_id"]?.stringValue
      record.email = into["email"]?.stringValue
      record.name = value["name"]?.stringValue
      try add(record, searchableAt: now &+ configuration.searchLag)
      contact = fresh
    }
    _ = try remove(.visitor, number)
    guard let contact else { throw APIError.userNotFound }
    return try contactAnswer(contact)
  }

  func addVisitor(userID: String, name: String?) throws {
    let number = try nextNumber("visitor")
    try put(
      .visitor, number, name: userID,
      [
        "type": "visitor", "id": .string(contactIDs.text(HexIdentifier.limit - number, createdAt: clock.now)),
        "user_id": .string(userID), "anonymous": true, "email": "", "phone": nil,
        "name": name.map { .string($0) } ?? .null, "pseudonym": nil,
        "avatar": ["type": "avatar", "image_url": nil], "app_id": .string(workspaceID),
        "companies": ["type": "company.list", "companies": []], "location_data": [:], "last_request_at": nil,
        "created_at": .int(clock.now), "remote_created_at": .int(clock.now), "signed_up_at": .int(clock.now),
        "updated_at": .int(clock.now), "session_count": 0,
        "social_profiles": ["type": "social_profile.list", "social_profiles": []], "owner_id": nil,
        "unsubscribed_from_emails": false, "marked_email_as_spam": false, "has_hard_bounced": false,
        "tags": ["type": "tag.list", "tags": []], "segments": ["type": "segment.list", "segments": []],
        "custom_attributes": [:], "referrer": nil, "utm_campaign": nil, "utm_content": nil, "utm_medium": nil,
        "utm_source": nil, "utm_term": nil, "do_not_track": nil,
      ])
  }
}
