import JSON
import SQLite

/// Puts records of a live workspace, as its API answers them, into a sandbox's store. Ids stay what they are.
///
/// Teammates, teams, types and tags come before what refers to them, companies before contacts, and contacts
/// before conversations and tickets.
public final class WorkspaceImport {
  /// Records of one kind, as a list of the API gives them.
  public enum Kind: String, Sendable, CaseIterable {
    case admin, team, tag, article, collection, newsfeed
    case ticketType = "ticket_type"
    case ticketState = "ticket_state"
    case subscriptionType = "subscription_type"
    case dataAttribute = "data_attribute"
    case helpCenter = "help_center"
    case newsItem = "news_item"
  }

  /// What a contact's answer leaves out since it shows ten at most.
  public enum Rest: String, Sendable { case tags, companies, subscriptions }

  private let workspace: Workspace
  private let pseudonyms: Pseudonyms?
  private let writer: ContactWriter
  public private(set) var counts: [String: Int] = [:]
  private var last: [String: Int64] = [:]

  init(_ workspace: Workspace, pseudonyms: Pseudonyms?) throws {
    self.workspace = workspace
    self.pseudonyms = pseudonyms
    writer = try ContactWriter(workspace.database, workspaceID: workspace.workspaceID)
  }

  private var database: Database { workspace.database }

  private func count(_ what: String) { counts[what, default: 0] += 1 }

  /// Numbers that were given out are not given again.
  private func note(_ series: String, _ number: Int64) { last[series] = max(last[series] ?? 0, number) }

  private static func number(_ value: JSONValue?) -> Int64? {
    value?.intValue ?? value?.stringValue.flatMap { Int64($0) }
  }

  // MARK: What there is little of

  /// Ignores what has no number for an id.
  public func add(_ kind: Kind, _ value: JSONValue) throws {
    guard let item = ItemKind(rawValue: kind.rawValue) else { return }
    var number = Self.number(value["id"])
    // Attributes that come with the product have no id.
    if kind == .dataAttribute, number == nil { number = try workspace.nextNumber("data_attribute") }
    guard let number, var object = value.objectValue else { return }
    var name = value["name"]?.stringValue
    switch kind {
    case .admin: name = value["email"]?.stringValue
    case .dataAttribute: name = "\(value["model"]?.stringValue ?? "").\(name ?? "")"
    case .article, .newsItem: name = value["title"]?.stringValue
    case .ticketType:
      for attribute in value["ticket_type_attributes"]?["data"]?.arrayValue ?? [] {
        guard let id = Self.number(attribute["id"]) else { continue }
        try workspace.put(
          .ticketTypeAttribute, id, name: attribute["name"]?.stringValue, parent: number, attribute)
        note("ticket_type_attribute", id)
      }
      object["ticket_type_attributes"] = nil
      object["ticket_states"] = nil
    default: break
    }
    try workspace.put(
      item, number, name: name, updatedAt: value["updated_at"]?.intValue,
      archived: value["archived"]?.boolValue ?? false, .object(object))
    note(kind.rawValue, number)
    count(kind.rawValue)
  }

  // MARK: Companies and contacts

  public func addCompany(_ value: JSONValue) throws {
    guard value["id"]?.stringValue != nil, var object = value.objectValue else { return }
    if let pseudonyms, let name = object["name"]?.stringValue {
      object["name"] = .string(pseudonyms.company(name))
      object["website"] = .null
    }
    let number = try workspace.nextNumber("company")
    for tag in value["tags"]?["tags"]?.arrayValue ?? [] {
      if let tag = Self.number(tag["id"]) { try self.tag(tag, kind: 2, number) }
    }
    for key in ["tags", "segments", "user_count"] { object[key] = nil }
    try workspace.save(number, company: object)
    count("company")
  }

  /// Gives the lists that the contact's answer shows in part.
  public func addContact(_ value: JSONValue) throws -> [Rest] {
    let number = try workspace.nextNumber("contact")
    guard var record = ContactRecord(number: number, json: value) else { return [] }
    record.readDevices(value)
    pseudonyms?.apply(to: &record)
    try writer.insert(record, searchableAt: 0)
    count("contact")
    var rest: [Rest] = []
    func items(_ key: String, _ missing: Rest) -> [JSONValue] {
      if value[key]?["has_more"]?.boolValue == true, !rest.contains(missing) { rest.append(missing) }
      return value[key]?["data"]?.arrayValue ?? []
    }
    for tag in items("tags", .tags) { try link(.tags, tag, to: number) }
    for company in items("companies", .companies) { try link(.companies, company, to: number) }
    for consent in ["opt_out", "opt_in"] {
      let key = consent == "opt_out" ? "opted_out_subscription_types" : "opted_in_subscription_types"
      for type in items(key, .subscriptions) { try subscribe(type, consent, number) }
    }
    return rest
  }

