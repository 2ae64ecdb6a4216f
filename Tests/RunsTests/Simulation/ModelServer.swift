@testable import Runs

/// A workspace with one operation of each settle class, and a ledger of what took effect.
struct ModelServer {
  struct Child: Equatable {
    var id: String
    var text: String
    /// Seconds, as the API has it.
    var createdAt: Int64
  }

  struct Contact {
    var value = "0"
    var tags: [String] = []
    var version = 1
    var isGone = false
    var notes: [Child] = []
    var replies: [Child] = []
    /// When somebody else changed it: milliseconds.
    var outsideAt: [Int64] = []
  }

  struct Effect {
    var entry: EntryID
    var request: WriteRequest
  }

  var contacts: [Contact]
  var companies: [(key: String, child: Child)] = []
  var conversations: [Child] = []
  var exports: [Int64] = []
  var texts: [String] = []
  var ledger: [Effect] = []
  private var ids = 0

  init(contacts count: Int) { contacts = Array(repeating: Contact(), count: count) }

  static func ref(_ index: Int) -> RecordRef { RecordRef(type: "contact", id: "\(index)") }

  private mutating func newID() -> String {
    ids += 1
    return "n\(ids)"
  }

  // MARK: Writes

  static func request(_ operation: String, _ contact: Int?, _ arguments: String) -> WriteRequest {
    let (effect, settle): (WriteEffect, SettleClass) =
      switch operation {
      case "set", "tag", "untag": (.write, .set)
      case "upsert", "create": (.write, .key)
      case "delete", "merge": (.destroy, .gone)
      case "note": (.write, .child)
      case "reply": (.outward, .child)
      case "conversation": (.outward, .search)
      case "export": (.write, .redo)
      default: (.outward, .none)
      }
    return WriteRequest(
      operation: operation, effect: effect, settle: settle, looksFirst: operation == "merge",
      isBodyless: operation == "untag" || operation == "delete", target: contact.map(ref),
      arguments: arguments, written: operation == "set" ? arguments : nil)
  }

  /// Carries the request out, as the API would, and answers.
  mutating func carryOut(_ entry: EntryID, _ request: WriteRequest, at now: Int64) -> Answer {
    let second = now / 1_000
    func problem(_ status: Int, _ code: String) -> Answer {
      .status(Problem(status: status, code: code, message: code), retryAfter: nil)
    }
    func took(_ server: inout ModelServer) {
      server.ledger.append(Effect(entry: entry, request: request))
    }
    func done(_ created: String? = nil, version: Int? = nil) -> Answer {
      .success(
        WriteResult(body: "{}", created: created, version: version.map(String.init)), status: 200,
        requestID: nil)
    }
    if request.arguments == "bad" { return problem(422, "invalid") }
    var index = -1
    if let target = request.target {
      guard let known = Int(target.id), contacts.indices.contains(known), !contacts[known].isGone else {
        return problem(404, "not_found")
      }
      index = known
    }
    switch request.operation {
    case "set":
      contacts[index].value = request.arguments
      contacts[index].version += 1
      took(&self)
      return done(version: contacts[index].version)
    case "tag":
      if !contacts[index].tags.contains(request.arguments) {
        contacts[index].tags.append(request.arguments)
        contacts[index].tags.sort()
      }
      took(&self)
      return done()
    case "untag":
      guard contacts[index].tags.contains(request.arguments) else { return problem(404, "tag_not_found") }
      contacts[index].tags.removeAll { $0 == request.arguments }
      took(&self)
      return done()
    case "upsert", "create":
      if let known = companies.first(where: { $0.key == request.arguments }) {
        if request.operation == "create" { return problem(409, "conflict") }
        took(&self)
        return done(known.child.id)
      }
      let id = newID()
      companies.append(
        (request.arguments, Child(id: id, text: request.arguments, createdAt: second)))
      took(&self)
      return done(id)
    case "delete", "merge":
      contacts[index].isGone = true
      took(&self)
      return done()
    case "note", "reply":
      let child = Child(id: newID(), text: request.arguments, createdAt: second)
      if request.operation == "note" {
        contacts[index].notes.append(child)
      } else {
        contacts[index].replies.append(child)
      }
      took(&self)
      return done(child.id)
    case "conversation":
      let child = Child(id: newID(), text: request.arguments, createdAt: second)
      conversations.append(child)
      took(&self)
      return done(child.id)
    case "export":
      if let last = exports.last, now - last < 20_000 { return problem(429, "export_pending") }
      exports.append(now)
      took(&self)
      return done()
    default:
      texts.append(request.arguments)
      took(&self)
      return done()
    }
  }

  // MARK: Reads

  static func before(_ request: WriteRequest, value: String, tags: [String]) -> String? {
    switch request.operation {
    case "set": value
    case "tag", "untag": "\(tags.contains(request.arguments))"
    default: ""
    }
  }

  /// A frozen record is `value;tag,tag`.
  static func before(_ request: WriteRequest, in record: String) -> String? {
    let parts = record.split(separator: ";", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let tags = parts[1].split(separator: ",").map(String.init)
    return before(request, value: String(parts[0]), tags: tags)
  }

  func check(_ check: FreshnessCheck) -> Freshness {
    guard let index = Int(check.record.id), contacts.indices.contains(index), !contacts[index].isGone else {
      return .missing
    }
    let contact = contacts[index]
    if let version = check.version, version != "\(contact.version)" { return .changed("updated_at differs") }
    return .same(
      before: Self.before(check.request, value: contact.value, tags: contact.tags),
      version: "\(contact.version)")
  }

  func find(_ look: LookUp) -> Finding {
    let request = look.request
    func matching(_ all: [Child]) -> Finding {
      .matches(
        all.filter { $0.text == request.arguments && $0.createdAt >= look.since / 1_000 }
          .map { WriteResult(body: "{}", created: $0.id) })
    }
    switch request.operation {
    case "conversation": return matching(conversations)
    case "upsert", "create": return matching(companies.map(\.child))
    default: break
    }
    guard let index = request.target.flatMap({ Int($0.id) }), contacts.indices.contains(index),
      !contacts[index].isGone
    else { return .missing }
    let contact = contacts[index]
    switch request.operation {
    case "set", "tag", "untag":
      let now = Self.before(request, value: contact.value, tags: contact.tags) ?? ""
      let wanted = request.operation == "set" ? request.arguments : "\(request.operation == "tag")"
      if now == wanted { return .present(WriteResult(version: "\(contact.version)")) }
      return now == look.before ? .asBefore : .other("it holds \(now)")
    case "delete", "merge": return .standing
    case "note": return matching(contact.notes)
    default: return matching(contact.replies)
    }
  }

  /// The state that people see, without ids and times.
  var picture: String {
    var lines: [String] = []
    for contact in contacts {
      let notes = contact.notes.map(\.text).sorted()
      let replies = contact.replies.map(\.text).sorted()
      lines.append("\(contact.value) \(contact.tags) \(contact.isGone) \(notes) \(replies)")
    }
    lines.append("\(companies.map(\.key).sorted()) \(conversations.map(\.text).sorted()) \(texts.sorted())")
    return lines.joined(separator: "\n")
  }
}
