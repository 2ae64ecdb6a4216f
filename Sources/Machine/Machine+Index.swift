/// `x[i]`, slices, `xs[i] = v`, `xs += [v]`.
extension Machine {
  @inline(never) func getIndex(
    _ result: UnsafeMutablePointer<Value>, _ value: Value, _ index: Value,
    _ cache: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    switch (value.tag, index.tag) {
    case (.null, _):
      result.pointee = .null
      return true
    case (.list, .int):
      let count = Int64(value.object.count)
      let at = index.asInt < 0 ? index.asInt &+ count : index.asInt
      guard at >= 0, at < count else {
        pendingError = RuntimeError(
          "there is no item \(index.asInt) in a list of \(count)", code: "no_item",
          hints: ["the first is `[0]`, the last `[-1]`; `first` and `last` give null where there is none"])
        return false
      }
      result.pointee = value.object.slots[Int(at)]
      return true
    case (.record, .string):
      guard let key = symbols.known(index.object) else {
        result.pointee = .null
        return true
      }
      let object = value.object
      if object.aux != 0 {
        guard let slot = shapes[object.aux].slot(of: key) else {
          result.pointee = .null
          return true
        }
        if index.object.aux == 0 { index.object.aux = key + 1 }
        if slot < 256, object.aux < 1 << 24 {
          cache[0] = object.aux << 8 | UInt32(slot)
          cache[1] = key + 1
        }
        result.pointee = object.slots[slot]
        return true
      }
      result.pointee = slotValue(object, key) ?? .null
      return true
    case (.list, .range):
      let (low, high) = clip(index.object, count: value.object.count)
      let items = UnsafeBufferPointer(start: value.object.slots + low, count: max(0, high - low + 1))
      for item in items { shareIfNeeded(item) }
      result.pointee = .object(.list, heap.list(items))
      return true
    case (.string, .range):
      result.pointee = slice(value.object, index.object)
      return true
    case (.range, .int):
      let low = value.object.rangeLow
      let high = value.object.rangeHigh
      let (at, overflow) = (index.asInt < 0 ? high : low).addingReportingOverflow(
        index.asInt < 0 ? index.asInt + 1 : index.asInt)
      guard !overflow, at >= low, at <= high else {
        pendingError = RuntimeError("there is no item \(index.asInt) in this range", code: "no_item")
        return false
      }
      result.pointee = .int(at)
      return true
    case (.host, _):
      guard let lookup = host(value) as? ValueLookup else {
        pendingError = RuntimeError("\(value.tag.word) cannot be asked for `[\(index.tag.word)]`")
        return false
      }
      result.pointee = lookup.lookUp(index, self) ?? .null
      return true
    case (.string, .int):
      pendingError = RuntimeError(
        "a text has no single index", hints: ["`t[0..0]` is its first character, `cut(t, 20)` shortens it"])
      return false
    case (.record, _):
      pendingError = RuntimeError(
        "a record is asked by a text, not by \(index.tag.word)",
        hints: ["for look-ups by any value there is `index_by`"])
      return false
    case (.sequence, _):
      pendingError = RuntimeError(
        "a sequence has no index", hints: ["`first`, `take(n)` or `collect` read from it"])
      return false
    default:
      pendingError = RuntimeError("\(value.tag.word) cannot be asked for `[\(index.tag.word)]`")
      return false
    }
  }

  /// As `getIndex`, with a look at the cache first.
  @inline(never) func getItem(
    _ result: UnsafeMutablePointer<Value>, _ value: Value, _ index: Value,
    _ cache: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    if value.tag == .record, index.tag == .string, cache[0] != 0, value.object.aux == cache[0] >> 8,
      index.object.aux == cache[1]
    {
      result.pointee = value.object.slots[Int(cache[0] & 0xFF)]
      return true
    }
    return getIndex(result, value, index, cache)
  }

  /// Both ends included, negative ones from the end; what lies outside is clipped.
  private func clip(_ range: Object, count: Int) -> (Int, Int) {
    func place(_ number: Int64) -> Int64 { number < 0 ? number &+ Int64(count) : number }
    let low = max(0, place(range.rangeLow))
    let high = min(Int64(count) - 1, place(range.rangeHigh))
    return low > high ? (0, -1) : (Int(low), Int(high))
  }

  /// A slice by characters as people see them.
  private func slice(_ text: Object, _ range: Object) -> Value {
    if isASCII(text) {
      let (low, high) = clip(range, count: text.count)
      let bytes = UnsafeBufferPointer(rebasing: text.utf8[low..<(high + 1)])
      return .object(.string, heap.string(bytes))
    }
    let string = String(decoding: text.utf8, as: UTF8.self)
    let (low, high) = clip(range, count: string.count)
    if high < low { return self.string("") }
    let start = string.index(string.startIndex, offsetBy: low)
    let end = string.index(start, offsetBy: high - low + 1)
    return self.string(String(string[start..<end]))
  }

