/// Caps of a run. They are taken at admission and exact.
public struct Caps: Sendable, Equatable {
  public var writes: Int?
  public var destroys: Int?

  public init(writes: Int? = nil, destroys: Int? = nil) {
    self.writes = writes
    self.destroys = destroys
  }
}

/// What a `bulk` says about its errors and its grounds.
public struct StepPolicy: Sendable, Equatable {
  /// When failed items stop the step.
  public enum ErrorLimit: Sendable, Equatable {
    /// Never within the step.
    case none
    case count(Int)
    /// Of the items ended so far, once 20 have.
    case percent(Int)
  }

  /// When a record is read again before a write. Destroys, what a customer sees, and records other than
  /// the item are read before their first write in any case.
  public enum Check: Int, Sendable {
    /// Before its first write, if what is known is older than `maxAge`.
    case byAge = 0
    /// Before its first write (`apply`).
    case first = 1
    /// Before each write (undo).
    case each = 2
  }

  public var errors: ErrorLimit
  /// `on_error: "continue"`: the script goes on after failed items.
  public var goesOn: Bool
  /// How old what is known of a record may be at its first write: milliseconds.
  public var maxAge: Int64
  public var check: Check
  /// `keep: "nothing"`: ids only.
  public var keepsNothing: Bool

  public init(
    errors: ErrorLimit = .none, goesOn: Bool = false, maxAge: Int64 = 120_000,
    check: Check = .byAge, keepsNothing: Bool = false
  ) {
    self.errors = errors
    self.goesOn = goesOn
    self.maxAge = maxAge
    self.check = check
    self.keepsNothing = keepsNothing
  }

  /// `failed` of `ended` items is too many.
  public func isExceeded(failed: Int, ended: Int) -> Bool {
    switch errors {
    case .none: false
    case .count(let limit): failed >= max(limit, 1)
    case .percent(let limit): failed > 0 && ended >= 20 && failed * 100 >= limit * ended
    }
  }

  /// A time that is still to come was told by a clock that has been set back since: nobody knows how old it is.
  func isStale(since read: Int64, _ now: Moment) -> Bool { !(0...max(0, maxAge)).contains(now.own - read) }
}
