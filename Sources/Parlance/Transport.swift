import Engine
import Machine

/// Carries calls whose answers come later: a network, another process, a queue. Several may be under way at once,
/// from `map(parallel: n)`.
public protocol Transport: AnyObject {
  /// Begins a call. Its answer is given by `call.answer`, now or from inside `wait`.
  func begin(_ call: TransportCall)
  /// Waits until a call is answered, or a little while. False where nothing is under way that ever could be.
  func wait() -> Bool
  /// The script was given up: nobody needs the answer any more.
  func cancel(_ call: TransportCall)
}

extension Transport {
  public func cancel(_ call: TransportCall) {}
}

/// A call on its way. To be answered once, on the thread that runs the engine.
public final class TransportCall {
  public let name: String
  /// A value for each parameter.
  public let arguments: [Value]
  private let fiber: Fiber
  private weak var loop: TransportLoop?

  init(_ name: String, _ arguments: [Value], _ fiber: Fiber, _ loop: TransportLoop) {
    self.name = name
    self.arguments = arguments
    self.fiber = fiber
    self.loop = loop
  }

  public func answer(_ result: Result<Value, Failure>) {
    loop?.take(result, for: fiber)
  }
}

/// Gives answers to the fibers that wait for them. A transport may answer before its call is waited for, so answers
/// lie here until the engine comes for them.
final class TransportLoop: EventLoop {
  private let machine: Machine
  private let transport: () -> (any Transport)?
  private var answers: [(fiber: Fiber, result: Result<Value, Failure>)] = []

  init(_ machine: Machine, transport: @escaping () -> (any Transport)?) {
    self.machine = machine
    self.transport = transport
  }

  func take(_ result: Result<Value, Failure>, for fiber: Fiber) { answers.append((fiber, result)) }

  func wait() -> Bool {
    if answers.isEmpty {
      guard let transport = transport(), transport.wait() else { return deliver() }
    }
    _ = deliver()
    return true
  }

  private func deliver() -> Bool {
    let taken = answers
    answers = []
    for (fiber, result) in taken {
      do throws(Failure) {
        let value = try result.get()
        machine.resume(fiber, with: .success(try HeapExchange.heap(value, machine)))
      } catch {
        machine.resume(fiber, with: .failure(error.runtimeError))
      }
    }
    return !taken.isEmpty
  }
}
