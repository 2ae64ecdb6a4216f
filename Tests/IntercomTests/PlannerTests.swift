import TestSupport
import Testing

/// Filters, orders and counts done by the server mean what they mean here.
@Suite struct PlannerTests {
  private static func time(_ dice: inout Dice) -> String {
    "ago(\(Int.random(in: 0...400, using: &dice))d + \(Int.random(in: 0...86_399, using: &dice))s)"
  }

  private static func contactClause(_ dice: inout Dice) -> String {
    let comparison = ["==", "!=", "<", ">", "<=", ">="].randomElement(using: &dice) ?? "=="
    switch Int.random(in: 0..<12, using: &dice) {
    case 0: return ".role \(["==", "!="].randomElement(using: &dice) ?? "==") \"lead\""
    case 1:
      return
        ".email \(["contains", "starts_with", "ends_with", "not contains"].randomElement(using: &dice) ?? "contains") \"\(["a", "A", "com", "1", "an", "ex"].randomElement(using: &dice) ?? "a")\""
    case 2: return "\(["", "not "].randomElement(using: &dice) ?? "").unsubscribed_from_emails"
    case 3: return ".name \(["==", "!="].randomElement(using: &dice) ?? "==") null"
    case 4: return ".created_at \(comparison) \(time(&dice))"
    case 5: return ".last_seen_at \(comparison) \(time(&dice))"
    case 6: return ".role \(["in", "not in"].randomElement(using: &dice) ?? "in") [\"user\", \"lead\"]"
    case 7:
      return
        ".name \(["contains", "starts_with"].randomElement(using: &dice) ?? "contains") \"\(["a", "Ma", "o"].randomElement(using: &dice) ?? "a")\""
    case 8: return "(.phone ?? \"\") == \"\""
    case 9:
      return
        ".owner_id \(["==", "!="].randomElement(using: &dice) ?? "==") \"\(Int.random(in: 1...5, using: &dice))\""
    case 10:
      return ".location.country == \"\(["Ireland", "France", "Germany"].randomElement(using: &dice) ?? "")\""
    default: return ".signed_up_at \(["<", ">"].randomElement(using: &dice) ?? "<") \(time(&dice))"
    }
  }

  private static func conversationClause(_ dice: inout Dice) -> String {
    let comparison = ["==", "<", ">", "<=", ">="].randomElement(using: &dice) ?? "<"
    switch Int.random(in: 0..<7, using: &dice) {
    case 0:
      return
        ".state \(["==", "!="].randomElement(using: &dice) ?? "==") \"\(["open", "closed", "snoozed"].randomElement(using: &dice) ?? "open")\""
    case 1: return "\(["", "not "].randomElement(using: &dice) ?? "").open"
    case 2: return ".created_at \(comparison) \(time(&dice))"
    case 3: return ".updated_at \(comparison) \(time(&dice))"
    case 4: return ".team_assignee_id \(["==", "!="].randomElement(using: &dice) ?? "==") null"
    case 5: return ".waiting_since \(comparison) \(time(&dice))"
    default:
      return ".source.body contains \"\(["refund", "a", "the", "need"].randomElement(using: &dice) ?? "a")\""
    }
  }

  private static func filter(_ depth: Int, _ dice: inout Dice, _ clause: (inout Dice) -> String) -> String {
    guard depth > 0, Int.random(in: 0..<4, using: &dice) > 0 else { return clause(&dice) }
    let left = filter(depth - 1, &dice, clause)
    let right = filter(depth - 1, &dice, clause)
    switch Int.random(in: 0..<5, using: &dice) {
    case 0: return "(\(left) or \(right))"
    case 1: return "not (\(left))"
    default: return "(\(left) and \(right))"
    }
  }

  private func compare(
    _ workspace: TestWorkspace, _ resource: String, cases: Int, seed: UInt64,
    _ clause: (inout Dice) -> String
  ) throws {
    var dice = Dice(seed)
    _ = try workspace.outcome("let all = \(resource) | collect")
    for _ in 0..<cases {
      let filter = PlannerTests.filter(3, &dice, clause)
      let same = try workspace.run(
        """
        let planned = \(resource) | filter { \(filter) } | map { .id } | collect | sort_by { it }
        let plain = all | filter { \(filter) } | map { .id } | sort_by { it }
        planned == plain and (\(resource) | filter { \(filter) } | count) == (plain | count)
        """)
      #expect(same == "true", "\(resource) | filter { \(filter) }")
    }
  }

  @Test(arguments: ["UTC", "America/New_York", "Asia/Tokyo"])
  func contactsAreThoseThatTheFilterMeans(zone: String) throws {
    let workspace = try TestWorkspace(contacts: 120, timeZone: zone)
    try compare(workspace, "contacts", cases: 60, seed: 7, PlannerTests.contactClause)
  }

  @Test func conversationsAreThoseThatTheFilterMeans() throws {
    let workspace = try TestWorkspace()
    try compare(workspace, "conversations", cases: 25, seed: 11, PlannerTests.conversationClause)
  }

  // MARK: What is asked for

  private func plan(_ workspace: TestWorkspace, _ sequence: String) throws -> String {
    try workspace.run("let plan = explain(\(sequence))\nplan[\"body\"] ?? plan.request")
  }

