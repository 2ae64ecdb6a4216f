/// Scanning of raw bytes, eight at a time. Nothing here reads at or past `end`.
@usableFromInline
enum JSONBytes {
  @usableFromInline typealias Pointer = UnsafePointer<UInt8>

  @inlinable @inline(__always)
  static func word(_ p: Pointer) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
  }

  /// The high bit of each zero byte; bits above the lowest one may be false (a borrow runs upwards).
  @inlinable @inline(__always)
  static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }

  /// Skips over text to the first quote, backslash or byte that is not UTF-8; to `end` if there is none.
  @inlinable @inline(__always)
  static func skipText(_ start: Pointer, _ end: Pointer) -> Pointer {
    var p = start
    while true {
      while end - p >= 8 {
        let word = word(p)
        let stops =
          zeroBytes(word ^ 0x2222_2222_2222_2222) | zeroBytes(word ^ 0x5C5C_5C5C_5C5C_5C5C)
          | (word & 0x8080_8080_8080_8080)
        if stops != 0 {
          p += stops.trailingZeroBitCount &>> 3
          break
        }
        p += 8
      }
      // Byte by byte through a run of non-ASCII, and at the end of the text.
      while p < end {
        let byte = p.pointee
        if byte < 0x80 {
          if byte == 0x22 || byte == 0x5C { return p }
          if end - p >= 8 { break }
          p += 1
        } else {
          let length = sequenceLength(p, end)
          if length == 0 { return p }
          p += length
        }
      }
      if p == end { return p }
    }
  }

  /// The length of the well-formed UTF-8 sequence at `p`, whose first byte is not ASCII; 0 if it is none.
  @inlinable @inline(__always)
  static func sequenceLength(_ p: Pointer, _ end: Pointer) -> Int {
    let left = end - p
    let lead = p[0]
    if lead < 0xE0 {
      return lead >= 0xC2 && left >= 2 && p[1] & 0xC0 == 0x80 ? 2 : 0
    }
    if lead < 0xF0 {
      guard left >= 3, p[1] & 0xC0 == 0x80, p[2] & 0xC0 == 0x80 else { return 0 }
      // No overlong forms, no surrogates.
      if lead == 0xE0 && p[1] < 0xA0 || lead == 0xED && p[1] >= 0xA0 { return 0 }
      return 3
    }
    guard lead <= 0xF4, left >= 4 else { return 0 }
    guard p[1] & 0xC0 == 0x80, p[2] & 0xC0 == 0x80, p[3] & 0xC0 == 0x80 else { return 0 }
    if lead == 0xF0 && p[1] < 0x90 || lead == 0xF4 && p[1] >= 0x90 { return 0 }
    return 4
  }

  @inlinable @inline(__always)
  static func skipSpace(_ start: Pointer, _ end: Pointer) -> Pointer {
    var p = start
    guard p < end, p.pointee <= 0x20 else { return p }
    // One space, as most writers put behind colons and commas.
    if p.pointee == 0x20, end - p > 1, p[1] > 0x20 { return p + 1 }
    while p < end {
      let byte = p.pointee
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
      p += 1
      while end - p >= 8, word(p) == 0x2020_2020_2020_2020 { p += 8 }
    }
    return p
  }

  /// Whether the `count` bytes at `p` are those at `key`, which is padded to a multiple of eight;
  /// `p` has at least `count` rounded up to eight bytes left.
  @inlinable @inline(__always)
  static func matches(_ p: Pointer, _ key: Pointer, _ count: Int) -> Bool {
    var at = 0
    while count &- at > 8 {
      if word(p + at) != word(key + at) { return false }
      at &+= 8
    }
    let unused = UInt64(truncatingIfNeeded: (8 &- (count &- at)) &* 8)
    return (word(p + at) ^ word(key + at)) &<< unused == 0
  }
}
