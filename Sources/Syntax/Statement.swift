import Diagnostics

public struct Statement: Sendable {
  public var kind: Kind
  public var range: SourceRange
  /// The text of the `##` comments before it, or at the end of its first line.
  public var documentation: String?

  public init(_ kind: Kind, _ range: SourceRange, documentation: String? = nil) {
    self.kind = kind
    self.range = range
    self.documentation = documentation
  }

  public indirect enum Kind: Sendable {
    /// `let` (`isVariable` false) or `var`.
    case binding(isVariable: Bool, Name, Expression)
    case function(Function)
    case forIn(Name, Expression, Body)
    case whileLoop(Expression, Body)
    case returnValue(Expression?)
    case breakLoop
    case continueLoop
    case assign(Target, AssignmentOperator, Expression)
    case expression(Expression)
  }
}

public struct Function: Sendable {
  public var name: Name
  public var parameters: [Parameter]
  public var body: Body
  /// `fn f(x) = x`: the body is that one expression.
  public var isExpressionBody: Bool

  public init(name: Name, parameters: [Parameter], body: Body, isExpressionBody: Bool) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.isExpressionBody = isExpressionBody
  }

  public struct Parameter: Sendable {
    public var name: Name
    public var defaultValue: Expression?

    public init(name: Name, defaultValue: Expression?) {
      self.name = name
      self.defaultValue = defaultValue
    }
  }
}

public enum AssignmentOperator: String, Sendable {
  case set = "="
  case add = "+="
  case subtract = "-="
}

/// `r.a["k"][0]`
public struct Target: Sendable {
  public var name: Name
  public var steps: [Step]
  public var range: SourceRange

  public init(name: Name, steps: [Step], range: SourceRange) {
    self.name = name
    self.steps = steps
    self.range = range
  }

  public enum Step: Sendable {
    case member(Name)
    case index(Expression)
  }
}
