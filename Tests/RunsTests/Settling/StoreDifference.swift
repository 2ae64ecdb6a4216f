import JSON
import SQLite

/// How two stores of a sandbox differ, their ledgers aside: two workspaces that went two ways to one end.
struct StoreDifference {
  struct Row {
    /// By table and key: `contact 17`.
    var name: String
    var before: JSONObject?
    var after: JSONObject?

    /// Contacts have a state, other records say it themselves.
    var isArchived: Bool { after?["state"] == 1 || after?["json"]?["archived"] == true }
  }

  private(set) var rows: [Row] = []

  /// Tables with the columns that tell their rows apart. Counters are none of them.
  private static let tables: [(name: String, keys: [String])] = [
    ("contact", ["n"]), ("contact_body", ["n"]), ("company", ["n"]), ("conversation", ["n"]),
    ("ticket", ["n"]), ("part", ["n"]), ("participant", ["owner", "contact"]),
    ("tagging", ["tag", "kind", "record"]), ("membership", ["contact", "company"]), ("note", ["n"]),
    ("subscription", ["contact", "type"]), ("event", ["n"]), ("item", ["kind", "n"]),
  ]

  /// Times from `start` on, as unix seconds, are the same: two runs do not write in the same second.
  init(from before: String, to after: String, since start: Int64) throws {
    let database = try Database(.file(path: after), mode: .readOnly)
    defer { database.close() }
    try database.run("ATTACH ? AS other", .text(before))
    for (table, keys) in Self.tables {
      let old = try Self.rows(of: table, in: "other", not: "main", keys, database, start)
      let new = try Self.rows(of: table, in: "main", not: "other", keys, database, start)
      for name in Set(old.keys).union(new.keys).sorted() where old[name] != new[name] {
        rows.append(Row(name: name, before: old[name], after: new[name]))
      }
    }
  }

  /// Rows of one store that the other has not, as they are there.
  private static func rows(
    of table: String, in one: String, not other: String, _ keys: [String], _ database: Database,
    _ start: Int64
  ) throws -> [String: JSONObject] {
    var names: [String] = []
    try database.each("SELECT name FROM pragma_table_info('\(table)') ORDER BY cid") { row in
      names.append(row.text(0) ?? "")
    }
    var rows: [String: JSONObject] = [:]
    func all(_ side: String) -> String { names.map { "\(side).\($0)" }.joined(separator: ", ") }
    let same = keys.map { "a.\($0) = b.\($0)" }.joined(separator: " AND ")
    try database.each(
      """
      SELECT \(all("a")) FROM \(one).\(table) a LEFT JOIN \(other).\(table) b ON \(same)
      WHERE (\(all("a"))) IS NOT (\(all("b")))
      """
    ) { row in
      var object = JSONObject()
      for (index, name) in names.enumerated() {
        object[name] = plain(json(row.value(index), of: name), since: start)
      }
      let key = keys.map { object[$0].map { $0.stringValue ?? $0.text() } ?? "" }.joined(separator: " ")
      rows["\(table) \(key)"] = object
    }
    return rows
  }

  private static func json(_ value: SQLiteValue, of column: String) -> JSONValue {
    switch value {
    case .null: return .null
    case .integer(let number): return .int(number)
    case .real(let number): return .double(number)
    case .text(let text):
      guard ["json", "custom", "devices"].contains(column) else { return .string(text) }
      return (try? JSONValue.parse(text)) ?? .string(text)
    case .blob(let bytes): return .string(String(decoding: bytes, as: UTF8.self))
    }
  }

  private static func plain(_ value: JSONValue, since start: Int64) -> JSONValue {
    switch value {
    // An hour is more than the test takes and less than any time that a script names.
    case .int(let number) where number >= start && number < start + 3_600: return "now"
    // The id of a contact or company begins with the second in which it was made.
    case .string(let text):
      guard text.utf8.count == 24, let made = Int64(text.prefix(8), radix: 16), made >= start else {
        return value
      }
      return .string("now" + text.dropFirst(8))
    case .array(let items): return .array(items.map { plain($0, since: start) })
    case .object(let object):
      return .object(
        object.reduce(into: JSONObject()) { kept, member in
          // How long things took differs by a second, too.
          if member.key != "statistics" { kept[member.key] = plain(member.value, since: start) }
        })
    default: return value
    }
  }

  // MARK: Traces

  /// Without what every write leaves, taken back or not: when a record was changed last, what its timeline tells.
  var withoutTraces: StoreDifference {
    var difference = self
    difference.rows = rows.compactMap { row in
      if row.name.hasPrefix("part ") || row.name.hasPrefix("item activity_log ") { return nil }
      let plain = Row(
        name: row.name, before: row.before.map { Self.without($0) }, after: row.after.map { Self.without($0) }
      )
      return plain.before == plain.after ? nil : plain
    }
    return difference
  }

  private static let traces: Set<String> = [
    "updated_at", "last_contacted_at", "applied_at", "since", "waiting_since", "listed",
    "teammates", "last_ingested_at",
  ]

  private static func without(_ object: JSONObject) -> JSONObject {
    // A tag or a teammate does not tell when it was made: the column is the store's own.
    let isUntold = object["kind"] != nil && object["json"]?["created_at"] == nil
    return object.reduce(into: JSONObject()) { kept, member in
      guard !traces.contains(member.key), !(isUntold && member.key == "created_at") else { return }
      if let inner = member.value.objectValue {
        kept[member.key] = .object(without(inner))
      } else {
        kept[member.key] = member.value
      }
    }
  }
}

extension StoreDifference: CustomStringConvertible {
  /// A line a row; nothing if all is the same.
  var description: String {
    rows.map { row in
      switch (row.before, row.after) {
      case (let before?, let after?):
        return "\(row.name): \(Self.changes(.object(before), .object(after), at: "").joined(separator: ", "))"
      case (nil, let after?): return "\(row.name): new, \(JSONValue.object(after).text())"
      case (let before?, nil): return "\(row.name): gone, \(JSONValue.object(before).text())"
      case (nil, nil): return row.name
      }
    }.joined(separator: "\n")
  }

  /// The members that differ, by their way from the outside in.
  private static func changes(_ before: JSONValue, _ after: JSONValue, at place: String) -> [String] {
    if before == after { return [] }
    guard let old = before.objectValue, let new = after.objectValue else {
      return ["\(place.dropFirst()): \(before.text()) → \(after.text())"]
    }
    return Set(old.map { $0.key }).union(new.map { $0.key }).sorted().flatMap { name in
      changes(old[name] ?? "none", new[name] ?? "none", at: "\(place).\(name)")
    }
  }
}
