import JSON

/// A condition in the API's search language.
indirect enum SearchQuery {
  /// A value, or a record that is to be looked up first.
  enum Operand {
    case json(JSONValue)
    case lookup(type: String, text: String)
  }

  case leaf(field: String, operator: String, Operand)
  case all([SearchQuery])
  case any([SearchQuery])

  /// Groups in groups may stand once: two levels.
  static let deepest = 2
  /// Filters in one group.
  static let widest = 15

  var depth: Int {
    switch self {
    case .leaf: 0
    case .all(let parts), .any(let parts): 1 + (parts.map(\.depth).max() ?? 0)
    }
  }

  var isNarrow: Bool {
    switch self {
    case .leaf: true
    case .all(let parts), .any(let parts): parts.count <= SearchQuery.widest && parts.allSatisfy(\.isNarrow)
    }
  }

  /// Both conditions, without groups in groups of the same kind.
  static func and(_ parts: [SearchQuery]) -> SearchQuery {
    let flat = parts.flatMap { part -> [SearchQuery] in
      if case .all(let inner) = part { inner } else { [part] }
    }
    return flat.count == 1 ? flat[0] : .all(flat)
  }

  static func or(_ parts: [SearchQuery]) -> SearchQuery {
    let flat = parts.flatMap { part -> [SearchQuery] in
      if case .any(let inner) = part { inner } else { [part] }
    }
    return flat.count == 1 ? flat[0] : .any(flat)
  }

  /// Those of its parts that fit the search's limits; the others are for the client.
  var fitting: (query: SearchQuery?, isWhole: Bool) {
    if depth <= SearchQuery.deepest, isNarrow { return (self, true) }
    guard case .all(let parts) = self else { return (nil, false) }
    let good = parts.filter { $0.depth < SearchQuery.deepest && $0.isNarrow }.prefix(SearchQuery.widest)
    if let only = good.first, good.count == 1 { return (only, false) }
    return good.isEmpty ? (nil, false) : (.all(Array(good)), false)
  }

  var lookups: [(type: String, text: String)] {
    switch self {
    case .leaf(_, _, .lookup(let type, let text)): [(type, text)]
    case .leaf: []
    case .all(let parts), .any(let parts): parts.flatMap(\.lookups)
    }
  }

  /// Without the conditions on records that do not exist: nothing has them. Nil: nothing can match.
  func without(_ isMissing: (String, String) -> Bool) -> SearchQuery? {
    switch self {
    case .leaf(_, _, .lookup(let type, let text)): return isMissing(type, text) ? nil : self
    case .leaf: return self
    case .all(let parts):
      let left = parts.compactMap { $0.without(isMissing) }
      return left.count == parts.count ? .and(left) : nil
    case .any(let parts):
      let left = parts.compactMap { $0.without(isMissing) }
      return left.isEmpty ? nil : .or(left)
    }
  }

  func json(_ found: (String, String) -> String?) -> JSONValue {
    switch self {
    case .leaf(let field, let op, let operand):
      let value: JSONValue =
        switch operand {
        case .json(let json): json
        case .lookup(let type, let text): .string(found(type, text) ?? text)
        }
      return ["field": .string(field), "operator": .string(op), "value": value]
    case .all(let parts): return ["operator": "AND", "value": .array(parts.map { $0.json(found) })]
    case .any(let parts): return ["operator": "OR", "value": .array(parts.map { $0.json(found) })]
    }
  }
}
