import Bytecode
import Syntax

extension Compiler {
  /// The meaning of a block's one expression, for planners. Called while the block is the current
  /// function, so that its captures are known.
  func tree(of expression: Expression, item: String?, depth: Int = 0) -> BlockTree {
    if depth > 64 { return .opaque }
    func inner(_ expression: Expression) -> BlockTree { tree(of: expression, item: item, depth: depth + 1) }
    switch expression.kind {
    case .literal(let literal):
      switch literal {
      case .null: return .null
      case .bool(let value): return .bool(value)
      default: return constant(of: literal, expression.range).map { .constant($0) } ?? .opaque
      }
    case .item: return .item
    case .name(let name):
      if name == item { return .item }
      switch resolve(name) {
      case .capture(let number): return .capture(number)
      case .global(let binding) where !binding.isVariable: return .global(binding.number)
      default: return .opaque
      }
    case .member(let base, let name): return .field(inner(base), name.text)
    case .index(let base, let index):
      if case .literal(.string(let key)) = index.kind { return .field(inner(base), key) }
      return .opaque
    case .list(let items): return .list(items.map(inner))
    case .not(let value): return .not(inner(value))
    case .negate(let value): return .arithmetic(.subtract, .constant(.int(0)), inner(value))
    case .binary(let op, let left, let right):
      switch op {
      case .and: return .and(inner(left), inner(right))
      case .or: return .or(inner(left), inner(right))
      case .coalesce: return .coalesce(inner(left), inner(right))
      case .range: return .opaque
      case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
        guard let comparison = BlockTree.Comparison(rawValue: op.rawValue) else { return .opaque }
        return .compare(comparison, inner(left), inner(right))
      case .add, .subtract, .multiply, .divide, .remainder:
        guard let arithmetic = BlockTree.Arithmetic(rawValue: op.rawValue) else { return .opaque }
        return .arithmetic(arithmetic, inner(left), inner(right))
      default:
        let (word, negated) = op.word
        let tree = BlockTree.word(word, inner(left), inner(right))
        return negated ? .not(tree) : tree
      }
    case .call(let call): return treeOfCall(call, [], item, depth)
    case .pipe(let left, let call): return treeOfCall(call, [inner(left)], item, depth)
    case .interpolation, .record, .ifElse, .tryCatch: return .opaque
    }
  }

  private func treeOfCall(_ call: Call, _ first: [BlockTree], _ item: String?, _ depth: Int) -> BlockTree {
    guard call.block == nil, !call.arguments.contains(where: { $0.label != nil }) else { return .opaque }
    let name = call.path.map(\.text).joined(separator: ".")
    if call.path.count == 1 {
      switch resolve(name) {
      case .native, .prelude: break
      default: return .opaque
      }
    } else {
      guard case .resource = resolve(call.path[0].text) else { return .opaque }
    }
    return .call(name, first + call.arguments.map { tree(of: $0.value, item: item, depth: depth + 1) })
  }
}
