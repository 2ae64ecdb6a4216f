import JSON

/// What an error answer says about itself: `error.list` as the API writes it, and whatever else comes.
public struct APIError: Error, Equatable, Sendable {
  public var status: Int
  /// The API's word for the kind of error, such as `not_found`; nil where the answer has none.
  public var code: String?
  public var message: String?
  /// The field that the server complains about.
  public var field: String?
  public var requestID: String?
  /// The other errors of the list.
  public var others: [Item] = []

  public struct Item: Equatable, Sendable {
    public var code: String?
    public var message: String?
    public var field: String?
  }

  /// Longest text that is taken from an answer, in characters.
  private static let longestText = 500

  /// Reads any answer; one that is no `error.list` gives its status and, where it is text, its gist.
  public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8]) {
    self.status = status
    requestID = headers["X-Request-Id"]
    guard let json = try? JSONValue.parse(body) else {
      message = Self.gist(of: body)
      return
    }
    if let id = json["request_id"]?.stringValue { requestID = id }
    var items: [Item] = []
    for entry in json["errors"]?.arrayValue ?? [] { items.append(Self.item(entry)) }
    // Some gateways answer with one error and no list.
    if items.isEmpty, json.objectValue != nil {
      let entry = json["error"].flatMap { $0.objectValue == nil ? nil : $0 } ?? json
      var item = Self.item(entry)
      if item.code == "error.list" || item.code == "error" { item.code = nil }
      item.message = item.message ?? json["error"]?.stringValue
      if item != Item() { items.append(item) }
    }
    guard let first = items.first else { return }
    (code, message, field) = (first.code, first.message, first.field)
    others = Array(items.dropFirst())
  }

  public init(_ response: HTTPResponse) {
    self.init(status: response.status, headers: response.headers, body: response.body)
  }

  private static func item(_ json: JSONValue) -> Item {
    Item(
      code: text(json["code"]) ?? text(json["type"]), message: text(json["message"]),
      field: text(json["field"]))
  }

  private static func text(_ json: JSONValue?) -> String? {
    guard let text = json?.stringValue, !text.isEmpty else { return nil }
    return String(text.prefix(longestText))
  }

  /// The words of a text or of an HTML page, nil for anything else.
  public static func gist(of body: [UInt8]) -> String? {
    guard let text = String(validating: body.prefix(8_192), as: UTF8.self) ?? nil else { return nil }
    var words = ""
    var isTag = false
    for character in text {
      if character == "<" {
        isTag = true
      } else if character == ">" {
        if isTag, words.last != " ", !words.isEmpty { words.append(" ") }
        isTag = false
      } else if !isTag {
        let isSpace = character.isWhitespace || character.unicodeScalars.contains { $0.value < 0x20 }
        if !isSpace {
          words.append(character)
        } else if words.last != " ", !words.isEmpty {
          words.append(" ")
        }
      }
      if words.count >= 200 { break }
    }
    while words.last == " " { words.removeLast() }
    return words.isEmpty ? nil : words
  }
}
