import JSON

/// An official description of the API (OpenAPI 3, as YAML or JSON), its references followed.
public struct OfficialDescription {
  /// A part of the description, and where it stands: what two references lead to is one place.
  struct Node {
    var json: JSONValue
    var place: String

    subscript(key: String) -> Node? { json[key].map { Node(json: $0, place: "\(place)/\(key)") } }

    var list: [Node] {
      (json.arrayValue ?? []).enumerated().map { Node(json: $1, place: "\(place)/\($0)") }
    }
  }

  struct Operation {
    var name: String
    var method: String
    var path: String
    var parameters: [Node]
    var node: Node
  }

  /// The kinds of JSON that a value may be, and the words that it may have.
  struct Shape: Equatable {
    var kinds: Set<String> = []
    var words: Set<String> = []

    mutating func merge(_ other: Shape) {
      kinds.formUnion(other.kinds)
      words.formUnion(other.words)
    }
  }

  /// `2.12`, as it calls itself.
  public let version: String
  let operations: [Operation]
  private let document: Node
  private static let methods = ["get", "post", "put", "delete", "patch"]
  /// Schemas may stand in themselves.
  private static let deepest = 24
  /// A search's condition is a language of its own; the planner's tests hold it.
  private static let opaque: Set<String> = ["query"]

  public init(text: String) throws(DescriptionError) {
    let json: JSONValue
    if let read = try? JSONValue.parse(Array(text.utf8)) {
      json = read
    } else {
      json = try YAMLReader.read(text)
    }
    document = Node(json: json, place: "#")
    version = json["info"]?["version"].map { $0.stringValue ?? $0.text() } ?? "of no version"
    guard let paths = json["paths"]?.objectValue else {
      throw DescriptionError(line: 0, message: "it has no `paths`: it is no OpenAPI description")
    }
    var operations: [Operation] = []
    for (path, item) in paths {
      let place = Node(json: item, place: "#/paths/\(path)")
      for method in OfficialDescription.methods {
        guard let node = place[method] else { continue }
        let parameters = (place["parameters"]?.list ?? []) + (node["parameters"]?.list ?? [])
        operations.append(
          Operation(
            name: node.json["operationId"]?.stringValue ?? "\(method) \(path)", method: method.uppercased(),
            path: path, parameters: parameters.map { OfficialDescription.resolve($0, json) }, node: node))
      }
    }
    self.operations = operations.sorted { $0.name < $1.name }
  }

  func resolve(_ node: Node) -> Node { OfficialDescription.resolve(node, document.json) }

  private static func resolve(_ node: Node, _ root: JSONValue) -> Node {
    var node = node
    for _ in 0..<deepest {
      guard let reference = node.json["$ref"]?.stringValue, reference.hasPrefix("#/") else { return node }
      var found: JSONValue? = root
      for step in reference.dropFirst(2).split(separator: "/") { found = found?[String(step)] }
      node = Node(json: found ?? .null, place: reference)
    }
    return node
  }

  private func parts(_ node: Node) -> [Node] {
    ["oneOf", "anyOf", "allOf"].flatMap { node[$0]?.list ?? [] }
  }

  /// The object schemas that a value may have.
  func alternatives(_ node: Node?, depth: Int = 0) -> [Node] {
    guard let node = node.map({ resolve($0) }), depth < OfficialDescription.deepest else { return [] }
    let own = node.json["properties"]?.objectValue == nil ? [] : [node]
    return own + parts(node).flatMap { alternatives($0, depth: depth + 1) }
  }

  func kinds(_ node: Node?, depth: Int = 0) -> Set<String> {
    guard let node = node.map({ resolve($0) }), depth < OfficialDescription.deepest else { return [] }
    if let kind = node.json["type"]?.stringValue { return [kind] }
    if let kinds = node.json["type"]?.arrayValue {
      return Set(kinds.compactMap(\.stringValue)).subtracting(["null"])
    }
    return parts(node).reduce(into: []) { $0.formUnion(kinds($1, depth: depth + 1)) }
  }

  /// A bare null in a list of words stands for null, and so does the word.
  func words(_ node: Node?, depth: Int = 0) -> Set<String> {
    guard let node = node.map({ resolve($0) }), depth < OfficialDescription.deepest else { return [] }
    var found: Set<String> = []
    for word in node.json["enum"]?.arrayValue ?? [] where !word.isNull {
      found.insert(word.stringValue ?? word.text())
    }
    found.subtract(["null", "None"])
    return parts(node).reduce(into: found) { $0.formUnion(words($1, depth: depth + 1)) }
  }

  /// Leaf paths of a body; lists are passed through.
  func fields(_ node: Node?, prefix: String = "", depth: Int = 0) -> [String: Shape] {
    var found: [String: Shape] = [:]
    guard depth < 8 else { return found }
    for alternative in alternatives(node) {
      for name in (alternative.json["properties"]?.objectValue ?? [:]).map(\.key) {
        guard let inner = alternative["properties"]?[name].map({ resolve($0) }) else { continue }
        let path = prefix + name
        let element = inner.json["type"] == "array" ? inner["items"].map { resolve($0) } : inner
        let deeper =
          OfficialDescription.opaque.contains(name)
          ? [:] : fields(element, prefix: path + ".", depth: depth + 1)
        if deeper.isEmpty {
          found[path, default: Shape()].merge(Shape(kinds: kinds(inner), words: words(inner)))
        } else {
          for (key, shape) in deeper { found[key, default: Shape()].merge(shape) }
        }
      }
    }
    return found
  }
}
