/// Making the objects of each kind.
extension Heap {
  func string(_ bytes: UnsafeBufferPointer<UInt8>) -> Object {
    let object = allocate(.string, payload: bytes.count)
    object.count32 = UInt32(bytes.count)
    if let start = bytes.baseAddress {
      copy(UnsafeRawPointer(start), to: object + Object.headerSize, bytes.count)
    }
    return object
  }

  /// What memcpy does; most texts are so short that the call would cost more than the copying.
  @inline(__always)
  private func copy(_ from: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int) {
    // Two words of a size, the second up to the end: they overlap where the count lies in between.
    @inline(__always) func two<Word: BitwiseCopyable>(_ type: Word.Type) {
      let last = count &- MemoryLayout<Word>.size
      let (a, b) = (from.loadUnaligned(as: type), from.loadUnaligned(fromByteOffset: last, as: type))
      target.storeBytes(of: a, as: type)
      target.storeBytes(of: b, toByteOffset: last, as: type)
    }
    if count > 32 {
      target.copyMemory(from: from, byteCount: count)
    } else if count >= 16 {
      two(SIMD16<UInt8>.self)
    } else if count >= 8 {
      two(UInt64.self)
    } else if count >= 4 {
      two(UInt32.self)
    } else {
      for index in 0..<count {
        target.storeBytes(
          of: from.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index, as: UInt8.self)
      }
    }
  }

  func string(_ text: String) -> Object {
    var copy = text
    return copy.withUTF8 { string($0) }
  }

  /// A string of `count` bytes that the caller fills with valid UTF-8 before anything else happens.
  func string(uninitialized count: Int) -> Object {
    let object = allocate(.string, payload: count)
    object.count32 = UInt32(count)
    return object
  }

  /// An empty list with room for `capacity` items.
  func list(capacity: Int) -> Object {
    let object = allocate(.list, payload: capacity &* 16)
    object.extra = UInt32(truncatingIfNeeded: capacity)
    return object
  }

  func list(_ items: UnsafeBufferPointer<Value>) -> Object {
    let object = list(capacity: items.count)
    object.count32 = UInt32(items.count)
    if let start = items.baseAddress { object.slots.update(from: start, count: items.count) }
    return object
  }

  /// A record of a shape with `count` slots; the caller fills them.
  @inline(__always) func record(shape: UInt32, count: Int) -> Object {
    let object = allocate(.record, payload: count &* 16)
    object.aux = shape
    object.count32 = UInt32(truncatingIfNeeded: count)
    object.extra = UInt32(truncatingIfNeeded: count)
    return object
  }

  func record(table: RecordTable) -> Object {
    let object = allocate(.record, payload: 16)
    object.aux = 0
    object.count32 = 0
    let reference = UInt64(UInt(bitPattern: Unmanaged.passRetained(table).toOpaque()))
    object.slots[0] = Value(tag: .null, bits: reference)
    state.pointee.bytes += table.keys.count * 40
    return object
  }

  func range(_ low: Int64, _ high: Int64) -> Object {
    let object = allocate(.range, payload: 32)
    object.count32 = 0
    object.slots[0] = .int(low)
    object.slots[1] = .int(high)
    return object
  }

  /// A sequence, iterator or other object of plain slots.
  func slots(_ tag: Tag, _ values: [Value]) -> Object {
    let object = allocate(tag, payload: values.count * 16)
    object.count32 = UInt32(values.count)
    for (index, value) in values.enumerated() { object.slots[index] = value }
    return object
  }
}

extension UnsafeMutableRawPointer {
  /// The table of a record of shape 0.
  var table: RecordTable {
    Unmanaged<RecordTable>.fromOpaque(
      UnsafeRawPointer(bitPattern: UInt(slots[0].bits)).unsafelyUnwrapped
    ).takeUnretainedValue()
  }
  var rangeLow: Int64 { slots[0].asInt }
  var rangeHigh: Int64 { slots[1].asInt }
}
