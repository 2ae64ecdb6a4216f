/// One verb of a resource: a request that the API knows, with what it means.
///
/// Several verbs may share a request (`conversations.close`, `.snooze`), and several operations
/// may share a name: then they differ in the type of record that a parameter takes (`tags.apply`).
public struct APIOperation: Sendable {
  public enum Result: Sendable, Hashable {
    /// The answer has no body, or none that matters: `null`.
    case nothing
    case value(FieldType)
    case sequence(FieldType)
  }

  /// A condition that a search always has: the field must equal the parameter.
  public struct FixedFilter: Sendable, Hashable {
    public var field: String
    public var parameter: String
  }

  /// A value that a parameter must not have, since the API would read something else in it.
  public struct Refusal: Sendable, Hashable {
    public var parameter: String
    public var value: String
  }

  public var resource: String
  public var name: String
  public var effect: Effect
  public var method: RequestMethod
  public var path: PathTemplate
  public var parameters: [Parameter]
  public var result: Result

  /// The way to the list in an answer: `["data"]`.
  public var items: [String]
  public var paging: Paging?
  public var fixedFields: [FixedField]
  /// Body fields that are a list with one record in it, made of what lies under them; a list given
  /// for a parameter below makes one record an entry.
  public var listedFields: [String]
  public var requirements: [Requirement]
  public var refusals: [Refusal]
  public var fixedFilters: [FixedFilter]
  /// A time field that is greater than 0 in every record: how a search asks for everything.
  public var everything: String?
  /// The `Accept` header where it is not JSON.
  public var accept: String?

  /// The parameter that stands for the record that changes.
  public var target: String?
  public var outcomes: [FieldOutcome]
  public var inverse: Inverse?
  public var settle: [SettleRule]
  /// It opens a target whose `state` is closed; the verb that closes it again.
  public var reopens: String?
  /// The journal keeps ids only.
  public var keepsNothing: Bool
  /// What the bare name of the resource reads.
  public var isAll: Bool

  /// The operation's name in the official description; nil for a script's own declarations.
  public var officialName: String?
  public var documentation: String
  /// Lines that run as they stand.
  public var examples: [String]

  /// `tickets.search`
  public var qualifiedName: String { "\(resource).\(name)" }

  public func parameter(_ name: String) -> Parameter? { parameters.first { $0.name == name } }

  /// The parameter that takes the condition of a search.
  public var filterParameter: Parameter? { parameters.first { $0.takesBlock } }
}
