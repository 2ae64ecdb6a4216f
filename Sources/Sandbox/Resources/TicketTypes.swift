import JSON
import SQLite

/// Ticket types, their attributes and the states that tickets go through.
extension Workspace {
  static let ticketCategories = ["Customer", "Back-office", "Tracker"]

  /// A type as it stands inside a ticket, put together once and kept until a type changes.
  func ticketTypeBytes(_ number: Int64, states: Bool) throws -> [UInt8] {
    let key = states ? number : -number
    if let known = typeTexts[key] { return known }
    guard let base = try itemBytes(.ticketType, number) else { return Array("null".utf8) }
    var out = JSONOutput(capacity: 2_048)
    out.raw(base.dropLast())
    out.raw(#","ticket_type_attributes":{"type":"list","data":["#)
    try appendItems(.ticketTypeAttribute, parent: number, &out)
    out.raw("]}")
    if states {
      out.raw(#","ticket_states":{"type":"list","data":["#)
      try appendItems(.ticketState, &out)
      out.raw("]}")
    }
    out.raw("}")
    typeTexts[key] = out.bytes
    return out.bytes
  }

  func forgetTypes() { if !typeTexts.isEmpty { typeTexts.removeAll() } }

  func listTicketTypes(_ call: Call) throws -> Answer {
    var out = JSONOutput(capacity: 4_096)
    out.raw(#"{"type":"list","data":["#)
    for (index, number) in try itemNumbers(.ticketType).enumerated() {
      if index > 0 { out.raw(",") }
      out.raw(try ticketTypeBytes(number, states: true))
    }
    out.raw("]}")
    return Answer(out.bytes)
  }

  func itemNumbers(_ kind: ItemKind) throws -> [Int64] {
    var numbers: [Int64] = []
    try database.each("SELECT n FROM item WHERE kind = ? ORDER BY n", .text(kind.rawValue)) { row in
      numbers.append(row.integer(0) ?? 0)
    }
    return numbers
  }

  func getTicketType(_ call: Call) throws -> Answer {
    guard let type = try item(.ticketType, call.parameter()) else { throw APIError.resourceNotFound }
    return Answer(try ticketTypeBytes(type.number, states: true), target: call.parameter())
  }

  func createTicketType(_ call: Call) throws -> Answer {
    guard let name = call.body["name"]?.stringValue, !name.isEmpty else { throw APIError.missing("name") }
    let category = call.body["category"]?.stringValue ?? "Customer"
    guard Self.ticketCategories.contains(category) else {
      throw APIError.invalid("category must be Customer, Back-office or Tracker", field: "category")
    }
    let number = try addTicketType(
      name: name, description: call.body["description"]?.stringValue ?? "", category: category,
      icon: call.body["icon"]?.stringValue ?? "🎟️", isInternal: call.body["is_internal"]?.boolValue ?? false)
    return Answer(try ticketTypeBytes(number, states: true), target: String(number))
  }

  /// Each type begins with a title and a description.
  func addTicketType(
    name: String, description: String, category: String, icon: String, isInternal: Bool
  ) throws -> Int64 {
    let number = try nextNumber("ticket_type")
    try put(
      .ticketType, number, name: name,
      [
        "type": "ticket_type", "id": .string(String(number)), "name": .string(name),
        "description": .string(description), "icon": .string(icon), "workspace_id": .string(workspaceID),
        "archived": false, "created_at": .int(clock.now), "updated_at": .int(clock.now),
        "is_internal": .bool(isInternal), "category": .string(category),
      ])
    for (order, (name, multiline)) in [("_default_title_", false), ("_default_description_", true)]
      .enumerated()
    {
      try addTicketAttribute(
        type: number, name: name, description: "", dataType: "string",
        options: ["multiline": .bool(multiline)], order: Int64(order), isDefault: true, body: [:])
    }
    return number
  }

  @discardableResult
  func addTicketAttribute(
    type: Int64, name: String, description: String, dataType: String, options: JSONValue, order: Int64,
    isDefault: Bool, body: JSONObject
  ) throws -> JSONValue {
    let number = try nextNumber("ticket_type_attribute")
    func flag(_ key: String, _ fallback: Bool) -> JSONValue { .bool(body[key]?.boolValue ?? fallback) }
    let value: JSONValue = [
      "type": "ticket_type_attribute", "id": .string(String(number)), "workspace_id": .string(workspaceID),
      "name": .string(name), "description": .string(description), "data_type": .string(dataType),
      "input_options": options, "order": .int(order), "required_to_create": flag("required_to_create", false),
      "required_to_create_for_contacts": flag("required_to_create_for_contacts", false),
      "visible_on_create": flag("visible_on_create", true),
      "visible_to_contacts": flag("visible_to_contacts", true), "default": .bool(isDefault),
      "ticket_type_id": .int(type), "archived": false, "created_at": .int(clock.now),
      "updated_at": .int(clock.now),
    ]
    try put(.ticketTypeAttribute, number, name: name, parent: type, value)
    return value
  }

  func updateTicketType(_ call: Call) throws -> Answer {
    guard let (number, old) = try item(.ticketType, call.parameter()), var value = old.objectValue else {
      throw APIError.resourceNotFound
    }
    for key in ["name", "description", "icon"] {
      if let text = call.body[key] { value[key] = .string(try string(text, key) ?? "") }
    }
    for key in ["archived", "is_internal"] {
      if let flag = call.body[key] {
        guard flag.boolValue != nil else { throw APIError.invalid("\(key) must be a boolean", field: key) }
        value[key] = flag
      }
    }
    if let category = call.body["category"]?.stringValue {
      guard Self.ticketCategories.contains(category) else {
        throw APIError.invalid("category must be Customer, Back-office or Tracker", field: "category")
      }
      value["category"] = .string(category)
    }
    value["updated_at"] = .int(clock.now)
    try put(.ticketType, number, name: value["name"]?.stringValue, .object(value))
    return Answer(try ticketTypeBytes(number, states: true), target: call.parameter())
  }

  // MARK: Attributes

  private static let dataTypes = ["string", "list", "integer", "decimal", "boolean", "datetime", "files"]

  func createTicketTypeAttribute(_ call: Call) throws -> Answer {
    guard let type = try item(.ticketType, call.parameter()) else { throw APIError.resourceNotFound }
    guard let name = call.body["name"]?.stringValue, !name.isEmpty else { throw APIError.missing("name") }
    guard let description = call.body["description"]?.stringValue else {
      throw APIError.missing("description")
    }
    guard let dataType = call.body["data_type"]?.stringValue else { throw APIError.missing("data_type") }
    guard Self.dataTypes.contains(dataType) else {
      throw APIError.invalid(
        "data_type must be one of \(Self.dataTypes.joined(separator: ", "))", field: "data_type")
    }
    if try database.firstInteger(
      "SELECT 1 FROM item WHERE kind = 'ticket_type_attribute' AND parent = ? AND name = ?",
      .integer(type.number), .text(name)) != nil
    {
      throw APIError.invalid("An attribute named '\(name)' exists already", field: "name")
    }
    var options: JSONValue = .null
    if dataType == "list" { options = try listOptions(call.body) }
    if dataType == "string" { options = ["multiline": .bool(call.body["multiline"]?.boolValue ?? false)] }
    let count = try database.firstInteger(
      "SELECT count(*) FROM item WHERE kind = 'ticket_type_attribute' AND parent = ?", .integer(type.number))
    let value = try addTicketAttribute(
      type: type.number, name: name, description: description, dataType: dataType, options: options,
      order: count ?? 0, isDefault: false, body: call.body)
    return Answer(value, target: value["id"]?.stringValue)
  }

  /// The items of a list come as one text with commas; each gets an id, by which values are told.
  private func listOptions(_ body: JSONObject) throws -> JSONValue {
    guard let text = body["list_items"]?.stringValue, !text.isEmpty else {
      throw APIError.missing("list_items")
    }
    var items: [JSONValue] = []
    for label in text.split(separator: ",") {
      let number = try nextNumber("list_item")
      items.append([
        "id": .string(Self.guid(number, identity.seed)), "label": .string(trim(label)),
      ])
    }
    return [
      "list_items": .array(items),
      "allow_multiple_values": .bool(body["allow_multiple_values"]?.boolValue ?? false),
    ]
  }

  private func trim(_ text: Substring) -> String {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  static func guid(_ number: Int64, _ seed: UInt64) -> String {
    var randomness = Randomness(seed, stream: UInt64(bitPattern: number) &+ 0x6000)
    let words = [randomness.next(), randomness.next()]
    // Every request has one: put together byte by byte.
    return String(unsafeUninitializedCapacity: 36) { buffer in
      var place = 0
      for digit in 0..<32 {
        if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
          buffer[place] = 0x2D
          place += 1
        }
        let nibble = UInt8(truncatingIfNeeded: words[digit / 16] >> UInt64(60 - digit % 16 * 4)) & 15
        buffer[place] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
        place += 1
      }
      return place
    }
  }

  func updateTicketTypeAttribute(_ call: Call) throws -> Answer {
    guard let type = try item(.ticketType, call.parameter()),
      let (number, old) = try item(.ticketTypeAttribute, call.parameter(1)), var value = old.objectValue,
      value["ticket_type_id"]?.intValue == type.number
    else { throw APIError.resourceNotFound }
    for key in ["name", "description"] {
      if let text = call.body[key] { value[key] = .string(try string(text, key) ?? "") }
    }
    for key in [
      "required_to_create", "required_to_create_for_contacts", "visible_on_create", "visible_to_contacts",
      "archived",
    ] {
      if let flag = call.body[key] {
        guard flag.boolValue != nil else { throw APIError.invalid("\(key) must be a boolean", field: key) }
        value[key] = flag
      }
    }
    if call.body["list_items"] != nil, value["data_type"]?.stringValue == "list" {
      value["input_options"] = try listOptions(call.body)
    }
    value["updated_at"] = .int(clock.now)
    try put(
      .ticketTypeAttribute, number, name: value["name"]?.stringValue, parent: type.number, .object(value))
    return Answer(.object(value), target: call.parameter(1))
  }

  // MARK: States

  func listTicketStates(_ call: Call) throws -> Answer {
    var types: [JSONValue] = []
    for number in try itemNumbers(.ticketType) {
      guard let value = try item(.ticketType, number)?.objectValue else { continue }
      var brief = JSONObject()
      for key in ["type", "id", "name", "description", "icon", "archived", "is_internal", "category"] {
        brief[key] = value[key]
      }
      types.append(.object(brief))
    }
    var states: [JSONValue] = []
    for number in try itemNumbers(.ticketState) {
      guard var state = try item(.ticketState, number)?.objectValue else { continue }
      state["ticket_types"] = ["type": "list", "data": .array(types)]
      state["archived"] = false
      states.append(.object(state))
    }
    return Answer(["type": "list", "data": .array(states)])
  }
}