  @inline(never) func setIndex(_ target: UnsafeMutablePointer<Value>, _ index: Value, _ value: Value) -> Bool
  {
    switch (target.pointee.tag, index.tag) {
    case (.list, .int):
      let count = Int64(target.pointee.object.count)
      let at = index.asInt < 0 ? index.asInt &+ count : index.asInt
      guard at >= 0, at < count else {
        pendingError = RuntimeError(
          "there is no item \(index.asInt) in a list of \(count)", code: "no_item",
          hints: ["`xs += [v]` appends one"])
        return false
      }
      own(target)
      target.pointee.object.slots[Int(at)] = value
      return true
    case (.record, .string):
      own(target)
      set(target, symbols.number(of: index.object), value)
      return true
    default:
      pendingError = RuntimeError("\(target.pointee.tag.word) cannot be set at \(index.tag.word)")
      return false
    }
  }

  @inline(never) func pushSlowly(_ target: UnsafeMutablePointer<Value>, _ value: Value) -> Bool {
    guard target.pointee.tag == .list else {
      pendingError = RuntimeError("`+=` with a list works on a list, not on \(target.pointee.tag.word)")
      return false
    }
    guard makeRoom(target, adding: 1) else { return false }
    let object = target.pointee.object
    object.slots[object.count] = value
    object.count32 += 1
    return true
  }

  @inline(never) func append(_ target: UnsafeMutablePointer<Value>, _ value: Value) -> Bool {
    guard target.pointee.tag == .list, value.tag == .list else {
      return addSlowly(target, target.pointee, value)
    }
    let added = value.object
    guard makeRoom(target, adding: added.count) else { return false }
    let object = target.pointee.object
    for index in 0..<added.count { shareIfNeeded(added.slots[index]) }
    (object.slots + object.count).update(from: added.slots, count: added.count)
    object.count32 += added.count32
    return true
  }

  /// The list in the register is unshared and has room: it may have moved.
  private func makeRoom(_ target: UnsafeMutablePointer<Value>, adding more: Int) -> Bool {
    let object = target.pointee.object
    let count = object.count + more
    if !object.isShared, count <= Int(object.extra) { return true }
    guard fits(count * 16) else { return false }
    let grown = heap.list(capacity: max(4, count + count / 2))
    grown.slots.update(from: object.slots, count: object.count)
    grown.count32 = object.count32
    if object.isShared { for index in 0..<object.count { shareIfNeeded(object.slots[index]) } }
    target.pointee = .object(.list, grown)
    return true
  }

  @inline(never) func makeRange(_ result: UnsafeMutablePointer<Value>, _ low: Value, _ high: Value) -> Bool {
    guard low.tag == .int, high.tag == .int else {
      failRange(low, high)
      return false
    }
    result.pointee = .object(.range, heap.range(low.asInt, high.asInt))
    return true
  }

  @inline(never) func failRange(_ low: Value, _ high: Value) {
    let wrong = low.tag == .int ? high : low
    pendingError = RuntimeError("a range goes from int to int, not \(wrong.tag.word)")
  }

  /// `R[B][R[C]]` on the way to a change inside it: the holder is made unshared, then the item where it stands.
  /// `putField` puts nothing back where it found its record unshared, so that record must be the holder's own.
  @inline(never) func takeIndex(
    _ result: UnsafeMutablePointer<Value>, _ holder: UnsafeMutablePointer<Value>, _ index: Value
  ) -> Bool {
    own(holder)
    var cache: (UInt32, UInt32) = (0, 0)
    let found = withUnsafeMutableBytes(of: &cache) { bytes in
      guard let start = bytes.baseAddress else { return false }
      return getIndex(result, holder.pointee, index, start.assumingMemoryBound(to: UInt32.self))
    }
    return found && (!ownItem(result) || setIndex(holder, index, result.pointee))
  }

  /// `R[B].X1`, likewise.
  @inline(never) func takeField(
    _ result: UnsafeMutablePointer<Value>, _ holder: UnsafeMutablePointer<Value>,
    _ words: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    own(holder)
    return getField(result, holder.pointee, words)
      && (!ownItem(result) || setField(holder, result.pointee, words))
  }

  /// Whether there is a copy now, which has to go where the item was.
  private func ownItem(_ item: UnsafeMutablePointer<Value>) -> Bool {
    guard item.pointee.tag == .list || item.pointee.tag == .record, item.pointee.object.isShared else {
      return false
    }
    own(item)
    return true
  }
}
