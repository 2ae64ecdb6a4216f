import JSON
import SQLite

/// A segment: a condition that contacts or companies meet, the same in every sandbox.
struct Segment {
  let number: Int64
  let name: String
  /// contact, user, or company.
  let personType: String
  let members: Members

  /// Who is in it.
  enum Members: Sendable {
    /// Contacts of a role, or of any, with a date so many days ago: from `oldest` on, and before `newest` if there is one.
    case dated(role: String?, column: String, oldest: Int64, newest: Int64? = nil)
    case tagged(Int64)
    /// Companies with so many people.
    case large(Int64)
  }

  /// The tag that it depends on, which therefore cannot be deleted.
  var tag: Int64? { if case .tagged(let tag) = members { tag } else { nil } }

  private init(_ number: Int64, _ name: String, _ personType: String, _ members: Members) {
    self.number = number
    self.name = name
    self.personType = personType
    self.members = members
  }

  private static let day: Int64 = 86_400

  static let contacts: [Segment] = [
    Segment(1, "Active", "contact", .dated(role: nil, column: "last_seen_at", oldest: 30)),
    Segment(2, "New", "user", .dated(role: "user", column: "created_at", oldest: 7)),
    Segment(3, "Slipping away", "user", .dated(role: "user", column: "last_seen_at", oldest: 60, newest: 30)),
    Segment(4, "VIP", "contact", .tagged(1)),
  ]

  static let companies: [Segment] = [Segment(5, "Large", "company", .large(10))]

  static let all = contacts + companies

  /// The seconds between which the dates of its members lie, the first included.
  static func span(_ oldest: Int64, _ newest: Int64?, _ now: Int64) -> (from: Int64, before: Int64?) {
    (now &- oldest &* day, newest.map { now &- $0 &* day })
  }

  func condition(_ now: Int64) -> SQLCondition {
    switch members {
    case .dated(let role, let column, let oldest, let newest):
      let (from, before) = Self.span(oldest, newest, now)
      var parts = [SQLCondition(sql: "\(column) >= ?", values: [.integer(from)])]
      if let before { parts.append(SQLCondition(sql: "\(column) < ?", values: [.integer(before)])) }
      if let role { parts.append(SQLCondition(sql: "role = ?", values: [.text(role)])) }
      return .joined(parts, by: "AND")
    case .tagged(let tag):
      return SQLCondition(sql: "(n IN (SELECT record FROM tagging WHERE kind = 1 AND tag = \(tag)))")
    case .large(let people): return SQLCondition(sql: "(user_count >= \(people))")
    }
  }

  static func with(id: String, in workspace: Workspace) -> Segment? {
    guard let number = workspace.segmentIDs.number(id) else { return nil }
    return all.first { $0.number == number && $0.id(in: workspace) == id }
  }

  func id(in workspace: Workspace) -> String {
    workspace.segmentIDs.text(number, createdAt: workspace.createdAt)
  }

  func json(in workspace: Workspace, counting: Bool) throws -> JSONValue {
    var value: JSONObject = [
      "type": "segment", "id": .string(id(in: workspace)), "name": .string(name),
      "created_at": .int(workspace.createdAt), "updated_at": .int(workspace.createdAt),
      "person_type": .string(personType),
    ]
    if counting {
      value["count"] = .int(try count(in: workspace))
    }
    return .object(value)
  }
}

extension Segment {
  fileprivate func count(in workspace: Workspace) throws -> Int64 {
    guard personType != "company" else {
      return try workspace.count("company", condition(workspace.clock.now))
    }
    let query = SearchQuery.filter(
      SearchFilter(field: "segment_id", op: .equal, value: .string(id(in: workspace))))
    let condition = try SearchTranslation(resource: .contacts, workspace: workspace).condition(query)
    return try workspace.matches(query, condition)?.count
      ?? workspace.count("contact", .joined([SQLCondition(sql: "state = 0"), condition], by: "AND"))
  }
}

extension Workspace {
  /// When the workspace was opened: two years before the seed's present.
  var createdAt: Int64 { seededAt &- 730 * 86_400 }

  /// `type=company` switches to those of companies, though no description says so.
  func listSegments(_ call: Call) throws -> Answer {
    let segments = call.query["type"] == "company" ? Segment.companies : Segment.contacts
    let counting = call.query.bool("include_count") ?? false
    let list = try segments.map { try $0.json(in: self, counting: counting) }
    return Answer(["type": "segment.list", "segments": .array(list)])
  }

  func retrieveSegment(_ call: Call) throws -> Answer {
    guard let segment = Segment.with(id: call.parameter(), in: self) else { throw APIError.resourceNotFound }
    return Answer(try segment.json(in: self, counting: false), target: call.parameter())
  }

  func listSubscriptionTypes(_ call: Call) throws -> Answer {
    try list(.subscriptionType, type: "list", key: "data")
  }
}
