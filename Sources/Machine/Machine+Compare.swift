#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How two values stand to each other for `<` and its kin.
enum Order {
  case less, equal, greater
  /// One of them is null: every comparison is false.
  case unordered
  case failed
}

extension Machine {
  /// Structural equality: never fails, false across types, numbers by value.
  @inline(__always) func isEqual(_ left: Value, _ right: Value) -> Bool {
    if left.tag == right.tag {
      if left.bits == right.bits { return true }
      if left.tag.rawValue <= Tag.duration.rawValue {
        return left.tag == .float && left.asDouble == right.asDouble
      }
      return isEqualSlowly(left, right)
    }
    if left.tag == .null || right.tag == .null { return false }
    return isEqualSlowly(left, right)
  }

  @inline(never) func isEqualSlowly(_ left: Value, _ right: Value) -> Bool {
    var budget = 5_000
    if let result = isEqual(left, right, depth: 0, &budget) { return result }
    return isEqualDeeply(left, right)
  }

  /// Nil for values that are too deep or too large to be compared by recursion alone.
  private func isEqual(_ left: Value, _ right: Value, depth: Int, _ budget: inout Int) -> Bool? {
    switch (left.tag, right.tag) {
    case (.int, .float): return Double(exactly: left.asInt).map { $0 == right.asDouble } ?? false
    case (.float, .int): return Double(exactly: right.asInt).map { $0 == left.asDouble } ?? false
    case (.string, .string):
      let a = left.object.utf8
      let b = right.object.utf8
      if a.count == b.count {
        guard let x = a.baseAddress, let y = b.baseAddress else { return true }
        if memcmp(x, y, a.count) == 0 { return true }
      }
      notePlaceholders(a, b)
      return false
    case (.list, .list):
      let a = left.object
      let b = right.object
      guard a.count == b.count else { return false }
      return areEqual(a.slots, b.slots, a.count, depth, &budget)
    case (.record, .record):
      return isEqualRecord(left.object, right.object, depth, &budget)
    case (.range, .range):
      return left.object.rangeLow == right.object.rangeLow && left.object.rangeHigh == right.object.rangeHigh
    case (.function, .function):
      // Each mention of a function makes an object; it is the same function if it holds the same values.
      let a = left.object
      let b = right.object
      guard a.loadedCode == b.loadedCode, a.count == b.count else { return false }
      return areEqual(a.slots + 1, b.slots + 1, max(0, a.count - 1), depth, &budget)
    default:
      return left.tag == right.tag && left.bits == right.bits
    }
  }

  private func isEqualNested(_ left: Value, _ right: Value, _ depth: Int, _ budget: inout Int) -> Bool? {
    if left.tag == right.tag, left.bits == right.bits { return true }
    if left.tag == .float, right.tag == .float { return left.asDouble == right.asDouble }
    return isEqual(left, right, depth: depth, &budget)
  }

  private func areEqual(
    _ left: UnsafeMutablePointer<Value>, _ right: UnsafeMutablePointer<Value>, _ count: Int, _ depth: Int,
    _ budget: inout Int
  ) -> Bool? {
    budget -= count
    guard depth < 100, budget > 0 else { return nil }
    for index in 0..<count {
      guard let same = isEqualNested(left[index], right[index], depth + 1, &budget) else { return nil }
      if !same { return false }
    }
    return true
  }

  /// A text that stands for what only the server will know begins with byte 1, and no answer is right.
  @inline(__always) private func notePlaceholders(
    _ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>
  ) {
    if a.first == 1 || b.first == 1 { comparedPlaceholder = true }
  }

  /// The order of keys does not count.
  private func isEqualRecord(_ left: Object, _ right: Object, _ depth: Int, _ budget: inout Int) -> Bool? {
    if left.aux == right.aux, left.aux != 0 {
      return areEqual(left.slots, right.slots, left.count, depth, &budget)
    }
    let keys = self.keys(of: left)
    guard keys.count == self.keys(of: right).count else { return false }
    budget -= keys.count
    guard depth < 100, budget > 0 else { return nil }
    for key in keys {
      guard let a = slotValue(left, key), let b = slotValue(right, key) else { return false }
      guard let same = isEqualNested(a, b, depth + 1, &budget) else { return nil }
      if !same { return false }
    }
    return true
  }

