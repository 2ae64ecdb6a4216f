import JSON
import SQLite

/// News items and the feeds that they go to.
extension Workspace {
  func listNewsItems(_ call: Call) throws -> Answer {
    try itemPage(call, .newsItem, path: "/news/news_items", size: 10, nextLink: false)
  }

  func retrieveNewsItem(_ call: Call) throws -> Answer {
    Answer(.object(try required(.newsItem, call).value), target: call.parameter())
  }

  func createNewsItem(_ call: Call) throws -> Answer {
    let number = try nextNumber("news_item")
    var value: JSONObject = [
      "type": "news-item", "id": .string(String(number)), "workspace_id": .string(workspaceID), "title": nil,
      "body": "", "sender_id": nil, "state": "draft", "newsfeed_assignments": [], "labels": [],
      "cover_image_url": nil, "reactions": [], "deliver_silently": false, "created_at": .int(clock.now),
      "updated_at": .int(clock.now),
    ]
    try change(&value, newsItem: call.body)
    try put(.newsItem, number, name: value["title"]?.stringValue, .object(value))
    return Answer(.object(value), target: String(number))
  }

  func updateNewsItem(_ call: Call) throws -> Answer {
    var (number, value) = try required(.newsItem, call)
    try change(&value, newsItem: call.body)
    value["updated_at"] = .int(clock.now)
    try put(.newsItem, number, name: value["title"]?.stringValue, .object(value))
    return Answer(.object(value), target: call.parameter())
  }

  private func change(_ value: inout JSONObject, newsItem body: JSONObject) throws {
    guard let title = body["title"]?.stringValue, !title.isEmpty else { throw APIError.missing("title") }
    guard let sender = Int64(try identifier(body, "sender_id")), try itemExists(.admin, sender) else {
      throw APIError.invalid("sender_id is not the id of a teammate", field: "sender_id")
    }
    value["title"] = .string(title)
    value["sender_id"] = .int(sender)
    if let text = body["body"] { value["body"] = .string(try string(text, "body") ?? "") }
    if let state = body["state"] {
      guard state == "draft" || state == "live" else {
        throw APIError.invalid("state must be draft or live", field: "state")
      }
      value["state"] = state
    }
    for key in ["labels", "reactions", "newsfeed_assignments"] {
      if let list = body[key] {
        guard list.arrayValue != nil else { throw APIError.invalid("\(key) must be a list", field: key) }
        value[key] = list
      }
    }
    for assignment in body["newsfeed_assignments"]?.arrayValue ?? [] {
      guard let feed = assignment["newsfeed_id"], try int(feed, "newsfeed_id") != nil else {
        throw APIError.invalid(
          "Each of newsfeed_assignments must have a newsfeed_id", field: "newsfeed_assignments")
      }
    }
    if let flag = body["deliver_silently"]?.boolValue { value["deliver_silently"] = .bool(flag) }
  }

  func deleteNewsItem(_ call: Call) throws -> Answer { try delete(.newsItem, call, object: "news-item") }

  func listNewsfeeds(_ call: Call) throws -> Answer {
    try itemPage(call, .newsfeed, path: "/news/newsfeeds", size: 10, nextLink: false)
  }

  func retrieveNewsfeed(_ call: Call) throws -> Answer {
    Answer(.object(try required(.newsfeed, call).value), target: call.parameter())
  }

  /// Live items that are assigned to the feed.
  func listLiveNewsfeedItems(_ call: Call) throws -> Answer {
    let (number, _) = try required(.newsfeed, call)
    let condition = """
       AND json_extract(json, '$.state') = 'live' AND EXISTS (SELECT 1 FROM json_each(item.json, '$.newsfeed_assignments')
        WHERE CASE type WHEN 'object' THEN json_extract(value, '$.newsfeed_id') = \(number) END)
      """
    return try itemPage(
      call, .newsItem, path: "/news/newsfeeds/\(number)/items", size: 20, nextLink: false,
      condition: condition)
  }
}
