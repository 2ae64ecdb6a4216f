import HTTP
import JSON
import Runs
import Sandbox

/// Reads a workspace through its API, page by page, for a pull.
struct WorkspaceReader {
  let client: Client
  let voice: ConsoleVoice
  /// Of contacts, of conversations and of tickets each; nil: all.
  let limit: Int?
  let withParts: Bool
  /// What there is much of is left out where nobody will look at it.
  var extent = CopyExtent.everything
  var isInterrupted: () -> Bool = { false }

  /// Requests for single records that are under way at once; the client's budget decides when they go out.
  private static let together = 20

  mutating func read(into records: WorkspaceImport) throws {
    for (kind, path, key) in WorkspaceReader.lists {
      for item in try list(path, key) { try records.add(kind, item) }
    }
    if extent.articles {
      try numbered("/help_center/collections") { try records.add(.collection, $0) }
      try numbered("/articles") { try records.add(.article, $0) }
    }
    if extent.news { try numbered("/news/news_items") { try records.add(.newsItem, $0) } }
    guard extent.people else { return }
    try companies { try records.addCompany($0) }
    voice.say("companies: \(records.counts["company"] ?? 0)")
    try contacts(into: records)
    voice.say("contacts: \(records.counts["contact"] ?? 0)")
    if extent.conversations {
      try search("/conversations/search", "conversations", sort: "created_at") { page in
        let whole = withParts ? try details(page.map { "/conversations/\(id($0))" }) : page
        for conversation in whole { try records.addConversation(conversation) }
        voice.progress("conversations: \(records.counts["conversation"] ?? 0) so far")
      }
      voice.say("conversations: \(records.counts["conversation"] ?? 0)")
    }
    guard extent.tickets else { return }
    try search("/tickets/search", "tickets", sort: "created_at") { page in
      for ticket in page { try records.addTicket(ticket) }
      voice.progress("tickets: \(records.counts["ticket"] ?? 0) so far")
    }
    voice.say("tickets: \(records.counts["ticket"] ?? 0)")
  }

  private static let lists: [(WorkspaceImport.Kind, path: String, key: String)] = [
    (.admin, "/admins", "admins"), (.team, "/teams", "teams"), (.tag, "/tags", "data"),
    (.subscriptionType, "/subscription_types", "data"),
    (.dataAttribute, "/data_attributes?model=contact&include_archived=true", "data"),
    (.dataAttribute, "/data_attributes?model=company&include_archived=true", "data"),
    (.dataAttribute, "/data_attributes?model=conversation&include_archived=true", "data"),
    (.ticketState, "/ticket_states", "data"), (.ticketType, "/ticket_types", "data"),
    (.helpCenter, "/help_center/help_centers", "data"), (.newsfeed, "/news/newsfeeds?per_page=50", "data"),
  ]

  private func id(_ value: JSONValue) -> String {
    let text = value["id"]?.stringValue ?? value["id"]?.intValue.map(String.init) ?? ""
    return HTTPRequest.encode(segment: text)
  }

  // MARK: Lists

  private func list(_ path: String, _ key: String) throws(Problem) -> [JSONValue] {
    try get(path)[key]?.arrayValue ?? []
  }

  private func numbered(_ path: String, _ body: (JSONValue) throws -> Void) throws {
    var page = 1
    while true {
      let answer = try get("\(path)?per_page=50&page=\(page)")
      for item in answer["data"]?.arrayValue ?? [] { try body(item) }
      guard page < answer["pages"]?["total_pages"]?.intValue.map({ Int(clamping: $0) }) ?? 0 else { return }
      page += 1
    }
  }

  private func companies(_ body: (JSONValue) throws -> Void) throws {
    var parameter: String?
    while true {
      let query = parameter.map { "?scroll_param=" + HTTPRequest.encode(segment: $0) } ?? ""
      let answer = try get("/companies/scroll\(query)")
      let items = answer["data"]?.arrayValue ?? []
      for item in items { try body(item) }
      guard !items.isEmpty, let next = answer["scroll_param"]?.stringValue else { return }
      parameter = next
    }
  }

