/// Leave to send, for who has something to do between getting it and sending: a journal's commit.
extension Client {
  /// The server's clock, in seconds since 1970, as early as it can be: by the `Date` of its answers, whatever our own
  /// clock says. Nil before the first answer.
  public var serverTime: Double? { budget.serverTime(now: configuration.clock.monotonic()) }

  /// How many requests could be sent at once, if nothing else is asked for meanwhile. Nothing is kept free.
  public var openSlots: Int {
    guard fresh.first == nil, repeats.first == nil else { return 0 }
    let now = configuration.clock.monotonic()
    guard budget.nextSlot(now: now) <= now else { return 0 }
    return max(0, concurrency.allowed - inFlight)
  }
}

extension Client {
  /// Waits while nothing is under way; the waker ends it early.
  public func pause(milliseconds: Int) {
    if waker.wait(milliseconds: Int32(clamping: max(0, milliseconds))) { waker.drain() }
  }
}
