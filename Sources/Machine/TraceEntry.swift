import Bytecode
import Diagnostics

/// One frame of a stack trace: the running function and the place in it.
public struct TraceEntry: Sendable {
  public var function: String
  public var source: SourceText
  public var range: SourceRange
  /// The frame belongs to the prelude: messages point at the first frame that does not.
  public var isInternal: Bool

  public init(function: String, source: SourceText, range: SourceRange, isInternal: Bool) {
    self.function = function
    self.source = source
    self.range = range
    self.isInternal = isInternal
  }
}
