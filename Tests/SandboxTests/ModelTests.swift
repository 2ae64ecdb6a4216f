import Foundation
import JSON
import Sandbox
import TestSupport
import Testing

/// Random sequences of operations, each answer and the whole outcome compared with a plain model.
///
/// Two hundred by default, ten thousand in the long lane. What fails names its seed, and
/// PARLANCE_SEQUENCE_SEED=N runs that one alone.
struct ModelTests {
  private static let environment = ProcessInfo.processInfo.environment

  @Test func randomSequencesEndAsTheModelSays() throws {
    let sandbox = try TestSandbox()
    if let seed = Self.environment["PARLANCE_SEQUENCE_SEED"].flatMap({ UInt64($0) }) {
      return try run(seed, sandbox)
    }
    let long = Self.environment["PARLANCE_LONG_TESTS"] != nil
    let count = Self.environment["PARLANCE_SEQUENCES"].flatMap { UInt64($0) } ?? (long ? 10_000 : 200)
    for seed in 0..<count {
      #expect(try sandbox.client.post("/_sandbox/reset", [:]).status == 200)
      try run(seed, sandbox)
    }
  }

  private func run(_ seed: UInt64, _ sandbox: TestSandbox) throws {
    var walk = RandomWalk(seed: seed, client: sandbox.client)
    for _ in 0..<(10 + walk.dice.below(30)) { try walk.step() }
    try walk.compareAll()
    let trail = walk.trail.joined(separator: "\n")
    #expect(walk.differences.isEmpty, "seed \(seed): \(walk.differences.joined(separator: "; "))\n\(trail)")
  }
}

/// One sequence: the operations done so far, and where sandbox and model part.
private struct RandomWalk {
  let client: RawClient
  var dice: Dice
  var model = WorkspaceModel()
  var trail: [String] = []
  var differences: [String] = []

  private static let emails = (1...5).map { "person\($0)@example.com" }
  private static let names = (1...5).map { "tag \($0)" }
  private static let admins: [Int64] = [991_267_701, 991_267_702]
  private static let teams: [Int64] = [5_017_691, 5_017_692]

  init(seed: UInt64, client: RawClient) {
    dice = Dice(seed)
    self.client = client
  }

  @discardableResult
  private mutating func call(
    _ method: String, _ path: String, _ body: JSONValue? = nil, expect status: Int, code: String? = nil
  ) throws -> RawClient.Response {
    let answer = try client.call(method, path, body)
    trail.append("\(method) \(path) \(body?.text() ?? "") -> \(answer.status)")
    if answer.status != status || (code != nil && answer.code != code) {
      differences.append(
        "\(method) \(path) answered \(answer.status) \(answer.code ?? ""), not \(status) \(code ?? "")")
    }
    return answer
  }

  private mutating func anyContact() -> String? { dice.pick(model.contacts.keys.sorted()) }
  private mutating func anyTag() -> String? { dice.pick(model.tags.keys.sorted()) }
  private mutating func anyCompany() -> String? { dice.pick(model.companies.sorted()) }
  private mutating func anyConversation() -> String? { dice.pick(model.conversations.keys.sorted()) }
  private var adminText: JSONValue { .string(String(Self.admins[0])) }

  mutating func step() throws {
    switch dice.below(20) {
    case 0...3: try createContact()
    case 4: try createTag()
    case 5, 6: try tagContact()
    case 7: try untagContact()
    case 8: try tagMany()
    case 9: try deleteTag()
    case 10: try company()
    case 11: try join()
    case 12: try leave()
    case 13: try merge()
    case 14: try archiveOrBack()
    case 15: try delete()
    case 16: try converse()
    case 17, 18: try manage()
    default: try tagConversation()
    }
  }

  // MARK: Contacts

  private mutating func createContact() throws {
    guard let email = dice.pick(Self.emails) else { return }
    let role: WorkspaceModel.Role = dice.chance(50) ? .user : .lead
    let rival = role == .user ? model.rival(email: email) : nil
    let body: JSONValue = ["email": .string(email), "role": .string(role.rawValue)]
    let answer = try call(
      "POST", "/contacts", body, expect: rival == nil ? 200 : 409, code: rival == nil ? nil : "conflict")
    guard rival == nil, let id = answer.json["id"]?.stringValue else { return }
    model.contacts[id] = WorkspaceModel.Contact(role: role, email: email)
  }

