import Catalogue
import HTTP
import JSON
import Machine

/// One call of an operation that gives a value: from its arguments to the answer, for one fiber.
final class OperationRun {
  private let binding: APIBinding
  private let operation: APIOperation
  private let fiber: Fiber
  /// The native has not returned yet: a result that is there already is its own.
  private var isInside = true
  private var finished: Result<Value, RuntimeError>?
  private var ticket: Ticket?
  private var isCancelled = false

  init(_ binding: APIBinding, _ operation: APIOperation, _ fiber: Fiber) {
    self.binding = binding
    self.operation = operation
    self.fiber = fiber
  }

  /// What the native returns: the value, or that the fiber waits.
  func start(_ arguments: BoundArguments) throws(RuntimeError) -> Value {
    allowCancel()
    CallResolver(binding: binding).resolve(operation, arguments) { [self] result in
      do throws(RuntimeError) {
        let call = try result.get().call
        let request = try RequestBuilder(call: call).request()
        if operation.effect == .read { read(request) } else { try admit(call, request) }
      } catch {
        finish(.failure(error))
      }
    }
    return try leave()
  }

  /// Sends a request that is complete as it is.
  func start(_ request: HTTPRequest, arguments: JSONObject) throws(RuntimeError) -> Value {
    allowCancel()
    if operation.effect == .read {
      read(request)
    } else {
      var call = ResolvedCall(operation: operation, arguments: [:], order: arguments.map(\.key), signer: nil)
      for (key, value) in arguments { call.arguments[key] = value }
      try admit(call, request)
    }
    return try leave()
  }

  private func allowCancel() {
    fiber.onCancel = { [self] in
      isCancelled = true
      if let ticket { binding.transport.cancel(ticket) }
    }
  }

  private func leave() throws(RuntimeError) -> Value {
    isInside = false
    guard let finished else { return .pending }
    fiber.onCancel = nil
    return try finished.get()
  }

  private func finish(_ result: Result<Value, RuntimeError>) {
    if isInside {
      finished = result
    } else if !isCancelled {
      binding.machine.resume(fiber, with: result)
    }
  }

  // MARK: Reads

  private func read(_ request: HTTPRequest) {
    ticket = binding.read(operation, request, for: fiber) { [self] answer in
      finish(answer.flatMap { response in binding.decode(response, operation) })
    }
  }

  // MARK: Writes

  private func admit(_ call: ResolvedCall, _ request: HTTPRequest) throws(RuntimeError) {
    var arguments = JSONObject()
    for name in call.order { arguments[name] = call.arguments[name] }
    let target = operation.target.flatMap { operation.parameter($0) }
    let binding = binding
    let write = PendingWrite(
      operation: operation, arguments: arguments, targetType: target?.type.recordType,
      targetID: target.flatMap { call.arguments[$0.name] }.map { RequestBuilder.text($0) }, request: request,
      fiber: fiber, standIn: { binding.standIn(call, id: $0) })
    decide(try binding.gate.admit(write), write)
  }

  private func decide(_ decision: GateDecision, _ write: PendingWrite) {
    switch decision {
    case .send: send(write)
    case .answer(let value): finish(.success(value))
    case .refuse(let error): finish(.failure(error))
    case .wait: write.proceed = { [self] in decide($0, write) }
    }
  }

  private func send(_ write: PendingWrite) {
    if isCancelled { return binding.gate.completed(write, .failed(.cancelled)) }
    let request = write.request
    ticket = binding.transport.send(request) { [self] outcome in
      switch outcome {
      case .failure(let failure):
        binding.gate.completed(write, .failed(failure))
        finish(.failure(APIMessages.failed(operation.qualifiedName, request, failure)))
      case .success(let response) where response.isSuccess:
        binding.gate.completed(write, .done(response))
        binding.changed(operation)
        finish(binding.decode(response, operation))
      case .success(let response):
        let error = APIError(response)
        binding.gate.completed(write, .refused(response, error))
        finish(.failure(APIMessages.refused(operation.qualifiedName, request, response, error)))
      }
    }
  }
}
