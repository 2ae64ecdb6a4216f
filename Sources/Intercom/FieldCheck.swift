import Bytecode
import Catalogue
import Diagnostics
import Machine

/// Finds fields in a block's meaning that no record of the type has.
struct FieldCheck {
  let binding: APIBinding
  /// The block of a `search`: fields that the search alone has may stand there.
  let isSearch: Bool

  init(_ binding: APIBinding, isSearch: Bool = false) {
    self.binding = binding
    self.isSearch = isSearch
  }

  func check(_ block: Value, _ type: String) throws(RuntimeError) {
    guard let prototype = binding.machine.prototype(of: block), let tree = prototype.tree else { return }
    for (name, owner) in unknown(tree, type) {
      // `it["name"]` has the same meaning but does not insist.
      guard let range = place(of: name, in: prototype) else { continue }
      throw error(name, owner, prototype, range)
    }
  }

  private func unknown(_ tree: BlockTree, _ type: String) -> [(name: String, type: String)] {
    var found: [(name: String, type: String)] = []
    /// The declared type of a part, where it is a record's.
    func walk(_ tree: BlockTree) -> FieldType? {
      switch tree {
      case .item: return .object(type)
      case .field(let base, let name):
        guard case .object(let owner)? = walk(base), let declared = binding.catalogue.recordType(owner) else {
          return nil
        }
        guard let field = declared.field(name), isSearch || !field.isOnlySearched else {
          found.append((name, owner))
          return nil
        }
        return field.type
      case .and(let a, let b), .or(let a, let b), .compare(_, let a, let b), .word(_, let a, let b),
        .coalesce(let a, let b), .arithmetic(_, let a, let b):
        _ = walk(a)
        _ = walk(b)
        return nil
      case .not(let inner):
        _ = walk(inner)
        return nil
      case .list(let items), .call(_, let items):
        for item in items { _ = walk(item) }
        return nil
      case .constant, .null, .bool, .capture, .global, .opaque: return nil
      }
    }
    _ = walk(tree)
    return found
  }

  /// Where the block insists on the field.
  private func place(of name: String, in prototype: Prototype) -> SourceRange? {
    var index = 0
    while index < prototype.code.count, let op = Opcode(rawValue: prototype.code[index].opcodeByte) {
      if op == .getField {
        let constant = index + 1 < prototype.code.count ? Int(prototype.code[index + 1]) : -1
        if prototype.constants.indices.contains(constant), case .string(name) = prototype.constants[constant]
        {
          return prototype.range(at: index)
        }
      }
      index += op.layout.length
    }
    return nil
  }

  private func error(
    _ name: String, _ type: String, _ prototype: Prototype, _ range: SourceRange
  ) -> RuntimeError {
    let declared = binding.catalogue.recordType(type)
    let known = declared?.fields.filter { !$0.isOnlySearched }.map(\.name) ?? []
    let near = Spelling.nearest(name, in: known)
    var error = RuntimeError(
      "\(APIMessages.article(type)) has no field `\(name)`", code: "no_field",
      label: near.map { "did you mean `.\($0)`?" },
      hints: near == nil ? ["`help \(type)` lists its fields"] : [])
    if let field = declared?.field(name), field.isOnlySearched {
      error.label = nil
      error.hints = [APIMessages.onlySearched(field, of: type, binding.catalogue)]
    }
    error.trace = [
      TraceEntry(function: prototype.name, source: prototype.source, range: range, isInternal: false)
    ]
    return error
  }
}
