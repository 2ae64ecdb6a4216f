import JSON
import SQLite

/// Articles, their collections, and the help center that shows them.
extension Workspace {
  /// Items by page number, the latest changed first.
  func itemPage(
    _ call: Call, _ kind: ItemKind, path: String, type: StaticString = "list", size: Int64,
    nextLink: Bool = true,
    condition: String = ""
  ) throws -> Answer {
    let source = "FROM item WHERE kind = '\(kind.rawValue)'\(condition)"
    return try numberedPage(
      call, path: path, type: type, defaultSize: size, limit: 150, count: "SELECT count(*) \(source)",
      rows: "SELECT json \(source) ORDER BY updated_at DESC, n DESC", nextLink: nextLink
    ) { row, out in row.withBytes(0) { out.raw($0) } }
  }

  /// The item of a path's id, or 404.
  func required(_ kind: ItemKind, _ call: Call) throws -> (number: Int64, value: JSONObject) {
    guard let (number, value) = try item(kind, call.parameter()), let object = value.objectValue else {
      throw APIError.resourceNotFound
    }
    return (number, object)
  }

  // MARK: Articles

  func listArticles(_ call: Call) throws -> Answer {
    try itemPage(call, .article, path: "/articles", size: 25)
  }

  func retrieveArticle(_ call: Call) throws -> Answer {
    Answer(.object(try required(.article, call).value), target: call.parameter())
  }

  func createArticle(_ call: Call) throws -> Answer {
    let translated = call.body["translated_content"]?["en"]
    guard let title = (call.body["title"] ?? translated?["title"])?.stringValue, !title.isEmpty else {
      throw APIError.missing("title")
    }
    guard call.body["author_id"] != nil || translated?["author_id"] != nil else {
      throw APIError(
        400, "parameter_not_found",
        "author_id must be in the main body or default locale translated_content object", field: "author_id")
    }
    let number = try nextNumber("article")
    var value: JSONObject = [
      "type": "article", "id": .string(String(number)), "workspace_id": .string(workspaceID),
      "title": .string(title), "description": "", "body": "", "author_id": nil, "state": "draft",
      "created_at": .int(clock.now), "updated_at": .int(clock.now), "url": nil, "parent_id": nil,
      "parent_ids": [],
      "parent_type": nil, "default_locale": "en", "translated_content": nil,
    ]
    try change(&value, article: call.body)
    try put(.article, number, name: title, .object(value))
    return Answer(.object(value), target: String(number))
  }

  func updateArticle(_ call: Call) throws -> Answer {
    var (number, value) = try required(.article, call)
    try change(&value, article: call.body)
    value["updated_at"] = .int(clock.now)
    try put(.article, number, name: value["title"]?.stringValue, .object(value))
    return Answer(.object(value), target: call.parameter())
  }

  private func change(_ value: inout JSONObject, article body: JSONObject) throws {
    for key in ["title", "description", "body"] {
      if let text = body[key] { value[key] = .string(try string(text, key) ?? "") }
    }
    if body["author_id"] != nil {
      let author = try identifier(body, "author_id")
      guard let admin = Int64(author), try itemExists(.admin, admin) else {
        throw APIError.invalid("author_id is not the id of a teammate", field: "author_id")
      }
      value["author_id"] = .int(admin)
    }
    if let state = body["state"] {
      guard state == "published" || state == "draft" else {
        throw APIError.invalid("state must be published or draft", field: "state")
      }
      value["state"] = state
    }
    if let parent = body["parent_id"] {
      let id = try int(parent, "parent_id")
      if let id {
        guard try itemExists(.collection, id) else {
          throw APIError.invalid("parent_id is not the id of a collection", field: "parent_id")
        }
      }
      value["parent_id"] = id.map { .int($0) } ?? .null
      value["parent_ids"] = .array(id.map { [.int($0)] } ?? [])
      value["parent_type"] = id == nil ? .null : "collection"
    }
    if let content = body["translated_content"] { value["translated_content"] = content }
    let id = value["id"]?.stringValue ?? ""
    value["url"] =
      value["state"] == "published" ? .string("https://help.parlance.example/en/articles/\(id)") : .null
  }

  func deleteArticle(_ call: Call) throws -> Answer { try delete(.article, call, object: "article") }

  func delete(_ kind: ItemKind, _ call: Call, object: String) throws -> Answer {
    guard let number = Int64(call.parameter()), try remove(kind, number) else {
      throw APIError.resourceNotFound
    }
    return Answer(
      ["id": .string(call.parameter()), "object": .string(object), "deleted": true], target: call.parameter())
  }

