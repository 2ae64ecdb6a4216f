/// The meaning of a block that is one expression, for planners: free of syntax, names resolved.
public indirect enum BlockTree: Sendable {
  /// The block's item.
  case item
  case field(BlockTree, String)
  case constant(Constant)
  case null
  case bool(Bool)
  /// Captured value n of the block's function.
  case capture(Int)
  case global(Int)
  case list([BlockTree])
  case and(BlockTree, BlockTree)
  case or(BlockTree, BlockTree)
  case not(BlockTree)
  case compare(Comparison, BlockTree, BlockTree)
  case word(WordOperator, BlockTree, BlockTree)
  case coalesce(BlockTree, BlockTree)
  case arithmetic(Arithmetic, BlockTree, BlockTree)
  /// A call of a builtin or an operation by its name; nested blocks end the tree (`opaque`).
  case call(String, [BlockTree])
  /// Something that a planner cannot look into.
  case opaque

  public enum Comparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  public enum Arithmetic: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
  }
}
