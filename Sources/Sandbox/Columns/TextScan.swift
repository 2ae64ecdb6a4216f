import Glibc

/// Looks into the texts of a block of contacts: one after the other, each ended by a byte that no UTF-8 has, so that no
/// match reaches from one into the next.
struct TextScan {
  /// Ends each text, and fills the room before the first and after the last one.
  static let mark: UInt8 = 0xFF
  /// Bytes of room: `starts` and `ends` load eight, `contains` a vector beyond the last byte looked for.
  static let before = 8, after = 64

  private typealias Vector = SIMD32<UInt8>

  /// Lower case, as the texts are.
  private let part: [UInt8]

  /// `part` is not empty.
  init(_ part: [UInt8]) { self.part = part }

  /// Sets the bits of the texts that hold the part. `begins` has the place of each text, and that after the last.
  ///
  /// Thirty-two places at a time: those at which the part's first byte stands, and its last where it would end.
  func contains(
    _ bytes: UnsafeRawBufferPointer, _ begins: UnsafeBufferPointer<UInt32>,
    _ words: UnsafeMutableBufferPointer<UInt64>
  ) {
    let count = part.count
    guard let text = bytes.baseAddress, let begin = begins.baseAddress, let word = words.baseAddress,
      let head = part.first, let tail = part.last, begins.count > 1
    else { return }
    let end = Int(begin[begins.count - 1])
    let first = Vector(repeating: head)
    let last = Vector(repeating: tail)
    // Its first eight bytes, or as many as it has, as they are loaded at once.
    let mask = UInt64.max >> UInt64((8 - min(count, 8)) * 8)
    let opening = part.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    part.withUnsafeBytes { wanted in
      guard let wanted = wanted.baseAddress else { return }
      var row = 0
      var place = Int(begin[0])
      search: while place + count <= end {
        let heads = text.loadUnaligned(fromByteOffset: place, as: Vector.self) .== first
        let tails = text.loadUnaligned(fromByteOffset: place + count - 1, as: Vector.self) .== last
        let lanes = unsafeBitCast(heads .& tails, to: SIMD4<UInt64>.self)
        let pairs = lanes.lowHalf | lanes.highHalf
        if pairs[0] | pairs[1] == 0 {
          place += 32
          continue
        }
        for lane in 0..<4 {
          var candidates = lanes[lane]
          while candidates != 0 {
            let byte = candidates.trailingZeroBitCount >> 3
            let at = place + lane * 8 + byte
            candidates &= ~(UInt64(0xFF) << UInt64(byte << 3))
            guard at + count <= end else { return }
            let here = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            guard here & mask == opening, count <= 8 || memcmp(text + at + 8, wanted + 8, count - 8) == 0
            else {
              continue
            }
            while Int(begin[row + 1]) <= at { row += 1 }
            word[row >> 6] |= 1 << UInt64(row & 63)
            row += 1
            // One match is enough: on with the next text.
            place = Int(begin[row])
            continue search
          }
        }
        place += 32
      }
    }
  }

  func starts(
    _ bytes: UnsafeRawBufferPointer, _ begins: UnsafeBufferPointer<UInt32>,
    _ words: UnsafeMutableBufferPointer<UInt64>
  ) {
    compare(bytes, begins, words) { begin, _ in begin }
  }

  func ends(
    _ bytes: UnsafeRawBufferPointer, _ begins: UnsafeBufferPointer<UInt32>,
    _ words: UnsafeMutableBufferPointer<UInt64>
  ) {
    // Before the mark.
    let count = part.count
    compare(bytes, begins, words) { _, next in next - 1 - count }
  }

  /// Compares at one place of each text: its last eight bytes at once, and what is before them where those are equal.
  /// A shorter text differs in a mark.
  @inline(__always)
  private func compare(
    _ bytes: UnsafeRawBufferPointer, _ begins: UnsafeBufferPointer<UInt32>,
    _ words: UnsafeMutableBufferPointer<UInt64>, at place: (_ begin: Int, _ next: Int) -> Int
  ) {
    guard let text = bytes.baseAddress, let begin = begins.baseAddress, let word = words.baseAddress else {
      return
    }
    let count = part.count
    let short = min(count, 8)
    var wanted: UInt64 = 0
    for byte in part.suffix(8) { wanted = wanted >> 8 | UInt64(byte) << 56 }
    // Of the eight bytes before the end of the part, as many as it has.
    let mask = UInt64.max << UInt64((8 - short) * 8)
    part.withUnsafeBytes { whole in
      guard let whole = whole.baseAddress else { return }
      var row = 0
      while row < begins.count - 1 {
        let stop = min(row + 64, begins.count - 1)
        let index = row >> 6
        var bits: UInt64 = 0
        while row < stop {
          let at = place(Int(begin[row]), Int(begin[row + 1]))
          let end = at + count
          if at >= Int(begin[row]), end < Int(begin[row + 1]) {
            let found = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self))
            if found & mask == wanted, count <= 8 || memcmp(text + at, whole, count - 8) == 0 {
              bits |= 1 << UInt64(row & 63)
            }
          }
          row += 1
        }
        word[index] |= bits
      }
    }
  }
}
