import JSON
import SQLite

/// A segment: a condition that contacts or companies meet, the same in every sandbox.
struct Segment {
  let number: Int64
  let name: String
  /// contact, user, or company.
  let personType: String
  /// The tag that it depends on, which therefore cannot be deleted.
  let tag: Int64?
  private let make: @Sendable (Int64) -> SQLCondition

  private init(
    _ number: Int64, _ name: String, _ personType: String, tag: Int64? = nil,
    _ make: @escaping @Sendable (Int64) -> SQLCondition
  ) {
    self.number = number
    self.name = name
    self.personType = personType
    self.tag = tag
    self.make = make
  }

  private static let day: Int64 = 86_400

  static let contacts: [Segment] = [
    Segment(1, "Active", "contact") {
      SQLCondition(sql: "(last_seen_at >= ?)", values: [.integer($0 &- 30 * day)])
    },
    Segment(2, "New", "user") {
      SQLCondition(sql: "(role = 'user' AND created_at >= ?)", values: [.integer($0 &- 7 * day)])
    },
    Segment(3, "Slipping away", "user") {
      SQLCondition(
        sql: "(role = 'user' AND last_seen_at < ? AND last_seen_at >= ?)",
        values: [.integer($0 &- 30 * day), .integer($0 &- 60 * day)])
    },
    Segment(4, "VIP", "contact", tag: 1) { _ in
      SQLCondition(sql: "(n IN (SELECT record FROM tagging WHERE kind = 1 AND tag = 1))")
    },
  ]

  static let companies: [Segment] = [
    Segment(5, "Large", "company") { _ in SQLCondition(sql: "(user_count >= 10)") }
  ]

  static let all = contacts + companies

  func condition(_ now: Int64) -> SQLCondition { make(now) }

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
      let condition = condition(workspace.clock.now)
      let table = personType == "company" ? "company" : "contact"
      let live = table == "contact" ? SQLCondition(sql: "state = 0") : .always
      value["count"] = .int(try workspace.count(table, .joined([live, condition], by: "AND")))
    }
    return .object(value)
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
