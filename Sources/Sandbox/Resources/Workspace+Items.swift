import JSON
import SQLite

/// Kinds of what a workspace has few of.
enum ItemKind: String {
  case admin, team, tag, article, collection, newsfeed, export, visitor
  case ticketType = "ticket_type"
  case ticketTypeAttribute = "ticket_type_attribute"
  case ticketState = "ticket_state"
  case subscriptionType = "subscription_type"
  case dataAttribute = "data_attribute"
  case helpCenter = "help_center"
  case newsItem = "news_item"
  case contentSource = "content_import_source"
  case externalPage = "external_page"
  case activityLog = "activity_log"
}

extension Workspace {
  func item(_ kind: ItemKind, _ number: Int64) throws -> JSONValue? {
    guard let bytes = try itemBytes(kind, number) else { return nil }
    return try JSONValue.parse(bytes)
  }

  /// Path parameters are text; what is no number names no item.
  func item(_ kind: ItemKind, _ id: String) throws -> (number: Int64, value: JSONValue)? {
    guard let number = Int64(id), let value = try item(kind, number) else { return nil }
    return (number, value)
  }

  func itemBytes(_ kind: ItemKind, _ number: Int64) throws -> [UInt8]? {
    let statement = try database.prepare("SELECT json FROM item WHERE kind = ? AND n = ?")
    try statement.bind(kind.rawValue, at: 1)
    try statement.bind(number, at: 2)
    defer { statement.reset() }
    return try statement.step() ? statement.bytes(0) : nil
  }

  func itemExists(_ kind: ItemKind, _ number: Int64) throws -> Bool {
    try database.firstInteger(
      "SELECT 1 FROM item WHERE kind = ? AND n = ?", .text(kind.rawValue), .integer(number))
      != nil
  }

  func itemNumber(_ kind: ItemKind, named name: String) throws -> Int64? {
    try database.firstInteger(
      "SELECT n FROM item WHERE kind = ? AND name = ?", .text(kind.rawValue), .text(name))
  }

  /// Adds or replaces.
  func put(
    _ kind: ItemKind, _ number: Int64, name: String? = nil, parent: Int64? = nil, updatedAt: Int64? = nil,
    archived: Bool = false, _ value: JSONValue
  ) throws {
    try database.run(
      """
      INSERT OR REPLACE INTO item (kind, n, name, parent, created_at, updated_at, archived, json)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .text(kind.rawValue), .integer(number), .optional(name), .optional(parent),
      .integer(value["created_at"]?.intValue ?? clock.now), .integer(updatedAt ?? clock.now),
      .integer(archived ? 1 : 0), .text(value.text()))
    forgetTypes()
  }

  /// False if there was none.
  func remove(_ kind: ItemKind, _ number: Int64) throws -> Bool {
    try database.run("DELETE FROM item WHERE kind = ? AND n = ?", .text(kind.rawValue), .integer(number))
    forgetTypes()
    return database.changes > 0
  }

  /// The JSON of all items of a kind, in a row with commas between.
  func appendItems(
    _ kind: ItemKind, parent: Int64? = nil, includingArchived: Bool = true, _ out: inout JSONOutput
  ) throws {
    var first = true
    let statement = try database.prepare(
      """
      SELECT json FROM item WHERE kind = ?1 AND (?2 IS NULL OR parent = ?2) AND (?3 OR archived = 0) ORDER BY n
      """)
    try statement.bind([.text(kind.rawValue), .optional(parent), .integer(includingArchived ? 1 : 0)])
    defer { statement.reset() }
    while try statement.step() {
      if !first { out.raw(",") }
      first = false
      statement.withBytes(0) { out.raw($0) }
    }
  }

  /// `{"type": …, key: [all items]}`
  func list(_ kind: ItemKind, type: StaticString, key: StaticString) throws -> Answer {
    var out = JSONOutput(capacity: 1_024)
    out.raw(#"{"type":""#)
    out.raw(type)
    out.raw(#"",""#)
    out.raw(key)
    out.raw(#"":["#)
    try appendItems(kind, &out)
    out.raw("]}")
    return Answer(out.bytes)
  }
}
