/// The life of one write in an item's log.
public enum WriteState: String, Lifecycle {
  case planned
  case intent
  case done
  case refused
  case unknown
  case absent

  public static let transitions: [Transition<WriteState>] = [
    .init(.planned, .intent, "admitted"),
    .init(.intent, .done, "a usable answer"),
    .init(.intent, .refused, "a definite error: nothing happened"),
    .init(.intent, .unknown, "no usable answer, or a crash"),
    .init(.intent, .absent, "surely not carried out, and may be sent later"),
    .init(.unknown, .done, "settled: it happened"),
    .init(.unknown, .refused, "settled: somebody else's"),
    .init(.unknown, .absent, "settled: it did not happen"),
    .init(.unknown, .intent, "sent again where that is harmless"),
    .init(.absent, .intent, "the next attempt"),
  ]

  /// The write may still be in flight or its outcome is open.
  public var isOpen: Bool { self == .intent || self == .unknown }
}

/// How a verdict on a write came about.
public enum VerdictSource: String, Sendable, CaseIterable {
  /// By its own answer.
  case answered
  /// By the answer to a harmless second send.
  case repeated
  /// By a read that shows it.
  case matched
  /// By what is no longer there.
  case inferred
  /// By a person.
  case person
}
