/// Resolves the escapes of a string into memory of its own, which it reuses.
@usableFromInline
final class JSONText {
  @exclusivity(unchecked) private(set) var bytes: [UInt8] = []

  /// How decoding ended.
  @usableFromInline
  enum Outcome {
    /// `next` is behind the closing quote.
    case text(next: UnsafePointer<UInt8>)
    case failure(JSONError.Reason, at: UnsafePointer<UInt8>)
  }

  @usableFromInline init() {}

  /// The bytes decoded last.
  @usableFromInline
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    bytes.withUnsafeBufferPointer(body)
  }

  /// Decodes the string whose content starts at `start`.
  @usableFromInline @inline(never)
  func decode(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Outcome {
    bytes.removeAll(keepingCapacity: true)
    var p = start
    while true {
      let stop = JSONBytes.skipText(p, end)
      bytes.append(contentsOf: UnsafeBufferPointer(start: p, count: stop - p))
      guard stop < end else { return .failure(.unexpectedEnd(expected: .stringEnd), at: end) }
      if stop.pointee == 0x22 { return .text(next: stop + 1) }
      guard stop.pointee == 0x5C else { return .failure(.invalidUTF8, at: stop) }
      p = stop + 1
      guard p < end else { return .failure(.unexpectedEnd(expected: .escape), at: end) }
      let escape = p.pointee
      p += 1
      switch escape {
      case 0x22, 0x5C, 0x2F: bytes.append(escape)
      case 0x62: bytes.append(0x08)
      case 0x66: bytes.append(0x0C)
      case 0x6E: bytes.append(0x0A)
      case 0x72: bytes.append(0x0D)
      case 0x74: bytes.append(0x09)
      case 0x75:
        switch JSONText.hex(p, end) {
        case .failure(let reason, let place): return .failure(reason, at: place)
        case .unit(let unit):
          p += 4
          append(unit, &p, end)
        }
      default: return .failure(.unexpectedByte(escape, expected: .escape), at: p - 1)
      }
    }
  }

  /// Appends the scalar of a UTF-16 unit, taking the second half of a pair from the text if it follows.
  /// A surrogate without its partner becomes U+FFFD: real servers cut texts in the middle of a pair.
  private func append(
    _ unit: UInt16, _ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) {
    var scalar = UInt32(unit)
    if unit >= 0xD800 && unit < 0xE000 {
      scalar = 0xFFFD
      if unit < 0xDC00, end - p >= 6, p[0] == 0x5C, p[1] == 0x75,
        case .unit(let low) = JSONText.hex(p + 2, end), low >= 0xDC00, low < 0xE000
      {
        scalar = 0x10000 + (UInt32(unit & 0x3FF) << 10) + UInt32(low & 0x3FF)
        p += 6
      }
    }
    switch scalar {
    case ..<0x80: bytes.append(UInt8(truncatingIfNeeded: scalar))
    case ..<0x800:
      bytes.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    case ..<0x10000:
      bytes.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    default:
      bytes.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
      bytes.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    }
  }

  private enum Hex {
    case unit(UInt16)
    case failure(JSONError.Reason, at: UnsafePointer<UInt8>)
  }

  private static func hex(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Hex {
    var unit: UInt16 = 0
    for index in 0..<4 {
      let p = start + index
      guard p < end else { return .failure(.unexpectedEnd(expected: .hexDigit), at: end) }
      let digit: UInt8
      switch p.pointee {
      case 0x30...0x39: digit = p.pointee - 0x30
      case 0x41...0x46: digit = p.pointee - 0x41 + 10
      case 0x61...0x66: digit = p.pointee - 0x61 + 10
      default: return .failure(.unexpectedByte(p.pointee, expected: .hexDigit), at: p)
      }
      unit = unit << 4 | UInt16(digit)
    }
    return .unit(unit)
  }
}
