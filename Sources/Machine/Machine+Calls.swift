import Bytecode

/// How an iterator came by its next item.
enum Advance {
  /// It lies in the result register (perhaps the end mark).
  case value
  /// A frame was pushed that will put it there.
  case pushed
  /// The fiber waits; the host will put it there.
  case waiting
  case failed
}

extension Machine {
  @inline(never) func invoke(
    _ number: Int, _ fiber: Fiber, _ arguments: UnsafeMutablePointer<Value>, _ count: Int
  ) -> Value {
    var call = NativeCall(machine: self, fiber: fiber, base: arguments, count: count)
    do {
      let value = try natives[number].body(&call)
      // Set by a text that grew too long (`ValuePrinter`).
      if pendingError != nil { return .undefined }
      // What waits is the host's to stop: it knows what is under way.
      if value.tag == .pending { return value }
      // A loop of a few turns with long natives in it takes no fuel to speak of.
      if interruptFlag.pointee { throw interrupted() }
      if deadlineCheck != nil { try checkDeadline() }
      // It may be an argument, or a part of one.
      shareIfNeeded(value)
      return value
    } catch let error as RuntimeError {
      pendingError = error
    } catch {
      pendingError = RuntimeError("`\(natives[number].name)` failed: \(error)")
    }
    return .undefined
  }

  /// Fills arguments that were left out, or refuses the call.
  @inline(never) func fill(
    _ code: UnsafeMutablePointer<LoadedCode>, _ arguments: UnsafeMutablePointer<Value>, _ count: Int
  ) -> Bool {
    let prototype = prototypes[code.pointee.number]
    if count > code.pointee.parameters {
      // A block may name fewer items than it is given (`reduce` passes two, an index is ignored).
      if prototype.isBlock { return true }
      pendingError = RuntimeError(
        "`\(prototype.name)` takes \(code.pointee.parameters) \(code.pointee.parameters == 1 ? "argument" : "arguments"), not \(count)"
      )
      return false
    }
    if count < code.pointee.required {
      pendingError = RuntimeError(
        "`\(prototype.name)` needs an argument `\(prototype.parameters[count].name)`")
      return false
    }
    // Behind every frame lie `slack` registers in reserve for this.
    for index in count..<code.pointee.parameters { arguments[index] = .absent }
    return true
  }

  /// Room for one frame more and `needed` registers.
  @inline(never) func grow(_ fiber: Fiber, _ needed: Int) -> Bool {
    if fiber.frameCount >= limits.depth {
      pendingError = RuntimeError(
        "calls are nested more than \(limits.depth) deep", kind: .limit, code: "depth",
        hints: ["a function that calls itself needs a case in which it does not"])
      return false
    }
    if fiber.frameCount >= fiber.frameCapacity { fiber.growFrames(atMost: limits.depth) }
    // A call may have more arguments left out than the callee has registers of its own.
    fiber.growStack(to: needed)
    return true
  }

  func push(
    _ fiber: Fiber, _ function: Value, _ arguments: [Value], result: Int, base: Int
  ) -> Bool {
    let object = function.object
    let code = object.loadedCode
    if fiber.frameCount >= fiber.frameCapacity
      || base + max(code.pointee.registers, arguments.count) + Machine.slack > fiber.stackCapacity
    {
      if !grow(fiber, base + max(code.pointee.registers, arguments.count) + Machine.slack) { return false }
    }
    for (index, argument) in arguments.enumerated() { fiber.stack[base + index] = argument }
    if arguments.count != code.pointee.parameters,
      !fill(code, fiber.stack + base, arguments.count)
    {
      return false
    }
    (fiber.frames + fiber.frameCount).enter(code, base: base, result: result, object)
    fiber.frameCount += 1
    return true
  }

