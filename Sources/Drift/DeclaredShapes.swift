import Catalogue

/// The declarations in the terms of a description: leaf paths, kinds of JSON, words.
struct DeclaredShapes {
  let catalogue: APICatalogue
  typealias Shape = OfficialDescription.Shape

  private static let paging: [Paging.Style: (place: Parameter.Place, names: [String])] = [
    .cursorBody: (.body, ["pagination.per_page", "pagination.starting_after"]),
    .cursorQuery: (.query, ["per_page", "starting_after"]),
    .page: (.query, ["page", "per_page"]),
    .scroll: (.query, ["scroll_param"]),
  ]

  func kind(_ type: FieldType, asNumber: Bool = false) -> Set<String> {
    switch type {
    case .id, .reference, .name: asNumber ? ["integer"] : ["string"]
    case .list: ["array"]
    case .string, .choice: ["string"]
    case .int, .time, .duration: ["integer"]
    case .float: ["number"]
    case .bool: ["boolean"]
    case .map, .record, .object, .filter, .sort: ["object"]
    case .any, .bytes: []
    }
  }

  /// `*` below a path takes anything.
  private func leaves(_ type: FieldType, _ path: String, _ asNumber: Bool, depth: Int = 0) -> [String: Shape]
  {
    let element = if case .list(let inner) = type { inner } else { type }
    switch element {
    case .object(let name):
      guard depth < 8, let record = catalogue.recordType(name) else { return [:] }
      var found: [String: Shape] = [:]
      for field in record.fields where !field.onlySearch {
        found.merge(leaves(field.type, "\(path).\(field.wire)", field.sendsNumber, depth: depth + 1)) { $1 }
      }
      return found
    case .map, .record, .any: return [path: Shape(kinds: kind(type)), path + ".*": Shape()]
    case .choice(let words): return [path: Shape(kinds: kind(type, asNumber: asNumber), words: Set(words))]
    default: return [path: Shape(kinds: kind(type, asNumber: asNumber))]
    }
  }

  func fields(_ operation: APIOperation, _ place: Parameter.Place) -> [String: Shape] {
    var found: [String: Shape] = [:]
    for parameter in operation.parameters {
      if place == .body, parameter.place == .filter || parameter.place == .sort {
        found[parameter.place == .filter ? "query" : "sort"] = Shape()
        continue
      }
      guard parameter.place == place else { continue }
      for (key, shape) in leaves(parameter.type, parameter.wire.joined(separator: "."), parameter.sendsNumber)
      {
        var shape = shape
        if let first = parameter.wire.first, operation.listedFields.contains(first) {
          let element = if case .list(let inner) = parameter.type { inner } else { parameter.type }
          shape.kinds = kind(element, asNumber: parameter.sendsNumber)
        }
        found[key, default: Shape()].merge(shape)
      }
    }
    if place == (operation.method == .get ? .query : .body) {
      for fixed in operation.fixedFields {
        let shape =
          switch fixed.value {
          case .text(let text): Shape(kinds: ["string"], words: [text])
          case .bool: Shape(kinds: ["boolean"])
          case .null: Shape()
          case .signer, .nobody: Shape(kinds: ["string"])
          }
        found[fixed.wire.joined(separator: "."), default: Shape()].merge(shape)
      }
    }
    if let style = operation.paging?.style, let paging = DeclaredShapes.paging[style], paging.place == place {
      for name in paging.names where !name.hasSuffix("per_page") || operation.paging?.maxPageSize != nil {
        found[name] = Shape()
      }
    }
    if place == .query, operation.paging?.style == .eventURL { found["per_page"] = Shape() }
    return found
  }

  func union(_ operations: [APIOperation], _ place: Parameter.Place) -> [String: Shape] {
    var found: [String: Shape] = [:]
    for operation in operations {
      for (key, shape) in fields(operation, place) { found[key, default: Shape()].merge(shape) }
    }
    return found
  }
}
