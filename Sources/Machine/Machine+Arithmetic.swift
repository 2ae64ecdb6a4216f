import Bytecode

/// The arithmetic that the loop does not do itself: mixed numbers, times, texts, lists, and all errors.
extension Machine {
  @inline(never) func addSlowly(_ result: UnsafeMutablePointer<Value>, _ left: Value, _ right: Value) -> Bool
  {
    switch (left.tag, right.tag) {
    case (.string, .string):
      let a = left.object.utf8
      let b = right.object.utf8
      guard fits(a.count + b.count) else { return false }
      let object = heap.string(uninitialized: a.count + b.count)
      if let start = a.baseAddress { object.mutableBytes.update(from: start, count: a.count) }
      if let start = b.baseAddress { (object.mutableBytes + a.count).update(from: start, count: b.count) }
      result.pointee = .object(.string, object)
      return true
    case (.list, .list):
      let a = left.object
      let b = right.object
      guard fits((a.count + b.count) * 16) else { return false }
      let object = heap.list(capacity: a.count + b.count)
      object.count32 = UInt32(a.count + b.count)
      object.slots.update(from: a.slots, count: a.count)
      (object.slots + a.count).update(from: b.slots, count: b.count)
      for index in 0..<object.count { shareIfNeeded(object.slots[index]) }
      result.pointee = .object(.list, object)
      return true
    case (.string, _), (_, .string):
      let other = left.tag == .string ? right : left
      pendingError = RuntimeError(
        other.isNull ? "a text and null do not add up" : "a text and \(other.tag.word) do not add up",
        hints: [
          other.isNull
            ? "say what stands for nothing: `(x ?? \"\") + …`" : "write \"\\(…)\" to put a value into a text"
        ])
      return false
    default:
      return arithmeticSlowly(.add, result, left, right)
    }
  }

  @inline(never) func arithmeticSlowly(
    _ operation: BlockTree.Arithmetic, _ result: UnsafeMutablePointer<Value>, _ left: Value, _ right: Value
  ) -> Bool {
    switch (left.tag, right.tag) {
    case (.int, .int):
      return integers(operation, result, left.asInt, right.asInt)
    case (.float, .float), (.int, .float), (.float, .int):
      let a = left.tag == .int ? Double(left.asInt) : left.asDouble
      let b = right.tag == .int ? Double(right.asInt) : right.asDouble
      return floats(operation, result, a, b)
    case (.time, .duration) where operation == .add || operation == .subtract:
      let (sum, overflow) =
        operation == .add
        ? left.asInt.addingReportingOverflow(right.asInt)
        : left.asInt.subtractingReportingOverflow(right.asInt)
      return milliseconds(.time, result, sum, overflow)
    case (.duration, .time) where operation == .add:
      let (sum, overflow) = left.asInt.addingReportingOverflow(right.asInt)
      return milliseconds(.time, result, sum, overflow)
    case (.time, .time) where operation == .subtract:
      let (sum, overflow) = left.asInt.subtractingReportingOverflow(right.asInt)
      return milliseconds(.duration, result, sum, overflow)
    case (.duration, .duration):
      switch operation {
      case .add, .subtract:
        let (sum, overflow) =
          operation == .add
          ? left.asInt.addingReportingOverflow(right.asInt)
          : left.asInt.subtractingReportingOverflow(right.asInt)
        return milliseconds(.duration, result, sum, overflow)
      case .divide:
        return floats(.divide, result, Double(left.asInt), Double(right.asInt))
      case .remainder:
        guard right.asInt != 0 else { return failZero() }
        var rest = right.asInt == -1 ? 0 : left.asInt % right.asInt
        if rest != 0, (rest < 0) != (right.asInt < 0) { rest += right.asInt }
        result.pointee = .duration(rest)
        return true
      case .multiply: break
      }
    case (.duration, .int), (.int, .duration):
      if operation == .multiply {
        let (product, overflow) = left.asInt.multipliedReportingOverflow(by: right.asInt)
        return milliseconds(.duration, result, product, overflow)
      }
      if operation == .divide, left.tag == .duration {
        return scaled(result, Double(left.asInt) / Double(right.asInt))
      }
    case (.duration, .float):
      if operation == .multiply { return scaled(result, Double(left.asInt) * right.asDouble) }
      if operation == .divide { return scaled(result, Double(left.asInt) / right.asDouble) }
    case (.float, .duration):
      if operation == .multiply { return scaled(result, left.asDouble * Double(right.asInt)) }
    default: break
    }
    failArithmetic(operation, left, right)
    return false
  }

