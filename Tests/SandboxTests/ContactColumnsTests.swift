import Foundation
import JSON
import SQLite
import TestSupport
import Testing

@testable import Sandbox

/// What searches find in columns is what SQLite finds in the table, whatever was written before.
struct ContactColumnsTests {
  private static let isLong = ProcessInfo.processInfo.environment["PARLANCE_LONG_TESTS"] != nil

  private func workspace(contacts: Int) throws -> Workspace {
    var configuration = SandboxConfiguration()
    configuration.seed = .synthetic(contacts: contacts)
    configuration.clock = .fixed(TestSandbox.now)
    let workspace = try Workspace(configuration)
    try workspace.prepare()
    return workspace
  }

  // MARK: The plain evaluation

  /// A query as SQL over the table alone: no index is named, no tally asked.
  private func plain(_ query: SearchQuery, _ translation: SearchTranslation) throws -> SQLCondition {
    switch query {
    case .all(let parts): return .joined(try parts.map { try plain($0, translation) }, by: "AND")
    case .any(let parts): return .joined(try parts.map { try plain($0, translation) }, by: "OR")
    case .filter(let filter):
      let field = try translation.field(filter.field)
      switch field.source {
      case .column(let name):
        return try translation.contactCondition(field, SearchTranslation.ContactValue(sql: name), filter)
      case .custom(let name):
        let sql = try translation.workspace.customAttributeValue(name).sql
        return try translation.contactCondition(field, SearchTranslation.ContactValue(sql: sql), filter)
      default: return try translation.condition(query)
      }
    }
  }

  private func numbers(_ workspace: Workspace, _ condition: SQLCondition, order: String) throws -> [Int64] {
    let statement = try workspace.database.prepare(
      "SELECT n FROM contact NOT INDEXED WHERE state = 0 AND \(condition.sql) ORDER BY \(order)")
    try statement.bind(condition.values)
    defer { statement.reset() }
    var found: [Int64] = []
    while try statement.step() { found.append(statement.integer(0) ?? 0) }
    return found
  }

