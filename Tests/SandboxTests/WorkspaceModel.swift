import JSON

/// What a workspace should hold after a sequence of operations, in the plainest form: dictionaries and sets.
/// It knows nothing of how the sandbox stores anything; it only knows what the API promises.
struct WorkspaceModel {
  enum Role: String { case user, lead }
  enum Standing { case live, archived, merged, deleted }

  struct Contact {
    var role: Role
    var email: String
    var standing = Standing.live
    var tags: Set<String> = []
    var companies: Set<String> = []
  }

  struct Conversation {
    var state = "open"
    var admin: Int64?
    var team: Int64?
    var people: Set<String>
    var tags: Set<String> = []
    var parts = 0
  }

  /// By id.
  var contacts: [String: Contact] = [:]
  /// Names by id.
  var tags: [String: String] = [:]
  var companies: Set<String> = []
  var conversations: [String: Conversation] = [:]

  var liveContacts: [String] { contacts.filter { $0.value.standing == .live }.keys.sorted() }

  /// Whose email a new user could not have: live users, then archived ones.
  func rival(email: String, except id: String? = nil) -> Contact? {
    let rivals = contacts.filter { entry in
      entry.key != id && entry.value.role == .user && entry.value.email == email
        && (entry.value.standing == .live || entry.value.standing == .archived)
    }.values
    return rivals.first { $0.standing == .live } ?? rivals.first
  }

  mutating func merge(_ lead: String, into user: String) {
    guard let from = contacts[lead] else { return }
    contacts[user]?.tags.formUnion(from.tags)
    contacts[user]?.companies.formUnion(from.companies)
    contacts[lead] = Contact(role: .lead, email: from.email, standing: .merged)
    for id in conversations.keys where conversations[id]?.people.remove(lead) != nil {
      conversations[id]?.people.insert(user)
    }
  }

  /// Takes the conversations along that were the contact's alone.
  mutating func delete(_ contact: String) {
    contacts[contact]?.standing = .deleted
    contacts[contact]?.tags = []
    contacts[contact]?.companies = []
    for id in conversations.keys where conversations[id]?.people.remove(contact) != nil {
      if conversations[id]?.people.isEmpty == true { conversations[id] = nil }
    }
  }

  mutating func deleteTag(_ tag: String) {
    tags[tag] = nil
    for id in contacts.keys { contacts[id]?.tags.remove(tag) }
    for id in conversations.keys { conversations[id]?.tags.remove(tag) }
  }

  mutating func deleteCompany(_ company: String) {
    companies.remove(company)
    for id in contacts.keys { contacts[id]?.companies.remove(company) }
  }
}
