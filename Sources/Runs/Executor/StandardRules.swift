/// The rules of docs/runs.md.
public struct StandardRules: Rules {
  /// Milliseconds from a send to the first look.
  public var quietTime: Int64
  /// Milliseconds from the first look to the second.
  public var secondLook: Int64

  /// The times of docs/runs.md, unless a test with a server of its own says otherwise.
  public init(quietTime: Int64 = 120_000, secondLook: Int64 = 30_000) {
    self.quietTime = quietTime
    self.secondLook = secondLook
  }

  /// A record that cannot be read is looked at so often, then the outcome stays unknown.
  static let maxLooks = 8
  /// A repeat that never gets a usable answer.
  static let maxAttempts = 6
  static let maxConnectFailures = 5

  // MARK: Answers

  public func judge(_ answer: Answer, to row: LogRow, isRepeat: Bool, connectFailures: Int) -> Verdict {
    switch answer {
    case .success(let result, _, _):
      return .done(result, isRepeat ? .repeated : .answered)
    case .notSent(let problem):
      if connectFailures >= Self.maxConnectFailures {
        return .stop(.breaker("\(connectFailures) connections in a row failed"), problem)
      }
      return .later(seconds: 1 << min(connectFailures, 4), problem)
    case .broken(let problem):
      return .unknown(problem, quiet: true)
    case .status(let problem, let retryAfter):
      return judge(problem, retryAfter: retryAfter, to: row, isRepeat: isRepeat)
    }
  }

  private func judge(_ problem: Problem, retryAfter: Int?, to row: LogRow, isRepeat: Bool) -> Verdict {
    let settle = row.request?.settle ?? .none
    let isBodyless = row.request?.isBodyless ?? false
    switch problem.status ?? 0 {
    case 408, 500...599:
      return .unknown(problem, quiet: true)
    case 401, 402:
      return .stop(.breaker(problem.message), problem)
    case 403 where Self.planCodes.contains(problem.code):
      return .stop(.breaker(problem.message), problem)
    case 429:
      if problem.code == "rate_limit_exceeded" || retryAfter != nil {
        return .later(seconds: min(max(retryAfter ?? 10, 1), 300), problem)
      }
      // One export at a time: the pending one may be ours.
      return settle == .redo && isRepeat ? .later(seconds: 30, problem) : .refused(problem)
    case 404 where settle == .gone && (isRepeat || row.before != nil):
      // It was seen before, so it is gone now; by this request or by its double.
      return .done(WriteResult(), .inferred)
    case 404 where settle == .set && isBodyless && !isRepeat:
      // The transport may have sent a bodyless request twice; the first may have taken the link away.
      return .unknown(problem, quiet: false)
    case 400, 409:
      if settle == .key && isRepeat { return .unknown(problem, quiet: false) }
      return .refused(problem)
    default:
      return .refused(problem)
    }
  }

  static let planCodes = ["token_revoked", "token_blocked", "token_suspended", "api_plan_restricted"]

  // MARK: Settling

  public func opening(for row: LogRow) -> Verdict? {
    guard let request = row.request else { return .open("the journal has no request for it any more") }
    if request.settle == .none { return .open("nothing can be read that would show it") }
    guard row.attempt < Self.maxAttempts else { return .open("\(row.attempt) sends had no usable answer") }
    // A repeat that was told of a duplicate: whose is it?
    if request.settle == .key, row.problem?.status == 409 || row.problem?.status == 400 { return nil }
    return request.settle.repeats && !request.looksFirst ? .repeating : nil
  }

  public func judge(
    _ finding: Finding, of row: LogRow, look: Int, isRepeat: Bool, claimed: (String) throws -> Bool
  ) rethrows -> Verdict {
    guard let request = row.request else { return .open("the journal has no request for it any more") }
    switch finding {
    case .unreadable(let problem):
      return look < Self.maxLooks ? .lookAgain(secondLook) : .open("cannot look: \(problem.message)")
    case .present(let result):
      return .done(result, .matched)
    case .missing:
      return request.settle == .gone ? .done(WriteResult(), .inferred) : .changed("the record is gone")
    case .standing:
      return .repeating
    case .asBefore:
      return look < 2 ? .lookAgain(secondLook) : .absent
    case .other(let what):
      if look < 2 { return .lookAgain(secondLook) }
      return row.before == nil ? .open("its state before is not known") : .changed(what)
    case .matches(let all):
      let free = try all.filter { try $0.created.map { try !claimed($0) } ?? false }
      if let only = free.first, free.count == 1 { return .done(only, .matched) }
      if free.count > 1 { return .open("\(free.count) records fit") }
      if request.settle == .key { return .refused(row.problem ?? Self.taken) }
      if look < 2 { return .lookAgain(secondLook) }
      return request.settle == .child && request.effect != .outward
        ? .absent : .open("it is not to be found, and a customer would see a second one")
    }
  }

  private static let taken = Problem(code: "conflict", message: "somebody else's record has the key")

  // MARK: Replay, caps, freshness

  public func isSame(_ entry: LogRow, as call: ItemCall) -> Bool {
    switch call {
    case .read(let read):
      entry.kind == .read && entry.operation == read.operation && entry.target == read.target
        && entry.print == read.fingerprint
    case .write(let write):
      entry.kind == .write && entry.operation == write.operation && entry.target == write.target
        && entry.print == write.fingerprint
    }
  }

  public func refusal(of effect: WriteEffect, writes: Int, destroys: Int, caps: Caps) -> StopReason? {
    if let cap = caps.writes, writes >= cap { return .maxWrites(cap) }
    if effect == .destroy, let cap = caps.destroys, destroys >= cap { return .maxDestroys(cap) }
    return nil
  }

  public func needsCheck(
    of target: RecordRef, for request: WriteRequest, item: ItemRow, policy: StepPolicy,
    touched: Touched?, now: Moment
  ) -> Bool {
    // What is destroyed was seen right before: its absence afterwards tells that it is done.
    if policy.check == .each || request.effect == .destroy { return true }
    if let touched { return touched.version != nil && policy.isStale(since: touched.at, now) }
    if policy.check == .first || request.effect != .write || target != item.ref { return true }
    return policy.isStale(since: item.readAt, now)
  }

  public func reply(toUnknown problem: Problem) -> ItemReply? { nil }
}