  @Test func parametersThatAreNotGivenFoldAway() throws {
    let workspace = try TestWorkspace(contacts: 3)
    #expect(
      try plan(workspace, "contacts | filter { null == null or .email == \"a\" }")
        == "GET /contacts?per_page=150")
    let body = try workspace.run(
      "let only = \"lead\"\nexplain(contacts | filter { only == null or .role == only }).body")
    #expect(body.contains(#""query":{"field":"role","operator":"=","value":"lead"}"#))
  }

  @Test func whatTheSearchCannotDoStaysHere() throws {
    let workspace = try TestWorkspace(contacts: 3)
    let mixed = "contacts | filter { .role == \"lead\" and len(.name ?? \"\") > 3 }"
    #expect(try plan(workspace, mixed).contains(#""field":"role""#))
    #expect(try workspace.run("explain(\(mixed)).here") == "[\"filter\"]")
    #expect(
      try plan(workspace, "contacts | filter { len(.name ?? \"\") > 3 }") == "GET /contacts?per_page=150")
    // A condition in an `or` with one that stays here stays too.
    #expect(
      try plan(workspace, "contacts | filter { .role == \"lead\" or .name == null }")
        == "GET /contacts?per_page=150")
  }

  @Test func nullIsNotSmallerThanAnything() throws {
    let workspace = try TestWorkspace(contacts: 3)
    let not = "contacts | filter { not (.last_seen_at < ago(90d)) }"
    #expect(try plan(workspace, not) == "GET /contacts?per_page=150")
  }

  @Test func datesOfContactsAreWidenedAndCheckedAgain() throws {
    let workspace = try TestWorkspace(contacts: 3)
    let dormant = "contacts | filter { .last_seen_at < ago(90d) }"
    let bound = TestWorkspace.now - 90 * 86_400 + 26 * 3600
    #expect(
      try plan(workspace, dormant).contains(#"{"field":"last_seen_at","operator":"<","value":\#(bound)}"#))
    #expect(try workspace.run("explain(\(dormant)).exact") == "false")
  }

  @Test func ordersAndNeedsReachTheServer() throws {
    let workspace = try TestWorkspace()
    let newest =
      "conversations | filter { .state == \"open\" } | sort_by(descending: true) { .created_at } | take(3)"
    let body = try plan(workspace, newest)
    #expect(body.contains(#""sort":{"field":"created_at","order":"descending"}"#))
    #expect(body.contains(#""per_page":3"#))
    _ = try workspace.requests()
    let times = try workspace.run("\(newest) | map { .created_at } | collect | count")
    #expect(times == "3")
    #expect(try workspace.requests().count == 1)
  }

  @Test func groupsStayWithinTheSearchsLimits() throws {
    let workspace = try TestWorkspace(contacts: 3)
    let many = (1...20).map { "not (.role == \"lead\" and .has_hard_bounced == (\($0) > 100))" }.joined(
      separator: " and ")
    #expect(
      try workspace.run(
        "(contacts | filter { \(many) } | count) == (contacts | collect | filter { \(many) } | count)")
        == "true")
    let deep =
      ".role == \"user\" and (.has_hard_bounced or (.unsubscribed_from_emails and (.role == \"user\" or .role == \"lead\")))"
    let body = try plan(workspace, "contacts | filter { \(deep) }")
    #expect(body.contains(#""field":"role""#))
    // The innermost level stays here: the server gets more than is wanted, and what it sends is filtered again.
    #expect(!body.contains(#"{"field":"role","operator":"=","value":"lead"}"#))
    #expect(try workspace.run("explain(contacts | filter { \(deep) }).exact") == "false")
    #expect(
      try workspace.run(
        "(contacts | filter { \(deep) } | count) == (contacts | collect | filter { \(deep) } | count)")
        == "true")
  }

  /// The limits hold for what is sent: after names were looked up, and with the conditions of the operation itself.
  @Test func manyConditionsAreSentInGroups() throws {
    let workspace = try TestWorkspace()
    for (source, count) in [("tickets", 18), ("contacts", 18), ("contacts.with_email(\"x@y.example\")", 15)] {
      let many = (1...count).map { ".id != \"\($0)\"" }.joined(separator: " and ")
      #expect(
        try workspace.run("(\(source) | filter { \(many) } | count) == (\(source) | count)") == "true",
        "\(source)")
    }
  }

  @Test func searchInsists() throws {
    let workspace = try TestWorkspace(contacts: 3)
    #expect(
      try workspace.run("contacts.search { .role == \"lead\" } | count")
        == workspace.run("contacts | collect | filter { .role == \"lead\" } | count"))
    // What the text tells is said before anything runs; the rest before anything is asked for.
    for refused in [
      ".name == null", ".name matches 'x'", ".created_at != now()", "\"x\" > .name and .role == \"lead\"",
    ] {
      #expect(throws: TestWorkspace.Failure.self) {
        _ = try workspace.outcome("contacts.search { \(refused) }")
      }
    }
    let error = try workspace.error("contacts.search { c -> c.name == null }")
    #expect(error.message.contains("`.name`"))
    #expect(error.hints.contains { $0.contains("filter") })
  }

  @Test func functionsAskForWhatRecordsNameByID() throws {
    let workspace = try TestWorkspace()
    _ = try workspace.outcome(
      "let t = tags.create(\"vip\")\ntags.apply(contacts | first, t)\ntags.apply(contacts | drop(3) | first, t)"
    )
    _ = try workspace.requests()
    #expect(try workspace.run("contacts | filter { has_tag(it, t) } | count") == "2")
    #expect(try workspace.requests().map(\.path) == ["/contacts/search"])
    #expect(try workspace.run("contacts | filter { has_tag(it, \"vip\") } | count") == "2")
    #expect(try workspace.run("contacts | filter { has_tag(it, \"no such tag\") } | count") == "0")
    #expect(try workspace.run("contacts | collect | filter { has_tag(it, t) } | count") == "2")
    // By its name a record alone cannot tell: that is said, not answered with false.
    #expect(
      try workspace.error("contacts | collect | filter { has_tag(it, \"vip\") } | count").message.contains(
        "ids"))
  }
}
