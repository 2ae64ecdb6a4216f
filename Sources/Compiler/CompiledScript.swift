import Bytecode
import Diagnostics
import Syntax

/// An operation that a script's text mentions.
public struct EffectUse: Hashable, Sendable {
  public var operation: String
  public var effect: Signature.Effect

  public init(operation: String, effect: Signature.Effect) {
    self.operation = operation
    self.effect = effect
  }
}

/// A `param` as hosts need it: to fill its global before the script runs.
public struct CompiledParameter: Sendable {
  public var name: String
  public var type: TypeReference
  public var hasDefault: Bool
  /// The default as it was written, for help.
  public var defaultText: String?
  public var documentation: String?
  public var global: Int
  public var range: SourceRange
}

/// A top-level statement that can write: a step of a run.
public struct CompiledStep: Sendable {
  public var number: Int
  /// The name that `bulk` was given, or the statement's own text shortened.
  public var title: String
  public var range: SourceRange
  public var effects: [EffectUse]
  public var isBulk: Bool
}

public struct CompiledTest: Sendable {
  public var title: String
  /// The test's body is a function of the chunk by this name.
  public var function: String
  public var documentation: String?
  public var range: SourceRange
}

/// What the compiler makes of a source text.
public struct CompiledScript: Sendable {
  public var chunk: Chunk
  public var diagnostics: [Diagnostic]
  public var parameters: [CompiledParameter]
  public var steps: [CompiledStep]
  public var tests: [CompiledTest]
  /// Every operation that the script can reach, its helpers included, in order of appearance.
  public var effects: [EffectUse]
  /// Top-level names that stay: a REPL's or a module's.
  public var globals: [String: GlobalBinding]
  /// The value of the last statement is an expression's (and worth printing).
  public var hasValue: Bool

  public var isRunnable: Bool { !diagnostics.contains { $0.severity == .error } }
}