  private mutating func archiveOrBack() throws {
    guard let id = anyContact(), let contact = model.contacts[id] else { return }
    if dice.chance(50) {
      let there = contact.standing == .live || contact.standing == .archived
      try call("POST", "/contacts/\(id)/archive", expect: there ? 200 : 404)
      if there { model.contacts[id]?.standing = .archived }
      return
    }
    switch contact.standing {
    case .deleted: try call("POST", "/contacts/\(id)/unarchive", expect: 404)
    case .merged: try call("POST", "/contacts/\(id)/unarchive", expect: 400)
    case .live: try call("POST", "/contacts/\(id)/unarchive", expect: 200)
    case .archived:
      let taken = contact.role == .user && model.rival(email: contact.email, except: id) != nil
      try call("POST", "/contacts/\(id)/unarchive", expect: taken ? 409 : 200)
      if !taken { model.contacts[id]?.standing = .live }
    }
  }

  private mutating func delete() throws {
    guard let id = anyContact(), let contact = model.contacts[id] else { return }
    let there = contact.standing == .live || contact.standing == .archived
    try call("DELETE", "/contacts/\(id)", expect: there ? 200 : 404)
    if there { model.delete(id) }
  }

  private mutating func merge() throws {
    guard let from = anyContact(), let into = anyContact() else { return }
    guard let lead = model.contacts[from], let user = model.contacts[into] else { return }
    let body: JSONValue = ["from": .string(from), "into": .string(into)]
    guard lead.standing == .live, user.standing == .live else {
      try call("POST", "/contacts/merge", body, expect: 404)
      return
    }
    let allowed = lead.role == .lead && user.role == .user
    try call(
      "POST", "/contacts/merge", body, expect: allowed ? 200 : 400, code: allowed ? nil : "invalid_merge")
    if allowed { model.merge(from, into: into) }
  }

  // MARK: Tags

  private mutating func createTag() throws {
    guard let name = dice.pick(Self.names) else { return }
    let answer = try call("POST", "/tags", ["name": .string(name)], expect: 200)
    guard let id = answer.json["id"]?.stringValue else { return }
    let known = model.tags.first { $0.value == name }?.key
    if let known, known != id { differences.append("the tag \(name) has a second id") }
    model.tags[id] = name
  }

  private mutating func tagContact() throws {
    guard let id = anyContact(), let tag = anyTag(), let contact = model.contacts[id] else { return }
    let live = contact.standing == .live
    try call("POST", "/contacts/\(id)/tags", ["id": .string(tag)], expect: live ? 200 : 404)
    if live { model.contacts[id]?.tags.insert(tag) }
  }

  private mutating func untagContact() throws {
    guard let id = anyContact(), let tag = anyTag(), let contact = model.contacts[id] else { return }
    let carried = contact.standing == .live && contact.tags.contains(tag)
    try call("DELETE", "/contacts/\(id)/tags/\(tag)", expect: carried ? 200 : 404)
    if carried { model.contacts[id]?.tags.remove(tag) }
  }

  /// All or nothing.
  private mutating func tagMany() throws {
    guard let name = dice.pick(Self.names) else { return }
    let ids = (0..<(1 + dice.below(3))).compactMap { _ in anyContact() }
    guard !ids.isEmpty else { return }
    let allLive = ids.allSatisfy { model.contacts[$0]?.standing == .live }
    let answer = try call(
      "POST", "/tags", ["name": .string(name), "users": .array(ids.map { ["id": .string($0)] })],
      expect: allLive ? 200 : 404)
    guard allLive, let tag = answer.json["id"]?.stringValue else { return }
    model.tags[tag] = name
    for id in ids { model.contacts[id]?.tags.insert(tag) }
  }

  private mutating func deleteTag() throws {
    guard dice.chance(50), let tag = anyTag() else { return }
    // A segment of every workspace stands on the first tag.
    guard tag != "1" else {
      try call("DELETE", "/tags/1", expect: 400, code: "tag_has_dependent_objects")
      return
    }
    try call("DELETE", "/tags/\(tag)", expect: 200)
    model.deleteTag(tag)
    try call("GET", "/tags/\(tag)", expect: 404)
  }

