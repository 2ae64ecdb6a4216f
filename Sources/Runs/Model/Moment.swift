/// Now, by two clocks. Both in milliseconds.
public struct Moment: Sendable, Equatable {
  /// Monotonic, counts sleep; its zero is arbitrary and differs from process to process.
  public var steady: Int64
  /// Since 1970, by the server's clock (own clock plus the offset seen in `Date`).
  public var server: Int64

  public init(steady: Int64, server: Int64) {
    self.steady = steady
    self.server = server
  }
}
