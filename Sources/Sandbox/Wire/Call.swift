import JSON

/// A request to one operation, taken apart.
struct Call {
  let route: Route
  /// The values of the path's parameters, in order, decoded.
  let path: [String]
  let query: QueryString
  /// Empty if there was no body.
  let body: JSONObject
  /// Raw, for what the ledger keeps.
  let accept: String?

  /// A path parameter; empty if the template has fewer, which no identifier matches.
  func parameter(_ index: Int = 0) -> String { path.indices.contains(index) ? path[index] : "" }
}

/// What an operation answers.
struct Answer {
  var status = 200
  var body: [UInt8]
  var contentType = "application/json; charset=utf-8"
  /// The record that the request was about, for the ledger.
  var target: String?

  init(_ body: [UInt8], status: Int = 200, target: String? = nil) {
    self.body = body
    self.status = status
    self.target = target
  }

  init(_ value: JSONValue, status: Int = 200, target: String? = nil) {
    self.init(value.serialized(), status: status, target: target)
  }

  static func empty(_ status: Int, target: String? = nil) -> Answer {
    Answer([], status: status, target: target)
  }
}

/// The part of a target after the question mark.
struct QueryString {
  private var members: [(name: String, value: String)] = []

  init(_ text: Substring) {
    guard !text.isEmpty else { return }
    for pair in text.utf8.split(separator: 0x26) {
      let parts = pair.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false).map(
        Substring.init)
      let name = PercentEncoding.decode(parts.first ?? "", plusIsSpace: true)
      let value = parts.count > 1 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
      members.append((name, value))
    }
  }

  /// The last of that name wins.
  subscript(name: String) -> String? { members.last { $0.name == name }?.value }

  /// A whole number, or a refusal.
  func int(_ name: String) throws(APIError) -> Int64? {
    guard let text = self[name] else { return nil }
    guard let value = Int64(text) else { throw .invalid("\(name) must be a number", field: name) }
    return value
  }

  func bool(_ name: String) -> Bool? {
    switch self[name] {
    case "true", "1": true
    case "false", "0": false
    default: nil
    }
  }
}

enum PercentEncoding {
  /// Resolves %XX; what is no such escape stays as it is.
  static func decode(_ text: Substring, plusIsSpace: Bool) -> String {
    guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return String(text) }
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x25, index + 2 < bytes.count, let high = digit(bytes[index + 1]),
        let low = digit(bytes[index + 2])
      {
        out.append(high << 4 | low)
        index += 3
        continue
      }
      out.append(bytes[index] == 0x2B && plusIsSpace ? 0x20 : bytes[index])
      index += 1
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
