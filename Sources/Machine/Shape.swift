/// The keys of records with the same keys in the same order. Shapes form a tree: adding a key to a shape
/// leads to one child. Records with more keys than `widest` keep a table of their own (shape 0).
final class Shape {
  let number: UInt32
  let keys: [UInt32]
  /// The API type that records of this shape have, 0 for plain records.
  let type: UInt32
  private var slots: [UInt32: Int] = [:]
  var transitions: [UInt32: Shape] = [:]

  /// Found linearly below this many keys.
  private static let linear = 8

  init(number: UInt32, keys: [UInt32], type: UInt32) {
    self.number = number
    self.keys = keys
    self.type = type
    if keys.count > Shape.linear {
      for (slot, key) in keys.enumerated() { slots[key] = slot }
    }
  }

  func slot(of key: UInt32) -> Int? {
    if keys.count > Shape.linear { return slots[key] }
    var slot = 0
    while slot < keys.count {
      if keys[slot] == key { return slot }
      slot += 1
    }
    return nil
  }
}

final class Shapes {
  static let widest = 64
  /// Beyond this many shapes new key sets go into tables, so that random keys cannot fill the memory.
  static let most = 1 << 18

  private(set) var all: [Shape] = []
  /// How many keys each shape has, for the machine's loop.
  private(set) var counts: UnsafeMutablePointer<Int>
  private var countCapacity = 1024
  private var roots: [UInt32: Shape] = [:]

  init() {
    counts = .allocate(capacity: countCapacity)
    // Number 0 means: no shape, a table.
    add(Shape(number: 0, keys: [], type: 0))
  }

  deinit { counts.deallocate() }

  private func add(_ shape: Shape) {
    if all.count == countCapacity {
      let new = UnsafeMutablePointer<Int>.allocate(capacity: countCapacity * 2)
      new.update(from: counts, count: countCapacity)
      counts.deallocate()
      counts = new
      countCapacity *= 2
    }
    counts[all.count] = shape.keys.count
    all.append(shape)
  }

  /// The empty shape of a type.
  func root(type: UInt32 = 0) -> Shape {
    if let root = roots[type] { return root }
    let shape = Shape(number: UInt32(all.count), keys: [], type: type)
    add(shape)
    roots[type] = shape
    return shape
  }

  /// The shape with one key more, nil where a table is called for.
  func adding(_ key: UInt32, to shape: Shape) -> Shape? {
    if let next = shape.transitions[key] { return next }
    if shape.keys.count >= Shapes.widest || all.count >= Shapes.most { return nil }
    let next = Shape(number: UInt32(all.count), keys: shape.keys + [key], type: shape.type)
    add(next)
    shape.transitions[key] = next
    return next
  }

  subscript(number: UInt32) -> Shape { all[Int(number)] }
}

/// The entries of a record with many keys, in order of insertion.
final class RecordTable {
  var keys: [UInt32] = []
  var values: [Value] = []
  private var slots: [UInt32: Int] = [:]
  var type: UInt32 = 0

  init() {}

  init(copying other: RecordTable) {
    keys = other.keys
    values = other.values
    slots = other.slots
    type = other.type
  }

  func slot(of key: UInt32) -> Int? { slots[key] }

  func set(_ key: UInt32, _ value: Value) {
    if let slot = slots[key] {
      values[slot] = value
    } else {
      slots[key] = keys.count
      keys.append(key)
      values.append(value)
    }
  }
}
