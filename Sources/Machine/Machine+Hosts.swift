/// Things of the host's as values: pages, rows, sources of sequences.
extension Machine {
  /// A value that keeps `thing` alive until the heap drops it. If it holds values it conforms to
  /// `HostTracing`.
  public func hostValue(_ thing: AnyObject) -> Value {
    let index: Int
    if let free = freeHosts.popLast() {
      hosts[free] = thing
      index = free
    } else {
      hosts.append(thing)
      index = hosts.count - 1
    }
    let object = heap.allocate(.host, payload: 16)
    object.extra = UInt32(index)
    return .object(.host, object)
  }

  public func host(_ value: Value) -> AnyObject? {
    guard value.tag == .host else { return nil }
    return hosts[Int(value.object.extra)]
  }

  /// An iterator over a host's items, as a sequence's opener returns it.
  public func iterator(_ host: HostIterator) -> Value {
    .object(.iterator, heap.slots(.iterator, [hostValue(host)]))
  }

  /// A sequence of slots: its source or the sequence it refines, the number of its stage, and arguments.
  public func sequence(_ slots: [Value]) -> Value {
    for slot in slots { shareIfNeeded(slot) }
    return .object(.sequence, heap.slots(.sequence, slots))
  }

  /// An iterator from its stepper and state, for the prelude.
  public func iterator(_ slots: [Value]) -> Value {
    for slot in slots { shareIfNeeded(slot) }
    return .object(.iterator, heap.slots(.iterator, slots))
  }

  public func slot(_ value: Value, _ index: Int) -> Value {
    guard value.tag == .sequence || value.tag == .iterator || value.tag == .list, index < value.object.count
    else { return .null }
    return value.object.slots[index]
  }

  public func slotCount(_ value: Value) -> Int {
    value.tag == .sequence || value.tag == .iterator ? value.object.count : 0
  }
}

/// A host object that answers `x[key]`, for keys of any kind; nil reads as null.
public protocol ValueLookup: AnyObject {
  func lookUp(_ key: Value, _ machine: Machine) -> Value?
}

/// A host object that scripts may print.
public protocol ValueDescribing: AnyObject {
  func description(_ machine: Machine) -> String
}
