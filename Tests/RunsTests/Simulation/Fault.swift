@testable import Runs

/// A mistake that is planted to see the invariants catch it.
enum Fault: String, CaseIterable {
  case intentAfterSend
  case syncOff
  case readsNotLogged
  case seqNotCompared
  case secondSendOfNote
  case noQuietTime
  case noClaimCheck
  case unknownCatchable
  case beforeGuessed
  case resendingTransport
  case missingOnDeleteFails
  case capCountedAtEnd
  case capturedReadAgain
  case tokenFailsItems
}

/// The standard rules with one of them broken.
struct FaultyRules: Rules {
  let fault: Fault?
  private let base = StandardRules()

  init(_ fault: Fault?) { self.fault = fault }

  var quietTime: Int64 { fault == .noQuietTime ? 0 : base.quietTime }

  func judge(_ answer: Answer, to row: LogRow, isRepeat: Bool, connectFailures: Int) -> Verdict {
    if case .status(let problem, _) = answer {
      if fault == .tokenFailsItems, problem.status == 401 { return .refused(problem) }
      if fault == .missingOnDeleteFails, problem.status == 404 { return .refused(problem) }
    }
    return base.judge(answer, to: row, isRepeat: isRepeat, connectFailures: connectFailures)
  }

  func opening(for row: LogRow) -> Verdict? {
    if fault == .secondSendOfNote, row.request?.settle == .child { return .absent }
    return base.opening(for: row)
  }

  func judge(
    _ finding: Finding, of row: LogRow, look: Int, isRepeat: Bool, claimed: (String) throws -> Bool
  ) rethrows -> Verdict {
    guard fault == .noClaimCheck else {
      return try base.judge(finding, of: row, look: look, isRepeat: isRepeat, claimed: claimed)
    }
    return base.judge(finding, of: row, look: look, isRepeat: isRepeat) { _ in false }
  }

  func isSame(_ entry: LogRow, as call: ItemCall) -> Bool {
    fault == .seqNotCompared || base.isSame(entry, as: call)
  }

  func refusal(of effect: WriteEffect, writes: Int, destroys: Int, caps: Caps) -> StopReason? {
    let late = fault == .capCountedAtEnd ? 2 : 0
    return base.refusal(of: effect, writes: writes - late, destroys: destroys - late, caps: caps)
  }

  func needsCheck(
    of target: RecordRef, for request: WriteRequest, item: ItemRow, policy: StepPolicy,
    touched: Touched?, now: Moment
  ) -> Bool {
    fault != .beforeGuessed
      && base.needsCheck(
        of: target, for: request, item: item, policy: policy, touched: touched, now: now)
  }

  func reply(toUnknown problem: Problem) -> ItemReply? {
    fault == .unknownCatchable ? .refused(problem) : nil
  }
}
