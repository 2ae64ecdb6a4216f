import JSON
import SQLite

extension Workspace {
  func listTags(_ call: Call) throws -> Answer { try list(.tag, type: "list", key: "data") }

  func findTag(_ call: Call) throws -> Answer {
    guard let tag = try item(.tag, call.parameter()) else { throw APIError.resourceNotFound }
    return Answer(tag.value, target: call.parameter())
  }

  /// The number of a tag that is there.
  func tagNumber(_ id: String, else error: APIError) throws -> Int64 {
    guard let number = Int64(id), try itemExists(.tag, number) else { throw error }
    return number
  }

  /// One body, four meanings: make, rename, tag or untag companies, tag contacts.
  func createTag(_ call: Call) throws -> Answer {
    let body = call.body
    guard let name = body["name"]?.stringValue, !name.isEmpty else {
      throw APIError.invalid("invalid tag parameters")
    }
    if let companies = body["companies"] { return try tagCompanies(name, companies) }
    if let users = body["users"] { return try tagContacts(name, users) }
    if let id = body["id"], !id.isNull { return try renameTag(try identifier(body, "id"), to: name) }
    return try tagAnswer(try makeTag(name))
  }

  private func tagAnswer(_ tag: Int64) throws -> Answer {
    guard let value = try item(.tag, tag) else { throw APIError.resourceNotFound }
    return Answer(value, target: String(tag))
  }

  /// The tag of this name, made if there is none.
  private func makeTag(_ name: String) throws -> Int64 {
    if let known = try itemNumber(.tag, named: name) { return known }
    let number = try nextNumber("tag")
    try put(.tag, number, name: name, ["type": "tag", "id": .string(String(number)), "name": .string(name)])
    return number
  }

  private func renameTag(_ id: String, to name: String) throws -> Answer {
    let number = try tagNumber(id, else: .resourceNotFound)
    if let other = try itemNumber(.tag, named: name), other != number {
      throw APIError.invalid("A tag named '\(name)' exists already", field: "name")
    }
    try put(.tag, number, name: name, ["type": "tag", "id": .string(id), "name": .string(name)])
    return try tagAnswer(number)
  }

  /// All or nothing: one unknown contact, and nobody is tagged; which one is not told.
  private func tagContacts(_ name: String, _ users: JSONValue) throws -> Answer {
    guard let users = users.arrayValue else { throw APIError.invalid("invalid tag parameters") }
    var contacts: [Int64] = []
    for user in users {
      guard let object = user.objectValue else { throw APIError.invalid("invalid tag parameters") }
      contacts.append(try liveContact(try identifier(object, "id")))
    }
    let tag = try makeTag(name)
    let admin = try ownAdmin()
    for contact in contacts {
      try applyTag(tag, kind: 1, record: contact, admin: admin)
      if database.changes > 0 { try touchContact(contact) }
    }
    return try tagAnswer(tag)
  }

  private func tagCompanies(_ name: String, _ companies: JSONValue) throws -> Answer {
    guard let companies = companies.arrayValue else { throw APIError.invalid("invalid tag parameters") }
    var changes: [(company: Int64, untag: Bool)] = []
    for company in companies {
      guard let object = company.objectValue else { throw APIError.invalid("invalid tag parameters") }
      let number: Int64
      if object["id"] != nil {
        number = try companyNumber(try identifier(object, "id"))
      } else {
        number = try companyNumber(external: try identifier(object, "company_id"))
      }
      changes.append((number, object["untag"]?.boolValue ?? false))
    }
    let tag = try makeTag(name)
    let admin = try ownAdmin()
    for change in changes {
      if change.untag {
        try database.run(
          "DELETE FROM tagging WHERE tag = ? AND kind = 2 AND record = ?", .integer(tag),
          .integer(change.company))
      } else {
        try applyTag(tag, kind: 2, record: change.company, admin: admin)
      }
    }
    return try tagAnswer(tag)
  }

  func deleteTag(_ call: Call) throws -> Answer {
    let tag = try tagNumber(call.parameter(), else: .resourceNotFound)
    let dependants = Segment.all.filter { $0.tag == tag }.map(\.name)
    guard dependants.isEmpty else { throw APIError.tagInUse(dependants) }
    var contacts: [Int64] = []
    try database.each("SELECT record FROM tagging WHERE tag = ? AND kind = 1", .integer(tag)) { row in
      contacts.append(row.integer(0) ?? 0)
    }
    try database.run("DELETE FROM tagging WHERE tag = ?", .integer(tag))
    _ = try remove(.tag, tag)
    for contact in contacts { try touchContact(contact) }
    return .empty(200, target: String(tag))
  }

  // MARK: Conversations and tickets: the admin who tags is named in the body, also when untagging

  private func taggingAdmin(_ body: JSONObject) throws -> Int64 {
    guard let admin = Int64(try identifier(body, "admin_id")), try itemExists(.admin, admin) else {
      throw APIError.adminForIDNotFound
    }
    return admin
  }

  func attachTagToConversation(_ call: Call) throws -> Answer {
    let conversation = try conversationNumber(call.parameter(), else: .conversationNotFound)
    return try attachTag(call, kind: 3, record: conversation)
  }

  func detachTagFromConversation(_ call: Call) throws -> Answer {
    let conversation = try conversationNumber(call.parameter(), else: .conversationNotFound)
    return try detachTag(call, kind: 3, record: conversation)
  }

  func attachTagToTicket(_ call: Call) throws -> Answer {
    try attachTag(call, kind: 4, record: try ticketNumber(call.parameter(), else: .ticketNotFound))
  }

  func detachTagFromTicket(_ call: Call) throws -> Answer {
    try detachTag(call, kind: 4, record: try ticketNumber(call.parameter(), else: .ticketNotFound))
  }

  private func attachTag(_ call: Call, kind: Int64, record: Int64) throws -> Answer {
    let tag = try tagNumber(try identifier(call.body, "id"), else: .tagNotFound)
    try applyTag(tag, kind: kind, record: record, admin: try taggingAdmin(call.body))
    if database.changes > 0 { try touchTagged(kind, record) }
    return try tagAnswer(tag, kind: kind, record: record, target: call.parameter())
  }

  private func detachTag(_ call: Call, kind: Int64, record: Int64) throws -> Answer {
    let tag = try tagNumber(call.parameter(1), else: .tagNotFound)
    _ = try taggingAdmin(call.body)
    let answer = try tagAnswer(tag, kind: kind, record: record, target: call.parameter())
    try database.run(
      "DELETE FROM tagging WHERE tag = ? AND kind = ? AND record = ?", .integer(tag), .integer(kind),
      .integer(record))
    try touchTagged(kind, record)
    return answer
  }

  private func touchTagged(_ kind: Int64, _ record: Int64) throws {
    if kind == 3 { try touchConversation(record) } else { try touchTicket(record) }
  }
}
