#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Raw memory for objects with a mark-sweep collector of its own.
///
/// Allocation never collects: it only runs up `debt`. The machine looks at the debt at its safe points
/// (after an instruction that allocated, when every live value lies in a register), so natives may hold
/// values in Swift variables until they return.
///
/// Small objects (up to 512 bytes) lie in blocks of cells of one size with a free list each; larger ones
/// come from malloc (`Heap+Memory`). An object is alive if its mark equals the epoch, which turns at each collection; the
/// mark `pinned` lives for ever.
struct Heap {
  /// Behind a pointer: no exclusivity checks, and the loop's copy of the struct is one word.
  let state: UnsafeMutablePointer<State>

  static let pinned: UInt8 = 2
  static let largestClass = 32
  static let blockBytes = 64 * 1024

  struct State {
    /// Free cells by size class (units of 16 bytes), linked through the cell's second word.
    var free: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    var epoch: UInt8 = 0
    /// Bytes in use, as counted by allocation and sweep.
    var bytes = 0
    /// `bytes` at which the next collection is due.
    var threshold = 4 << 20
    /// A hard limit; reached at a safe point it is an error that scripts cannot catch.
    var limit = Int.max
    var stress = false
    var blocks: [Block] = []
    var large: [Block] = []
    var gray: [UnsafeMutableRawPointer] = []
    var collections = 0
    /// What the blocks lie in.
    var regions: [Region] = []
    /// What is left of the newest region.
    var room: UnsafeMutableRawPointer?
    var roomLeft = 0
    /// Given back to the system when it gives no more, so that the script can end with an error.
    var reserve: UnsafeMutableRawPointer?
    /// The system would have given so much since the last large piece was taken.
    var granted = 0
    /// The reserve is gone: the next safe point ends the script.
    var isExhausted = false
  }

  /// Cells of one size, or one large object.
  struct Block {
    var start: UnsafeMutableRawPointer
    /// Bytes of a cell, or of the large object.
    var size: Int
  }

  init() {
    state = .allocate(capacity: 1)
    let free = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(capacity: Heap.largestClass + 1)
    free.initialize(repeating: nil, count: Heap.largestClass + 1)
    state.initialize(to: State(free: free))
  }

  /// Frees everything; the owner calls it once, with its host objects already let go.
  func destroy() {
    for region in state.pointee.regions { release(region) }
    for block in state.pointee.large { free(block.start) }
    free(state.pointee.reserve)
    state.pointee.free.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// A collection is due.
  @inline(__always) var isDue: Bool { state.pointee.bytes >= state.pointee.threshold }

  /// A new object with `payload` bytes behind the header; the payload is not initialised.
  @inline(__always) func allocate(_ kind: Tag, payload: Int) -> Object {
    let units = (payload &+ 31) >> 4
    if units <= Heap.largestClass, let cell = state.pointee.free[units] {
      state.pointee.free[units] = cell.load(fromByteOffset: 8, as: UnsafeMutableRawPointer?.self)
      state.pointee.bytes &+= units << 4
      let header =
        UInt64(state.pointee.epoch) | UInt64(kind.rawValue) << 8 | UInt64(UInt8(truncatingIfNeeded: units))
        << 24
      cell.storeBytes(of: header, as: UInt64.self)
      cell.storeBytes(of: 0, toByteOffset: 8, as: UInt64.self)
      return cell
    }
    return allocateSlowly(kind, payload: payload)
  }

  @inline(never) func allocateSlowly(_ kind: Tag, payload: Int) -> Object {
    let units = (payload + 31) >> 4
    if units > Heap.largestClass {
      let size = units << 4
      let object = largeMemory(size)
      let header = UInt64(state.pointee.epoch) | UInt64(kind.rawValue) << 8 | UInt64(255) << 24
      object.storeBytes(of: header, as: UInt64.self)
      object.storeBytes(of: 0, toByteOffset: 8, as: UInt64.self)
      state.pointee.bytes += size
      state.pointee.large.append(Block(start: object, size: size))
      return object
    }
    let size = units << 4
    let start = blockMemory()
    state.pointee.blocks.append(Block(start: start, size: size))
    var next: UnsafeMutableRawPointer? = state.pointee.free[units]
    var index = Heap.blockBytes / size - 1
    while index >= 0 {
      let cell = start + index * size
      cell.storeBytes(of: 0, as: UInt64.self)
      cell.storeBytes(of: next, toByteOffset: 8, as: UnsafeMutableRawPointer?.self)
      next = cell
      index -= 1
    }
    state.pointee.free[units] = next
    return allocate(kind, payload: payload)
  }

  // MARK: Collecting

  @inline(__always) func mark(_ value: Value) {
    if value.isObject { mark(value.object) }
  }

  @inline(__always) func mark(_ object: Object) {
    let mark = object.mark
    if mark == state.pointee.epoch || mark == Heap.pinned { return }
    object.mark = state.pointee.epoch
    if object.kind != Tag.string.rawValue { state.pointee.gray.append(object) }
  }

  /// Turns the epoch: from here to `sweep` everything reachable has to be marked.
  func begin() {
    state.pointee.epoch ^= 1
    state.pointee.collections += 1
  }

  /// Frees what was not marked. `released` hears of dead objects that own something outside.
  func sweep(released: (Object) -> Void) {
    let epoch = state.pointee.epoch
    var live = 0
    for block in state.pointee.blocks {
      let size = block.size
      let cells = Heap.blockBytes / size
      var free = state.pointee.free[size >> 4]
      var cell = block.start
      for _ in 0..<cells {
        let kind = cell.kind
        if kind != 0 {
          if cell.mark == epoch || cell.mark == Heap.pinned {
            live += size
          } else {
            if kind == Tag.host.rawValue || (kind == Tag.record.rawValue && cell.aux == 0) { released(cell) }
            cell.storeBytes(of: 0, as: UInt64.self)
            cell.storeBytes(of: free, toByteOffset: 8, as: UnsafeMutableRawPointer?.self)
            free = cell
          }
        }
        cell += size
      }
      state.pointee.free[size >> 4] = free
    }
    var kept: [Block] = []
    for block in state.pointee.large {
      if block.start.mark == epoch || block.start.mark == Heap.pinned {
        live += block.size
        kept.append(block)
      } else {
        free(block.start)
      }
    }
    state.pointee.large = kept
    state.pointee.bytes = live
    state.pointee.threshold = state.pointee.stress ? 0 : max(4 << 20, live * 2)
  }
}