  /// True if columns had the answer.
  @discardableResult
  private func compare(_ workspace: Workspace, _ json: JSONValue, sorted: Bool = false) throws -> Bool {
    let query = try SearchQuery(json)
    let translation = SearchTranslation(resource: .contacts, workspace: workspace)
    let condition = try translation.condition(query)
    let expected = try numbers(workspace, try plain(query, translation), order: "n")
    if let found = try workspace.matches(query, condition, sorted: sorted) {
      let all = found.set.numbers(descending: false, beyond: nil, limit: .max)
      #expect(all == expected, "\(json.text())")
      #expect(found.count == Int64(expected.count), "\(json.text())")
      return true
    } else {
      #expect(try numbers(workspace, condition, order: "n") == expected, "\(json.text())")
      #expect(
        try workspace.count("contact", .joined([SQLCondition(sql: "state = 0"), condition], by: "AND"))
          == Int64(expected.count), "\(json.text())")
      return false
    }
  }

  /// Not every operator goes with every field.
  private func isTaken(_ json: JSONValue, _ workspace: Workspace) throws -> Bool {
    let translation = SearchTranslation(resource: .contacts, workspace: workspace)
    do {
      _ = try translation.condition(try SearchQuery(json))
      return true
    } catch is APIError {
      return false
    }
  }

  /// Page by page, by any order, through the operation itself.
  private func comparePages(_ workspace: Workspace, _ json: JSONValue, _ dice: inout Dice) throws {
    let translation = SearchTranslation(resource: .contacts, workspace: workspace)
    let (column, field) = dice.one(of: [
      ("n", "created_at"), ("last_seen_at", "last_seen_at"), ("name", "name"), ("email", "email"),
      ("updated_at", "updated_at"), ("email_domain", "email_domain"), ("owner_id", "owner_id"),
      ("phone", "phone"), ("unsubscribed", "unsubscribed_from_emails"), ("browser", "browser"),
    ])
    let descending = dice.chance(50)
    let direction = descending ? "DESC" : "ASC"
    // Those without the value come last in either direction.
    let noCase = ["name", "email", "email_domain", "phone"].contains(column) ? " COLLATE NOCASE" : ""
    let order =
      column == "n" ? "n \(direction)" : "\(column) IS NULL, \(column)\(noCase) \(direction), n \(direction)"
    let expected = try numbers(workspace, try plain(try SearchQuery(json), translation), order: order)
    var body: JSONObject = [
      "query": json,
      "sort": [
        "field": .string(field),
        "order": .string(descending ? "descending" : "ascending"),
      ],
      "pagination": ["per_page": 7],
    ]
    var found: [Int64] = []
    for _ in 0..<3 {
      let answer = try JSONValue.parse(call(workspace, "SearchContacts", body: body).body)
      for contact in answer["data"]?.arrayValue ?? [] {
        found.append(try workspace.findContact(contact["id"]?.stringValue ?? "")?.number ?? 0)
      }
      #expect(answer["total_count"] == .int(Int64(expected.count)), "\(json.text())")
      guard let next = answer["pages"]?["next"]?["starting_after"] else { break }
      body["pagination"] = ["per_page": 7, "starting_after": next]
    }
    #expect(found == Array(expected.prefix(21)), "\(json.text()) by \(order)")
  }

  // MARK: Writes

  private func call(
    _ workspace: Workspace, _ operation: String, _ path: [String] = [], body: JSONObject = [:]
  ) throws -> Answer {
    let route = try #require(Routes.all.first { $0.operation == operation })
    let handler = try #require(route.handler)
    return try handler(
      workspace, Call(route: route, path: path, query: QueryString(""), body: body, accept: nil))
  }

  /// One write as the server does it, refused ones rolled back.
  private func write(
    _ workspace: Workspace, _ operation: String, _ path: [String] = [], body: JSONObject = [:]
  ) {
    _ = try? workspace.database.transaction { _ = try call(workspace, operation, path, body: body) }
    workspace.forgetCounts()
  }

  private func person(_ dice: inout Dice) -> JSONObject {
    let number = dice.below(60)
    var body: JSONObject = ["role": .string(dice.chance(50) ? "user" : "lead")]
    func sometimes(_ key: String, _ value: JSONValue) {
      if dice.chance(50) { body[key] = dice.chance(20) ? nil : value }
    }
    sometimes("email", .string(RandomQueries.email(number)))
    sometimes("name", .string(dice.one(of: RandomQueries.names)))
    sometimes("phone", .string("+1555\(number)"))
    sometimes("external_id", .string("user-\(dice.below(10_000))"))
    sometimes("avatar", .string("https://img.example/\(number).PNG"))
    sometimes("last_seen_at", .int(TestSandbox.now - Int64(dice.below(80 * 86_400))))
    sometimes("language_override", .string(dice.one(of: ["fr", "FR", ""])))
    if dice.chance(30) { body["unsubscribed_from_emails"] = .bool(dice.chance(50)) }
    if dice.chance(60) {
      body["custom_attributes"] = [
        "plan": dice.one(of: RandomQueries.plans), "it's": dice.one(of: RandomQueries.plans),
        "account": dice.chance(20) ? nil : dice.chance(50) ? .int(Int64(number)) : .string("A-\(number)"),
      ]
    }
    return body
  }

  private func id(_ workspace: Workspace, _ dice: inout Dice) throws -> String {
    let last = try workspace.database.firstInteger("SELECT max(n) FROM contact") ?? 1
    // The latest are written to more often.
    let number = dice.chance(50) ? last - Int64(dice.below(20)) : Int64(dice.below(Int(last))) + 1
    return try workspace.database.first("SELECT id FROM contact WHERE n >= ? LIMIT 1", .integer(number))?
      .textValue ?? ""
  }

  private func step(_ workspace: Workspace, _ dice: inout Dice) throws {
    let id = try id(workspace, &dice)
    switch dice.below(10) {
    case 0, 1: write(workspace, "CreateContact", body: person(&dice))
    case 2, 3: write(workspace, "UpdateContact", [id], body: person(&dice))
    case 4: write(workspace, "ArchiveContact", [id])
    case 5: write(workspace, "UnarchiveContact", [id])
    case 6: write(workspace, "DeleteContact", [id])
    case 7:
      write(
        workspace, "MergeContact",
        body: ["from": .string(id), "into": .string(try self.id(workspace, &dice))])
    case 8: write(workspace, "attachTagToContact", [id], body: ["id": .string(String(dice.roll(1...3)))])
    default:
      // What was done before the refusal comes back.
      struct Refused: Error {}
      let body = person(&dice)
      let search = try SearchQuery(["field": "name", "operator": "~", "value": "a"])
      _ = try? workspace.database.transaction {
        _ = try? call(workspace, "UpdateContact", [id], body: body)
        _ = try? call(workspace, "CreateContact", body: body)
        // A search in between sees what is not final.
        if dice.chance(50) { _ = try workspace.matches(search, .always) }
        throw Refused()
      }
      workspace.forgetCounts()
    }
  }

  // MARK: Tests

  @Test func columnsFollowWhatIsWritten() throws {
    // Just before the end of a block, so that new ones begin the next.
    let workspace = try workspace(contacts: Self.isLong ? 4_080 : 1_000)
    for name in ["VIP", "two", "three"] { write(workspace, "createTag", body: ["name": .string(name)]) }
    write(
      workspace, "createDataAttribute", body: ["name": "plan", "model": "contact", "data_type": "string"])
    let segments = Segment.contacts.map { $0.id(in: workspace) }
    var queries = RandomQueries(dice: Dice(11), segments: segments)
    var dice = Dice(12)
    var answered = 0
    for round in 0..<(Self.isLong ? 3_000 : 300) {
      for _ in 0..<dice.below(5) { try step(workspace, &dice) }
      let query = queries.query()
      guard try isTaken(query, workspace) else { continue }
      if try compare(workspace, query, sorted: dice.chance(30)) { answered += 1 }
      if round % 3 == 0 { try comparePages(workspace, query, &dice) }
    }
    #expect(answered > 100)
    try workspace.reset()
    for _ in 0..<30 {
      let query = queries.query()
      if try isTaken(query, workspace) { try compare(workspace, query) }
    }
  }

  @Test func whoWasNeverSeenIsInNoSegmentOfDates() throws {
    let sandbox = try TestSandbox()
    let never = try sandbox.contact(["external_id": "never"])
    let seen = try sandbox.contact(["external_id": "seen", "last_seen_at": .int(TestSandbox.now)])
    let segments = try sandbox.client.get("/segments").json["segments"]?.arrayValue ?? []
    let active = try #require(segments.first { $0["name"] == "Active" }?["id"])
    func found(_ op: String) throws -> [String] {
      try sandbox.client.search("contacts", "segment_id", op, active).json["data"]?.arrayValue?.compactMap {
        $0["id"]?.stringValue
      } ?? []
    }
    #expect(try found("=") == [seen])
    #expect(try found("!=") == [never])
  }

  /// Their indexes have those alone that are set.
  @Test func flagsAreSortedBy() throws {
    let sandbox = try TestSandbox { $0.seed = .demo }
    for order in ["ascending", "descending"] {
      let answer = try sandbox.client.post(
        "/contacts/search",
        [
          "query": ["field": "created_at", "operator": ">", "value": 0], "pagination": ["per_page": 150],
          "sort": ["field": "unsubscribed_from_emails", "order": .string(order)],
        ])
      #expect(answer.status == 200)
      let flags = (answer.json["data"]?.arrayValue ?? []).map { $0["unsubscribed_from_emails"] == true }
      #expect(flags.count == 150 && flags.first == (order == "descending"))
    }
  }

  @Test func contactsAreNotSearchedBySegmentsOfCompanies() throws {
    let sandbox = try TestSandbox()
    let segments = try sandbox.client.get("/segments?type=company").json["segments"]?.arrayValue ?? []
    let large = try #require(segments.first?["id"])
    let answer = try sandbox.client.search("contacts", "segment_id", "=", large)
    #expect(answer.status == 400)
  }

  @Test func valuesThatAreManyAreSearchedAsTexts() throws {
    let workspace = try workspace(contacts: 5_000)
    try workspace.database.execute(
      #"UPDATE contact SET custom = json_object('account', CASE WHEN n % 2 THEN 'Acc-' || n ELSE n END) WHERE n % 10"#
    )
    workspace.forgetCounts()
    for (op, value): (String, JSONValue) in [
      ("~", "cc-12"), ("!~", "CC-12"), ("$", "7"), ("^", "acc"), ("^", 4), ("=", nil), ("!=", nil),
      ("=", "Acc-13"), ("!=", "Acc-13"), ("NIN", ["Acc-13", 14]), (">", 4_000),
    ] {
      try compare(workspace, ["field": "custom_attributes.account", "operator": .string(op), "value": value])
    }
    #expect(CodeColumn.limit < 4_500)
  }

  @Test func whatIsRolledBackIsNotFoundEvenIfItWasSeenFirst() throws {
    struct Refused: Error {}
    let workspace = try workspace(contacts: 300)
    let query: JSONValue = ["field": "name", "operator": "~", "value": "not kept"]
    #expect(throws: Refused.self) {
      try workspace.database.transaction {
        try workspace.database.execute("UPDATE contact SET name = 'not kept' WHERE n < 50")
        try compare(workspace, query)
        throw Refused()
      }
    }
    workspace.forgetCounts()
    try compare(workspace, query)
  }

  @Test func segmentsTellHowManyAreInThem() throws {
    let sandbox = try TestSandbox { $0.seed = .demo }
    let segments = try sandbox.client.get("/segments?include_count=true").json["segments"]?.arrayValue ?? []
    #expect(segments.count == Segment.contacts.count)
    for segment in segments {
      let found = try sandbox.client.search("contacts", "segment_id", "=", segment["id"] ?? .null).json
      #expect(segment["count"] == found["total_count"], "\(segment["name"] ?? .null)")
    }
  }

  /// Many at once are not read one by one.
  @Test func everyContactMayChangeAtOnce() throws {
    let workspace = try workspace(contacts: 300)
    let query: JSONValue = ["field": "name", "operator": "~", "value": "new"]
    try compare(workspace, query)
    let changes = ChangedRows(table: "contact", limit: 10)
    workspace.database.note(changes)
    try workspace.database.execute("UPDATE contact SET name = 'brand new' WHERE n % 2")
    #expect(changes.overflowed && changes.rows.isEmpty)
    changes.forget()
    try workspace.database.execute("UPDATE contact SET name = 'old' WHERE n < 3; UPDATE tagging SET tag = 1")
    #expect(changes.rows == [1, 2] && !changes.overflowed)
  }
}