  // MARK: Companies

  private mutating func company() throws {
    if dice.chance(25), let id = anyCompany() {
      try call("DELETE", "/companies/\(id)", expect: 200)
      model.deleteCompany(id)
      try call("GET", "/companies/\(id)", expect: 404)
      return
    }
    let own = "own-\(dice.below(4))"
    let answer = try call("POST", "/companies", ["company_id": .string(own)], expect: 200)
    if let id = answer.json["id"]?.stringValue { model.companies.insert(id) }
  }

  private mutating func join() throws {
    guard let id = anyContact(), let company = anyCompany(), let contact = model.contacts[id] else { return }
    let live = contact.standing == .live
    try call("POST", "/contacts/\(id)/companies", ["id": .string(company)], expect: live ? 200 : 404)
    if live { model.contacts[id]?.companies.insert(company) }
  }

  private mutating func leave() throws {
    guard let id = dice.pick(model.contacts.filter { !$0.value.companies.isEmpty }.keys.sorted()),
      let contact = model.contacts[id], let company = dice.pick(contact.companies.sorted())
    else { return }
    let live = contact.standing == .live
    try call("DELETE", "/contacts/\(id)/companies/\(company)", expect: live ? 200 : 404)
    if live { model.contacts[id]?.companies.remove(company) }
  }

  // MARK: Conversations

  private mutating func converse() throws {
    guard let id = anyContact(), let contact = model.contacts[id] else { return }
    let live = contact.standing == .live
    let body: JSONValue = ["from": ["type": "contact", "id": .string(id)], "body": "Hello"]
    let answer = try call("POST", "/conversations", body, expect: live ? 200 : 404)
    guard live, let conversation = answer.json["conversation_id"]?.stringValue else { return }
    model.conversations[conversation] = WorkspaceModel.Conversation(people: [id])
  }

  private mutating func manage() throws {
    guard let id = anyConversation(), let admin = dice.pick(Self.admins) else { return }
    var body: JSONObject = ["admin_id": .string(String(admin))]
    var wanted = model.conversations[id]
    wanted?.parts += 1
    switch dice.below(6) {
    case 0:
      body["message_type"] = "close"
      body["type"] = "admin"
      wanted?.state = "closed"
    case 1:
      body["message_type"] = "snoozed"
      body["snoozed_until"] = .int(TestSandbox.now + 3_600)
      wanted?.state = "snoozed"
    case 2:
      body["message_type"] = "open"
      wanted?.state = "open"
    case 3:
      let team = dice.pick(Self.teams)
      body["message_type"] = "assignment"
      body["type"] = "team"
      body["assignee_id"] = .string(String(team ?? 0))
      wanted?.team = team
      if wanted?.state == "closed" { wanted?.state = "open" }
    case 4:
      body["message_type"] = "assignment"
      body["type"] = "admin"
      let away = dice.chance(30)
      body["assignee_id"] = .string(away ? "0" : String(admin))
      wanted?.admin = away ? nil : admin
      if wanted?.state == "closed" { wanted?.state = "open" }
    default:
      // A team does not act.
      body["message_type"] = "close"
      body["type"] = "admin"
      body["admin_id"] = .string(String(Self.teams[0]))
      try call("POST", "/conversations/\(id)/parts", .object(body), expect: 404)
      return
    }
    try call("POST", "/conversations/\(id)/parts", .object(body), expect: 200)
    model.conversations[id] = wanted
  }

  private mutating func tagConversation() throws {
    guard let id = anyConversation(), let tag = anyTag() else { return }
    let body: JSONValue = ["id": .string(tag), "admin_id": adminText]
    if dice.chance(60) {
      try call("POST", "/conversations/\(id)/tags", body, expect: 200)
      model.conversations[id]?.tags.insert(tag)
    } else {
      let carried = model.conversations[id]?.tags.contains(tag) == true
      try call(
        "DELETE", "/conversations/\(id)/tags/\(tag)", ["admin_id": adminText], expect: carried ? 200 : 404)
      model.conversations[id]?.tags.remove(tag)
    }
  }

  // MARK: The whole outcome