  /// Calls the prelude's opener for a sequence, above the running frame's registers.
  @inline(never) func pushIteratorCall(_ fiber: Fiber, _ sequence: Value, result: Int) -> Bool {
    if openSequence == nil { sequenceOpenerLoader?() }
    guard let code = openSequence else {
      pendingError = RuntimeError("sequences need the prelude", kind: .uncatchable)
      return false
    }
    let top = fiber.frames + (fiber.frameCount - 1)
    let base = top.pointee.base + top.pointee.code.pointee.registers + 1
    if fiber.frameCount >= fiber.frameCapacity
      || base + code.pointee.registers + Machine.slack > fiber.stackCapacity
    {
      if !grow(fiber, base + code.pointee.registers + Machine.slack) { return false }
    }
    fiber.stack[base] = sequence
    (fiber.frames + fiber.frameCount).enter(code, base: base, result: result, nil)
    fiber.frameCount += 1
    return true
  }

  /// An iterator's slots: 0 is the stepper: an int (0: list in 1, index in 2; 1: range with the next
  /// number in 1 and how many are left in 2), a function (called with the iterator), or a host's.
  @inline(never) func makeIterator(_ result: UnsafeMutablePointer<Value>, _ value: Value) -> Bool {
    switch value.tag {
    case .iterator:
      result.pointee = value
    case .list:
      result.pointee = .object(.iterator, heap.slots(.iterator, [.int(0), value, .int(0)]))
    case .range:
      let count = Value(tag: .int, bits: rangeCount(value.object.rangeLow, value.object.rangeHigh))
      result.pointee = .object(
        .iterator, heap.slots(.iterator, [.int(1), .int(value.object.rangeLow), count]))
    default:
      failIteration(value)
      return false
    }
    return true
  }

  /// How many numbers a range has. Of all 2^64 the last is left out: nobody lives to see it.
  @inline(__always) func rangeCount(_ low: Int64, _ high: Int64) -> UInt64 {
    if high < low { return 0 }
    let most = UInt64(bitPattern: high &- low)
    return most == .max ? most : most &+ 1
  }

  func advance(_ fiber: Fiber, _ iterator: Value, result: Int) -> Advance {
    guard iterator.tag == .iterator else {
      failIteration(iterator)
      return .failed
    }
    let slots = iterator.object.slots
    let stepper = slots[0]
    switch stepper.tag {
    case .int:
      if stepper.asInt == 0 {
        let list = slots[1].object
        let index = Int(truncatingIfNeeded: slots[2].bits)
        if index < list.count {
          fiber.stack[result] = list.slots[index]
          slots[2].bits = UInt64(index + 1)
        } else {
          fiber.stack[result] = .end
        }
      } else {
        let left = slots[2].bits
        if left == 0 {
          fiber.stack[result] = .end
        } else {
          fiber.stack[result] = slots[1]
          slots[1] = .int(slots[1].asInt &+ 1)
          slots[2].bits = left - 1
        }
      }
      return .value
    case .function:
      let top = fiber.frames + (fiber.frameCount - 1)
      let base = top.pointee.base + top.pointee.code.pointee.registers + 1
      let code = stepper.object.loadedCode
      if fiber.frameCount >= fiber.frameCapacity
        || base + code.pointee.registers + Machine.slack > fiber.stackCapacity
      {
        if !grow(fiber, base + code.pointee.registers + Machine.slack) { return .failed }
      }
      fiber.stack[base] = iterator
      (fiber.frames + fiber.frameCount).enter(code, base: base, result: result, stepper.object)
      fiber.frameCount += 1
      return .pushed
    default:
      return advanceHost(fiber, iterator, result: result)
    }
  }

  @inline(never) private func advanceHost(_ fiber: Fiber, _ iterator: Value, result: Int) -> Advance {
    guard let host = host(iterator.object.slots[0]) as? HostIterator else {
      failIteration(iterator)
      return .failed
    }
    do throws(RuntimeError) {
      let value = try host.next(self, fiber)
      if value.tag == .pending {
        fiber.resultIndex = result
        fiber.state = .waiting
        return .waiting
      }
      fiber.stack[result] = value
      return .value
    } catch {
      pendingError = error
      return .failed
    }
  }

