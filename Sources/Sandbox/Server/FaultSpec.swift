/// A fault on order: what goes wrong, how often, for which operation.
///
/// Written as `KIND[:OPTION]…[@OPERATION]`, as in `429:2%`, `500:1%:after@attachTagToContact`, `slow:200ms`,
/// `reset:#3`, `lag:2m`.
public struct FaultSpec: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// An answer with this status instead of the true one.
    case status(Int)
    /// No answer; the connection stays open.
    case timeout
    /// The connection is reset.
    case reset
    /// The answer's head and the first half of its body, then the end.
    case cutBody
    /// 200 with nothing in it.
    case empty
    /// The answer comes late, by milliseconds.
    case slow(Int64)
    /// New contacts stay out of search for seconds.
    case lag(Int64)
    /// The open scroll is forgotten.
    case scrollExpiry
  }

  /// Whether the request takes effect before it goes wrong.
  public enum Phase: Sendable, Equatable { case before, after, either }

  public var kind: Kind
  /// Out of a million requests.
  public var rate = 1_000_000
  /// Only the nth request that fits, counted from 1.
  public var only: Int64?
  public var phase = Phase.before
  /// An operationId; nil: all.
  public var operation: String?

  public init(_ kind: Kind) { self.kind = kind }

  /// Reads one spec.
  public init(parsing text: String) throws(SandboxError) {
    func fail(_ reason: String) -> SandboxError { .invalidFault(text, reason: reason) }
    let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = (halves.first ?? "").split(separator: ":", omittingEmptySubsequences: false)
    if halves.count > 1 {
      let name = String(halves[1])
      guard Routes.all.contains(where: { $0.operation == name }) else {
        throw fail("there is no operation '\(name)'")
      }
      operation = name
    }
    var duration: Int64?
    for part in parts.dropFirst() {
      if part.hasSuffix("%"), let percent = Double(part.dropLast()), percent >= 0, percent <= 100 {
        rate = Int(percent * 10_000)
      } else if part.hasPrefix("#"), let number = Int64(part.dropFirst()), number > 0 {
        only = number
      } else if let milliseconds = Self.duration(part) {
        duration = milliseconds
      } else if part == "after" {
        phase = .after
      } else if part == "before" {
        phase = .before
      } else if part == "either" {
        phase = .either
      } else {
        throw fail(
          "'\(part)' is neither a share (2%), a duration (200ms), a number (#3) nor before, after, either")
      }
    }
    switch parts.first ?? "" {
    case "timeout": kind = .timeout
    case "reset": kind = .reset
    case "cut-body":
      kind = .cutBody
      phase = .after
    case "empty":
      kind = .empty
    case "slow":
      guard let duration else { throw fail("slow needs a duration, as in slow:200ms") }
      kind = .slow(duration)
      phase = .after
    case "lag":
      guard let duration else { throw fail("lag needs a duration, as in lag:2m") }
      kind = .lag(duration / 1_000)
    case "scroll-expiry": kind = .scrollExpiry
    case let word:
      guard let status = Int(word), (400...599).contains(status) else {
        throw fail(
          "'\(word)' is none of 400 to 599, timeout, reset, cut-body, empty, slow, lag, scroll-expiry")
      }
      kind = .status(status)
    }
  }

  /// Milliseconds of `200ms`, `5s`, `2m`.
  private static func duration(_ text: Substring) -> Int64? {
    for (unit, factor) in [("ms", Int64(1)), ("s", 1_000), ("m", 60_000)] where text.hasSuffix(unit) {
      guard let number = Int64(text.dropLast(unit.count)), number >= 0, number < 1_000_000_000 else {
        return nil
      }
      return number * factor
    }
    return nil
  }
}

/// Decides, request by request, what goes wrong; the same seed and the same requests, the same faults.
struct FaultPlan {
  private let specs: [FaultSpec]
  private let seed: UInt64
  private var matched: [Int64]

  init(_ specs: [FaultSpec], seed: UInt64) {
    self.specs = specs
    self.seed = seed
    matched = specs.map { _ in 0 }
  }

  /// The first fault that falls on the request; its phase is before or after.
  mutating func fault(request: Int64, operation: String?) -> FaultSpec? {
    for (index, spec) in specs.enumerated() {
      if case .lag = spec.kind { continue }
      if let wanted = spec.operation, wanted != operation { continue }
      matched[index] += 1
      var random = Randomness(seed ^ 0xFA17, stream: UInt64(bitPattern: request) &* 31 &+ UInt64(index))
      if let only = spec.only, only != matched[index] { continue }
      guard random.below(1_000_000) < spec.rate else { continue }
      var chosen = spec
      if spec.phase == .either { chosen.phase = random.chance(50) ? .before : .after }
      return chosen
    }
    return nil
  }
}
