import Bytecode
import Catalogue
import JSON
import Machine

/// From a filter's meaning to a search's condition: exactly the same records, or more of them.
final class FilterTranslation {
  struct Result {
    var query: SearchQuery?
    /// The server's condition gives exactly what the block gives.
    var isExact: Bool
    /// Some part of the block is nothing that the server can look at.
    var isPartial: Bool
    var isNever = false
  }

  indirect enum Outcome {
    case always
    case never
    case pushed(SearchQuery, isExact: Bool)
    case local
  }

  private let binding: APIBinding
  private let type: String?
  /// The block of a `search`: the server decides, also where it may see an empty field otherwise than a filter
  /// does.
  let insists: Bool
  private lazy var fields: [SearchField] = type.map { binding.catalogue.searchFields(of: $0) } ?? []
  private var missed: [BlockTree] = []
  /// A field of the block that records do not have.
  private var unreadable: SearchField?

  init(_ binding: APIBinding, type: String?, insists: Bool) {
    self.binding = binding
    self.type = type
    self.insists = insists
  }

  private var machine: Machine { binding.machine }

  func translate(_ block: Value) -> Result {
    guard type != nil, let tree = machine.prototype(of: block)?.tree else {
      return Result(query: nil, isExact: false, isPartial: true)
    }
    missed = []
    unreadable = nil
    let folding = ConstantFolding(machine: machine, block: block, now: binding.engine.now)
    switch outcome(tree, folding) {
    case .always: return Result(query: nil, isExact: true, isPartial: false)
    case .never: return Result(query: nil, isExact: true, isPartial: false, isNever: true)
    case .pushed(let query, let isExact):
      // The block cannot run here, where records do not have what it asks for.
      let isTorn = unreadable != nil && !isExact
      return Result(query: query, isExact: isExact, isPartial: !missed.isEmpty || isTorn)
    case .local: return Result(query: nil, isExact: false, isPartial: true)
    }
  }

  /// What a `search` says about a block that the server cannot take.
  func insistence(_ block: Value) -> RuntimeError {
    _ = translate(block)
    if missed.isEmpty, let unreadable {
      let path = unreadable.path.joined(separator: ".")
      return RuntimeError(
        "only the server knows `.\(path)`, and another condition of this block is looked at again here",
        code: "search",
        hints: [
          "put that one into a filter of its own: `\(binding.catalogue.resourceName(ofType: type ?? "") ?? "…").search { … .\(path) … } | filter { … }`"
        ])
    }
    var what = "the block"
    if let path = missed.lazy.compactMap({ Self.anyPath($0) }).first {
      what = "the condition on `.\(path.joined(separator: "."))`"
    }
    return RuntimeError(
      "the server's search cannot take \(what)", code: "search",
      hints: [APIMessages.useFilter])
  }

  /// What a `search` says where the conditions are more, or deeper, than a search takes.
  static var tooMuch: RuntimeError {
    RuntimeError(
      "the search takes groups of \(SearchQuery.widest) conditions in \(SearchQuery.deepest) levels; this block has more",
      code: "search", hints: [APIMessages.useFilter])
  }

  /// The server's order for a key block, nil where it has none.
  func sort(_ block: Value, descending: Bool) -> JSONValue? {
    guard let type, let tree = machine.prototype(of: block)?.tree, let path = Self.path(tree),
      path.count == 1,
      let field = binding.catalogue.recordType(type)?.field(path[0]), field.isSortable, !field.isOptional
    else { return nil }
    return [
      "field": .string(field.search?.wireName ?? field.wire),
      "order": .string(descending ? "descending" : "ascending"),
    ]
  }

  // MARK: Logic

  private func outcome(_ tree: BlockTree, _ folding: ConstantFolding) -> Outcome {
    if let value = folding.value(tree) {
      if value.tag == .bool || value.isNull { return value.isTrue ? .always : .never }
      return .local
    }
    switch tree {
    case .and(let left, let right): return both(outcome(left, folding), outcome(right, folding))
    case .or(let left, let right): return either(outcome(left, folding), outcome(right, folding))
    case .not(let inner): return negated(inner, folding)
    default: return noted(SearchLeaf(self, folding).outcome(tree), tree)
    }
  }

