import HTTP
import JSON

/// A request as the journal keeps it: what is sent, but for the token, and the arguments that it was made of.
enum RequestText {
  static func text(of request: HTTPRequest, arguments: JSONObject? = nil) -> String {
    var object = JSONObject()
    object["method"] = .string(request.method.rawValue)
    object["path"] = .string(plainPlaceholders(request.path))
    if !request.query.isEmpty {
      object["query"] = .array(request.query.map { .array([.string($0.name), .string($0.value)]) })
    }
    if let body = request.body, !body.isEmpty {
      object["body"] = (try? JSONValue.parse(body)) ?? .string(String(decoding: body, as: UTF8.self))
    }
    if let accept = request.headers.first(where: { $0.name == "Accept" })?.value {
      object["accept"] = .string(accept)
    }
    if let arguments { object["args"] = .object(arguments) }
    return journalText(.object(object))
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
    var request = HTTPRequest(
      method, path, query: query, body: tree["body"].map { Array($0.text().utf8) }, operation: operation,
      requestClass: requestClass, runMark: mark, allowsEmptyAnswer: requestClass != .read)
    if let accept = tree["accept"]?.stringValue { request.headers.append(("Accept", accept)) }
    return request
  }

  /// The arguments of the call by their parameters' names.
  static func arguments(_ text: String) -> JSONObject? {
    (try? JSONValue.parse(text))?["args"]?.objectValue
  }

  /// What a call was given, as a plan shows it: `body: "Done.", until: 1767600000`, without the record that it is
  /// about. Where the arguments were not kept, the body.
  static func words(_ text: String, but target: String?) -> String {
    // Placeholders stand raw in what the journal keeps.
    let escaped = text.split(separator: "\u{1}", omittingEmptySubsequences: false).joined(
      separator: "\\u0001")
    guard let tree = try? JSONValue.parse(escaped) else { return text }
    guard let arguments = tree["args"]?.objectValue else { return tree["body"].map { $0.text() } ?? "" }
    return arguments.compactMap { name, value in
      if name.hasPrefix("$") { return nil }
      if let target, plain(value) == target { return nil }
      return "\(name): \(value.text())"
    }.joined(separator: ", ")
  }

  /// A value as it stands in a path, and as a condition compares it.
  static func plain(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .int(let number): String(number)
    case .bool(let flag): flag ? "true" : "false"
    default: value.text()
    }
  }

  // MARK: Placeholders

  /// JSON in which placeholders stand raw, where `Placeholder` finds them.
  static func journalText(_ value: JSONValue) -> String {
    let text = value.text()
    guard text.contains("\\u0001") else { return text }
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    let mark = Array("\\u0001".utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x5C, index + 1 < bytes.count {
        if bytes[index + 1] == 0x75, index + mark.count <= bytes.count,
          Array(bytes[index..<(index + mark.count)]) == mark
        {
          result.append(1)
          index += mark.count
        } else {
          result += [bytes[index], bytes[index + 1]]
          index += 2
        }
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// In a path a placeholder was encoded like any id.
  private static func plainPlaceholders(_ path: String) -> String {
    guard path.contains("%01") else { return path }
    var result = ""
    var rest = path[...]
    while let range = rest.firstRange(of: "%01") {
      result += rest[..<range.lowerBound] + "\u{1}"
      rest = rest[range.upperBound...]
      if rest.hasPrefix("%40") {
        result += "@"
        rest = rest.dropFirst(3)
      }
    }
    return result + rest
  }

  /// A placeholder is a part of a longer text: what the text will be is not known yet.
  static func hasWovenPlaceholder(_ text: String) -> Bool {
    let parts = text.split(separator: "\u{1}", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return false }
    for index in stride(from: 1, to: parts.count, by: 2) {
      let (before, after) = (parts[index - 1].last, index + 1 < parts.count ? parts[index + 1].first : nil)
      let isValue = before == "\"" && after == "\""
      let isSegment = before == "/" && (after == "/" || after == "\"" || after == "?")
      if !isValue, !isSegment { return true }
    }
    return false
  }
}
