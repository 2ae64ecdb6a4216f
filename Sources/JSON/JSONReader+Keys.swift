// The slow paths of objects: keys that were not guessed, shapes that are not made yet, maps.
extension JSONReader {
  /// Reads the rest of a key that was not guessed. `start` is behind the opening quote.
  @inlinable @inline(never)
  func otherKey(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ frame: inout Frame
  ) throws(Failure) -> UnsafePointer<UInt8> {
    if frame.kind == .object {
      // One of the keys that followed here before?
      let nodes = tree.nodes
      var child = Int(nodes[frame.node].firstChild)
      while child >= 0 {
        let length = Int(nodes[child].length)
        if length > 0, end - start >= length &+ 7, JSONBytes.matches(start, nodes[child].key, length) {
          nodes[frame.node].next = Int32(truncatingIfNeeded: child)
          frame.node = child
          return start + length
        }
        child = Int(nodes[child].sibling)
      }
    }
    let next: UnsafePointer<UInt8>
    let id: Int32
    let stop = JSONBytes.skipText(start, end)
    if stop < end, stop.pointee == 0x22 {
      id = tree.intern(UnsafeBufferPointer(start: start, count: stop - start))
      next = stop + 1
    } else {
      switch text.decode(start, end) {
      case .text(let behind): next = behind
      case .failure(let reason, let place): throw Failure(reason, place)
      }
      id = text.withBytes { tree.intern($0) }
    }
    if frame.kind == .object {
      let child = tree.child(of: frame.node, key: id)
      if child >= 0 {
        frame.node = Int(child)
        return next
      }
      frame.kind = .map
      frame.keyStart = keyStack.count
      tree.appendPath(to: frame.node, &keyStack)
      frame.node = 0
    }
    keyStack.append(id)
    return next
  }

  /// Makes an object whose shape is not known yet, or that has none.
  @inlinable @inline(never)
  func object(
    _ frame: Frame, _ items: UnsafeMutableBufferPointer<Builder.Value>, _ builder: inout Builder
  ) -> Builder.Value {
    let keyStart = frame.kind == .map ? frame.keyStart : keyStack.count
    if frame.kind == .object { tree.appendPath(to: frame.node, &keyStack) }
    defer { keyStack.removeSubrange(keyStart...) }
    // The ids are dense, so that the builder's keys can stand in the same order.
    while keys.count < tree.keyCount { keys.append(builder.key(tree.keyBytes(keys.count))) }
    if let first = tree.firstIndices(keyStack[keyStart...]) {
      return objectWithRepeatedKeys(first, keyStart, items, &builder)
    }
    let objectKeys = keyStack[keyStart...].map { keys[Int($0)] }
    return objectKeys.withUnsafeBufferPointer { objectKeys in
      if frame.kind == .map { return builder.object(keys: objectKeys, items) }
      let shape = builder.shape(objectKeys)
      addShape(shape, at: frame.node)
      return builder.object(shape, items)
    }
  }

  /// Moves each last value to the place of its key's first occurrence.
  @inlinable
  func objectWithRepeatedKeys(
    _ first: [Int], _ keyStart: Int, _ items: UnsafeMutableBufferPointer<Builder.Value>,
    _ builder: inout Builder
  ) -> Builder.Value {
    var objectKeys: [Builder.Key] = []
    // For the index of a first occurrence, where its value has moved to.
    var places = Array(repeating: 0, count: first.count)
    for index in first.indices {
      guard let item = items.baseAddress.map({ $0 + index }) else { break }
      if first[index] == index {
        let place = objectKeys.count
        places[index] = place
        if place != index { (item - (index - place)).moveInitialize(from: item, count: 1) }
        objectKeys.append(keys[Int(keyStack[keyStart + index])])
      } else {
        items[places[first[index]]] = item.move()
      }
    }
    let left = UnsafeMutableBufferPointer(rebasing: items[..<objectKeys.count])
    return objectKeys.withUnsafeBufferPointer { builder.object(keys: $0, left) }
  }

  @inlinable
  func addShape(_ shape: Builder.Shape, at node: Int) {
    if shapeCount == shapeCapacity {
      let larger = UnsafeMutablePointer<Builder.Shape>.allocate(capacity: shapeCapacity * 2)
      larger.moveInitialize(from: shapes, count: shapeCount)
      shapes.deallocate()
      shapes = larger
      shapeCapacity *= 2
    }
    (shapes + shapeCount).initialize(to: shape)
    tree.nodes[node].shape = Int32(truncatingIfNeeded: shapeCount)
    shapeCount += 1
  }
}

extension JSONReader {
  /// Reads the bytes of an array.
  @inlinable
  public func read(_ input: [UInt8], with builder: inout Builder) throws(JSONError) -> Builder.Value {
    var result: Result<Builder.Value, JSONError>?
    input.withUnsafeBufferPointer { bytes in
      do throws(JSONError) {
        result = .success(try read(bytes, with: &builder))
      } catch {
        result = .failure(error)
      }
    }
    switch result {
    case .success(let value): return value
    case .failure(let error): throw error
    case nil:
      let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
      throw JSONError(.unexpectedEnd(expected: .value), at: 0, in: nothing)
    }
  }
}
