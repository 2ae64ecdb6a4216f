/// How values read as text: `print`, interpolation and `concatenate`.
extension Machine {
  /// The text that `print` shows.
  public func text(_ value: Value) -> String {
    switch value.tag {
    case .string: return text(of: value)
    default: return ValuePrinter(self).print(value)
    }
  }

  /// The value as one would type it, on one line.
  public func literal(_ value: Value) -> String { ValuePrinter(self).line(value) }

  /// A value for a message: the literal, cut.
  public func short(_ value: Value, _ limit: Int = 60) -> String {
    let text = ValuePrinter(self, budget: limit * 2).line(value)
    return text.count > limit ? String(text.prefix(limit - 1)) + "…" : text
  }

  func isASCII(_ object: Object) -> Bool {
    if object.flags & ObjectFlag.asciiKnown == 0 {
      var plain = true
      for byte in object.utf8 where byte >= 0x80 || byte == 0x0D {
        plain = false
        break
      }
      object.flags |= ObjectFlag.asciiKnown | (plain ? ObjectFlag.ascii : 0)
    }
    return object.flags & ObjectFlag.ascii != 0
  }

  /// The length as people see it.
  public func length(_ value: Value) -> Int {
    guard value.tag == .string else { return 0 }
    if isASCII(value.object) { return value.object.count }
    return String(decoding: value.object.utf8, as: UTF8.self).count
  }

  @inline(never) func concatenate(
    _ result: UnsafeMutablePointer<Value>, _ parts: UnsafeMutablePointer<Value>, _ count: Int
  ) -> Bool {
    var total = 0
    for index in 0..<count {
      let part = parts[index]
      switch part.tag {
      case .string: break
      case .null:
        pendingError = RuntimeError(
          "null inside a text", hints: ["say what stands for nothing: `\\(x ?? \"-\")`"])
        return false
      case .int:
        total += Digits.count(part.asInt)
        continue
      default:
        parts[index] = string(text(part))
        if pendingError != nil || isStopped() { return false }
      }
      total += parts[index].object.count
      guard fits(total) else { return false }
    }
    let object = heap.string(uninitialized: total)
    var at = object.mutableBytes
    for index in 0..<count {
      if parts[index].tag == .int {
        at += Digits.write(parts[index].asInt, to: at)
        continue
      }
      let bytes = parts[index].object.utf8
      if let start = bytes.baseAddress { at.update(from: start, count: bytes.count) }
      at += bytes.count
    }
    result.pointee = .object(.string, object)
    return true
  }
}

/// Ints as decimal digits, straight into memory.
enum Digits {
  /// The bytes that `write` needs.
  @inline(__always) static func count(_ value: Int64) -> Int {
    var rest = value.magnitude
    var count = value < 0 ? 2 : 1
    while rest >= 10 {
      rest /= 10
      count &+= 1
    }
    return count
  }

  /// - Returns: How many bytes were written.
  @inline(__always) static func write(_ value: Int64, to start: UnsafeMutablePointer<UInt8>) -> Int {
    let count = count(value)
    var at = start + count
    var rest = value.magnitude
    repeat {
      at -= 1
      at.pointee = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    if value < 0 { start.pointee = 0x2D }
    return count
  }
}
