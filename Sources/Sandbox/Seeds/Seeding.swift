import JSON
import SQLite

/// Fills an empty store. The same configuration and the same present give the same bytes.
struct Seeding {
  let workspace: Workspace
  let now: Int64
  let admins: [Int64] = (0..<6).map { 991_267_701 + $0 }
  let teams: [Int64] = [5_017_691, 5_017_692, 5_017_693]

  static let demoContacts: Int64 = 2_000
  static let demoConversations = 500
  static let demoTickets = 200
  static let demoArchived: Int64 = 24

  init(_ workspace: Workspace) {
    self.workspace = workspace
    now = workspace.seededAt
  }

  func run() throws {
    try base()
    switch workspace.seedKind {
    case .seed(.empty), .pulled: break
    case .seed(.demo):
      try contacts(Self.demoContacts)
      try demo()
    case .seed(.synthetic(let count)): try contacts(Int64(clamping: max(0, count)))
    }
  }

  var contactSeed: ContactSeed {
    let count: Int64 =
      if case .seed(.synthetic(let count)) = workspace.seedKind { Int64(clamping: count) } else {
        Self.demoContacts
      }
    return ContactSeed(
      seed: workspace.identity.seed, now: now, count: count, identifiers: workspace.contactIDs,
      owners: admins)
  }

  private func contacts(_ count: Int64) throws {
    guard count <= HexIdentifier.limit else {
      throw SandboxError.store(path: "seed", reason: "more than \(HexIdentifier.limit) contacts")
    }
    let seed = contactSeed
    let writer = try ContactWriter(workspace.database, workspaceID: workspace.workspaceID)
    var number: Int64 = 1
    while number <= count {
      if number & 0xFF == 0, workspace.stop.isRaised { throw SandboxError.notRunning }
      var record = seed.contact(number)
      if workspace.seedKind == .seed(.demo) { duplicate(&record, seed) }
      try writer.insert(record, searchableAt: 0)
      number += 1
    }
    try workspace.setLastNumber("contact", count)
  }

  /// Some leads bear the address of an earlier user, in other letters.
  private func duplicate(_ record: inout ContactRecord, _ seed: ContactSeed) {
    guard record.role == "lead", record.number > 50 else { return }
    var random = Randomness(seed.seed, stream: UInt64(bitPattern: record.number) ^ 0xD0B1)
    guard random.chance(20) else { return }
    let other = seed.contact(1 + Int64(random.below(Int(record.number) - 1)))
    guard other.role == "user", let email = other.email else { return }
    switch random.below(3) {
    case 0: record.email = email.uppercased()
    case 1: record.email = email.prefix(1).uppercased() + email.dropFirst()
    default: record.email = email
    }
    record.name = random.chance(70) ? other.name : record.name
  }

  // MARK: What each workspace has

  private func base() throws {
    let names = ["Robin Vale", "Kim Archer", "Sasha Lind", "Alex Marsh", "Noor Hale", "Jamie Frost"]
    for (index, admin) in admins.enumerated() {
      let name = names[index % names.count]
      let email = name.lowercased().replacing(" ", with: ".") + "@parlance.example"
      let team = teams[index % teams.count]
      try workspace.put(
        .admin, admin, name: email,
        [
          "type": "admin", "id": .string(String(admin)), "name": .string(name), "email": .string(email),
          "job_title": "Support specialist", "away_mode_enabled": false, "away_mode_reassign": false,
          "has_inbox_seat": true,
          "team_ids": [.int(team)], "avatar": nil,
        ])
    }
    for (index, team) in teams.enumerated() {
      let name = ["Support", "Billing", "Success"][index % 3]
      let members = admins.enumerated().filter { $0.offset % teams.count == index }.map(\.element)
      try workspace.put(
        .team, team, name: name,
        [
          "type": "team", "id": .string(String(team)), "name": .string(name),
          "admin_ids": .array(members.map { .int($0) }),
        ])
    }
    let states = [
      ("submitted", "Submitted", "Submitted"), ("in_progress", "In progress", "In progress"),
      ("waiting_on_customer", "Waiting on customer", "Waiting on you"), ("resolved", "Resolved", "Resolved"),
    ]
    for (index, state) in states.enumerated() {
      let number = 2_601 + Int64(index)
      try workspace.put(
        .ticketState, number, name: state.1,
        [
          "type": "ticket_state", "id": .string(String(number)), "category": .string(state.0),
          "internal_label": .string(state.1), "external_label": .string(state.2),
        ])
    }
    for (name, category, icon) in [
      ("Bug report", "Customer", "🐞"), ("Refund", "Customer", "💸"), ("Follow-up", "Back-office", "📎"),
    ] {
      let type = try workspace.addTicketType(
        name: name, description: "", category: category, icon: icon, isInternal: category != "Customer")
      try workspace.addTicketAttribute(
        type: type, name: "priority_score", description: "How urgent it is, 1 to 5", dataType: "integer",
        options: .null, order: 2, isDefault: false, body: [:])
    }
    for (index, (name, consent, content)) in [
      ("Newsletter", "opt_out", "email"), ("Product news", "opt_out", "email"),
      ("Text messages", "opt_in", "sms_message"),
    ].enumerated() {
      let number = Int64(index + 1)
      let translation: JSONValue = ["name": .string(name), "description": .string(name), "locale": "en"]
      try workspace.put(
        .subscriptionType, number, name: name,
        [
          "type": "subscription", "id": .string(String(number)), "state": "live",
          "consent_type": .string(consent),
          "default_translation": translation, "translations": [translation],
          "content_types": [.string(content)],
        ])
    }
    for (name, type) in [("plan", "string"), ("logins", "integer"), ("renews_on", "date")] {
      _ = try workspace.addDataAttribute(
        name: name, model: "contact", type: type, description: "", options: nil, custom: true,
        messengerWritable: false)
    }
    for name in ["name", "email", "phone"] {
      _ = try workspace.addDataAttribute(
        name: name, model: "contact", type: "string", description: "", options: nil, custom: false,
        messengerWritable: true)
    }
    try workspace.put(
      .helpCenter, 1, name: "help",
      [
        "id": "1", "workspace_id": .string(workspace.workspaceID), "created_at": .int(now),
        "updated_at": .int(now),
        "identifier": "help", "website_turned_on": true, "display_name": "Help Center",
        "url": "https://help.parlance.example", "custom_domain": nil,
      ])
    for (index, name) in ["Customers", "Teammates"].enumerated() {
      try workspace.put(
        .newsfeed, Int64(index + 1), name: name,
        [
          "id": .string(String(index + 1)), "type": "newsfeed", "name": .string(name),
          "created_at": .int(now),
          "updated_at": .int(now),
        ])
    }
    for number in 1...3 { try workspace.addVisitor(userID: "visitor-\(number)", name: nil) }
    // Ids that no longer fit into 32 bits, as those of old workspaces.
    try workspace.setLastNumber("conversation", 64_619_700_000_000)
    try workspace.setLastNumber("part", 14_000_000_000)
    try workspace.setLastNumber("message", 403_918_000)
  }
}
