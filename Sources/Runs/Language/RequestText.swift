import HTTP
import JSON

/// A request as the journal keeps it: what is sent, but for the token.
enum RequestText {
  static func text(of request: HTTPRequest) -> String {
    var object = JSONObject()
    object["method"] = .string(request.method.rawValue)
    object["path"] = .string(request.path)
    if !request.query.isEmpty {
      object["query"] = .array(request.query.map { .array([.string($0.name), .string($0.value)]) })
    }
    if let body = request.body, !body.isEmpty {
      object["body"] = (try? JSONValue.parse(body)) ?? .string(String(decoding: body, as: UTF8.self))
    }
    return JSONValue.object(object).text()
  }

  /// Nil for a text that is none: a journal that was tampered with.
  static func request(_ text: String, operation: String, requestClass: RequestClass, mark: String?)
    -> HTTPRequest?
  {
    guard let tree = try? JSONValue.parse(text), let word = tree["method"]?.stringValue,
      let method = HTTPMethod(rawValue: word), let path = tree["path"]?.stringValue
    else { return nil }
    var query: [(name: String, value: String)] = []
    for pair in tree["query"]?.arrayValue ?? [] {
      query.append((pair[0]?.stringValue ?? "", pair[1]?.stringValue ?? ""))
    }
    return HTTPRequest(
      method, path, query: query, body: tree["body"].map { Array($0.text().utf8) }, operation: operation,
      requestClass: requestClass, runMark: mark, allowsEmptyAnswer: true)
  }

  /// The body as a plan shows it.
  static func body(_ text: String) -> String {
    guard let tree = try? JSONValue.parse(text) else { return text }
    return tree["body"].map { $0.text() } ?? ""
  }
}
