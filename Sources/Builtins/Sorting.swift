import Machine

/// Stable sorting by keys; nulls last either way.
enum Sorting {
  /// `__sort(keys, items, descending)`.
  static func sort(_ call: NativeCall) throws(RuntimeError) -> Value {
    let machine = call.machine
    let keys = machine.items(call[0])
    let items = machine.items(call[1])
    let descending = try call.bool(2, "sort_by", default: false)
    // What lies beside keys and items until the end, a little more than `checkWork` counts for each.
    try machine.checkWork(holding: keys.count + keys.count / 4)
    var order: [Int] = []
    var nulls: [Int] = []
    order.reserveCapacity(keys.count)
    for index in 0..<min(keys.count, items.count) {
      if keys[index].isNull { nulls.append(index) } else { order.append(index) }
    }
    var buffer = order
    try mergeSort(&order, &buffer, machine) { a, b throws(RuntimeError) in
      let result = try machine.compare(keys[a], keys[b]) ?? 0
      return descending ? result >= 0 : result <= 0
    }
    return machine.list((order + nulls).map { items[$0] })
  }

  /// Bottom-up, so that a comparison that fails or an interrupt can leave at any point.
  private static func mergeSort(
    _ items: inout [Int], _ buffer: inout [Int], _ machine: Machine,
    _ inOrder: (Int, Int) throws(RuntimeError) -> Bool
  ) throws(RuntimeError) {
    var width = 1
    let count = items.count
    while width < count {
      var start = 0
      while start < count {
        let middle = min(start + width, count)
        let end = min(start + 2 * width, count)
        var left = start
        var right = middle
        var out = start
        while left < middle, right < end {
          if out & 0xFFF == 0 { try machine.checkInterrupt() }
          if try inOrder(items[left], items[right]) {
            buffer[out] = items[left]
            left += 1
          } else {
            buffer[out] = items[right]
            right += 1
          }
          out += 1
        }
        while left < middle {
          buffer[out] = items[left]
          left += 1
          out += 1
        }
        while right < end {
          buffer[out] = items[right]
          right += 1
          out += 1
        }
        start = end
      }
      swap(&items, &buffer)
      width *= 2
    }
  }
}
