import Testing

@testable import Machine

/// Raw memory: sizes, reuse, sweeping, accounts.
@Suite struct HeapTests {
  /// Around every border between size classes, and the one to large objects.
  @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 33, 495, 496, 497, 512, 513, 4096, 65_536, 1 << 20])
  func keepsWhatIsWritten(payload: Int) {
    let heap = Heap()
    defer { heap.destroy() }
    var objects: [Object] = []
    for number in 0..<20 {
      let object = heap.string(uninitialized: payload)
      for index in 0..<payload { object.mutableBytes[index] = UInt8(truncatingIfNeeded: number &+ index) }
      objects.append(object)
    }
    for (number, object) in objects.enumerated() {
      #expect(object.kind == Tag.string.rawValue && object.count == payload)
      #expect(object.utf8.enumerated().allSatisfy { $1 == UInt8(truncatingIfNeeded: number &+ $0) })
      #expect(UInt(bitPattern: object) % 16 == 0)
    }
    #expect(Set(objects.map { UInt(bitPattern: $0) }).count == 20)
  }

  @Test func sweepingFreesWhatWasNotMarked() {
    let heap = Heap()
    defer { heap.destroy() }
    let small = (0..<1000).map { _ in heap.string("a short text") }
    let large = (0..<10).map { _ in heap.string(uninitialized: 10_000) }
    let before = heap.state.pointee.bytes
    heap.begin()
    for object in small.prefix(10) + large.prefix(1) { heap.mark(object) }
    heap.sweep { _ in Issue.record("a text owns nothing") }
    let after = heap.state.pointee.bytes
    #expect(after < before / 5)
    #expect(heap.state.pointee.large.count == 1)
    #expect(String(decoding: small[3].utf8, as: UTF8.self) == "a short text")
    // The cells that became free are taken before new blocks.
    let blocks = heap.state.pointee.blocks.count
    for _ in 0..<990 { _ = heap.string("another text") }
    #expect(heap.state.pointee.blocks.count == blocks)
  }

  @Test func pinnedObjectsStay() {
    let heap = Heap()
    defer { heap.destroy() }
    let object = heap.string("kept")
    object.mark = Heap.pinned
    for _ in 0..<3 {
      heap.begin()
      heap.sweep { _ in }
    }
    #expect(String(decoding: object.utf8, as: UTF8.self) == "kept")
  }

  @Test func deadTablesAreReported() {
    let heap = Heap()
    defer { heap.destroy() }
    _ = heap.record(table: RecordTable())
    var released = 0
    heap.begin()
    heap.sweep { object in
      released += 1
      Unmanaged.passUnretained(object.table).release()
    }
    #expect(released == 1)
  }

  @Test func theThresholdFollowsWhatLives() {
    let heap = Heap()
    defer { heap.destroy() }
    let kept = (0..<1000).map { _ in heap.string(uninitialized: 10_000) }
    #expect(heap.isDue)
    heap.begin()
    for object in kept { heap.mark(object) }
    heap.sweep { _ in }
    #expect(!heap.isDue)
    #expect(heap.state.pointee.threshold >= heap.state.pointee.bytes * 2 - 1)
  }

  /// Beyond the first blocks they lie in huge pages: cells of all sizes keep apart, and free ones are found.
  @Test func regionsHoldBlocksOfAnySize() {
    let heap = Heap()
    defer { heap.destroy() }
    var objects: [(object: Object, number: Int)] = []
    for number in 0..<60_000 {
      let object = heap.string(uninitialized: number % 480)
      for index in 0..<object.count {
        object.mutableBytes[index] = UInt8(truncatingIfNeeded: number &+ index)
      }
      objects.append((object, number))
    }
    #expect(heap.state.pointee.regions.contains { $0.isMapped })
    heap.begin()
    for (object, number) in objects where number % 3 == 0 { heap.mark(object) }
    heap.sweep { _ in }
    for number in 0..<30_000 { objects.append((heap.string(uninitialized: 200), number)) }
    for (object, number) in objects.prefix(60_000) where number % 3 == 0 {
      #expect(object.utf8.enumerated().allSatisfy { $1 == UInt8(truncatingIfNeeded: number &+ $0) })
    }
  }

  @Test func onlyWhatTheSystemGivesCanBeAllocated() {
    let heap = Heap()
    defer { heap.destroy() }
    #expect(heap.canAllocate(1 << 30))
    #expect(!heap.canAllocate(1 << 60))
    heap.exhaust()
    #expect(heap.isDue)
    heap.begin()
    heap.sweep { _ in }
    heap.recover()
    #expect(!heap.isDue && heap.state.pointee.bytes == 0)
  }
}
