/// What a script may use. Reaching a limit ends it; a script cannot catch that.
public struct Limits: Sendable {
  /// Calls and turns of loops.
  public var steps = Int.max
  /// Bytes of the heap.
  public var memory = 256 << 20
  /// Calls inside each other.
  public var depth = 10_000
  /// Of wall time, in milliseconds; nil for as long as it takes. Needs a clock.
  public var milliseconds: Int64?

  public init(steps: Int = .max, memory: Int = 256 << 20, depth: Int = 10_000, milliseconds: Int64? = nil) {
    self.steps = steps
    self.memory = memory
    self.depth = depth
    self.milliseconds = milliseconds
  }
}
