import Catalogue
import HTTP
import JSON
import Machine

/// A write on its way: what it would do, before a byte of it is sent.
public final class PendingWrite {
  public let operation: APIOperation
  /// As the script gave them, ids in place of records and names; times as Unix seconds.
  public let arguments: JSONObject
  /// The type of the record that changes, and its id where there is one.
  public let targetType: String?
  public let targetID: String?
  /// The gate may set its `runMark`, class and deadlines.
  public var request: HTTPRequest
  public let fiber: Fiber
  /// The record that a script would get, for a gate that answers itself: the arguments by their fields' names
  /// over the target's id, as a record of the operation's result type.
  public let standIn: (_ id: String) -> Value
  /// Set while the gate has the write wait.
  var proceed: ((GateDecision) -> Void)?

  init(
    operation: APIOperation, arguments: JSONObject, targetType: String?, targetID: String?,
    request: HTTPRequest,
    fiber: Fiber, standIn: @escaping (String) -> Value
  ) {
    self.operation = operation
    self.arguments = arguments
    self.targetType = targetType
    self.targetID = targetID
    self.request = request
    self.fiber = fiber
    self.standIn = standIn
  }

  /// What the host hung on the fiber: the item of a step.
  public var context: AnyObject? { fiber.context }

  /// Decides on a write that was told to wait; does nothing for one that was not.
  public func resume(_ decision: GateDecision) {
    let waiting = proceed
    proceed = nil
    waiting?(decision)
  }
}

/// What becomes of a write.
public enum GateDecision {
  case send
  /// The script gets this value, and nothing is sent.
  case answer(Value)
  case refuse(RuntimeError)
  /// The gate calls `PendingWrite.resume(_:)` later.
  case wait
}

/// How a write that was sent ended.
public enum WriteOutcome {
  /// The API took it; the answer's body is in the response.
  case done(HTTPResponse)
  /// The API refused it: nothing happened.
  case refused(HTTPResponse, APIError)
  /// It was not sent, or it is not known whether it happened (`HTTPFailure.isDefinite`).
  case failed(HTTPFailure)
}

/// The one place that every write passes.
public protocol WriteGate: AnyObject {
  func admit(_ write: PendingWrite) throws(RuntimeError) -> GateDecision
  /// Hears of the end before the script does.
  func completed(_ write: PendingWrite, _ outcome: WriteOutcome)
}

/// A read that a script asks for, before it is sent.
public final class PendingRead {
  public let operation: APIOperation
  public let request: HTTPRequest
  public let fiber: Fiber
  let done: (Result<HTTPResponse, RuntimeError>) -> Void

  init(
    operation: APIOperation, request: HTTPRequest, fiber: Fiber,
    done: @escaping (Result<HTTPResponse, RuntimeError>) -> Void
  ) {
    self.operation = operation
    self.request = request
    self.fiber = fiber
    self.done = done
  }

  /// Gives the script its answer: a body that was read now, or kept from before.
  public func answer(_ body: [UInt8]) { done(.success(HTTPResponse(kept: body))) }

  public func fail(_ error: RuntimeError) { done(.failure(error)) }
}

/// Takes the reads of scripts over: a run that keeps what a block has read, or has it already.
public protocol ReadGate: AnyObject {
  /// True: the gate calls `answer` or `fail` later. False: the read is sent as ever. Names that are looked up
  /// on the way do not come here.
  func take(_ read: PendingRead) -> Bool
  /// The fiber's reads are made one after the other, none ahead.
  func ordersReads(of fiber: Fiber) -> Bool
}

/// Hears of every read, for progress and reports.
public protocol ReadListener: AnyObject {
  func willRead(_ operation: APIOperation, _ request: HTTPRequest)
  func didRead(_ operation: APIOperation, _ outcome: Client.Outcome)
}

/// Sends every write at once.
final class OpenGate: WriteGate {
  func admit(_ write: PendingWrite) throws(RuntimeError) -> GateDecision { .send }
  func completed(_ write: PendingWrite, _ outcome: WriteOutcome) {}
}