  @inline(never) func makeFunction(
    _ base: UnsafeMutablePointer<Value>, _ word: UInt32, _ frame: UnsafeMutablePointer<Frame>
  ) {
    let code = frame.pointee.code.pointee.children[word.bx]
    let captures = prototypes[code.pointee.number].captures
    let object = heap.allocate(.function, payload: (captures.count + 1) * 16)
    object.count32 = UInt32(captures.count + 1)
    object.slots[0] = Value(tag: .null, bits: UInt64(UInt(bitPattern: code)))
    for (index, capture) in captures.enumerated() {
      let value: Value
      switch capture {
      case .register(let number): value = base[number]
      case .capture(let number): value = frame.pointee.function.unsafelyUnwrapped.slots[number + 1]
      case .enclosing: value = .object(.function, frame.pointee.function.unsafelyUnwrapped)
      }
      shareIfNeeded(value)
      object.slots[index + 1] = value
    }
    base[word.a] = .object(.function, object)
  }

  func recordLiteralCount(_ shape: UInt32) -> Int { shapes.counts[Int(shape)] }

  /// The fiber waits for its host, which will put a value into a register.
  @inline(never) func suspend(_ fiber: Fiber, result: Int) {
    fiber.resultIndex = result
    fiber.state = .waiting
  }

  // MARK: Errors

  /// Raises the error with which the host resumed the fiber.
  @inline(never) func raiseResumed(_ fiber: Fiber) -> Bool {
    pendingError = fiber.resumeError
    fiber.resumeError = nil
    return unwind(fiber)
  }

  /// Looks for a handler of the pending error. Sets the fiber's frame to it, or lets the fiber fail.
  @inline(never) func unwind(_ fiber: Fiber) -> Bool {
    var error = pendingError ?? RuntimeError("an instruction failed without a reason", kind: .uncatchable)
    pendingError = nil
    if error.trace.isEmpty { error.trace = trace(fiber) }
    if error.isCatchable {
      while fiber.frameCount > 0 {
        let frame = fiber.frames + (fiber.frameCount - 1)
        let prototype = prototypes[frame.pointee.code.pointee.number]
        // The pc stands behind the instruction that failed, or within it.
        let index = frame.pointee.pc - frame.pointee.code.pointee.code - 1
        for handler in prototype.handlers where handler.start <= index && index < handler.end {
          frame.pointee.pc = frame.pointee.code.pointee.code + handler.target
          fiber.stack[frame.pointee.base + handler.register] = errorValue(error)
          return true
        }
        fiber.frameCount -= 1
      }
    }
    fiber.frameCount = 0
    fiber.error = error
    fiber.state = .failed
    fibers[ObjectIdentifier(fiber)] = nil
    let completion = fiber.completion
    fiber.completion = nil
    completion?(fiber)
    return false
  }

  func finish(_ fiber: Fiber, _ value: Value) {
    fiber.result = value
    fiber.state = .finished
    fibers[ObjectIdentifier(fiber)] = nil
    let completion = fiber.completion
    fiber.completion = nil
    completion?(fiber)
  }

  /// A `try` of the fiber stands around the place where it is.
  public func isCatching(_ fiber: Fiber) -> Bool {
    for number in 0..<fiber.frameCount {
      let frame = fiber.frames + number
      let index = frame.pointee.pc - frame.pointee.code.pointee.code - 1
      let handlers = prototypes[frame.pointee.code.pointee.number].handlers
      if handlers.contains(where: { $0.start <= index && index < $0.end }) { return true }
    }
    return false
  }

  /// The frames of a fiber, innermost first, at most 64 of them.
  public func trace(_ fiber: Fiber) -> [TraceEntry] {
    var entries: [TraceEntry] = []
    var number = fiber.frameCount - 1
    while number >= 0, entries.count < 64 {
      let frame = fiber.frames + number
      let prototype = prototypes[frame.pointee.code.pointee.number]
      let index = max(0, frame.pointee.pc - frame.pointee.code.pointee.code - 1)
      entries.append(
        TraceEntry(
          function: prototype.name, source: prototype.source, range: prototype.range(at: index),
          isInternal: internalPrototypes.contains(frame.pointee.code.pointee.number)))
      number -= 1
    }
    return entries
  }