  private func integers(
    _ operation: BlockTree.Arithmetic, _ result: UnsafeMutablePointer<Value>, _ a: Int64, _ b: Int64
  ) -> Bool {
    switch operation {
    case .divide: return floats(.divide, result, Double(a), Double(b))
    case .remainder:
      if b == 0 { return failZero() }
      var rest = b == -1 ? 0 : a % b
      if rest != 0, (rest < 0) != (b < 0) { rest += b }
      result.pointee = .int(rest)
      return true
    case .add, .subtract, .multiply:
      pendingError = RuntimeError(
        "\(a) \(operation.rawValue) \(b) is beyond 64 bits", code: "overflow",
        hints: ["use floats (`1.0 * x`) where exact digits do not matter"])
      return false
    }
  }

  private func floats(
    _ operation: BlockTree.Arithmetic, _ result: UnsafeMutablePointer<Value>, _ a: Double, _ b: Double
  ) -> Bool {
    let value: Double
    switch operation {
    case .add: value = a + b
    case .subtract: value = a - b
    case .multiply: value = a * b
    case .divide:
      if b == 0 { return failZero() }
      value = a / b
    case .remainder:
      if b == 0 { return failZero() }
      let rest = a.truncatingRemainder(dividingBy: b)
      value = rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    }
    guard value.isFinite else {
      pendingError = RuntimeError("the result is too large for a float", code: "overflow")
      return false
    }
    result.pointee = .float(value)
    return true
  }

  private func milliseconds(
    _ tag: Tag, _ result: UnsafeMutablePointer<Value>, _ value: Int64, _ overflow: Bool
  ) -> Bool {
    // Years up to 9999 either way: what can be printed.
    if overflow || (tag == .time && abs(value.clamped) > 253_402_300_799_999) {
      pendingError = RuntimeError(
        "\(tag == .time ? "the time" : "the duration") is out of range", code: "overflow")
      return false
    }
    result.pointee = Value(tag: tag, bits: UInt64(bitPattern: value))
    return true
  }

  private func scaled(_ result: UnsafeMutablePointer<Value>, _ value: Double) -> Bool {
    guard value.isFinite, value.magnitude < 9.2e18 else {
      pendingError = RuntimeError("the duration is out of range", code: "overflow")
      return false
    }
    result.pointee = .duration(Int64(value.rounded()))
    return true
  }

  private func failZero() -> Bool {
    pendingError = RuntimeError("division by zero", code: "division", hints: ["ask first: `if n != 0 { … }`"])
    return false
  }

  private func failArithmetic(_ operation: BlockTree.Arithmetic, _ left: Value, _ right: Value) {
    if left.isNull || right.isNull {
      pendingError = RuntimeError(
        "`\(operation.rawValue)` needs a value, and \(left.isNull ? "its left side" : "its right side") is null",
        hints: ["say what stands for nothing: `(x ?? 0)`"])
    } else {
      pendingError = RuntimeError(
        "`\(operation.rawValue)` does not work with \(left.tag.word) and \(right.tag.word)")
    }
  }

  @inline(never) func negateSlowly(_ result: UnsafeMutablePointer<Value>, _ value: Value) -> Bool {
    if value.tag == .duration, value.asInt != Int64.min {
      result.pointee = .duration(-value.asInt)
      return true
    }
    pendingError =
      value.tag == .int
      ? RuntimeError("-(\(value.asInt)) is beyond 64 bits", code: "overflow")
      : RuntimeError("`-` needs a number or a duration, not \(value.tag.word)")
    return false
  }

  /// A size that objects can have: below 2 GiB, below the memory limit, and what the system gives.
  func fits(_ bytes: Int) -> Bool {
    guard bytes < 1 << 31, heap.state.pointee.bytes + bytes <= limits.memory else {
      pendingError = tooMuchMemory
      return false
    }
    if heap.canAllocate(bytes) { return true }
    pendingError = systemGivesNoMore
    return false
  }

  var systemGivesNoMore: RuntimeError {
    RuntimeError(
      "the script needs more memory than the system gives",
      kind: .limit, code: "memory",
      hints: ["it may use \(limits.memory >> 20) MB, but others use them, or `ulimit -v` is lower"])
  }

  var tooMuchMemory: RuntimeError {
    if heap.state.pointee.isExhausted { return systemGivesNoMore }
    return RuntimeError(
      "the script needs more memory than it may use (\(limits.memory >> 20) MB)", kind: .limit, code: "memory"
    )
  }
}

extension Int64 {
  fileprivate var clamped: Int64 { self == .min ? .max : self }
}