  /// The whole of a list that `addContact` asked for.
  public func add(_ rest: Rest, _ items: [JSONValue], ofContact id: String) throws {
    guard let number = try workspace.contactNumber(id) else { return }
    for item in items { try link(rest, item, to: number) }
  }

  public func addNote(_ value: JSONValue, ofContact id: String) throws {
    guard let number = Self.number(value["id"]), let contact = try workspace.contactNumber(id) else { return }
    let body = value["body"]?.stringValue ?? ""
    try database.run(
      "INSERT OR REPLACE INTO note (n, contact, admin, created_at, body) VALUES (?, ?, ?, ?, ?)",
      .integer(number), .integer(contact), .optional(Self.number(value["author"]?["id"])),
      .integer(value["created_at"]?.intValue ?? 0), .text(pseudonyms?.text(body) ?? body))
    note("note", number)
    count("note")
  }

  private func link(_ rest: Rest, _ item: JSONValue, to contact: Int64) throws {
    switch rest {
    case .tags: if let tag = Self.number(item["id"]) { try self.tag(tag, kind: 1, contact) }
    case .companies:
      guard let id = item["id"]?.stringValue,
        let company = try database.firstInteger("SELECT n FROM company WHERE id = ?", .text(id))
      else { return }
      try database.run(
        "INSERT OR IGNORE INTO membership (contact, company, since) VALUES (?, ?, ?)", .integer(contact),
        .integer(company), .integer(workspace.clock.now))
    case .subscriptions: try subscribe(item, item["consent_type"]?.stringValue ?? "opt_out", contact)
    }
  }

  private func subscribe(_ type: JSONValue, _ consent: String, _ contact: Int64) throws {
    guard let number = Self.number(type["id"]) else { return }
    try database.run(
      "INSERT OR REPLACE INTO subscription (contact, type, consent) VALUES (?, ?, ?)", .integer(contact),
      .integer(number), .text(consent))
  }

  private func tag(_ tag: Int64, kind: Int64, _ record: Int64) throws {
    try database.run(
      "INSERT OR IGNORE INTO tagging (tag, kind, record, applied_at, admin) VALUES (?, ?, ?, ?, NULL)",
      .integer(tag), .integer(kind), .integer(record), .integer(workspace.clock.now))
  }

  // MARK: Conversations and tickets

  /// With or without its parts, as the search or the conversation itself was answered.
  public func addConversation(_ value: JSONValue) throws {
    let value = pseudonyms?.message(value) ?? value
    guard let number = Self.number(value["id"]), var object = value.objectValue else { return }
    try people(value, number)
    for tag in value["tags"]?["tags"]?.arrayValue ?? [] {
      if let tag = Self.number(tag["id"]) { try self.tag(tag, kind: 3, number) }
    }
    try parts(value["conversation_parts"]?["conversation_parts"], of: number)
    for key in ["tags", "contacts", "conversation_parts"] { object[key] = nil }
    try workspace.save(number, conversation: object)
    note("conversation", number)
    count("conversation")
  }

  public func addTicket(_ value: JSONValue) throws {
    let value = pseudonyms?.message(value) ?? value
    guard let number = Self.number(value["id"]), var object = value.objectValue,
      let type = Self.number(value["ticket_type"]?["id"])
    else { return }
    let first = try workspace.firstState()
    let state = Self.number(value["ticket_state"]?["id"]) ?? first
    try people(value, number)
    try parts(value["ticket_parts"]?["ticket_parts"], of: number)
    for key in ["ticket_type", "ticket_state", "contacts", "ticket_parts"] { object[key] = nil }
    try workspace.save(number, ticket: object, type: type, state: state)
    note("conversation", number)
    note("ticket", Self.number(value["ticket_id"]) ?? 0)
    count("ticket")
  }

  private func people(_ value: JSONValue, _ owner: Int64) throws {
    for person in value["contacts"]?["contacts"]?.arrayValue ?? [] {
      guard let id = person["id"]?.stringValue, let contact = try workspace.contactNumber(id) else {
        continue
      }
      try workspace.addParticipant(contact, to: owner)
    }
  }

  private func parts(_ value: JSONValue?, of owner: Int64) throws {
    for part in value?.arrayValue ?? [] {
      guard let number = Self.number(part["id"]) else { continue }
      try database.run(
        "INSERT OR REPLACE INTO part (n, owner, json) VALUES (?, ?, ?)", .integer(number), .integer(owner),
        .text(part.text()))
      note("part", number)
    }
  }

  /// What comes out of all the records together.
  func finish() throws {
    try database.execute(
      "UPDATE company SET user_count = (SELECT count(*) FROM membership WHERE company = company.n)")
    try database.execute(Seeding.listed)
    for (series, number) in last {
      let known = try workspace.setting("next \(series)").flatMap { Int64($0) } ?? 0
      try workspace.setLastNumber(series, max(known, number))
    }
  }
}
