#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where the heap's memory comes from, and what happens when the system gives none.
extension Heap {
  /// Memory that blocks lie in.
  struct Region {
    var start: UnsafeMutableRawPointer
    var bytes: Int
    /// It came from `mmap`, not from malloc.
    var isMapped: Bool
  }

  /// A huge page: a faults were half of the time of reading JSON, and this is one instead of 512.
  static let regionBytes = 2 << 20
  /// So much lies in blocks of its own before there are regions: small scripts stay small.
  private static let firstBlocks = 4 << 20
  private static let reserveBytes = 4 << 20
  /// Below this many bytes in use there is no reserve: nothing that small is short of memory.
  private static let smallest = 1 << 20
  /// Larger objects are asked for before they are made.
  private static let largest = 1 << 20
  /// More than any limit, so that whatever looks at limits stops when the reserve is gone.
  static let exhausted = 1 << 60

  /// Memory for one block.
  func blockMemory() -> UnsafeMutableRawPointer {
    keepReserve()
    if let room = state.pointee.room {
      state.pointee.roomLeft -= Heap.blockBytes
      state.pointee.room = state.pointee.roomLeft > 0 ? room + Heap.blockBytes : nil
      return room
    }
    if state.pointee.blocks.count >= Heap.firstBlocks / Heap.blockBytes, let start = mapRegion() {
      state.pointee.granted = 0
      state.pointee.regions.append(Region(start: start, bytes: Heap.regionBytes, isMapped: true))
      state.pointee.room = start + Heap.blockBytes
      state.pointee.roomLeft = Heap.regionBytes - Heap.blockBytes
      return start
    }
    let start = memory(Heap.blockBytes)
    state.pointee.regions.append(Region(start: start, bytes: Heap.blockBytes, isMapped: false))
    return start
  }

  /// Memory for one large object.
  func largeMemory(_ bytes: Int) -> UnsafeMutableRawPointer {
    keepReserve()
    if bytes > Heap.largest { state.pointee.granted = 0 }
    #if canImport(Glibc)
      // A list of a million items is touched once from end to end: one fault for each page was a seventh of its time.
      if bytes >= Heap.firstBlocks, let start = aligned_alloc(Heap.regionBytes, bytes) {
        madvise(start, bytes & ~(Heap.regionBytes - 1), MADV_HUGEPAGE)
        return start
      }
    #endif
    return memory(bytes)
  }

  /// Whether the system gives so much; asked before large objects and the arrays of natives are made, which the
  /// reserve cannot stand in for.
  ///
  /// Natives ask with each item that they add to what grows, and asking takes two calls of the system: it is asked
  /// for twice as much, and then for no less until something large is made.
  func canAllocate(_ bytes: Int) -> Bool {
    if bytes <= max(Heap.largest, state.pointee.granted) { return true }
    if bytes < Heap.exhausted, systemGives(2 * bytes) {
      state.pointee.granted = 2 * bytes
      return true
    }
    return systemGives(bytes)
  }

  /// Malloc itself might keep what it is given back.
  private func systemGives(_ bytes: Int) -> Bool {
    let (all, flags) = (bytes + Heap.reserveBytes, MAP_PRIVATE | MAP_ANONYMOUS)
    guard let start = mmap(nil, all, PROT_NONE, flags, -1, 0), start != MAP_FAILED else { return false }
    munmap(start, all)
    return true
  }

  /// Ends the script at the next safe point.
  func exhaust() {
    guard !state.pointee.isExhausted else { return }
    state.pointee.isExhausted = true
    state.pointee.bytes += Heap.exhausted
  }

  func release(_ region: Region) {
    if region.isMapped { munmap(region.start, region.bytes) } else { free(region.start) }
  }

  /// After a collection that ended a script for want of memory.
  func recover() {
    state.pointee.isExhausted = false
    keepReserve()
  }

  private func memory(_ bytes: Int) -> UnsafeMutableRawPointer {
    if let start = malloc(bytes) { return start }
    if let reserve = state.pointee.reserve {
      free(reserve)
      state.pointee.reserve = nil
      exhaust()
      if let start = malloc(bytes) { return start }
    }
    let message = "parlance: out of memory\n"
    _ = message.utf8.withContiguousStorageIfAvailable { write(2, $0.baseAddress, $0.count) }
    exit(70)
  }

  private func keepReserve() {
    guard state.pointee.reserve == nil, !state.pointee.isExhausted, state.pointee.bytes >= Heap.smallest
    else {
      return
    }
    state.pointee.reserve = malloc(Heap.reserveBytes)
  }

  /// A region on a border of its size, as a huge page needs it; nil where the system gives none.
  private func mapRegion() -> UnsafeMutableRawPointer? {
    let bytes = Heap.regionBytes
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let mapped = mmap(nil, 2 * bytes, PROT_READ | PROT_WRITE, flags, -1, 0), mapped != MAP_FAILED else {
      return nil
    }
    let before = (bytes - Int(bitPattern: mapped) % bytes) % bytes
    let start = mapped + before
    if before > 0 { munmap(mapped, before) }
    if before < bytes { munmap(start + bytes, bytes - before) }
    #if canImport(Glibc)
      madvise(start, bytes, MADV_HUGEPAGE)
    #endif
    return start
  }
}