  private func noted(_ outcome: Outcome, _ tree: BlockTree) -> Outcome {
    switch outcome {
    case .local: missed.append(tree)
    case .pushed(let query, _):
      guard insists, let path = Self.anyPath(tree), let (field, _) = field(path), !field.isReadable else {
        break
      }
      unreadable = field
      return .pushed(query, isExact: true)
    default: break
    }
    return outcome
  }

  private func both(_ left: Outcome, _ right: Outcome) -> Outcome {
    switch (left, right) {
    case (.never, _), (_, .never): .never
    case (.always, let other), (let other, .always): other
    case (.pushed(let a, let x), .pushed(let b, let y)): .pushed(.and([a, b]), isExact: x && y)
    case (.pushed(let query, _), .local), (.local, .pushed(let query, _)): .pushed(query, isExact: false)
    case (.local, .local): .local
    }
  }

  private func either(_ left: Outcome, _ right: Outcome) -> Outcome {
    switch (left, right) {
    case (.always, _), (_, .always): .always
    case (.never, let other), (let other, .never): other
    case (.pushed(let a, let x), .pushed(let b, let y)): .pushed(.or([a, b]), isExact: x && y)
    case (.local, _), (_, .local): .local
    }
  }

  /// `not` over a comparison is true where the comparison is false, null included.
  private func negated(_ tree: BlockTree, _ folding: ConstantFolding) -> Outcome {
    switch tree {
    case .not(let inner): return outcome(inner, folding)
    case .and(let left, let right): return either(negated(left, folding), negated(right, folding))
    case .or(let left, let right): return both(negated(left, folding), negated(right, folding))
    default: return noted(SearchLeaf(self, folding).negated(tree), .not(tree))
    }
  }

  // MARK: Fields

  static func path(_ tree: BlockTree) -> [String]? {
    guard case .field(let base, let name) = tree else { return nil }
    if case .item = base { return [name] }
    return path(base).map { $0 + [name] }
  }

  private static func anyPath(_ tree: BlockTree) -> [String]? {
    if let path = path(tree) { return path }
    switch tree {
    case .not(let inner): return anyPath(inner)
    case .compare(_, let a, let b), .word(_, let a, let b), .coalesce(let a, let b),
      .arithmetic(_, let a, let b),
      .and(let a, let b), .or(let a, let b):
      return anyPath(a) ?? anyPath(b)
    case .call(_, let items), .list(let items): return items.lazy.compactMap { anyPath($0) }.first
    default: return nil
    }
  }

  /// The field that a function asks for: `has_tag`.
  func field(function: String) -> SearchField? { fields.first { $0.function == function && $0.doubt == nil } }

  /// The id of a record that was given for such a function.
  func id(of value: Value) -> String? {
    if value.tag == .int { return String(value.asInt) }
    guard let type = machine.typeName(of: value),
      let key = binding.catalogue.recordType(type)?.field(with: .key)
    else {
      return nil
    }
    let id = machine.field(key.name, of: value)
    return id.tag == .string ? machine.text(of: id) : nil
  }

  /// An attribute of the workspace's own: the field of the search that it lies under, and its name.
  func attribute(_ path: [String]) -> (field: SearchField, name: String)? {
    guard path.count == 2, let field = fields.first(where: { $0.kind == .attribute && $0.path == [path[0]] })
    else { return nil }
    return (field, path[1])
  }

  /// The field that the server can search by this way, and whether it can be null.
  func field(_ path: [String]) -> (field: SearchField, isNullable: Bool)? {
    guard let found = fields.first(where: { $0.path == path }), found.doubt == nil || insists,
      insists || !found.onlySearch || (found.computed != nil && found.function == nil)
    else { return nil }
    var owner = type
    var isNullable = false
    for name in path {
      guard let field = owner.flatMap({ binding.catalogue.recordType($0) })?.field(name) else {
        return (found, true)
      }
      if field.isOptional { isNullable = true }
      if case .object(let inner) = field.type { owner = inner } else { owner = nil }
    }
    return (found, isNullable)
  }
}
