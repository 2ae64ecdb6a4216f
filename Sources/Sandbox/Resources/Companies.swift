import JSON
import SQLite

/// The one scroll that a workspace may have open.
struct CompanyScroll {
  var parameter: String
  var last: Int64
  var usedAt: Int64

  /// Seconds without a call after which it is gone.
  static let lifetime: Int64 = 60
  static let size: Int64 = 100
}

extension Workspace {
  // MARK: Finding

  func companyNumber(_ id: String) throws -> Int64 {
    guard let number = try database.firstInteger("SELECT n FROM company WHERE id = ?", .text(id)) else {
      throw APIError.companyNotFound
    }
    return number
  }

  func companyNumber(external id: String) throws -> Int64 {
    guard let number = try database.firstInteger("SELECT n FROM company WHERE company_id = ?", .text(id))
    else {
      throw APIError.companyNotFound
    }
    return number
  }

  // MARK: JSON

  /// A company's stored body, with the tags, segments and member count of now.
  func appendCompany(_ number: Int64, _ row: Statement, column: Int, _ out: inout JSONOutput) throws {
    row.withBytes(column) { out.raw($0.dropLast()) }
    let members =
      try database.firstInteger("SELECT user_count FROM company WHERE n = ?", .integer(number)) ?? 0
    out.member(#","user_count":"#, members)
    out.raw(#","tags":{"type":"tag.list","tags":["#)
    var first = true
    try database.each(
      """
      SELECT json FROM tagging JOIN item ON item.kind = 'tag' AND n = tag
      WHERE tagging.kind = 2 AND record = ? ORDER BY tag
      """, .integer(number)
    ) { row in
      if !first { out.raw(",") }
      first = false
      row.withBytes(0) { out.raw($0) }
    }
    out.raw(#"]},"segments":{"type":"segment.list","segments":["#)
    for segment in try companySegments(number) {
      out.raw(try segment.json(in: self, counting: false).serialized())
    }
    out.raw("]}}")
  }

  private func companySegments(_ number: Int64) throws -> [Segment] {
    try Segment.companies.filter { segment in
      let condition = segment.condition(clock.now)
      let statement = try database.prepare("SELECT 1 FROM company WHERE n = ? AND \(condition.sql)")
      try statement.bind([.integer(number)] + condition.values)
      defer { statement.reset() }
      return try statement.step()
    }
  }

  func companyAnswer(_ number: Int64) throws -> Answer {
    let statement = try database.prepare("SELECT json, id FROM company WHERE n = ?")
    try statement.bind(number, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw APIError.companyNotFound }
    var out = JSONOutput(capacity: 1_024)
    try appendCompany(number, statement, column: 0, &out)
    return Answer(out.bytes, target: statement.text(1))
  }

  func countMembers(_ company: Int64) throws {
    try database.run(
      "UPDATE company SET user_count = (SELECT count(*) FROM membership WHERE company = n) WHERE n = ?",
      .integer(company))
  }

  // MARK: Lists

  /// Companies without a member stay out of lists.
  private static let listed = "FROM company WHERE user_count > 0"

  func retrieveCompany(_ call: Call) throws -> Answer {
    // With a name or an id of one's own, one bare company comes back, not a list.
    if let id = call.query["company_id"] { return try companyAnswer(try companyNumber(external: id)) }
    if let name = call.query["name"] {
      guard
        let number = try database.firstInteger("SELECT n FROM company WHERE name = ? LIMIT 1", .text(name))
      else {
        throw APIError.companyNotFound
      }
      return try companyAnswer(number)
    }
    var condition = ""
    if let tag = call.query["tag_id"] {
      guard let number = Int64(tag) else { throw APIError.companyNotFound }
      condition = " AND n IN (SELECT record FROM tagging WHERE kind = 2 AND tag = \(number))"
    }
    if let id = call.query["segment_id"] {
      guard let segment = Segment.with(id: id, in: self), segment.personType == "company" else {
        throw APIError.resourceNotFound
      }
      condition += " AND \(segment.condition(clock.now).sql)"
    }
    return try companyPage(
      call, path: "/companies", condition: condition, order: "last_request_at DESC, n DESC")
  }

  func listAllCompanies(_ call: Call) throws -> Answer {
    let page = try call.query.int("page") ?? 1
    let size = try call.query.int("per_page") ?? 15
    let (end, overflow) = page.multipliedReportingOverflow(by: size)
    // The wall: what lies beyond 10,000 is for the scroll.
    if overflow || end > 10_000 { throw APIError.pageLimit }
    let up = call.query["order"] == "asc"
    return try companyPage(
      call, path: "/companies/list" + (up ? "?order=asc" : ""), condition: "",
      order: up ? "last_request_at ASC, n ASC" : "last_request_at DESC, n DESC")
  }

  private func companyPage(_ call: Call, path: String, condition: String, order: String) throws -> Answer {
    try numberedPage(
      call, path: path, defaultSize: 15, limit: 60, count: "SELECT count(*) \(Self.listed)\(condition)",
      rows: "SELECT n, json \(Self.listed)\(condition) ORDER BY \(order)"
    ) { [self] row, out in try appendCompany(row.integer(0) ?? 0, row, column: 1, &out) }
  }

  func scrollCompanies(_ call: Call) throws -> Answer {
    let now = clock.now
    if let open = scroll, now - open.usedAt > CompanyScroll.lifetime { scroll = nil; _ = open }
    var last: Int64 = 0
    if let parameter = call.query["scroll_param"], !parameter.isEmpty {
      guard let open = scroll, open.parameter == parameter else { throw APIError.scrollNotFound }
      last = open.last
    } else if scroll != nil {
      throw APIError.scrollExists
    } else {
      scroll = CompanyScroll(
        parameter: Self.guid(try nextNumber("scroll"), identity.seed), last: 0, usedAt: now)
    }
    var out = JSONOutput(capacity: 65_536)
    out.raw(#"{"type":"list","data":["#)
    let statement = try database.prepare(
      "SELECT n, json \(Self.listed) AND n > ? ORDER BY n LIMIT \(CompanyScroll.size)")
    try statement.bind(last, at: 1)
    defer { statement.reset() }
    var first = true
    while try statement.step() {
      if !first { out.raw(",") }
      first = false
      last = statement.integer(0) ?? last
      try appendCompany(last, statement, column: 1, &out)
    }
    scroll?.last = last
    scroll?.usedAt = now
    out.raw(#"],"pages":null,"total_count":null,"scroll_param":"#)
    out.string(scroll?.parameter)
    out.raw("}")
    // An empty page is the end, and frees the place for another scroll.
    if first { scroll = nil }
    return Answer(out.bytes)
  }

  func retrieveCompanyByID(_ call: Call) throws -> Answer {
    try companyAnswer(try companyNumber(call.parameter()))
  }

  func listContactsOfCompany(_ call: Call) throws -> Answer {
    let company = try companyNumber(call.parameter())
    let pages = RecordPages(
      workspace: self, table: "contact", idIsNumber: false, type: "list", itemKey: "data",
      append: { [self] row, out in try appendContact(row, offset: 2, number: row.integer(0) ?? 0, &out) },
      columns: Self.contactColumns, source: Self.contactSource)
    let size = try pageSize(try call.query.int("per_page"), default: 50)
    let condition = SQLCondition(
      sql: "(state = 0 AND n IN (SELECT contact FROM membership WHERE company = ?))",
      values: [.integer(company)])
    return try pages.answer(
      where: condition, order: SortOrder(), perPage: size, cursor: try cursor(call.query["starting_after"]))
  }

  func listSegmentsOfCompany(_ call: Call) throws -> Answer {
    let segments = try companySegments(try companyNumber(call.parameter()))
    let list = try segments.map { try $0.json(in: self, counting: false) }
    return Answer(["type": "list", "data": .array(list)], target: call.parameter())
  }

  // MARK: Writing

  func createOrUpdateCompany(_ call: Call) throws -> Answer {
    guard call.body["company_id"] != nil else {
      throw APIError(400, "parameter_not_found", "company_id is required", field: "company_id")
    }
    let external = try identifier(call.body, "company_id")
    if let known = try database.firstInteger("SELECT n FROM company WHERE company_id = ?", .text(external)) {
      return try changeCompany(known, call.body)
    }
    let number = try nextNumber("company")
    guard number <= HexIdentifier.limit else { throw APIError.serverError }
    let now = clock.now
    let value: JSONObject = [
      "type": "company", "company_id": .string(external),
      "id": .string(companyIDs.text(number, createdAt: now)),
      "app_id": .string(workspaceID), "name": nil, "remote_created_at": nil, "created_at": .int(now),
      "updated_at": .int(now), "last_request_at": nil, "size": nil, "website": nil, "industry": nil,
      "monthly_spend": 0, "session_count": 0, "plan": [:], "custom_attributes": [:],
    ]
    try save(number, company: value)
    return try changeCompany(number, call.body)
  }

  /// Takes a body in 2.12, whatever the description says; the company's own id stays as it is.
  func updateCompany(_ call: Call) throws -> Answer {
    try changeCompany(try companyNumber(call.parameter()), call.body)
  }

  private func changeCompany(_ number: Int64, _ body: JSONObject) throws -> Answer {
    let stored = try database.first("SELECT json FROM company WHERE n = ?", .integer(number))
    guard let text = stored?.textValue, var value = try JSONValue.parse(text).objectValue else {
      throw APIError.companyNotFound
    }
    for key in ["name", "website", "industry"] {
      if let member = body[key] { value[key] = try string(member, key).map { .string($0) } ?? .null }
    }
    for key in ["size", "remote_created_at"] {
      if let member = body[key] { value[key] = try int(member, key).map { .int($0) } ?? .null }
    }
    if let spend = body["monthly_spend"] {
      guard let number = spend.doubleValue else {
        throw APIError.invalid("monthly_spend must be a number", field: "monthly_spend")
      }
      // Fractions are cut off, and there is a largest amount.
      value["monthly_spend"] = .int(Int64(min(max(number, -2_147_483_648), 2_147_483_647)))
    }
    if let plan = body["plan"]?.stringValue {
      value["plan"] = ["type": "plan", "id": "1", "name": .string(plan)]
    }
    if let attributes = body["custom_attributes"] {
      guard let attributes = attributes.objectValue else {
        throw APIError.invalid("custom_attributes must be an object", field: "custom_attributes")
      }
      var all = value["custom_attributes"]?.objectValue ?? JSONObject()
      for (name, member) in attributes {
        try checkCustomAttribute(name, member, model: "company")
        all[name] = member
      }
      value["custom_attributes"] = .object(all)
    }
    value["updated_at"] = .int(clock.now)
    try save(number, company: value)
    return try companyAnswer(number)
  }

  func save(_ number: Int64, company given: JSONObject) throws {
    // What a company does not have is left out of answers, not null.
    let value = given.withoutNulls
    try database.run(
      """
      INSERT INTO company (n, id, company_id, name, created_at, updated_at, last_request_at, json)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      ON CONFLICT (n) DO UPDATE SET name = ?4, updated_at = ?6, last_request_at = ?7, json = ?8
      """,
      .integer(number), .optional(value["id"]?.stringValue), .optional(value["company_id"]?.stringValue),
      .optional(value["name"]?.stringValue), .optional(value["created_at"]?.intValue),
      .optional(value["updated_at"]?.intValue), .optional(value["last_request_at"]?.intValue),
      .text(JSONValue.object(value).text()))
  }

  func deleteCompany(_ call: Call) throws -> Answer {
    let number = try companyNumber(call.parameter())
    var members: [Int64] = []
    try database.each("SELECT contact FROM membership WHERE company = ?", .integer(number)) { row in
      members.append(row.integer(0) ?? 0)
    }
    try database.run("DELETE FROM membership WHERE company = ?", .integer(number))
    try database.run("DELETE FROM tagging WHERE kind = 2 AND record = ?", .integer(number))
    try database.run("DELETE FROM company WHERE n = ?", .integer(number))
    for member in members { try touchContact(member) }
    return Answer(
      ["id": .string(call.parameter()), "object": "company", "deleted": true], target: call.parameter())
  }
}