  private mutating func same<Value: Equatable>(_ what: String, _ found: Value, _ wanted: Value) {
    if found != wanted { differences.append("\(what): \(found), not \(wanted)") }
  }

  private func ids(_ value: JSONValue?) -> [String] {
    (value?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }
  }

  mutating func compareAll() throws {
    let live = model.liveContacts
    let listed = try client.get("/contacts?per_page=150").json
    same("listed contacts", ids(listed["data"]).sorted(), live)
    same("count of contacts", listed["total_count"], .int(Int64(live.count)))
    for role in [WorkspaceModel.Role.user, .lead] {
      let found = try client.search("contacts", "role", "=", .string(role.rawValue)).json
      same("\(role)s found", ids(found["data"]).sorted(), live.filter { model.contacts[$0]?.role == role })
    }
    for (id, contact) in model.contacts.sorted(by: { $0.key < $1.key }) {
      let shown = try client.get("/contacts/\(id)")
      same("status of \(id)", shown.status, contact.standing == .live ? 200 : 404)
      guard contact.standing == .live else { continue }
      same("role of \(id)", shown.json["role"], .string(contact.role.rawValue))
      same("inline tags of \(id)", ids(shown.json["tags"]?["data"]).sorted(), contact.tags.sorted())
      same(
        "tags of \(id)", ids(try client.get("/contacts/\(id)/tags").json["data"]).sorted(),
        contact.tags.sorted())
      same(
        "companies of \(id)", ids(try client.get("/contacts/\(id)/companies").json["data"]).sorted(),
        contact.companies.sorted())
    }
    same("tags", ids(try client.get("/tags").json["data"]).sorted(), model.tags.keys.sorted())
    for tag in model.tags.keys.sorted() {
      let carrying = live.filter { model.contacts[$0]?.tags.contains(tag) == true }
      let found = try client.search("contacts", "tag_id", "=", .string(tag)).json
      same("contacts with tag \(tag)", ids(found["data"]).sorted(), carrying)
      let talks = model.conversations.filter { $0.value.tags.contains(tag) }.keys.sorted()
      let tagged = try client.search("conversations", "tag_ids", "=", .string(tag)).json
      same("conversations with tag \(tag)", ids(tagged["conversations"]).sorted(), talks)
    }
    try compareCompanies()
    try compareConversations()
  }

  private mutating func compareCompanies() throws {
    for company in model.companies.sorted() {
      // Archived members are members still: they come back with their companies.
      let members = model.contacts.values.filter { $0.companies.contains(company) }.count
      let shown = try client.get("/companies/\(company)").json
      same("members of \(company)", shown["user_count"], .int(Int64(members)))
      let live = model.liveContacts.filter { model.contacts[$0]?.companies.contains(company) == true }
      let listed = try client.get("/companies/\(company)/contacts").json
      same("contacts of \(company)", ids(listed["data"]).sorted(), live)
    }
  }

  private mutating func compareConversations() throws {
    let listed = try client.get("/conversations?per_page=150").json
    same("conversations", ids(listed["conversations"]).sorted(), model.conversations.keys.sorted())
    for state in ["open", "closed", "snoozed"] {
      let wanted = model.conversations.filter { $0.value.state == state }.keys.sorted()
      let found = try client.search("conversations", "state", "=", .string(state)).json
      same("\(state) conversations", ids(found["conversations"]).sorted(), wanted)
    }
    for (id, talk) in model.conversations.sorted(by: { $0.key < $1.key }) {
      let shown = try client.get("/conversations/\(id)").json
      same("state of \(id)", shown["state"], .string(talk.state))
      same("open of \(id)", shown["open"], .bool(talk.state != "closed"))
      same("admin of \(id)", shown["admin_assignee_id"] ?? .null, talk.admin.map { .int($0) } ?? .null)
      same("team of \(id)", shown["team_assignee_id"] ?? .null, talk.team.map { .int($0) } ?? .null)
      same("people of \(id)", ids(shown["contacts"]?["contacts"]).sorted(), talk.people.sorted())
      same("tags of \(id)", ids(shown["tags"]?["tags"]).sorted(), talk.tags.sorted())
      same("parts of \(id)", shown["conversation_parts"]?["total_count"], .int(Int64(talk.parts)))
    }
  }
}
