/// The decisions of the executor that are not about order: pure functions, so that a test can plant a wrong
/// one and see it caught.
public protocol Rules {
  /// Milliseconds from a send to the first look: the server may still act on a lost request.
  var quietTime: Int64 { get }
  func judge(_ answer: Answer, to row: LogRow, isRepeat: Bool, connectFailures: Int) -> Verdict
  /// The first move when a write's outcome is unknown and the quiet time is over; nil: look.
  func opening(for row: LogRow) -> Verdict?
  /// `look` counts from 1; `claimed` tells the ids that another write of the run has.
  func judge(
    _ finding: Finding, of row: LogRow, look: Int, isRepeat: Bool, claimed: (String) throws -> Bool
  ) rethrows -> Verdict
  func isSame(_ entry: LogRow, as call: ItemCall) -> Bool
  /// nil if the write may be admitted.
  func refusal(of effect: WriteEffect, writes: Int, destroys: Int, caps: Caps) -> StopReason?
  func needsCheck(
    of target: RecordRef, for request: WriteRequest, item: ItemRow, policy: StepPolicy,
    touched: Touched?, now: Moment
  ) -> Bool
  /// What a block hears of a write whose outcome is unknown; nil: it waits.
  func reply(toUnknown problem: Problem) -> ItemReply?
}
