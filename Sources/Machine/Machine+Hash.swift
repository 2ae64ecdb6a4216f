/// Hashes that agree with `==`: numbers by value, records whatever the order of their keys.
extension Machine {
  func hash(_ value: Value, depth: Int = 0) -> UInt64 {
    switch value.tag {
    case .int, .time, .duration, .bool: return mix(value.bits)
    case .float:
      let double = value.asDouble
      if let whole = Int64(exactly: double) { return mix(UInt64(bitPattern: whole)) }
      return mix(double.bitPattern)
    case .string:
      let object = value.object
      if object.extra != 0 { return UInt64(object.extra) }
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in object.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      let short = UInt32(truncatingIfNeeded: hash ^ hash >> 32) | 1
      object.extra = short
      return UInt64(short)
    case .list:
      let items = self.items(value)
      var hash: UInt64 = 17 &+ UInt64(items.count)
      for item in items.prefix(Machine.hashed(depth)) {
        hash = hash &* 31 &+ self.hash(item, depth: depth + 1)
      }
      return mix(hash)
    case .record:
      let keys = self.keys(of: value.object)
      var hash: UInt64 = 19 &+ UInt64(keys.count)
      // All keys or none: their order does not count.
      if keys.count <= Machine.hashed(depth) {
        for key in keys {
          let field = slotValue(value.object, key) ?? .null
          hash = hash &+ mix(UInt64(key) &* 31 &+ self.hash(field, depth: depth + 1))
        }
      }
      return mix(hash)
    case .range: return mix(UInt64(bitPattern: value.object.rangeLow &* 31 &+ value.object.rangeHigh))
    case .function: return mix(UInt64(UInt(bitPattern: value.object.loadedCode)))
    default: return mix(value.bits)
    }
  }

  /// How many parts of a list or record count at a depth: values may nest deeply and hold one part many
  /// times over, and what is left out only makes two hashes alike.
  private static func hashed(_ depth: Int) -> Int {
    switch depth {
    case 0: .max
    case 1: 64
    case 2: 8
    default: 0
    }
  }

  private func mix(_ bits: UInt64) -> UInt64 {
    var x = bits &* 0x9E37_79B9_7F4A_7C15
    x ^= x >> 32
    return x
  }
}

/// Values by key values, in order of first appearance: behind `unique`, `group_by`, `index_by`, `in`.
public final class ValueTable: HostTracing, ValueMembership, ValueLookup, ValueDescribing {
  public private(set) var keys: [Value] = []
  public private(set) var values: [Value] = []
  private var places: [Int32] = Array(repeating: -1, count: 16)
  private var hashes: [UInt64] = []

  /// Only the keys count: a set has no values to ask for.
  public let isSet: Bool

  public init(isSet: Bool = false) { self.isSet = isSet }

  public var count: Int { keys.count }

  private static let entryBytes = 64
  public var bytes: Int { keys.count * ValueTable.entryBytes }

  public func lookUp(_ key: Value, _ machine: Machine) -> Value? {
    guard let index = find(key, machine) else { return isSet ? .bool(false) : nil }
    return isSet ? .bool(true) : values[index]
  }

  /// `<set of 3: 1, 2, 3>`, `<lookup of 1: "a">`; not as one could type it, as there is no such literal.
  public func description(_ machine: Machine) -> String {
    var text = "<\(isSet ? "set" : "lookup") of \(count)"
    for (index, key) in keys.prefix(3).enumerated() {
      text += (index == 0 ? ": " : ", ") + machine.short(key, 20)
    }
    return text + (count > 3 ? ", …>" : ">")
  }

  public func trace(_ mark: (Value) -> Void) {
    for key in keys { mark(key) }
    for value in values { mark(value) }
  }

  public func contains(_ value: Value, _ machine: Machine) -> Bool { find(value, machine) != nil }

  public func find(_ key: Value, _ machine: Machine) -> Int? {
    let hash = machine.hash(key)
    var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
    while places[place] >= 0 {
      let index = Int(places[place])
      if hashes[index] == hash, machine.isEqual(keys[index], key) { return index }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  /// The place of a key, new ones with `value` at the end.
  @discardableResult
  public func insert(_ key: Value, _ value: Value, _ machine: Machine) -> (index: Int, isNew: Bool) {
    if let index = find(key, machine) { return (index, false) }
    machine.shareIfNeeded(key)
    machine.shareIfNeeded(value)
    if (keys.count + 1) * 2 > places.count { grow() }
    let hash = machine.hash(key)
    var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
    while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
    places[place] = Int32(keys.count)
    keys.append(key)
    values.append(value)
    hashes.append(hash)
    machine.heap.state.pointee.bytes += ValueTable.entryBytes
    // The parts double now and then, and there are both of one at once.
    if keys.count & 0x1FFF == 0, !machine.heap.canAllocate(keys.count * 2 * ValueTable.entryBytes) {
      machine.heap.exhaust()
    }
    return (keys.count - 1, true)
  }

  public func set(_ value: Value, at index: Int) { values[index] = value }

  private func grow() {
    places = Array(repeating: -1, count: places.count * 2)
    for (index, hash) in hashes.enumerated() {
      var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
      while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
      places[place] = Int32(index)
    }
  }
}
