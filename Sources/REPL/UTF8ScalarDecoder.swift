/// Bytes as they arrive, scalars as they are asked for. A byte that is not UTF-8 reads as U+FFFD.
struct UTF8ScalarDecoder {
  private var bytes: [UInt8] = []
  private var start = 0
  private var consumed = 0
  /// Where the first byte stood that is not UTF-8, counted from the first byte ever appended.
  private(set) var invalidOffset: Int?

  var sawInvalid: Bool { invalidOffset != nil }
  var isEmpty: Bool { start == bytes.count }

  mutating func append(_ more: some Sequence<UInt8>) {
    if start == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      start = 0
    }
    bytes.append(contentsOf: more)
  }

  mutating func removeAll() {
    consumed += bytes.count - start
    bytes.removeAll()
    start = 0
  }

  /// The next whole scalar, nil if the rest of it has not arrived.
  mutating func next() -> Unicode.Scalar? {
    guard start < bytes.count else { return nil }
    let first = bytes[start]
    if first < 0x80 { return take(1, Unicode.Scalar(first)) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4 else { return invalid() }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for offset in 1..<length {
      guard start + offset < bytes.count else { return nil }
      let byte = bytes[start + offset]
      guard byte & 0xC0 == 0x80 else { return invalid() }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    let shortest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x1_0000
    guard value >= shortest, let scalar = Unicode.Scalar(value) else { return invalid() }
    return take(length, scalar)
  }

  private mutating func take(_ count: Int, _ scalar: Unicode.Scalar) -> Unicode.Scalar {
    start += count
    consumed += count
    return scalar
  }

  private mutating func invalid() -> Unicode.Scalar {
    if invalidOffset == nil { invalidOffset = consumed }
    return take(1, "\u{FFFD}")
  }
}
