import JSON
import SQLite

/// Outside content for answers: sources, and the pages that belong to them.
extension Workspace {
  func listContentSources(_ call: Call) throws -> Answer {
    try itemPage(call, .contentSource, path: "/ai/content_import_sources", size: 50)
  }

  func getContentSource(_ call: Call) throws -> Answer {
    Answer(.object(try required(.contentSource, call).value), target: call.parameter())
  }

  func createContentSource(_ call: Call) throws -> Answer {
    let number = try nextNumber("content_import_source")
    var value: JSONObject = [
      "type": "content_import_source", "id": .int(number), "last_synced_at": .int(clock.now),
      "sync_behavior": "api", "status": "active", "url": nil, "created_at": .int(clock.now),
      "updated_at": .int(clock.now),
    ]
    try change(&value, source: call.body, behaviors: ["api"])
    try put(.contentSource, number, .object(value))
    return Answer(.object(value), target: String(number))
  }

  func updateContentSource(_ call: Call) throws -> Answer {
    var (number, value) = try required(.contentSource, call)
    try change(&value, source: call.body, behaviors: ["api", "automated", "automatic", "manual"])
    value["updated_at"] = .int(clock.now)
    try put(.contentSource, number, .object(value))
    return Answer(.object(value), target: call.parameter())
  }

  private func change(_ value: inout JSONObject, source body: JSONObject, behaviors: [String]) throws {
    guard let behavior = body["sync_behavior"]?.stringValue else { throw APIError.missing("sync_behavior") }
    guard behaviors.contains(behavior) else {
      throw APIError.invalid(
        "sync_behavior must be \(behaviors.joined(separator: " or "))", field: "sync_behavior")
    }
    guard let url = body["url"]?.stringValue, !url.isEmpty else { throw APIError.missing("url") }
    value["sync_behavior"] = .string(behavior)
    value["url"] = .string(url)
    if let status = body["status"] {
      guard status == "active" || status == "deactivated" else {
        throw APIError.invalid("status must be active or deactivated", field: "status")
      }
      value["status"] = status
    }
  }

  /// Takes the source's pages with it.
  func deleteContentSource(_ call: Call) throws -> Answer {
    guard let number = Int64(call.parameter()), try remove(.contentSource, number) else {
      throw APIError.resourceNotFound
    }
    try database.run("DELETE FROM item WHERE kind = 'external_page' AND parent = ?", .integer(number))
    return .empty(204, target: call.parameter())
  }

  func listExternalPages(_ call: Call) throws -> Answer {
    try itemPage(call, .externalPage, path: "/ai/external_pages", size: 50)
  }

  func getExternalPage(_ call: Call) throws -> Answer {
    Answer(.object(try required(.externalPage, call).value), target: call.parameter())
  }

  /// A page of the same source with the same id of one's own is changed, not doubled.
  func createExternalPage(_ call: Call) throws -> Answer {
    guard let source = Int64(try identifier(call.body, "source_id")), try itemExists(.contentSource, source)
    else {
      throw APIError.resourceNotFound
    }
    let external = try identifier(call.body, "external_id")
    let known = try database.firstInteger(
      "SELECT n FROM item WHERE kind = 'external_page' AND parent = ? AND name = ?", .integer(source),
      .text(external))
    let number = try known ?? nextNumber("external_page")
    var value: JSONObject =
      try item(.externalPage, number)?.objectValue ?? [
        "type": "external_page", "id": .string(String(number)), "title": nil, "html": nil, "url": nil,
        "ai_agent_availability": true, "ai_copilot_availability": true, "fin_availability": true,
        "locale": "en",
        "source_id": .int(source), "external_id": .string(external), "created_at": .int(clock.now),
        "updated_at": .int(clock.now), "last_ingested_at": .int(clock.now),
      ]
    return try save(page: number, source, external, &value, call)
  }

  func updateExternalPage(_ call: Call) throws -> Answer {
    var (number, value) = try required(.externalPage, call)
    let source = value["source_id"]?.intValue ?? 0
    return try save(page: number, source, value["external_id"]?.stringValue ?? "", &value, call)
  }

  private func save(
    page number: Int64, _ source: Int64, _ external: String, _ value: inout JSONObject, _ call: Call
  ) throws -> Answer {
    for key in ["title", "html", "locale"] {
      guard let text = call.body[key]?.stringValue else { throw APIError.missing(key) }
      value[key] = .string(text)
    }
    guard value["locale"] == "en" else { throw APIError.invalid("locale must be en", field: "locale") }
    if let url = call.body["url"] { value["url"] = try string(url, "url").map { .string($0) } ?? .null }
    for key in ["ai_agent_availability", "ai_copilot_availability", "fin_availability"] {
      if let flag = call.body[key]?.boolValue { value[key] = .bool(flag) }
    }
    value["updated_at"] = .int(clock.now)
    value["last_ingested_at"] = .int(clock.now)
    try put(.externalPage, number, name: external, parent: source, .object(value))
    return Answer(.object(value), target: String(number))
  }

  func deleteExternalPage(_ call: Call) throws -> Answer {
    let (number, value) = try required(.externalPage, call)
    _ = try remove(.externalPage, number)
    return Answer(.object(value), target: call.parameter())
  }
}