  private struct Pair: Hashable {
    var left: UInt64
    var right: UInt64
  }

  /// Without recursion, as values nest as deep as memory reaches; and each pair of shared parts once, as a
  /// list that holds one list twice, which holds one list twice, … has more places than anybody can visit.
  private func isEqualDeeply(_ left: Value, _ right: Value) -> Bool {
    var open = [(left, right)]
    var seen = Set<Pair>()
    var steps = 0
    while let (left, right) = open.popLast() {
      steps += 1
      // The interrupt's error comes at the next look at the flag; what is said here matters no more.
      if steps & 0xFFFF == 0, interruptFlag.pointee { return false }
      if left.tag == right.tag, left.bits == right.bits { continue }
      let tag = left.tag
      guard tag == right.tag, tag == .list || tag == .record || tag == .function else {
        var budget = 2
        if isEqual(left, right, depth: 0, &budget) ?? false { continue }
        return false
      }
      let a = left.object
      let b = right.object
      if (a.isShared && b.isShared) || tag == .function,
        !seen.insert(Pair(left: left.bits, right: right.bits)).inserted
      {
        continue
      }
      if tag == .function {
        guard a.loadedCode == b.loadedCode, a.count == b.count else { return false }
        for index in 1..<max(1, a.count) { open.append((a.slots[index], b.slots[index])) }
      } else if tag == .list || (a.aux == b.aux && a.aux != 0) {
        guard a.count == b.count else { return false }
        for index in 0..<a.count { open.append((a.slots[index], b.slots[index])) }
      } else {
        let keys = self.keys(of: a)
        guard keys.count == self.keys(of: b).count else { return false }
        for key in keys {
          guard let x = slotValue(a, key), let y = slotValue(b, key) else { return false }
          open.append((x, y))
        }
      }
    }
    return true
  }

  @inline(never) func compareSlowly(_ left: Value, _ right: Value) -> Order {
    switch (left.tag, right.tag) {
    case (.int, .int), (.time, .time), (.duration, .duration):
      return left.asInt < right.asInt ? .less : left.asInt == right.asInt ? .equal : .greater
    case (.float, .float):
      return left.asDouble < right.asDouble ? .less : left.asDouble == right.asDouble ? .equal : .greater
    case (.int, .float): return compare(left.asInt, right.asDouble)
    case (.float, .int):
      switch compare(right.asInt, left.asDouble) {
      case .less: return .greater
      case .greater: return .less
      case let other: return other
      }
    case (.string, .string):
      let a = left.object.utf8
      let b = right.object.utf8
      notePlaceholders(a, b)
      // UTF-8 orders as code points do.
      if let x = a.baseAddress, let y = b.baseAddress {
        let order = memcmp(x, y, min(a.count, b.count))
        if order != 0 { return order < 0 ? .less : .greater }
      }
      return a.count < b.count ? .less : a.count == b.count ? .equal : .greater
    case (.null, _), (_, .null):
      return .unordered
    default:
      pendingError = RuntimeError(
        "\(left.tag.word) and \(right.tag.word) cannot be compared by size",
        hints: left.tag == .string || right.tag == .string
          ? ["ids are texts, and so are numbers in quotes: `int(x)` reads a number out of a text"] : [])
      return .failed
    }
  }

  /// Exact, also where a double cannot hold the int.
  private func compare(_ int: Int64, _ double: Double) -> Order {
    if double >= 9_223_372_036_854_775_808.0 { return .less }
    if double < -9_223_372_036_854_775_808.0 { return .greater }
    let whole = Int64(double.rounded(.down))
    if int < whole { return .less }
    if int > whole { return .greater }
    return double == double.rounded(.down) ? .equal : .less
  }
}