  private func contacts(into records: WorkspaceImport) throws {
    // Oldest first, so that they are numbered as they came.
    try search("/contacts/search", "data", sort: "created_at") { page in
      for contact in page {
        let path = "/contacts/\(id(contact))"
        for rest in try records.addContact(contact) {
          try records.add(
            rest, try all("\(path)/\(rest.rawValue)"), ofContact: contact["id"]?.stringValue ?? "")
        }
        if withParts, contact["notes"]?["total_count"]?.intValue ?? 0 > 0 {
          for note in try all("\(path)/notes") {
            try records.addNote(note, ofContact: contact["id"]?.stringValue ?? "")
          }
        }
      }
      voice.progress("contacts: \(records.counts["contact"] ?? 0) so far")
    }
  }

  /// All items of a list that may have pages.
  private func all(_ path: String) throws -> [JSONValue] {
    var items: [JSONValue] = []
    try numbered(path) { items.append($0) }
    return items
  }

  private func search(
    _ path: String, _ key: String, sort: String, _ body: ([JSONValue]) throws -> Void
  ) throws {
    var cursor: String?
    var left = limit ?? .max
    while left > 0 {
      var pagination: JSONObject = ["per_page": .int(Int64(min(150, left)))]
      if let cursor { pagination["starting_after"] = .string(cursor) }
      let query: JSONValue = [
        "query": ["field": .string(sort), "operator": ">", "value": 0],
        "sort": ["field": .string(sort), "order": "ascending"], "pagination": .object(pagination),
      ]
      let answer = try send(
        HTTPRequest(.post, path, body: query.serialized(), operation: path, requestClass: .read))
      let items = answer[key]?.arrayValue ?? []
      try body(Array(items.prefix(left)))
      left -= items.count
      guard let next = answer["pages"]?["next"]?["starting_after"]?.stringValue, !items.isEmpty else {
        return
      }
      cursor = next
    }
  }

  // MARK: Requests

  func get(_ path: String) throws(Problem) -> JSONValue {
    try send(HTTPRequest(.get, path, requestClass: .read))
  }

  private func send(_ request: HTTPRequest) throws(Problem) -> JSONValue {
    let ticket = client.submit(request)
    while true {
      for (found, outcome) in client.poll(timeout: 60_000) where found == ticket {
        return try value(outcome, request)
      }
      try checkInterrupt()
    }
  }

  private func checkInterrupt() throws(Problem) {
    guard isInterrupted() else { return }
    client.cancelAll()
    throw Problem("interrupted while the workspace was read; nothing was written", exit: .interrupted)
  }

  private func value(_ outcome: Client.Outcome, _ request: HTTPRequest) throws(Problem) -> JSONValue {
    switch outcome {
    case .failure(let failure): throw Problem(failure.message(for: request).withoutFullStop, exit: .refused)
    case .success(let response):
      let value = try? JSONValue.parse(response.body)
      guard response.status < 300, let value else {
        let message = APIError(response).message ?? "no JSON"
        throw Problem(
          "\(request.method.rawValue) \(request.pathAlone): \(response.status) \(message)".withoutFullStop,
          exit: .refused)
      }
      return value
    }
  }

  /// Many single records, in order, several requests under way at once.
  private func details(_ paths: [String]) throws(Problem) -> [JSONValue] {
    var found: [JSONValue] = []
    var rest = paths[...]
    while !rest.isEmpty {
      let requests = rest.prefix(Self.together).map { HTTPRequest(.get, $0, requestClass: .read) }
      rest = rest.dropFirst(Self.together)
      let tickets = requests.map(client.submit)
      var outcomes: [Ticket: Client.Outcome] = [:]
      while outcomes.count < tickets.count {
        for (ticket, outcome) in client.poll(timeout: 60_000) { outcomes[ticket] = outcome }
        try checkInterrupt()
      }
      for (ticket, request) in zip(tickets, requests) {
        if let outcome = outcomes[ticket] { found.append(try value(outcome, request)) }
      }
    }
    return found
  }
}
