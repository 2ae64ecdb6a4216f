/// A number of a JSON text: an int where it is a whole number that 64 bits hold, else a double.
@usableFromInline
enum JSONNumber {
  case int(Int64, next: UnsafePointer<UInt8>)
  case double(Double, next: UnsafePointer<UInt8>)
  case failure(JSONError.Reason, at: UnsafePointer<UInt8>)

  /// The powers of ten that a double holds exactly.
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// Reads the number at `start`, which is a digit or a minus sign. The reader's own path takes the short ints.
  @usableFromInline @inline(never)
  static func read(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> JSONNumber {
    var p = start
    let negative = p.pointee == 0x2D
    if negative { p += 1 }
    guard p < end else { return .failure(.unexpectedEnd(expected: .digit), at: end) }
    guard p.pointee &- 0x30 < 10 else {
      return .failure(.unexpectedByte(p.pointee, expected: .digit), at: p)
    }
    let firstDigit = p
    // Up to 19 significant digits; `dropped` says that there were more.
    var significand: UInt64 = 0
    var digits = 0
    var dropped = false
    var exponent = 0
    func take(_ digit: UInt8) -> Bool {
      if digits == 0 && digit == 0 { return true }
      if digits < 19 {
        significand = significand &* 10 &+ UInt64(digit)
        digits += 1
        return true
      }
      if digit != 0 { dropped = true }
      return false
    }
    while p < end, p.pointee &- 0x30 < 10 {
      if !take(p.pointee &- 0x30) { exponent += 1 }
      p += 1
    }
    if firstDigit.pointee == 0x30 && p - firstDigit > 1 { return .failure(.leadingZero, at: firstDigit) }

    var isInt = true
    if p < end, p.pointee == 0x2E {
      isInt = false
      p += 1
      let fraction = p
      while p < end, p.pointee &- 0x30 < 10 {
        if take(p.pointee &- 0x30) { exponent -= 1 }
        p += 1
      }
      if p == fraction { return missingDigit(p, end) }
    }
    if p < end, p.pointee | 0x20 == 0x65 {
      isInt = false
      p += 1
      var down = false
      if p < end, p.pointee == 0x2B || p.pointee == 0x2D {
        down = p.pointee == 0x2D
        p += 1
      }
      let power = p
      var value = 0
      while p < end, p.pointee &- 0x30 < 10 {
        // Beyond any double whatever the digits before it: texts are shorter than 10^15 bytes.
        if value < 1_000_000_000_000_000 { value = value * 10 + Int(p.pointee &- 0x30) }
        p += 1
      }
      if p == power { return missingDigit(p, end) }
      exponent += down ? -value : value
    }

    if isInt && exponent == 0 {
      if negative {
        if significand <= UInt64(Int64.max) + 1 {
          return .int(Int64(truncatingIfNeeded: 0 &- significand), next: p)
        }
      } else if significand <= UInt64(Int64.max) {
        return .int(Int64(significand), next: p)
      }
    }
    // Exact: both factors are doubles without rounding, so the one operation rounds once.
    if significand == 0 { return .double(negative ? -0.0 : 0.0, next: p) }
    if !dropped && significand <= 1 << 53 && exponent >= -22 && exponent <= 22 {
      let whole = Double(significand)
      let value = exponent < 0 ? whole / powers[-exponent] : whole * powers[exponent]
      return .double(negative ? -value : value, next: p)
    }
    let text = String(decoding: UnsafeBufferPointer(start: start, count: p - start), as: UTF8.self)
    guard let value = Double(text), value.isFinite else { return .failure(.numberOutOfRange, at: start) }
    return .double(value, next: p)
  }

  private static func missingDigit(
    _ p: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> JSONNumber {
    p < end
      ? .failure(.unexpectedByte(p.pointee, expected: .digit), at: p)
      : .failure(.unexpectedEnd(expected: .digit), at: end)
  }
}
