/// Starting, running and resuming fibers. The host's loop is:
///
///     let fiber = machine.start(main)
///     while fiber.state is ready or waiting {
///       machine.runReady()
///       if machine.isIdle { wait for the network, then resume(_:with:) what it answers }
///     }
extension Machine {
  /// A fiber that runs a chunk's top level.
  public func start(_ chunk: LoadedChunk) -> Fiber {
    let fiber = Fiber()
    let code = chunk.main
    fiber.growStack(to: code.pointee.registers + Machine.slack)
    fiber.frames.initialize(to: Frame(code: code, pc: code.pointee.code, base: 1, result: 0, function: nil))
    fiber.frameCount = 1
    schedule(fiber)
    return fiber
  }

  /// A fiber that calls a function value. Nil if the value cannot be called so; `error` says why.
  public func start(_ function: Value, _ arguments: [Value]) throws(RuntimeError) -> Fiber {
    guard function.tag == .function else { throw RuntimeError("\(function.tag.word) cannot be called") }
    let fiber = Fiber()
    fiber.stack[0] = function
    for argument in arguments { shareIfNeeded(argument) }
    guard push(fiber, function, arguments, result: 0, base: 1) else {
      let error = pendingError ?? RuntimeError("the function cannot be called")
      pendingError = nil
      throw error
    }
    schedule(fiber)
    return fiber
  }

  /// Runs a chunk that cannot wait to its end, out of turn: the prelude's top level.
  public func runAtOnce(_ chunk: LoadedChunk) -> RuntimeError? {
    let fiber = start(chunk)
    if let last = ready.last, last === fiber { ready.removeLast() }
    execute(fiber)
    return fiber.error
  }

  private func schedule(_ fiber: Fiber) {
    fibers[ObjectIdentifier(fiber)] = fiber
    fiber.state = .ready
    ready.append(fiber)
  }

  /// Runs fibers until none is ready.
  public func runReady() {
    while readyHead < ready.count {
      let fiber = ready[readyHead]
      readyHead += 1
      if readyHead > 1024, readyHead * 2 > ready.count {
        ready.removeFirst(readyHead)
        readyHead = 0
      }
      if fiber.state == .ready {
        // Left by a host that printed a value between fibers.
        pendingError = nil
        // A short block ends before it comes to a safe point of its own; a million of them are a million
        // records that nobody holds.
        if heap.isDue, !collect(nil) {
          fiber.resumeError = pendingError
          pendingError = nil
        }
        execute(fiber)
      }
    }
    ready.removeAll(keepingCapacity: true)
    readyHead = 0
  }

  public var isIdle: Bool { readyHead >= ready.count }

  /// Goes on with a fiber that waits: the native's result, or an error at its place.
  public func resume(_ fiber: Fiber, with result: Result<Value, RuntimeError>) {
    guard fiber.state == .waiting else { return }
    fiber.onCancel = nil
    switch result {
    case .success(let value): fiber.stack[fiber.resultIndex] = value
    case .failure(let error): fiber.resumeError = error
    }
    fiber.state = .ready
    ready.append(fiber)
  }

  /// Ends every fiber that waits with an error that scripts cannot catch (Ctrl-C, a limit).
  public func cancelWaiting(_ error: RuntimeError) {
    for fiber in Array(fibers.values) where fiber.state == .waiting {
      let cancel = fiber.onCancel
      fiber.onCancel = nil
      cancel?()
      resume(fiber, with: .failure(error))
    }
  }
}
