import Bytecode

/// What a script can name beyond its own declarations. Builtins, prelude, modules and API resources
/// reach the compiler through this alone.
public protocol CompilerEnvironment: AnyObject {
  /// A native by the name that scripts call it.
  func native(_ name: String) -> Signature?
  /// A function written in the language: of the prelude.
  func prelude(_ name: String) -> PreludeFunction?
  /// What `use` bound to a name.
  func module(_ name: String) -> ModuleInterface?
  func isResource(_ name: String) -> Bool
  /// An operation or verb of a resource.
  func operation(_ resource: String, _ name: String) -> Callable?
  func operationNames(_ resource: String) -> [String]
  /// The native that gives a bare resource name its sequence; nil where it has none.
  func resourceSequence(_ name: String) -> String?
  /// Earlier top-level names (a REPL's): the number of their global, and whether they can change.
  func global(_ name: String) -> GlobalBinding?
  /// Everything that could be meant, for "did you mean".
  func knownNames() -> [String]
  /// What the zone says of a local time (milliseconds as if it were UTC).
  func zoneOffset(local milliseconds: Int64) -> ZoneOffset
  /// Why a regular expression cannot be read; nil for one that can.
  func patternFault(_ pattern: String) -> PatternFault?
  /// What is declared of an API's records and operations, for the checker; nil where nothing is.
  var types: TypeNames? { get }
}

extension CompilerEnvironment {
  public var types: TypeNames? { nil }
  public func patternFault(_ pattern: String) -> PatternFault? { nil }
}

/// Minutes east of UTC for a local time.
public enum ZoneOffset: Sendable, Hashable {
  case one(Int)
  /// The clocks go forward over it: the offsets before and after.
  case skipped(before: Int, after: Int)
  /// The clocks go back over it.
  case twice(first: Int, second: Int)
}

/// What is wrong with a regular expression, and what to write.
public struct PatternFault: Sendable {
  public var message: String
  public var hints: [String]

  public init(_ message: String, hints: [String]) {
    self.message = message
    self.hints = hints
  }
}

public struct GlobalBinding: Sendable {
  public var number: Int
  public var isVariable: Bool
  /// For functions: their parameters, so that calls can be checked.
  public var parameters: [Prototype.Parameter]?

  public init(number: Int, isVariable: Bool, parameters: [Prototype.Parameter]? = nil) {
    self.number = number
    self.isVariable = isVariable
    self.parameters = parameters
  }
}

/// A function of the prelude, called through a global.
public struct PreludeFunction: Sendable {
  public var global: Int
  public var signature: Signature
  /// Its blocks run when somebody reads the sequence: they may not write.
  public var isLazyStage: Bool
  /// The operations that it can reach: a verb's.
  public var effects: [EffectUse]

  public init(global: Int, signature: Signature, isLazyStage: Bool, effects: [EffectUse] = []) {
    self.global = global
    self.signature = signature
    self.isLazyStage = isLazyStage
    self.effects = effects
  }
}

/// What a call can go to besides a script's own functions.
public enum Callable: Sendable {
  /// A native by its full name (`tags.apply`).
  case native(String, Signature)
  /// A verb written in the language.
  case prelude(PreludeFunction)

  public var signature: Signature {
    switch self {
    case .native(_, let signature): signature
    case .prelude(let function): function.signature
    }
  }
}

public struct ModuleInterface: Sendable {
  public var names: [String: GlobalBinding]
  /// The operations that its functions can reach.
  public var effects: [EffectUse]

  public init(names: [String: GlobalBinding], effects: [EffectUse]) {
    self.names = names
    self.effects = effects
  }
}
