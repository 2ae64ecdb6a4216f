import Bytecode
import Compiler
import Diagnostics

/// What can be known of a script without running it.
public struct CheckReport: Sendable {
  /// Errors and warnings in the order of the text.
  public var diagnostics: [Diagnostic]
  /// The operations that the script can reach by what they can do, each once, in order of appearance.
  public var effects: [Signature.Effect: [String]]

  public var isRunnable: Bool { !diagnostics.contains { $0.severity == .error } }
}

extension Engine {
  /// Everything that is wrong, or likely wrong, with a script, and what it can reach. Runs nothing.
  public func check(_ source: SourceText) -> CheckReport {
    let script = compile(source, checks: .everything)
    var effects: [Signature.Effect: [String]] = [:]
    var seen = Set<EffectUse>()
    for use in script.effects where seen.insert(use).inserted {
      effects[use.effect, default: []].append(use.operation)
    }
    let diagnostics = script.diagnostics.enumerated().sorted {
      ($0.element.range.start, $0.element.range.end, $0.offset) < (
        $1.element.range.start, $1.element.range.end, $1.offset
      )
    }
    return CheckReport(diagnostics: diagnostics.map(\.element), effects: effects)
  }
}
