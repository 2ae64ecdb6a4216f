import JSON
import SQLite

/// Declarations of the attributes of contacts, companies and conversations.
extension Workspace {
  private static let attributeTypes = ["string", "integer", "float", "boolean", "datetime", "date"]

  func listDataAttributes(_ call: Call) throws -> Answer {
    let model = call.query["model"]
    if let model, !["contact", "company", "conversation"].contains(model) {
      throw APIError.invalid("model must be contact, company or conversation", field: "model")
    }
    let archived = call.query.bool("include_archived") ?? false
    var out = JSONOutput(capacity: 4_096)
    out.raw(#"{"type":"list","data":["#)
    var first = true
    let statement = try database.prepare(
      "SELECT json FROM item WHERE kind = 'data_attribute' AND (?1 OR archived = 0) AND (?2 IS NULL OR "
        + "json_extract(json, '$.model') = ?2) ORDER BY n")
    try statement.bind([.integer(archived ? 1 : 0), .optional(model)])
    defer { statement.reset() }
    while try statement.step() {
      if !first { out.raw(",") }
      first = false
      statement.withBytes(0) { out.raw($0) }
    }
    out.raw("]}")
    return Answer(out.bytes)
  }

  func createDataAttribute(_ call: Call) throws -> Answer {
    let body = call.body
    guard let name = body["name"]?.stringValue, !name.isEmpty else { throw APIError.missing("name") }
    guard let model = body["model"]?.stringValue, model == "contact" || model == "company" else {
      throw APIError.invalid(
        "The Data Attribute model field must be either contact or company", field: "model")
    }
    guard let type = body["data_type"]?.stringValue, Self.attributeTypes.contains(type) else {
      throw APIError.invalid("Data Type isn't an option", field: "data_type")
    }
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0.isCurrencySymbol || " -_".contains($0) }) else {
      throw APIError.invalid(
        "Your name for this attribute must only contain alphanumeric characters, currency symbols, and hyphens",
        field: "name")
    }
    guard try itemNumber(.dataAttribute, named: "\(model).\(name)") == nil else {
      let people = model == "contact" ? "people" : "company"
      throw APIError.invalid(
        "You already have '\(name)' in your \(people) data. To save this as new \(people) data, use a different name.",
        field: "name")
    }
    let number = try addDataAttribute(
      name: name, model: model, type: type, description: body["description"]?.stringValue ?? "",
      options: try options(body["options"]), custom: true,
      messengerWritable: body["messenger_writable"]?.boolValue ?? false)
    return Answer(try itemBytes(.dataAttribute, number) ?? [], target: String(number))
  }

  /// Options come as `{value}` or as plain text, and there are at least two.
  private func options(_ value: JSONValue?) throws -> JSONValue? {
    guard let value, !value.isNull else { return nil }
    guard let items = value.arrayValue else {
      throw APIError.invalid("Options isn't an array", field: "options")
    }
    let texts = items.compactMap { $0["value"]?.stringValue ?? $0.stringValue }
    guard texts.count == items.count, texts.count >= 2 else {
      throw APIError.invalid("A list needs at least two options", field: "options")
    }
    return .array(texts.map { .string($0) })
  }

  func addDataAttribute(
    name: String, model: String, type: String, description: String, options: JSONValue?, custom: Bool,
    messengerWritable: Bool
  ) throws -> Int64 {
    let number = try nextNumber("data_attribute")
    var value: JSONObject = [
      "type": "data_attribute", "id": .int(number), "model": .string(model), "name": .string(name),
      "full_name": .string(custom ? "custom_attributes.\(name)" : name), "label": .string(name),
      "description": .string(description), "data_type": .string(type == "datetime" ? "date" : type),
      "api_writable": true, "messenger_writable": .bool(messengerWritable), "ui_writable": true,
      "custom": .bool(custom), "archived": false, "created_at": .int(clock.now),
      "updated_at": .int(clock.now),
      "admin_id": (try ownAdmin()).map { .string(String($0)) } ?? .null,
    ]
    if let options { value["options"] = options }
    try put(.dataAttribute, number, name: "\(model).\(name)", .object(value))
    return number
  }

  /// The type of an attribute stays what it is.
  func updateDataAttribute(_ call: Call) throws -> Answer {
    guard let (number, old) = try item(.dataAttribute, call.parameter()), var value = old.objectValue else {
      throw APIError.attributeNotFound
    }
    if let text = call.body["description"] {
      value["description"] = .string(try string(text, "description") ?? "")
    }
    if let options = try options(call.body["options"]) { value["options"] = options }
    for key in ["archived", "messenger_writable"] {
      if let flag = call.body[key] {
        guard flag.boolValue != nil else { throw APIError.invalid("\(key) must be a boolean", field: key) }
        value[key] = flag
      }
    }
    if value["custom"]?.boolValue != true, value["archived"]?.boolValue == true {
      throw APIError(
        422, "data_invalid", "The Data Attribute you are trying to archive has a dependant object")
    }
    value["updated_at"] = .int(clock.now)
    let name = "\(value["model"]?.stringValue ?? "").\(value["name"]?.stringValue ?? "")"
    try put(
      .dataAttribute, number, name: name, archived: value["archived"]?.boolValue ?? false, .object(value))
    return Answer(.object(value), target: call.parameter())
  }
}
