import HTTP
import Intercom
import Machine

/// An item's block as the executor and the planner drive it: a fiber behind it runs until it asks for a
/// write, or ends.
final class BlockProgram: ItemProgram {
  private unowned let host: ScriptRun
  private let block: Value
  private let item: String
  private var fiber: Fiber?
  /// The write that waits for its reply.
  private var waiting: PendingWrite?
  private var call: WriteRequest?

  init(_ host: ScriptRun, block: Value, item: String) {
    self.host = host
    self.block = block
    self.item = item
  }

  func advance(_ reply: ItemReply?) -> ItemStep {
    if let reply {
      deliver(reply)
    } else {
      do throws(RuntimeError) {
        let value = FrozenValue.value(of: item, host.binding)
        let fiber = try host.machine.start(block, [value])
        fiber.context = self
        self.fiber = fiber
      } catch {
        return .ended(.failed(Problem(error)))
      }
    }
    return run()
  }

  /// Called by the gate, from within `run`: the block wants to write.
  func ask(_ write: PendingWrite) -> GateDecision {
    waiting = write
    call = host.request(of: write)
    return .wait
  }

  private func run() -> ItemStep {
    while let fiber {
      host.machine.runReady()
      if let call {
        self.call = nil
        return .call(.write(call))
      }
      switch fiber.state {
      case .finished: return .ended(.finished(value: nil))
      case .failed: return .ended(end(of: fiber.error ?? RuntimeError("the block failed")))
      case .ready: continue
      case .waiting:
        // It reads. Other items wait meanwhile: their blocks run one by one.
        if !host.binding.transport.wait() {
          return .ended(
            .failed(Problem(code: "stuck", message: "the block waits for something that cannot come")))
        }
      }
    }
    return .ended(.failed(Problem(code: "stuck", message: "the block never began")))
  }

  private func end(of error: RuntimeError) -> ItemEnd {
    if error.kind == .skip { return .skipped(reason: error.message) }
    if error.code == ScriptRun.dependsOnAnswer { return .notPlannable(reason: error.message) }
    return .failed(Problem(error))
  }

  private func deliver(_ reply: ItemReply) {
    guard let write = waiting else { return }
    waiting = nil
    switch reply {
    case .planned(let entry, let request):
      write.resume(.answer(write.standIn(host.standInID(for: write, entry: entry, request))))
    case .written(let result):
      write.resume(.answer(host.value(of: result, write)))
    case .refused(let problem):
      write.resume(.refuse(RuntimeError(problem, operation: write.operation.qualifiedName)))
    case .read: break
    }
  }
}

extension Problem {
  init(_ error: RuntimeError) {
    self.init(status: error.status, code: error.code, message: error.message, requestID: error.requestID)
  }
}

extension RuntimeError {
  init(_ problem: Problem, operation: String) {
    self.init(problem.message, kind: .api, code: problem.code)
    status = problem.status
    requestID = problem.requestID
    self.operation = operation
  }
}
