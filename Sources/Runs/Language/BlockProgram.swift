import HTTP
import Intercom
import Machine

/// Code of the language as the executor and the planner drive it: a fiber behind it runs until it asks for a
/// read or a write, or ends. An item's block, or a writing statement of the script itself.
final class BlockProgram: ItemProgram {
  private unowned let host: ScriptRun
  private let block: Value
  private let item: String
  private var fiber: Fiber?
  /// What waits for its reply.
  private var write: PendingWrite?
  private var read: PendingRead?
  private var call: ItemCall?
  /// The statement has come to its end.
  private var hasEnded = false
  /// What it printed: shown when the item ends.
  var lines: [String] = []
  private let isScript: Bool

  init(_ host: ScriptRun, block: Value, item: String) {
    self.host = host
    self.block = block
    self.item = item
    isScript = false
  }

  /// A statement of the script, whose fiber is under way.
  init(_ host: ScriptRun, statement fiber: Fiber) {
    self.host = host
    self.fiber = fiber
    block = .null
    item = ""
    isScript = true
  }

  func advance(_ reply: ItemReply?) -> ItemStep {
    if !isScript { host.running.append(self) }
    defer { if !isScript { host.running.removeLast() } }
    if let reply {
      deliver(reply)
    } else if fiber == nil {
      do throws(RuntimeError) {
        host.machine.comparedPlaceholder = false
        let value = FrozenValue.value(of: item, host.binding)
        let fiber = try host.machine.start(block, [value])
        fiber.context = self
        self.fiber = fiber
      } catch {
        return .ended(.failed(Problem(error)))
      }
    }
    let step = run()
    if case .ended = step, !isScript { host.show(self) }
    return step
  }

  // MARK: What the gates hear, from within `run`

  func ask(_ write: PendingWrite) -> GateDecision {
    do throws(RuntimeError) {
      let request = try host.request(of: write)
      self.write = write
      call = .write(request)
      return .wait
    } catch {
      return .refuse(error)
    }
  }

  func ask(_ read: PendingRead) {
    self.read = read
    call = .read(
      ReadRequest(
        operation: read.operation.qualifiedName, target: nil, arguments: RequestText.text(of: read.request)))
  }

  /// The script's statement is over.
  func end() { hasEnded = true }

  /// The call that waits is answered by an error that ends it all.
  func fail(_ error: RuntimeError) {
    if let write {
      self.write = nil
      write.resume(.refuse(error))
    }
  }

  /// A `try` stands around the call: the block may go on after a refusal.
  var isCatching: Bool { fiber.map { host.machine.isCatching($0) } ?? false }

  /// Fiber and program hold each other: without this each item would stay in memory to the run's end.
  func leave() {
    guard !isScript else { return }
    fiber?.context = nil
    fiber = nil
    write = nil
    read = nil
  }

  // MARK: Running

  private func run() -> ItemStep {
    while let fiber {
      host.machine.runReady()
      if let reason = host.reasonToLeave(fiber) { return .ended(.interrupted(reason)) }
      if host.isPlanning, host.machine.comparedPlaceholder {
        host.machine.comparedPlaceholder = false
        return .ended(.notPlannable(reason: "it compares the id of a record that is still to be made"))
      }
      if let call {
        self.call = nil
        return .call(call)
      }
      if hasEnded { return .ended(.finished(value: nil)) }
      switch fiber.state {
      case .finished: return .ended(.finished(value: value(of: fiber)))
      case .failed: return .ended(end(of: fiber.error ?? RuntimeError("the block failed")))
      case .ready: continue
      case .waiting:
        // It waits for a name to be looked up, or for a read of the script. Other items wait meanwhile.
        if host.deliverReplies() { continue }
        host.lookForStop()
        if !host.binding.transport.wait() {
          return .ended(
            .failed(Problem(code: "stuck", message: "the block waits for something that cannot come")))
        }
      }
    }
    return .ended(.failed(Problem(code: "stuck", message: "the block never began")))
  }

  /// The block's value for the account; what cannot be kept is left out.
  private func value(of fiber: Fiber) -> String? {
    let value = fiber.result
    if value.isNull { return nil }
    guard let text = try? FrozenValue.text(of: value, host.machine), text.utf8.count <= 4_096 else {
      return nil
    }
    return text.utf8.contains(1) ? nil : text
  }

  private func end(of error: RuntimeError) -> ItemEnd {
    if error.kind == .skip { return .skipped(reason: error.message) }
    if error.code == ScriptRun.dependsOnAnswer { return .notPlannable(reason: error.message) }
    return .failed(Problem(error))
  }

  private func deliver(_ reply: ItemReply) {
    switch reply {
    case .read(let answer):
      guard let read else { return }
      self.read = nil
      host.deliver(answer, read)
    case .planned(let entry, let request):
      guard let write = take() else { return }
      write.resume(.answer(write.standIn(host.standInID(for: write, entry: entry, request))))
    case .written(let result):
      guard let write = take() else { return }
      write.resume(.answer(host.value(of: result, write)))
    case .refused(let problem):
      guard let write = take() else { return }
      write.resume(.refuse(RuntimeError(problem, operation: write.operation.qualifiedName)))
    }
  }

  private func take() -> PendingWrite? {
    defer { write = nil }
    return write
  }
}

extension Problem {
  init(_ error: RuntimeError) {
    self.init(status: error.status, code: error.code, message: error.message, requestID: error.requestID)
  }
}

extension RuntimeError {
  init(_ problem: Problem, operation: String) {
    var text = "\(operation): "
    if let status = problem.status {
      text += "the API answers \(status)" + (problem.code.hasPrefix("http_") ? "" : " \(problem.code)") + ": "
    }
    text += problem.message
    while text.hasSuffix(".") { text.removeLast() }
    self.init(text, kind: .api, code: problem.code)
    status = problem.status
    requestID = problem.requestID
    self.operation = operation
  }
}
