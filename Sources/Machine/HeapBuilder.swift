import JSON

public typealias HeapValue = Value

/// Makes heap values of what a JSON reader reads. Nothing is collected meanwhile: the machine collects at its
/// own safe points only. If it obeys limits, an interrupt or the memory limit
/// stops the reader.
///
/// What is made here is new and stands in one place, so nothing is marked as shared.
public struct HeapBuilder: JSONBuilder {
  public typealias Value = HeapValue
  public typealias Key = UInt32

  /// A shape, or the keys where a table is called for.
  public struct Shape {
    var number: UInt32
    var keys: [UInt32]
  }

  private let machine: Machine
  private let heap: Heap
  private let interrupt: UnsafeMutablePointer<Bool>
  private let memory: Int

  private let obeysLimits: Bool

  init(_ machine: Machine, obeysLimits: Bool) {
    self.machine = machine
    heap = machine.heap
    interrupt = machine.interruptFlag
    memory = machine.limits.memory
    self.obeysLimits = obeysLimits
  }

  @inline(__always) public mutating func safePoint(live: UnsafeBufferPointer<HeapValue>) -> Bool {
    !obeysLimits || (!interrupt.pointee && heap.state.pointee.bytes <= memory && stackMayGrow(live.count))
  }

  /// The reader's stack doubles at the powers of two: whether it could twice more.
  @inline(__always) private func stackMayGrow(_ count: Int) -> Bool {
    if count < 1 << 16 || count & (count - 1) != 0 { return true }
    if heap.canAllocate(count * 4 * MemoryLayout<HeapValue>.size) { return true }
    heap.exhaust()
    return false
  }

  public mutating func null() -> HeapValue { .null }
  public mutating func bool(_ value: Bool) -> HeapValue { .bool(value) }
  public mutating func int(_ value: Int64) -> HeapValue { .int(value) }
  public mutating func double(_ value: Double) -> HeapValue { .float(value) }
  public mutating func string(_ utf8: UnsafeBufferPointer<UInt8>) -> HeapValue {
    .object(.string, heap.string(utf8))
  }

  public mutating func key(_ utf8: UnsafeBufferPointer<UInt8>) -> UInt32 {
    machine.symbols.number(of: String(decoding: utf8, as: UTF8.self))
  }

  public mutating func shape(_ keys: UnsafeBufferPointer<UInt32>) -> Shape {
    var shape = machine.shapes.root()
    for key in keys {
      guard let next = machine.shapes.adding(key, to: shape) else {
        return Shape(number: 0, keys: Array(keys))
      }
      shape = next
    }
    return Shape(number: shape.number, keys: [])
  }

  public mutating func array(_ items: UnsafeMutableBufferPointer<HeapValue>) -> HeapValue {
    .object(.list, heap.list(UnsafeBufferPointer(items)))
  }

  public mutating func object(_ shape: Shape, _ values: UnsafeMutableBufferPointer<HeapValue>) -> HeapValue {
    guard shape.number != 0 else { return table(shape.keys, values) }
    let object = heap.record(shape: shape.number, count: values.count)
    if let start = values.baseAddress { object.slots.update(from: start, count: values.count) }
    return .object(.record, object)
  }

  public mutating func object(
    keys: UnsafeBufferPointer<UInt32>, _ values: UnsafeMutableBufferPointer<HeapValue>
  ) -> HeapValue {
    if keys.count <= Shapes.widest {
      let shape = self.shape(keys)
      if shape.number != 0 { return object(shape, values) }
    }
    return table(Array(keys), values)
  }

  private func table(_ keys: [UInt32], _ values: UnsafeMutableBufferPointer<HeapValue>) -> HeapValue {
    let table = RecordTable()
    for (key, value) in zip(keys, values) { table.set(key, value) }
    return .object(.record, heap.record(table: table))
  }
}
