import Diagnostics

/// A word of the source with its place.
public struct Name: Hashable, Sendable {
  public var text: String
  public var range: SourceRange

  public init(_ text: String, _ range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// An expression with the place that messages point at.
public struct Expression: Sendable {
  public var kind: Kind
  public var range: SourceRange

  public init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  public indirect enum Kind: Sendable {
    case literal(Literal)
    /// `"a \(b) c"`: at least one part is an expression.
    case interpolation([TextPart])
    case name(String)
    /// `it`, also as the left side of `.field`.
    case item
    case member(Expression, Name)
    case index(Expression, Expression)
    case list([Expression])
    case record([RecordEntry])
    case call(Call)
    /// `left | stage`: the call with `left` as its first argument.
    case pipe(Expression, Call)
    case not(Expression)
    case negate(Expression)
    case binary(BinaryOperator, Expression, Expression)
    case ifElse(IfExpression)
    case tryCatch(TryExpression)
  }
}

public enum Literal: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case float(Double)
  case string(String)
  /// Milliseconds.
  case duration(Int64)
  case time(TimeLiteral)
}

/// `@2026-01-31T09:30:00+02:00` as it was written; without an offset the zone is the profile's.
public struct TimeLiteral: Hashable, Sendable {
  public var year: Int
  public var month: Int
  public var day: Int
  public var hour: Int
  public var minute: Int
  /// Milliseconds into the minute.
  public var milliseconds: Int
  /// Minutes east of UTC, nil where none was written.
  public var offsetMinutes: Int?

  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, milliseconds: Int = 0,
    offsetMinutes: Int? = nil
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.milliseconds = milliseconds
    self.offsetMinutes = offsetMinutes
  }
}

public enum TextPart: Sendable {
  case text(String)
  case expression(Expression)
}

public enum RecordEntry: Sendable {
  /// `...expr`
  case spread(Expression)
  /// `name: expr`, `"text": expr`; also `.field` and `name`, whose value the parser fills in.
  case field(Name, Expression)
  /// `"\(k)": expr`
  case computed(Expression, Expression)
}

/// `f(x, name: y) { … }`. The path has one name (`print`) or more (`tags.apply`, `api.tags.apply`).
public struct Call: Sendable {
  public var path: [Name]
  public var arguments: [Argument]
  public var block: Block?
  public var range: SourceRange

  public init(path: [Name], arguments: [Argument], block: Block?, range: SourceRange) {
    self.path = path
    self.arguments = arguments
    self.block = block
    self.range = range
  }
}

public struct Argument: Sendable {
  public var label: Name?
  public var value: Expression

  public init(label: Name?, value: Expression) {
    self.label = label
    self.value = value
  }
}

/// `{ .email }` or `{ total, c -> … }`; with no names it has an `it`.
public struct Block: Sendable {
  public var parameters: [Name]
  public var body: Body

  public init(parameters: [Name], body: Body) {
    self.parameters = parameters
    self.body = body
  }
}

/// The statements between braces; the value is that of the last one if it is an expression.
public struct Body: Sendable {
  public var statements: [Statement]
  /// Braces included.
  public var range: SourceRange

  public init(statements: [Statement], range: SourceRange) {
    self.statements = statements
    self.range = range
  }
}

public struct IfExpression: Sendable {
  public var condition: Expression
  public var then: Body
  /// An `else if` is a body of one `if` expression.
  public var otherwise: Body?

  public init(condition: Expression, then: Body, otherwise: Body?) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
  }
}

public struct TryExpression: Sendable {
  public var body: Body
  public var name: Name
  public var handler: Body

  public init(body: Body, name: Name, handler: Body) {
    self.body = body
    self.name = name
    self.handler = handler
  }
}

/// Raw values are what the source says (`not in` and the like are `not` around the word).
public enum BinaryOperator: String, Sendable, CaseIterable {
  case or, and
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case `in`, contains, startsWith = "starts_with", endsWith = "ends_with", matches
  case notIn = "not in"
  case notContains = "not contains"
  case notStartsWith = "not starts_with"
  case notEndsWith = "not ends_with"
  case notMatches = "not matches"
  case coalesce = "??"
  case range = ".."
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
}
