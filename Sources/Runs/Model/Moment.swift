/// Now, by three clocks, all in milliseconds.
public struct Moment: Sendable, Equatable {
  /// Monotonic, counts the machine's sleep; its zero is arbitrary and differs from process to process.
  public var steady: Int64
  /// Since 1970, by the server's clock, and rather early than late: what it has made since then has this time or a
  /// later one. Our own clock until an answer has told.
  public var server: Int64
  /// Since 1970, by our own clock as it was when the process began; from there on the steady one. What is shown,
  /// and how old something is: a clock that is set meanwhile changes neither.
  public var own: Int64

  public init(steady: Int64, server: Int64, own: Int64? = nil) {
    self.steady = steady
    self.server = server
    self.own = own ?? server
  }
}
