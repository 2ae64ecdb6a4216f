import Foundation
import JSON
import SQLite
import TestSupport
import Testing

@testable import Sandbox

/// What is counted by tallies and walked from zones must be what a look at every contact finds.
struct SearchPlanTests {
  /// Contacts by the field's name in answers, each with its value there.
  private func values(_ contacts: [JSONValue], _ field: SearchField) -> [JSONValue] {
    let path =
      switch field.name {
      case "ios_app_device": "ios_device"
      case "andoid_sdk_version": "android_sdk_version"
      case "avatar": "avatar.image_url"
      default: field.name
      }
    return contacts.map { contact in
      path.split(separator: ".").reduce(contact) { $0[String($1)] ?? .null }
    }
  }

  private func all(_ client: RawClient, _ body: JSONObject) throws -> (
    ids: [String], total: Int, contacts: [JSONValue]
  ) {
    var ids: [String] = []
    var contacts: [JSONValue] = []
    var body = body
    var total = -1
    while true {
      let answer = try client.post("/contacts/search", .object(body))
      guard answer.status == 200 else {
        Issue.record("\(body): \(answer.status) \(answer.message ?? "")")
        return ([], -1, [])
      }
      total = Int(answer.json["total_count"]?.intValue ?? -1)
      let page = answer.json["data"]?.arrayValue ?? []
      contacts += page
      ids += page.compactMap { $0["id"]?.stringValue }
      guard let next = answer.json["pages"]?["next"]?["starting_after"] else { return (ids, total, contacts) }
      body["pagination"] = ["per_page": 150, "starting_after": next]
    }
  }

  private func search(_ field: String, _ op: String, _ value: JSONValue, _ order: String = "descending")
    -> JSONObject
  {
    [
      "query": ["field": .string(field), "operator": .string(op), "value": value],
      "pagination": ["per_page": 150], "sort": ["field": "created_at", "order": .string(order)],
    ]
  }

  /// By the words of the documentation, in memory.
  private static func matches(
    _ value: JSONValue, _ op: SearchOperator, _ wanted: JSONValue, _ kind: SearchField.Kind,
    _ zone: TimeZoneRule, noCase: Bool
  ) -> Bool {
    func text(_ value: JSONValue) -> String? {
      switch value {
      case .string(let text): text
      case .int(let number): String(number)
      case .bool(let flag): flag ? "true" : "false"
      default: nil
      }
    }
    func equal(_ one: JSONValue, _ other: JSONValue) -> Bool {
      if one.isNull || other.isNull { return one.isNull && other.isNull }
      if noCase { return text(one)?.lowercased() == text(other)?.lowercased() }
      return text(one) == text(other)
    }
    if case .day = kind {
      guard let seconds = value.intValue, let day = wanted.intValue.map(zone.day) else { return false }
      switch op {
      case .less: return seconds < day.start
      case .greater: return seconds >= day.next
      default: return seconds >= day.start && seconds < day.next
      }
    }
    switch op {
    case .equal: return equal(value, wanted)
    case .unequal: return !equal(value, wanted)
    case .in: return (wanted.arrayValue ?? []).contains { equal(value, $0) }
    case .notIn: return !(wanted.arrayValue ?? []).contains { equal(value, $0) }
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let number = value.intValue, let other = wanted.intValue else { return false }
      switch op {
      case .less: return number < other
      case .lessOrEqual: return number <= other
      case .greater: return number > other
      default: return number >= other
      }
    case .contains, .lacks, .starts, .ends:
      guard let text = text(value).map(lower), let part = text2(wanted).map(lower) else {
        return op == .lacks
      }
      switch op {
      case .contains: return part.isEmpty || text.contains(part)
      case .lacks: return !(part.isEmpty || text.contains(part))
      case .starts: return text.hasPrefix(part)
      default: return text.hasSuffix(part)
      }
    }
  }

  /// As the store sees it: letters beyond ASCII have no other case.
  private static func lower(_ text: String) -> String {
    String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
  }

  private static func text2(_ value: JSONValue) -> String? {
    value.stringValue ?? value.intValue.map(String.init)
  }

  private static let isLong = ProcessInfo.processInfo.environment["PARLANCE_LONG_TESTS"] != nil

