extension Machine {
  /// A safe point: every live value lies in a register of some fiber, a global, a root or another object.
  /// False when the memory limit is reached all the same.
  @inline(never) func collect(_ running: Fiber?) -> Bool {
    heap.begin()
    outside = 0
    for index in 0..<globalCount { heap.mark(globals[index]) }
    for value in roots { heap.mark(value) }
    if let running { mark(running) }
    for fiber in fibers.values { mark(fiber) }
    drain()
    heap.sweep { object in
      if object.kind == Tag.host.rawValue {
        let index = Int(object.extra)
        hosts[index] = nil
        freeHosts.append(index)
      } else {
        Unmanaged<RecordTable>.fromOpaque(
          UnsafeRawPointer(bitPattern: UInt(object.slots[0].bits)).unsafelyUnwrapped
        ).release()
      }
    }
    heap.state.pointee.bytes += outside
    if !stressCollect {
      heap.state.pointee.threshold = max(heap.state.pointee.threshold, heap.state.pointee.bytes * 2)
    }
    if heap.state.pointee.isExhausted {
      pendingError = tooMuchMemory
      heap.recover()
      return false
    }
    if heap.state.pointee.bytes > limits.memory {
      pendingError = tooMuchMemory
      return false
    }
    // A loop of a few turns that copies much takes no fuel to speak of.
    return !isStopped()
  }

  private func mark(_ fiber: Fiber) {
    if heap.state.pointee.gray.count > 1 << 16 { drain() }
    var top = 0
    for number in 0..<fiber.frameCount {
      let frame = fiber.frames + number
      top = max(top, frame.pointee.base + frame.pointee.code.pointee.registers)
      if let function = frame.pointee.function { heap.mark(function) }
    }
    // A pushed call above the running frame has its arguments inside its own registers. Registers may hold
    // what earlier calls left there: those objects were alive at the last collection or made since, as
    // everything above the top is cleared here.
    for index in 0..<min(top + 1, fiber.stackCapacity) { heap.mark(fiber.stack[index]) }
    var index = top + 1
    while index < fiber.stackCapacity {
      fiber.stack[index] = .null
      index += 1
    }
    heap.mark(fiber.result)
    if let raised = fiber.resumeError?.raised { heap.mark(raised) }
  }

  private func drain() {
    while let object = heap.state.pointee.gray.popLast() {
      switch object.kind {
      case Tag.list.rawValue, Tag.sequence.rawValue, Tag.iterator.rawValue:
        for index in 0..<object.count {
          heap.mark(object.slots[index])
          // A list of millions would lie here a second time. Each such list goes one call deeper, no other does.
          if index & 0xFFFF == 0xFFFF { drain() }
        }
      case Tag.function.rawValue:
        // Slot 0 is the code's address, under the tag null.
        for index in 1..<max(1, object.count) { heap.mark(object.slots[index]) }
      case Tag.record.rawValue:
        if object.aux == 0 {
          let table = object.table
          outside += table.keys.count * 40
          for value in table.values { heap.mark(value) }
        } else {
          for index in 0..<object.count { heap.mark(object.slots[index]) }
        }
      case Tag.host.rawValue:
        if let tracing = hosts[Int(object.extra)] as? HostTracing {
          outside += tracing.bytes
          tracing.trace { heap.mark($0) }
        }
      default: break
      }
    }
  }

  /// Collects now; for tests and for hosts between scripts.
  public func collectNow() { _ = collect(nil) }
}
