import Diagnostics

/// Reads a whole source text; finds all its syntax errors in one go.
public struct ParseResult: Sendable {
  /// What could be read; not to be run when `diagnostics` holds an error.
  public var script: Script
  public var diagnostics: [Diagnostic]

  public init(script: Script, diagnostics: [Diagnostic]) {
    self.script = script
    self.diagnostics = diagnostics
  }
}
