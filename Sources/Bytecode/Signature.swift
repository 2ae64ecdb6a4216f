/// What a call of a native or an operation looks like: names, defaults and what help shows.
public struct Signature: Sendable {
  public struct Parameter: Sendable {
    public var name: String
    public var isOptional: Bool
    /// The type as help shows it: `list`, `string?`, `id<contact>`.
    public var type: String
    public var documentation: String
    /// What stands for it where it is left out, as one would write it.
    public var defaultText: String?
    /// Only by its name, never by its place.
    public var isNamedOnly: Bool

    public init(
      _ name: String, _ type: String = "any", optional: Bool = false, namedOnly: Bool = false,
      documentation: String = ""
    ) {
      self.name = name
      self.type = type
      isOptional = optional
      isNamedOnly = namedOnly
      self.documentation = documentation
    }
  }

  /// What calling it can do; nil for what only computes.
  public enum Effect: String, Sendable, CaseIterable, Comparable {
    case read, write, outward, destroy

    public static func < (left: Effect, right: Effect) -> Bool {
      let order = Effect.allCases
      return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
    }
  }

  public var name: String
  public var parameters: [Parameter]
  /// The last parameter takes any number of arguments, as a list.
  public var isVariadic: Bool
  public var effect: Effect?
  public var result: String
  public var documentation: String
  public var example: String

  public init(
    _ name: String, _ parameters: [Parameter], variadic: Bool = false, effect: Effect? = nil,
    result: String = "any", documentation: String = "", example: String = ""
  ) {
    self.name = name
    self.parameters = parameters
    isVariadic = variadic
    self.effect = effect
    self.result = result
    self.documentation = documentation
    self.example = example
  }
}
