/// A call that an item's block makes to the API.
public enum ItemCall: Sendable, Equatable {
  case read(ReadRequest)
  case write(WriteRequest)
}

/// What the call gives back to the block.
public enum ItemReply: Sendable, Equatable {
  /// The answer of a read.
  case read(Result<String, Problem>)
  /// The answer of a write.
  case written(WriteResult)
  /// In a plan: the write was noted; its result is its arguments over the placeholder.
  case planned(EntryID, WriteRequest)
  /// A definite error; `try` may catch it.
  case refused(Problem)
}

/// How a block ended.
public enum ItemEnd: Sendable, Equatable {
  /// With a value for the bulk's account, as JSON.
  case finished(value: String?)
  case skipped(reason: String)
  case failed(Problem)
  /// In a plan: it needs what only the server can tell.
  case notPlannable(reason: String)
  /// It was left in the middle: what it has asked for since its last reply is not to be trusted.
  case interrupted(StopReason)
}

/// Where the block stands.
public enum ItemStep: Sendable, Equatable {
  case call(ItemCall)
  case ended(ItemEnd)
}

/// An item's block at work. The language machine drives a fiber behind it: `advance` runs the fiber until it
/// calls the API or ends. It must be deterministic: the same replies give the same calls.
public protocol ItemProgram: AnyObject {
  /// `nil` the first time, then the reply to the last call.
  func advance(_ reply: ItemReply?) -> ItemStep
  /// The call that it asked for last stands in a `try`: an error would not end it.
  var isCatching: Bool { get }
  /// It is not advanced any more: what it holds is let go.
  func leave()
}

extension ItemProgram {
  public var isCatching: Bool { false }
  public func leave() {}
}

/// Gives items their programs: the block out of the journal's text, over the captured values of its step.
public protocol ProgramSource {
  func program(for item: ItemRow, of step: StepRow) throws(Problem) -> any ItemProgram
  /// The fields that the write sets, as they are in the record, as JSON; nil if the record does not tell
  /// all of them.
  func before(_ request: WriteRequest, in record: String) -> String?
}
