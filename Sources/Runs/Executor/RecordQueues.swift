/// A queue per written record: whoever is at its head may write the record, the others wait in item order.
struct RecordQueues {
  private var queues: [RecordRef: [Int]] = [:]
  /// What an item has entered, to leave again.
  private var entered: [Int: [RecordRef]] = [:]
  /// The record for which an item waits in the middle of its work.
  private var waits: [Int: RecordRef] = [:]

  /// Enters the queue behind lower items, but never before the one that is at work on the record.
  mutating func enter(_ item: Int, for record: RecordRef) {
    var queue = queues[record] ?? []
    guard !queue.contains(item) else { return }
    var place = queue.count
    while place > 1, queue[place - 1] > item { place -= 1 }
    queue.insert(item, at: place)
    queues[record] = queue
    entered[item, default: []].append(record)
  }

  func isFirst(_ item: Int, for record: RecordRef) -> Bool { queues[record]?.first == item }

  /// At the head of every queue that it has entered.
  func isReady(_ item: Int) -> Bool {
    (entered[item] ?? []).allSatisfy { isFirst(item, for: $0) }
  }

  mutating func wait(_ item: Int, for record: RecordRef) { waits[item] = record }
  mutating func stopWaiting(_ item: Int) { waits[item] = nil }

  /// The item would wait for one that, through others, waits for it.
  func wouldDeadlock(_ item: Int, waitingFor record: RecordRef) -> Bool {
    var record = record
    var steps = 0
    while let holder = queues[record]?.first, steps <= waits.count {
      if holder == item { return steps > 0 }
      guard let next = waits[holder] else { return false }
      record = next
      steps += 1
    }
    return steps > waits.count
  }

  /// Leaves all its queues; the items that come to a head by it, in item order.
  mutating func leave(_ item: Int) -> [Int] {
    var risen: [Int] = []
    for record in entered.removeValue(forKey: item) ?? [] {
      guard var queue = queues[record] else { continue }
      let wasFirst = queue.first == item
      queue.removeAll { $0 == item }
      queues[record] = queue.isEmpty ? nil : queue
      if wasFirst, let next = queue.first { risen.append(next) }
    }
    waits[item] = nil
    return risen.sorted()
  }
}
