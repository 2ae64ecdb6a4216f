import Diagnostics

extension Lexer {
  /// `@2026-01-31`, with a time `T09:30[:15[.250]]`, with an offset `Z` or `+02:00` behind the time.
  ///
  /// A sign that begins no complete offset is arithmetic: `@2026-01-31T09:30+1h`.
  mutating func scanInstant() {
    let start = position
    position += 1
    guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2) else {
      return rejectInstant(.malformedInstant, from: start)
    }
    var instant = TimeLiteral(year: year, month: month, day: day)
    if peek() == UInt8(ascii: "T") {
      position += 1
      guard let hour = digits(2), skip(":"), let minute = digits(2) else {
        return rejectInstant(.malformedInstant, from: start)
      }
      instant.hour = hour
      instant.minute = minute
      if peek() == UInt8(ascii: ":") {
        position += 1
        guard let milliseconds = secondsAsMilliseconds() else {
          return rejectInstant(.malformedInstant, from: start)
        }
        instant.milliseconds = milliseconds
      }
      instant.offsetMinutes = offset()
    }
    if isNameByte(peek()) || peek() >= 0x80 && scalar(at: position).0.properties.isXIDContinue {
      return rejectInstant(.malformedInstant, from: start)
    }
    if let problem = instant.impossibility {
      return rejectInstant(.impossibleInstant(problem), from: start)
    }
    instants.append(instant)
    append(.time, from: start, payload: UInt64(instants.count - 1))
  }

  private mutating func rejectInstant(_ mistake: Mistake, from start: Int) {
    while isNameByte(peek()) || peek() == UInt8(ascii: "-") && isDigit(peek(1))
      || peek() == UInt8(ascii: ":") && isDigit(peek(1))
    {
      position += 1
    }
    append(.invalid, from: start)
    report(mistake, SourceRange(start, position))
  }

  private mutating func digits(_ count: Int) -> Int? {
    var value = 0
    for index in 0..<count {
      let byte = peek(index)
      guard isDigit(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    guard !isDigit(peek(count)) else { return nil }
    position += count
    return value
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard UInt32(peek()) == character.value else { return false }
    position += 1
    return true
  }

  /// Digits behind the third of a fraction are read and dropped.
  private mutating func secondsAsMilliseconds() -> Int? {
    guard let seconds = digits(2) else { return nil }
    guard peek() == UInt8(ascii: "."), isDigit(peek(1)) else { return seconds * 1_000 }
    position += 1
    var fraction = 0
    var weight = 100
    while isDigit(peek()) {
      fraction += Int(peek() - 0x30) * weight
      weight /= 10
      position += 1
    }
    return seconds * 1_000 + fraction
  }

  private mutating func offset() -> Int? {
    if skip("Z") { return 0 }
    let start = position
    guard peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") else { return nil }
    let sign = peek() == UInt8(ascii: "-") ? -1 : 1
    position += 1
    guard let hours = digits(2), skip(":"), let minutes = digits(2) else {
      position = start
      return nil
    }
    return sign * (hours * 60 + minutes)
  }
}

extension TimeLiteral {
  /// What keeps this from being a moment, nil if nothing does.
  var impossibility: String? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    if year == 0 { return "years start with 0001" }
    guard (1...12).contains(month) else { return "there is no month \(month)" }
    let length = lengths[month - 1]
    guard (1...length).contains(day) else { return "that month has \(length) days" }
    if hour > 23 { return "hours go from 00 to 23" }
    if minute > 59 { return "minutes go from 00 to 59" }
    if milliseconds >= 60_000 { return "seconds go from 00 to 59" }
    if let offsetMinutes, abs(offsetMinutes) > 18 * 60 { return "offsets go from -18:00 to +18:00" }
    return nil
  }
}
