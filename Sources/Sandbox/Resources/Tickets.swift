import JSON
import SQLite

/// Tickets. What is stored leaves out type, state, contacts and parts, which come from elsewhere.
extension Workspace {
  var ticketPages: RecordPages {
    RecordPages(
      workspace: self, table: "ticket", idIsNumber: true, type: "ticket.list", itemKey: "tickets",
      append: { [self] row, out in try appendTicket(row, offset: 2, number: row.integer(0) ?? 0, &out) },
      columns: "json, ticket_type_id, ticket_state_id")
  }

  private func appendTicket(_ row: Statement, offset: Int, number: Int64, _ out: inout JSONOutput) throws {
    row.withBytes(offset) { out.raw($0.dropLast()) }
    out.raw(#","ticket_state":"#)
    out.raw(try itemBytes(.ticketState, row.integer(offset + 2) ?? 0) ?? Array("null".utf8))
    out.raw(#","ticket_type":"#)
    out.raw(try ticketTypeBytes(row.integer(offset + 1) ?? 0, states: false))
    out.raw(#","contacts":"#)
    try appendParticipants(number, &out)
    out.raw(#","ticket_parts":{"type":"ticket_part.list","ticket_parts":["#)
    let total = try appendParts(number, &out)
    out.raw(#"],"total_count":"#)
    out.int(total)
    out.raw("}}")
  }

  func ticketNumber(_ id: String, else error: APIError = .ticketNotFound) throws -> Int64 {
    guard let number = Int64(id),
      try database.firstInteger("SELECT 1 FROM ticket WHERE n = ?", .integer(number)) != nil
    else { throw error }
    return number
  }

  func ticketAnswer(_ number: Int64) throws -> Answer {
    let statement = try database.prepare(
      "SELECT json, ticket_type_id, ticket_state_id FROM ticket WHERE n = ?")
    try statement.bind(number, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw APIError.ticketNotFound }
    var out = JSONOutput(capacity: 4_096)
    try appendTicket(statement, offset: 0, number: number, &out)
    return Answer(out.bytes, target: String(number))
  }

  func getTicket(_ call: Call) throws -> Answer { try ticketAnswer(try ticketNumber(call.parameter())) }

  func searchTickets(_ call: Call) throws -> Answer {
    try search(.tickets, try SearchRequest(call.body), pages: ticketPages, base: .always, defaultSize: 20)
  }

  /// `ticket_attribute.{id}` is searched by the attribute's number, though tickets name it by its name.
  func ticketAttributeField(_ id: String) throws -> SearchField {
    guard let number = Int64(id) else {
      throw APIError(400, "field_not_found", "'\(id)' is not a valid integer", field: "ticket_attribute")
    }
    guard let attribute = try item(.ticketTypeAttribute, number),
      let name = attribute["name"]?.stringValue
    else {
      throw APIError(404, "field_not_found", "There is no ticket attribute \(id)", field: "ticket_attribute")
    }
    let path = "$.ticket_attributes.\"\(name.filter { $0 != "\"" })\""
    let kind: SearchField.Kind =
      switch attribute["data_type"]?.stringValue {
      case "integer": .integer
      case "boolean": .boolean
      case "datetime": .instant
      case "decimal": .anything
      default: .string
      }
    return SearchField("ticket_attribute.\(id)", kind, .json(path))
  }

  // MARK: Writing

  func ticket(_ number: Int64) throws -> (value: JSONObject, type: Int64, state: Int64) {
    let statement = try database.prepare(
      "SELECT json, ticket_type_id, ticket_state_id FROM ticket WHERE n = ?")
    try statement.bind(number, at: 1)
    defer { statement.reset() }
    guard try statement.step(), let bytes = statement.bytes(0),
      let value = try JSONValue.parse(bytes).objectValue
    else { throw APIError.ticketNotFound }
    return (value, statement.integer(1) ?? 0, statement.integer(2) ?? 0)
  }

  /// Stores a ticket and the columns that come out of it.
  func save(_ number: Int64, ticket value: JSONObject, type: Int64, state: Int64) throws {
    // Search has words of its own for the category.
    let category =
      switch value["category"]?.stringValue {
      case "Customer": "request"
      case "Back-office": "task"
      default: "tracker"
      }
    // A ticket that does not sleep tells no time.
    let value = value.withoutNulls
    let stateName = try item(.ticketState, state)?["category"]?.stringValue ?? "submitted"
    let attributes = value["ticket_attributes"]?.objectValue ?? JSONObject()
    let statement = try database.prepare(
      """
      INSERT OR REPLACE INTO ticket (n, ticket_id, created_at, updated_at, title, description, category,
        ticket_type_id, state, open, snoozed_until, admin_assignee_id, team_assignee_id, ticket_state_id, json)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    try statement.bind([
      .integer(number), .integer(Int64(value["ticket_id"]?.stringValue ?? "") ?? 0),
      .optional(value["created_at"]?.intValue), .optional(value["updated_at"]?.intValue),
      .optional(attributes["_default_title_"]?.stringValue),
      .optional(attributes["_default_description_"]?.stringValue), .text(category), .integer(type),
      .text(stateName), .integer(value["open"]?.boolValue == true ? 1 : 0),
      .optional(value["snoozed_until"]?.intValue), .optional(value["admin_assignee_id"]?.stringValue),
      .optional(value["team_assignee_id"]?.stringValue), .integer(state),
      .text(JSONValue.object(value).text()),
    ])
    defer { statement.reset() }
    try statement.run()
  }

  func touchTicket(_ number: Int64) throws {
    var (value, type, state) = try ticket(number)
    value["updated_at"] = .int(clock.now)
    try save(number, ticket: value, type: type, state: state)
  }

  /// The state that tickets of a category begin in.
  func firstState(_ category: String = "submitted") throws -> Int64 {
    for number in try itemNumbers(.ticketState) {
      if try item(.ticketState, number)?["category"]?.stringValue == category { return number }
    }
    return 1
  }

  /// A new ticket, with its first part; `number` is that of a conversation or a fresh one.
  func addTicket(
    _ number: Int64, type: Int64, attributes: JSONObject, contacts: [Int64], at: Int64, author: JSONValue
  ) throws {
    guard let category = try item(.ticketType, type)?["category"] else { throw APIError.resourceNotFound }
    let inbox = try nextNumber("ticket")
    let state = try firstState()
    let value: JSONObject = [
      "type": "ticket", "id": .string(String(number)), "ticket_id": .string(String(inbox)),
      "ticket_attributes": .object(attributes), "admin_assignee_id": "0", "team_assignee_id": "0",
      "created_at": .int(at), "updated_at": .int(at), "open": true, "snoozed_until": nil,
      "linked_objects": ["type": "list", "data": [], "total_count": 0, "has_more": false],
      "category": category, "is_shared": .bool(category.stringValue == "Customer"),
    ]
    try save(number, ticket: value, type: type, state: state)
    for contact in contacts { try addParticipant(contact, to: number) }
    try addTicketPart(
      number, "ticket_state_updated_by_admin", body: nil, author: author, at: at,
      extra: ["ticket_state": "submitted", "previous_ticket_state": "submitted"])
  }

  @discardableResult
  func addTicketPart(
    _ owner: Int64, _ type: String, body: String?, author: JSONValue, at: Int64,
    attachments: [JSONValue] = [],
    assignedTo: JSONValue = .null, extra: JSONObject = [:]
  ) throws -> JSONObject {
    var extra = extra
    extra["type"] = "ticket_part"
    return try addPart(
      owner, type, body: body, author: author, at: at, assignedTo: assignedTo, attachments: attachments,
      extra: extra)
  }

  func createTicket(_ call: Call) throws -> Answer {
    let body = call.body
    guard let type = try item(.ticketType, try identifier(body, "ticket_type_id")) else {
      throw APIError.resourceNotFound
    }
    guard let people = body["contacts"]?.arrayValue, let person = people.first?.objectValue else {
      throw APIError.missing("contacts")
    }
    guard people.count == 1 else { throw APIError.invalid("A ticket has one contact", field: "contacts") }
    let contact: Int64
    if person["id"] != nil {
      contact = try liveContact(try identifier(person, "id"))
    } else if person["external_id"] != nil {
      contact = try liveContact(external: try identifier(person, "external_id"))
    } else if let email = person["email"]?.stringValue {
      do {
        contact = try liveContact(email: email)
      } catch let error as APIError where error == .userNotFound {
        contact = try newLead(email: email)
      }
    } else {
      throw APIError.missing("contacts")
    }
    let attributes = try checked(body["ticket_attributes"], type: type.number)
    let at = try body["created_at"].flatMap { try int($0, "created_at") } ?? clock.now
    let number = try nextNumber("conversation")
    let admin = try ownAdmin() ?? 0
    try addTicket(
      number, type: type.number, attributes: attributes, contacts: [contact], at: at,
      author: try author(admin: admin))
    return try ticketAnswer(number)
  }

  /// Attributes are named by name and must be the type's own, of the right kind.
  private func checked(_ value: JSONValue?, type: Int64) throws -> JSONObject {
    guard let value, !value.isNull else { return JSONObject() }
    guard let attributes = value.objectValue else {
      throw APIError.invalid("ticket_attributes must be an object", field: "ticket_attributes")
    }
    for (name, member) in attributes {
      let found = try database.first(
        "SELECT json FROM item WHERE kind = 'ticket_type_attribute' AND parent = ? AND name = ?",
        .integer(type), .text(name))
      guard let text = found?.textValue else {
        throw APIError.invalid("'\(name)' is not an attribute of the ticket type", field: name)
      }
      let attribute = try JSONValue.parse(text)
      guard Self.fits(member, attribute) else {
        let kind = attribute["data_type"]?.stringValue ?? "string"
        throw APIError.invalid("'\(name)' must be of type \(kind)", field: name)
      }
    }
    return attributes
  }

  private static func fits(_ value: JSONValue, _ attribute: JSONValue) -> Bool {
    if value.isNull { return true }
    switch attribute["data_type"]?.stringValue {
    case "string": return value.stringValue != nil
    case "integer", "datetime": return value.intValue != nil
    case "decimal": return value.doubleValue != nil
    case "boolean": return value.boolValue != nil
    case "files": return value.arrayValue != nil
    case "list":
      // Values of a list are its items' ids, not their labels.
      let ids = (attribute["input_options"]?["list_items"]?.arrayValue ?? []).compactMap {
        $0["id"]?.stringValue
      }
      let wanted = value.arrayValue?.map(\.stringValue) ?? [value.stringValue]
      return wanted.allSatisfy { $0.map(ids.contains) ?? false }
    default: return true
    }
  }

  func updateTicket(_ call: Call) throws -> Answer {
    let number = try ticketNumber(call.parameter())
    var (value, type, state) = try ticket(number)
    let now = clock.now
    let own = try author(admin: try ownAdmin() ?? 0)
    let body = call.body
    if body["ticket_attributes"] != nil {
      var attributes = value["ticket_attributes"]?.objectValue ?? JSONObject()
      for (name, member) in try checked(body["ticket_attributes"], type: type) { attributes[name] = member }
      value["ticket_attributes"] = .object(attributes)
    }
    if let wanted = body["ticket_state_id"], !wanted.isNull {
      guard let id = Int64(try identifier(body, "ticket_state_id")), let new = try item(.ticketState, id)
      else {
        throw APIError.ticketStateInvalid
      }
      if id != state {
        let old = try item(.ticketState, state)?["category"] ?? "submitted"
        try addTicketPart(
          number, "ticket_state_updated_by_admin", body: nil, author: own, at: now,
          extra: ["ticket_state": new["category"] ?? "submitted", "previous_ticket_state": old])
        state = id
      }
    }
    if let open = body["open"] {
      guard let flag = open.boolValue else { throw APIError.invalid("open must be a boolean", field: "open") }
      value["open"] = open
      // Closing also ends a snooze.
      if !flag { value["snoozed_until"] = nil as JSONValue }
    }
    if let until = try body["snoozed_until"].flatMap({ try int($0, "snoozed_until") }) {
      value["snoozed_until"] = .int(until)
    }
    if let shared = body["is_shared"] {
      guard shared.boolValue != nil else {
        throw APIError.invalid("is_shared must be a boolean", field: "is_shared")
      }
      value["is_shared"] = shared
    }
    if let assignment = body["assignment"]?.objectValue { try assign(&value, number, assignment) }
    value["updated_at"] = .int(now)
    try save(number, ticket: value, type: type, state: state)
    return try ticketAnswer(number)
  }

  /// Assignee ids are those of admins or teams; "0" takes both away.
  private func assign(_ value: inout JSONObject, _ number: Int64, _ assignment: JSONObject) throws {
    let admin = try admin(try identifier(assignment, "admin_id"), else: .assigneeNotFound)
    let id = try identifier(assignment, "assignee_id")
    let reference: JSONValue
    if id == "0" {
      value["admin_assignee_id"] = "0"
      value["team_assignee_id"] = "0"
      reference = ["type": "nobody_admin", "id": nil]
    } else if let assignee = Int64(id), try itemExists(.admin, assignee) {
      value["admin_assignee_id"] = .string(id)
      reference = ["type": "admin", "id": .string(id)]
    } else if let assignee = Int64(id), try itemExists(.team, assignee) {
      value["team_assignee_id"] = .string(id)
      reference = ["type": "team", "id": .string(id)]
    } else {
      throw APIError.assigneeNotFound
    }
    try addTicketPart(
      number, "assignment", body: nil, author: try author(admin: admin), at: clock.now, assignedTo: reference)
  }

  func replyTicket(_ call: Call) throws -> Answer {
    let number = try ticketNumber(call.parameter(), else: .resourceNotFound)
    var (value, type, state) = try ticket(number)
    let body = call.body
    guard let message = body["message_type"]?.stringValue else { throw APIError.missing("message_type") }
    let at = try body["created_at"].flatMap { try int($0, "created_at") } ?? clock.now
    let part: JSONObject
    switch body["type"]?.stringValue {
    case "admin":
      guard ["comment", "note", "quick_reply"].contains(message) else {
        throw APIError.invalid("message_type must be comment, note or quick_reply", field: "message_type")
      }
      let admin = try admin(try identifier(body, "admin_id"))
      let text = body["body"]?.stringValue
      guard message == "quick_reply" || text?.isEmpty == false else { throw APIError.missing("body") }
      if message == "quick_reply", body["reply_options"]?.arrayValue?.isEmpty ?? true {
        throw APIError.missing("reply_options")
      }
      part = try addTicketPart(
        number, message, body: text, author: try author(admin: admin), at: at, attachments: attachments(body))
    case "user":
      guard message == "comment" else {
        throw APIError.invalid("message_type must be comment", field: "message_type")
      }
      let contact = try contactRecord(try replyingContact(body))
      guard value["category"]?.stringValue == "Customer" else { throw APIError.backOfficeReply }
      guard let text = body["body"]?.stringValue, !text.isEmpty else { throw APIError.missing("body") }
      part = try addTicketPart(
        number, message, body: text, author: Self.author(contact), at: at, attachments: attachments(body))
    default: throw APIError.invalid("type must be admin or user", field: "type")
    }
    value["updated_at"] = .int(max(at, value["updated_at"]?.intValue ?? 0))
    try save(number, ticket: value, type: type, state: state)
    return Answer(.object(part), target: String(number))
  }

  /// Only types that customers see can be converted to; the conversation itself stays, linked to its ticket.
  func convertConversation(_ call: Call) throws -> Answer {
    let number = try conversationNumber(call.parameter())
    guard let type = try item(.ticketType, try identifier(call.body, "ticket_type_id")) else {
      throw APIError.resourceNotFound
    }
    guard type.value["category"]?.stringValue == "Customer" else { throw APIError.notACustomerType }
    guard try database.firstInteger("SELECT 1 FROM ticket WHERE n = ?", .integer(number)) == nil else {
      throw APIError.invalid("The conversation is a ticket already")
    }
    let attributes = try checked(call.body["attributes"], type: type.number)
    try addTicket(
      number, type: type.number, attributes: attributes, contacts: [], at: clock.now,
      author: try author(admin: try ownAdmin() ?? 0))
    var value = try conversation(number)
    value["ticket"] = ["type": "ticket", "id": .string(String(number))]
    value["updated_at"] = .int(clock.now)
    try save(number, conversation: value)
    return try ticketAnswer(number)
  }
}