  /// The first two pages of twenty, and the total.
  private func check(
    _ client: RawClient, _ everyone: [JSONValue], _ values: [JSONValue], _ field: SearchField,
    _ op: SearchOperator, _ value: JSONValue, _ order: String, _ zone: TimeZoneRule
  ) throws {
    let noCase = field.name == "email" || field.name == "email_domain"
    let matching = zip(everyone, values).filter {
      Self.matches($0.1, op, value, field.kind, zone, noCase: noCase)
    }.compactMap { $0.0["id"]?.stringValue }
    var expected = order == "descending" ? matching : matching.reversed()
    var body = search(field.name, op.rawValue, value, order)
    body["pagination"] = ["per_page": 20]
    for page in 1...2 {
      let answer = try client.post("/contacts/search", .object(body)).json
      let ids = answer["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue }
      let what = "\(field.name) \(op.rawValue) \(value) \(order), page \(page)"
      #expect(answer["total_count"]?.intValue == Int64(matching.count), "\(what)")
      #expect(ids == Array(expected.prefix(20)), "\(what)")
      expected = Array(expected.dropFirst(20))
      guard let next = answer["pages"]?["next"]?["starting_after"] else {
        #expect(expected.isEmpty, "\(what)")
        return
      }
      body["pagination"] = ["per_page": 20, "starting_after": next]
    }
  }

  @Test func everySearchFindsWhatALookAtEachContactFinds() throws {
    let sandbox = try TestSandbox {
      $0.seed = .synthetic(contacts: Self.isLong ? 2_000 : 500)
      $0.timeZone = "America/New_York"
    }
    let client = sandbox.client
    let zone = try #require(TimeZoneRule.named("America/New_York"))
    let everyone = try all(client, search("created_at", ">", 0)).contacts
    var dice = Dice(7)
    for field in SearchField.contacts {
      guard case .column = field.source else { continue }
      let values = values(everyone, field)
      let known = values.filter { !$0.isNull }
      for op in field.operators.sorted(by: { $0.rawValue < $1.rawValue }) {
        let one = dice.pick(known) ?? "nothing"
        var wanted: [JSONValue]
        switch op {
        case .in, .notIn: wanted = [.array([one, dice.pick(known) ?? 1, one]), .array([])]
        case .contains, .lacks, .starts, .ends:
          let text = Self.text2(one) ?? "x"
          wanted = [
            .string(String(text.suffix(3))), .string(String(text.prefix(3))), .string(text.uppercased()),
          ]
        case .equal, .unequal: wanted = [one, .null]
        default: wanted = [one]
        }
        if case .day = field.kind { wanted = wanted.map { $0.intValue == nil ? .int(TestSandbox.now) : $0 } }
        if case .boolean = field.kind, op != .in, op != .notIn { wanted = [true, false] }
        for value in wanted where Self.isLong || dice.chance(60) {
          let order = dice.chance(50) ? "descending" : "ascending"
          try check(client, everyone, values, field, op, value, order, zone)
        }
      }
    }
  }

  /// Enough contacts for several zones, with dates that go with their numbers and dates that do not.
  @Test func datesAreFoundAcrossZones() throws {
    let sandbox = try TestSandbox { $0.seed = .synthetic(contacts: 9_000) }
    let client = sandbox.client
    let everyone = try all(client, search("created_at", ">", 0)).contacts
    #expect(everyone.count == 9_000)
    for field in SearchField.contacts {
      guard case .day = field.kind else { continue }
      let values = values(everyone, field)
      for op in [SearchOperator.less, .greater, .equal] {
        for days in Self.isLong ? [0, 3, 60, 200, 420, 700] : [3, 200, 700] as [Int64] {
          for order in ["descending", "ascending"] {
            try check(
              client, everyone, values, field, op, .int(TestSandbox.now - days * 86_400), order, .utc)
          }
        }
      }
    }
  }

  @Test func customAttributesAreSearchedByTheirTypes() throws {
    let sandbox = try TestSandbox { $0.seed = .demo }
    let everyone = try all(sandbox.client, search("created_at", ">", 0)).contacts
    func count(_ test: (JSONValue) -> Bool) -> Int {
      everyone.filter { test($0["custom_attributes"] ?? [:]) }.count
    }
    for (name, op, value, expected): (String, String, JSONValue, Int) in [
      ("plan", "=", "pro", count { $0["plan"] == "pro" }),
      ("plan", "!=", "pro", count { $0["plan"] != "pro" }),
      ("plan", "IN", ["pro", "free"], count { $0["plan"] == "pro" || $0["plan"] == "free" }),
      ("plan", "~", "r", count { $0["plan"]?.stringValue?.contains("r") == true }),
      ("plan", "=", nil, count { $0["plan"]?.stringValue == nil }),
      ("logins", ">", 200, count { $0["logins"]?.intValue ?? 0 > 200 }),
      ("logins", "<", 200, count { $0["logins"]?.intValue.map { $0 < 200 } ?? false }),
      ("undeclared", "=", "x", 0), ("it's", "=", "x", 0), ("a\"b", "!=", "x", 2_000),
    ] {
      let found = try all(sandbox.client, search("custom_attributes.\(name)", op, value))
      #expect(found.total == expected && found.ids.count == expected, "\(name) \(op) \(value)")
      #expect(Set(found.ids).count == found.ids.count)
    }
  }

  /// After all kinds of writes the tallies are those that a new count would give, and zones hold all dates.
  @Test func talliesAndZonesFollowWhatIsWritten() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("tally-\(UUID().uuidString)")
      .path
    defer {
      for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
    do {
      let sandbox = try TestSandbox {
        $0.location = .file(path: path)
        $0.seed = .demo
      }
      let client = sandbox.client
      // Every column is indexed and tallied, those that wait for a search too.
      for field in SearchField.contacts {
        guard case .column = field.source else { continue }
        let value: JSONValue =
          switch field.kind {
          case .boolean: true
          case .integer, .day: 1
          default: "1"
          }
        #expect(try client.search("contacts", field.name, "=", value).status == 200, "\(field.name)")
      }
      var ids =
        try client.get("/contacts?per_page=150").json["data"]?.arrayValue?.compactMap {
          $0["id"]?.stringValue
        } ?? []
      var dice = Dice(3)
      for number in 0..<400 {
        guard let id = dice.pick(ids) else { break }
        switch dice.below(8) {
        case 0: ids.append(try sandbox.contact(["email": .string("n\(number)@Example.com"), "owner_id": 7]))
        case 1: try client.call("POST", "/contacts/\(id)/archive")
        case 2: try client.call("POST", "/contacts/\(id)/unarchive")
        case 3: _ = try client.delete("/contacts/\(id)")
        case 4:
          _ = try client.put(
            "/contacts/\(id)",
            [
              "owner_id": dice.chance(50) ? nil : 8, "email": .string("c\(number)@other.example"),
              "last_seen_at": .int(Int64(dice.below(1_768_478_400))),
            ])
        case 5:
          _ = try client.put(
            "/contacts/\(id)",
            ["unsubscribed_from_emails": .bool(dice.chance(50)), "language_override": "fr"])
        case 6:
          let other = dice.pick(ids) ?? id
          _ = try client.post("/contacts/merge", ["from": .string(id), "into": .string(other)])
        default: _ = try client.post("/contacts/\(id)/tags", ["id": "1"])
        }
        if number % 50 == 0 { try sandbox.server.advanceClock(by: 86_400) }
      }
    }
    let database = try Database(.file(path: path))
    defer { database.close() }
    for column in ContactColumn.all {
      guard let value = column.tallied("") else { continue }
      let wrong = try database.firstInteger(
        """
        SELECT count(*) FROM (SELECT \(value) AS value, count(*) AS count FROM contact
          WHERE state = 0 AND \(column.name) IS NOT NULL GROUP BY 1
          EXCEPT SELECT value, count FROM tally WHERE field = \(column.number))
        """)
      #expect(wrong == 0, "\(column.name)")
      let more = try database.firstInteger(
        """
        SELECT count(*) FROM (SELECT value, count FROM tally WHERE field = \(column.number) AND count <> 0
          EXCEPT SELECT \(value), count(*) FROM contact WHERE state = 0 AND \(column.name) IS NOT NULL GROUP BY 1)
        """)
      #expect(more == 0, "\(column.name)")
      guard column.isDate else { continue }
      let outside = try database.firstInteger(
        """
        SELECT count(*) FROM contact WHERE state = 0 AND \(column.name) IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM zone WHERE field = \(column.number) AND block = contact.n / \(ContactColumn.block)
            AND low <= contact.\(column.name) AND high >= contact.\(column.name))
        """)
      #expect(outside == 0, "\(column.name)")
    }
  }

  @Test func datesBefore1970AndBeyondTheCalendarAreCounted() throws {
    let sandbox = try TestSandbox()
    for (number, at) in [Int64(-86_401), -1, 0, 899, 900, 253_402_300_800].enumerated() {
      _ = try sandbox.contact(["external_id": .string("x\(number)"), "last_seen_at": .int(at)])
    }
    for (op, value, count): (String, Int64, Int) in [
      ("<", 0, 2), ("=", -1, 1), ("=", 10, 3), (">", 10, 1), (">", -86_401, 5), ("<", 86_400, 5),
      (">", .max, 0),
      ("<", .min, 0),
    ] {
      let found = try all(sandbox.client, search("last_seen_at", op, .int(value)))
      #expect(found.total == count && found.ids.count == count, "\(op) \(value)")
    }
  }
}