  /// What `catch` binds: a record of the error's facts.
  func errorValue(_ error: RuntimeError) -> Value {
    var fields: [(String, Value)] = [
      ("message", string(error.message)), ("code", string(error.code)),
    ]
    fields.append(("status", error.status.map { .int($0) } ?? .null))
    fields.append(("operation", error.operation.map { string($0) } ?? .null))
    fields.append(("request_id", error.requestID.map { string($0) } ?? .null))
    return record(fields)
  }

  private func interrupted() -> RuntimeError {
    interruptFlag.pointee = false
    return RuntimeError("interrupted", kind: .interrupt, code: "interrupt")
  }

  /// The clock, after every sixteenth native.
  private func checkDeadline() throws(RuntimeError) {
    nativeCalls &+= 1
    if nativeCalls & 15 == 0, let deadlineCheck, deadlineCheck() { throw Machine.outOfTime }
  }

  private static let outOfTime = RuntimeError("the script ran out of time", kind: .limit, code: "time")

  /// Called every few thousand steps: interrupts and limits.
  @inline(never) func refuel() -> Bool {
    stepsUsed &+= Machine.fuel
    if stepsUsed > limits.steps {
      pendingError = RuntimeError(
        "the script used more than \(limits.steps) steps", kind: .limit, code: "steps")
      return false
    }
    return !isStopped()
  }

  /// An interrupt or the clock ends the script: the error says so.
  func isStopped() -> Bool {
    if interruptFlag.pointee {
      pendingError = interrupted()
      return true
    }
    if let deadlineCheck, deadlineCheck() {
      pendingError = Machine.outOfTime
      return true
    }
    return false
  }

  func failUndefined() {
    pendingError = RuntimeError(
      "this name has no value yet: its `let` stands further down and has not run")
  }

  /// The prelude's own functions get what they made; mutated bytecode may call them with anything.
  func failSlot(_ value: Value) {
    pendingError = RuntimeError("\(value.tag.word) is no object of the prelude's", kind: .uncatchable)
  }

  func failCondition(_ value: Value) {
    pendingError = RuntimeError(
      "a condition is true, false or null, not \(value.tag.word)",
      hints: ["compare it with something, such as `!= null`"])
  }

  func failCall(_ value: Value) {
    pendingError = RuntimeError("\(value.tag.word) cannot be called")
  }

  func failIteration(_ value: Value) {
    if value.tag == .record {
      pendingError = RuntimeError(
        "a record is not a list of items",
        hints: ["`entries(r)` gives its `{key, value}` pairs, `values(r)` its values"])
    } else {
      pendingError = RuntimeError(
        "\(value.tag.word) has no items to go through",
        hints: value.tag == .host
          ? ["`values(x)` gives what is in it, as a list"]
          : value.isNull ? ["say what stands for nothing: `(x ?? [])`"] : [])
    }
  }

  func failRaise(_ value: Value) {
    if value.tag == .record {
      var error = RuntimeError(text(field("message", of: value)), code: text(field("code", of: value)))
      if case let status = field("status", of: value), status.tag == .int { error.status = Int(status.asInt) }
      let operation = field("operation", of: value)
      if operation.tag == .string { error.operation = text(operation) }
      if error.status != nil { error.kind = .api }
      pendingError = error
    } else {
      pendingError = RuntimeError(text(value), code: "raised")
    }
  }
}

/// The source of an iteration that lives with the host: pages of an API sequence, rows of a file.
public protocol HostIterator: AnyObject {
  /// The next item, `.end`, or `.pending` once the fiber has been arranged to be resumed with it.
  func next(_ machine: Machine, _ fiber: Fiber) throws(RuntimeError) -> Value
}

/// A host object that holds values: they are marked while it lives.
public protocol HostTracing: AnyObject {
  func trace(_ mark: (Value) -> Void)
  /// Roughly how much memory it takes outside the heap: counted against the script's limit.
  var bytes: Int { get }
}

extension HostTracing {
  public var bytes: Int { 0 }
}
