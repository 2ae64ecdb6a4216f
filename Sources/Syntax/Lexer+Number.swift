import Diagnostics

extension Lexer {
  /// `42 1_000 3.5 1e9`, and durations: a whole number that touches its unit.
  mutating func scanNumber() {
    let start = position
    scanDigits()
    let wholeEnd = position
    if peek() == UInt8(ascii: "."), isDigit(peek(1)) {
      position += 1
      scanDigits()
    }
    let fractionEnd = position
    let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
    if peek() | 0x20 == UInt8(ascii: "e"), isDigit(peek(1 + sign)) {
      position += 1 + sign
      scanDigits()
    }
    let isWhole = position == wholeEnd
    let digitsEnd = position

    while position < bytes.count {
      if isNameByte(peek()) {
        position += 1
      } else if peek() >= 0x80, scalar(at: position).0.properties.isXIDContinue {
        position += scalar(at: position).1
      } else {
        break
      }
    }
    let suffix = bytes[digitsEnd..<position]

    if wholeEnd - start > 1, bytes[start] == UInt8(ascii: "0") {
      return reject(.leadingZero, SourceRange(start, position), from: start)
    }
    if !suffix.isEmpty {
      scanUnit(
        suffix, digits: bytes[start..<digitsEnd], isWhole: isWhole,
        hasExponent: digitsEnd > fractionEnd)
    } else if isWhole, let magnitude = magnitude(of: bytes[start..<digitsEnd]) {
      append(.int, from: start, payload: magnitude)
    } else {
      appendFloat(from: start)
    }
  }

  /// Digits with single `_` between them.
  private mutating func scanDigits() {
    while isDigit(peek()) || peek() == UInt8(ascii: "_") && isDigit(peek(1)) { position += 1 }
  }

  private mutating func reject(_ mistake: Mistake, _ range: SourceRange, from start: Int) {
    append(.invalid, from: start)
    report(mistake, range)
  }

  private func magnitude(of digits: ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for byte in digits where byte != UInt8(ascii: "_") {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(byte &- 0x30))
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }

  private mutating func appendFloat(from start: Int) {
    var text = String(decoding: bytes[start..<position], as: UTF8.self)
    text.removeAll { $0 == "_" }
    guard let value = Double(text), value.isFinite else {
      return reject(.numberTooLarge, SourceRange(start, position), from: start)
    }
    append(.float, from: start, payload: value.bitPattern)
  }

  private mutating func scanUnit(
    _ suffix: ArraySlice<UInt8>, digits: ArraySlice<UInt8>, isWhole: Bool, hasExponent: Bool
  ) {
    let start = digits.startIndex
    let unit = String(decoding: suffix, as: UTF8.self)
    let place = SourceRange(suffix.startIndex, position)
    guard let length = Lexer.milliseconds(ofUnit: unit), !hasExponent else {
      return reject(unit.hasPrefix("_") ? .strayUnderscore : .unknownUnit(unit), place, from: start)
    }
    guard isWhole else {
      return reject(.fractionalDuration(unit), SourceRange(start, position), from: start)
    }
    guard let count = magnitude(of: digits), count <= UInt64(Int64.max) / length else {
      return reject(.durationTooLong, SourceRange(start, position), from: start)
    }
    append(.duration, from: start, payload: count * length)
  }

  static func milliseconds(ofUnit unit: String) -> UInt64? {
    switch unit {
    case "ms": 1
    case "s": 1_000
    case "m": 60_000
    case "h": 3_600_000
    case "d": 86_400_000
    case "w": 604_800_000
    default: nil
    }
  }
}