  /// By a phrase in title, description or body, in one state or all.
  func searchArticles(_ call: Call) throws -> Answer {
    let state = call.query["state"] ?? "all"
    guard ["published", "draft", "all"].contains(state) else {
      throw APIError.invalid("state must be published, draft or all", field: "state")
    }
    let phrase = call.query["phrase"] ?? ""
    let size = try pageSize(try call.query.int("per_page"), default: 10)
    let page = max(1, try call.query.int("page") ?? 1)
    var found: [JSONValue] = []
    for number in try itemNumbers(.article) {
      guard let article = try item(.article, number) else { continue }
      if state != "all", article["state"]?.stringValue != state { continue }
      let text = ["title", "description", "body"].compactMap { article[$0]?.stringValue }.joined(
        separator: "\n")
      if phrase.isEmpty || text.lowercased().contains(phrase.lowercased()) { found.append(article) }
    }
    let start = Int(clamping: (page - 1).multipliedReportingOverflow(by: size).partialValue)
    let shown = Array(found.dropFirst(max(0, start)).prefix(Int(size)))
    let total = Int64(found.count)
    return Answer([
      "type": "list", "total_count": .int(total),
      "data": ["articles": .array(shown), "highlights": .array(highlights(shown, phrase, call))],
      "pages": [
        "type": "pages", "page": .int(page), "per_page": .int(size),
        "total_pages": .int((total + size - 1) / size),
      ],
    ])
  }

  private func highlights(_ articles: [JSONValue], _ phrase: String, _ call: Call) -> [JSONValue] {
    guard call.query.bool("highlight") == true, !phrase.isEmpty else { return [] }
    return articles.map { article in
      let title = article["title"]?.stringValue ?? ""
      let isHit = title.lowercased().contains(phrase.lowercased())
      return [
        "article_id": article["id"] ?? .null,
        "highlighted_title": [["type": isHit ? "highlight" : "plain", "text": .string(title)]],
        "highlighted_summary": [],
      ]
    }
  }

  // MARK: Collections and help centers

  func listCollections(_ call: Call) throws -> Answer {
    try itemPage(call, .collection, path: "/help_center/collections", size: 20)
  }

  func retrieveCollection(_ call: Call) throws -> Answer {
    Answer(.object(try required(.collection, call).value), target: call.parameter())
  }

  func createCollection(_ call: Call) throws -> Answer {
    guard let name = call.body["name"]?.stringValue, !name.isEmpty else {
      throw APIError(400, "parameter_not_found", "Name is a required parameter.", field: "name")
    }
    let number = try nextNumber("collection")
    var value: JSONObject = [
      "id": .string(String(number)), "workspace_id": .string(workspaceID), "name": .string(name),
      "description": nil, "created_at": .int(clock.now), "updated_at": .int(clock.now), "url": nil,
      "icon": "book-bookmark", "order": .int(number), "default_locale": "en", "translated_content": nil,
      "parent_id": nil, "help_center_id": 1,
    ]
    try change(&value, collection: call.body, own: number)
    try put(.collection, number, name: name, .object(value))
    return Answer(.object(value), target: String(number))
  }

  func updateCollection(_ call: Call) throws -> Answer {
    var (number, value) = try required(.collection, call)
    try change(&value, collection: call.body, own: number)
    value["updated_at"] = .int(clock.now)
    try put(.collection, number, name: value["name"]?.stringValue, .object(value))
    return Answer(.object(value), target: call.parameter())
  }

  private func change(_ value: inout JSONObject, collection body: JSONObject, own: Int64) throws {
    for key in ["name", "description"] {
      if let text = body[key] { value[key] = try string(text, key).map { .string($0) } ?? .null }
    }
    if let content = body["translated_content"] { value["translated_content"] = content }
    if let parent = body["parent_id"] {
      let id = try int(parent, "parent_id")
      if let id {
        guard id != own, try itemExists(.collection, id) else {
          throw APIError.invalid("parent_id is not the id of another collection", field: "parent_id")
        }
      }
      value["parent_id"] = id.map { .string(String($0)) } ?? .null
    }
  }

  func deleteCollection(_ call: Call) throws -> Answer { try delete(.collection, call, object: "collection") }

  func listHelpCenters(_ call: Call) throws -> Answer { try list(.helpCenter, type: "list", key: "data") }

  func retrieveHelpCenter(_ call: Call) throws -> Answer {
    Answer(.object(try required(.helpCenter, call).value), target: call.parameter())
  }
}
