import Machine

/// An instant as clocks in the machine's zone show it, and back.
struct LocalTime {
  static let day: Int64 = 86_400_000

  var year: Int
  var month: Int
  var dayOfMonth: Int
  /// Milliseconds since midnight.
  var time: Int64
  /// Minutes east of UTC.
  var offset: Int

  init(_ milliseconds: Int64, _ machine: Machine) {
    offset = machine.zoneOffsetMinutes(milliseconds)
    let local = milliseconds + Int64(offset) * 60_000
    let days = LocalTime.floor(local, LocalTime.day)
    (year, month, dayOfMonth) = Timestamp.civil(days: Int(days))
    time = local - days * LocalTime.day
  }

  /// 0 for Monday.
  var weekday: Int {
    let days = Timestamp.days(year: year, month: month, day: dayOfMonth)
    // 1970-01-01 was a Thursday.
    return ((days + 3) % 7 + 7) % 7
  }

  mutating func set(days: Int) { (year, month, dayOfMonth) = Timestamp.civil(days: days) }

  /// A local time that the zone skips gives the instant as late as the gap is long; one that it has twice,
  /// the first.
  func instant(_ machine: Machine) throws(RuntimeError) -> Int64 {
    guard abs(year) < 10_000 else { throw RuntimeError("the time is out of range", code: "overflow") }
    let local = Int64(Timestamp.days(year: year, month: month, day: dayOfMonth)) * LocalTime.day + time
    return LocalTime.instant(local: local, machine)
  }

  static func instant(local: Int64, _ machine: Machine) -> Int64 {
    let before = Int64(machine.zoneOffsetMinutes(local - day)) * 60_000
    let after = Int64(machine.zoneOffsetMinutes(local + day)) * 60_000
    for offset in [before, after] where Int64(machine.zoneOffsetMinutes(local - offset)) * 60_000 == offset {
      return local - offset
    }
    return local - before
  }

  static func floor(_ value: Int64, _ by: Int64) -> Int64 {
    value >= 0 ? value / by : (value - (by - 1)) / by
  }

  static func daysInMonth(_ year: Int, _ month: Int) -> Int {
    let next = month == 12 ? (year + 1, 1) : (year, month + 1)
    return Timestamp.days(year: next.0, month: next.1, day: 1)
      - Timestamp.days(year: year, month: month, day: 1)
  }
}

/// Reads `2026-01-31`, `2026-01-31T09:30[:15[.250]]` with `Z`, an offset or, for the zone's local time, nothing.
struct InstantReader {
  private let bytes: [UInt8]
  private var at = 0

  private init(_ text: String) { bytes = Array(text.utf8) }

  static func read(_ text: String, _ machine: Machine) -> Int64? {
    var reader = InstantReader(text)
    return reader.instant(machine)
  }

  private mutating func instant(_ machine: Machine) -> Int64? {
    guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2),
      (1...12).contains(month), (1...LocalTime.daysInMonth(year, month)).contains(day)
    else { return nil }
    var milliseconds = Int64(Timestamp.days(year: year, month: month, day: day)) * LocalTime.day
    if at == bytes.count { return LocalTime.instant(local: milliseconds, machine) }
    guard skip("T") || skip("t") || skip(" "), let hour = number(2), skip(":"), let minute = number(2),
      hour < 24,
      minute < 60
    else { return nil }
    var second = 0
    if skip(":") {
      guard let read = number(2), read < 60 else { return nil }
      second = read
      if skip(".") {
        guard let fraction = fraction() else { return nil }
        milliseconds += fraction
      }
    }
    milliseconds += Int64(hour * 3600 + minute * 60 + second) * 1000
    if at == bytes.count { return LocalTime.instant(local: milliseconds, machine) }
    if skip("Z") || skip("z") { return at == bytes.count ? milliseconds : nil }
    let sign: Int64
    if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
    guard let hours = number(2), hours < 24 else { return nil }
    _ = skip(":")
    let minutes = at < bytes.count ? number(2) : 0
    guard let minutes, minutes < 60, at == bytes.count else { return nil }
    return milliseconds - sign * Int64(hours * 60 + minutes) * 60_000
  }

  /// Milliseconds; further digits are cut off.
  private mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var count = 0
    while at < bytes.count, (0x30...0x39).contains(bytes[at]) {
      if count < 3 { value = value * 10 + Int64(bytes[at] - 0x30) }
      count += 1
      at += 1
    }
    if count == 0 { return nil }
    while count < 3 {
      value *= 10
      count += 1
    }
    return value
  }

  private mutating func number(_ count: Int) -> Int? {
    guard at + count <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[at..<(at + count)] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    at += count
    return value
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard at < bytes.count, UInt32(bytes[at]) == character.value else { return false }
    at += 1
    return true
  }
}
