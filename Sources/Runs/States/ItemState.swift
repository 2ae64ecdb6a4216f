/// The life of an item. `working` begins with its first intent: an item without one starts over after a
/// crash, and one that ends before any write goes from `pending` straight to its end.
public enum ItemState: String, Lifecycle {
  case pending
  case working
  case parked
  case done
  case skipped
  case failed
  case changed
  case diverged
  case unknown

  public static let transitions: [Transition<ItemState>] = [
    .init(.pending, .working, "first intent"),
    .init(.pending, .changed, "the record moved since frozen"),
    .init(.pending, .done, "no writes"),
    .init(.pending, .skipped, "the block said so"),
    .init(.pending, .failed, "a definite error before any write"),
    .init(.working, .done, "all writes done"),
    .init(.working, .skipped, "the block said so"),
    .init(.working, .failed, "a definite error"),
    .init(.working, .changed, "another record moved"),
    .init(.working, .parked, "a write is unknown"),
    .init(.working, .diverged, "the replay asked for another write"),
    .init(.working, .pending, "the breaker stopped its only write"),
    .init(.parked, .working, "settled"),
    .init(.parked, .unknown, "settling gave up"),
    .init(.parked, .changed, "settling found something else"),
    .init(.unknown, .working, "a person settled it"),
    .init(.failed, .working, "retry"),
    .init(.failed, .pending, "retry of an item without a write"),
  ]

  /// The item takes part in a resume.
  public var isOpen: Bool { self == .pending || self == .working || self == .parked }

  /// Counts against `--max-errors` and gives exit code 3.
  public var isFailure: Bool { self == .failed || self == .changed || self == .diverged }
}
