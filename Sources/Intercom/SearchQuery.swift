import JSON

/// A condition in the API's search language.
indirect enum SearchQuery {
  /// A value, or a record that is to be looked up first.
  enum Operand {
    case json(JSONValue)
    case lookup(type: String, text: String)
    /// An attribute that the workspace made: whether it is there and of which type is yet to be found out.
    case attribute(Attribute)
  }

  /// A condition on an attribute of the workspace's own.
  struct Attribute {
    var name: String
    var value: JSONValue
    /// The value for an attribute that the server compares by the day.
    var days: JSONValue?
    /// The types of attributes for which the condition means the same, or more, to the server.
    var kinds: Set<String>
    /// The search knows it by its id, not by its name.
    var isKeyed: Bool
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

  /// The groups as they are: those of one kind in another may have been made to keep within the limit.
  private static func group(_ parts: [SearchQuery], _ make: ([SearchQuery]) -> SearchQuery) -> SearchQuery? {
    parts.count > 1 ? make(parts) : parts.first
  }

  /// What of it fits the search's limits: all of it, where need be in groups of groups; else a wider condition,
  /// which leaves the rest to the client.
  var fitting: (query: SearchQuery?, isWhole: Bool) {
    let packed = self.packed
    if packed.depth <= SearchQuery.deepest, packed.isNarrow { return (packed, true) }
    guard let wider = weakened(to: SearchQuery.deepest)?.packed else { return (nil, false) }
    if wider.depth <= SearchQuery.deepest, wider.isNarrow { return (wider, false) }
    guard case .all(let parts) = wider else { return (nil, false) }
    let good = parts.filter { $0.depth < SearchQuery.deepest && $0.isNarrow }.prefix(SearchQuery.widest)
    if let only = good.first, good.count == 1 { return (only, false) }
    return good.isEmpty ? (nil, false) : (.all(Array(good)), false)
  }

  /// A group that is too wide has its filters in groups of its own kind.
  var packed: SearchQuery {
    func chunks(_ parts: [SearchQuery], _ make: ([SearchQuery]) -> SearchQuery) -> SearchQuery {
      guard parts.count > SearchQuery.widest else { return make(parts) }
      let leaves = parts.filter { $0.depth == 0 }
      let groups = stride(from: 0, to: leaves.count, by: SearchQuery.widest).map {
        make(Array(leaves[$0..<min($0 + SearchQuery.widest, leaves.count)]))
      }
      return make(parts.filter { $0.depth > 0 } + groups)
    }
    switch self {
    case .leaf: return self
    case .all(let parts): return chunks(parts) { .all($0) }
    case .any(let parts): return chunks(parts) { .any($0) }
    }
  }

  /// A condition of at most so many levels that holds wherever this one does; nil where there is none.
  private func weakened(to levels: Int) -> SearchQuery? {
    if depth <= levels { return self }
    switch self {
    case .leaf: return self
    case .all(let parts):
      // Fewer conditions let more through.
      if levels == 0 { return parts.lazy.compactMap { $0.weakened(to: 0) }.first }
      let left = parts.compactMap { $0.weakened(to: levels - 1) }
      return left.isEmpty ? nil : .and(left)
    case .any(let parts):
      guard levels > 0 else { return nil }
      let left = parts.compactMap { $0.weakened(to: levels - 1) }
      return left.count == parts.count ? .or(left) : nil
    }
  }

  var lookups: [(type: String, text: String)] {
    switch self {
    case .leaf(_, _, .lookup(let type, let text)): [(type, text)]
    case .leaf: []
    case .all(let parts), .any(let parts): parts.flatMap(\.lookups)
    }
  }

  var hasAttributes: Bool {
    switch self {
    case .leaf(_, _, .attribute): true
    case .leaf: false
    case .all(let parts), .any(let parts): parts.contains(where: \.hasAttributes)
    }
  }

  /// With the attributes' own names in the search, as `find` gives them; those that it does not know are left to
  /// the client. Nil: nothing is left of it.
  func settled(_ find: (Attribute) -> (name: String, kind: String)?) -> SearchQuery? {
    switch self {
    case .leaf(let field, let op, .attribute(let attribute)):
      guard let (name, kind) = find(attribute) else { return nil }
      let value = SearchAttribute.dates.contains(kind) ? attribute.days ?? attribute.value : attribute.value
      return .leaf(field: "\(field).\(name)", operator: op, .json(value))
    case .leaf: return self
    case .all(let parts):
      let left = parts.compactMap { $0.settled(find) }
      return .group(left) { .all($0) }
    case .any(let parts):
      let left = parts.compactMap { $0.settled(find) }
      return left.count == parts.count ? .group(left) { .any($0) } : nil
    }
  }

  /// Without the conditions on records that do not exist: nothing has them. Nil: nothing can match.
  func without(_ isMissing: (String, String) -> Bool) -> SearchQuery? {
    switch self {
    case .leaf(_, _, .lookup(let type, let text)): return isMissing(type, text) ? nil : self
    case .leaf: return self
    case .all(let parts):
      let left = parts.compactMap { $0.without(isMissing) }
      return left.count == parts.count ? .group(left) { .all($0) } : nil
    case .any(let parts):
      let left = parts.compactMap { $0.without(isMissing) }
      return .group(left) { .any($0) }
    }
  }

  func json(_ found: (String, String) -> String?) -> JSONValue {
    switch self {
    case .leaf(let field, let op, let operand):
      let value: JSONValue =
        switch operand {
        case .json(let json): json
        case .lookup(let type, let text): .string(found(type, text) ?? text)
        case .attribute(let attribute): attribute.value
        }
      if case .attribute(let attribute) = operand {
        return ["field": .string("\(field).\(attribute.name)"), "operator": .string(op), "value": value]
      }
      return ["field": .string(field), "operator": .string(op), "value": value]
    case .all(let parts): return ["operator": "AND", "value": .array(parts.map { $0.json(found) })]
    case .any(let parts): return ["operator": "OR", "value": .array(parts.map { $0.json(found) })]
    }
  }
}
