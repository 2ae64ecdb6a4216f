/// A time zone as its offset and its two changes a year, kept as data so that a sandbox answers alike on
/// every machine, with or without a zone database.
///
/// The rules are those of today and are applied to all years.
public struct TimeZoneRule: Sendable, Equatable {
  /// A change on the nth weekday (0 Sunday) of a month, nth 5 meaning the last; seconds of local time.
  struct Change: Sendable, Equatable {
    let month: Int
    let nth: Int
    let weekday: Int
    let time: Int64
  }

  public let name: String
  /// Seconds east of UTC in winter time.
  let offset: Int64
  /// Seconds added in summer time, from `start` to `end`.
  let summer: Int64
  let start: Change?
  let end: Change?

  private init(_ name: String, hours: Double, summer: Int64 = 0, start: Change? = nil, end: Change? = nil) {
    self.name = name
    offset = Int64(hours * 3_600)
    self.summer = summer
    self.start = start
    self.end = end
  }

  private static func change(_ month: Int, _ nth: Int, at hour: Int64) -> Change {
    Change(month: month, nth: nth, weekday: 0, time: hour * 3_600)
  }

  private static func american(_ name: String, _ hours: Double) -> TimeZoneRule {
    TimeZoneRule(name, hours: hours, summer: 3_600, start: change(3, 2, at: 2), end: change(11, 1, at: 2))
  }

  /// All of Europe changes at 01:00 UTC.
  private static func european(_ name: String, _ hours: Double) -> TimeZoneRule {
    let hour = Int64(hours) + 1
    return TimeZoneRule(
      name, hours: hours, summer: 3_600, start: change(3, 5, at: hour), end: change(10, 5, at: hour + 1))
  }

  public static let utc = TimeZoneRule("UTC", hours: 0)

  public static let known: [TimeZoneRule] = [
    utc,
    TimeZoneRule("Etc/UTC", hours: 0),
    american("America/Los_Angeles", -8),
    american("America/Denver", -7),
    american("America/Chicago", -6),
    american("America/New_York", -5),
    american("America/Toronto", -5),
    TimeZoneRule("America/Sao_Paulo", hours: -3),
    european("Europe/Dublin", 0),
    european("Europe/London", 0),
    european("Europe/Lisbon", 0),
    european("Europe/Amsterdam", 1),
    european("Europe/Berlin", 1),
    european("Europe/Madrid", 1),
    european("Europe/Paris", 1),
    european("Europe/Vienna", 1),
    european("Europe/Zurich", 1),
    european("Europe/Helsinki", 2),
    TimeZoneRule("Africa/Johannesburg", hours: 2),
    TimeZoneRule("Asia/Dubai", hours: 4),
    TimeZoneRule("Asia/Kolkata", hours: 5.5),
    TimeZoneRule("Asia/Singapore", hours: 8),
    TimeZoneRule("Asia/Tokyo", hours: 9),
    TimeZoneRule(
      "Australia/Sydney", hours: 10, summer: 3_600, start: change(10, 1, at: 2), end: change(4, 1, at: 3)),
    TimeZoneRule(
      "Pacific/Auckland", hours: 12, summer: 3_600, start: change(9, 5, at: 2), end: change(4, 1, at: 3)),
  ]

  public static func named(_ name: String) -> TimeZoneRule? { known.first { $0.name == name } }

  // MARK: Days

  private static let day: Int64 = 86_400

  /// The first second of the local day that holds `time`, and of the day after it. Days with a change of
  /// the clock have 23 or 25 hours.
  func day(holding time: Int64) -> (start: Int64, next: Int64) {
    // Times beyond any calendar are kept in a range in which the sums below cannot overflow.
    let time = min(max(time, -100_000_000_000), 100_000_000_000_000)
    let local = time + offset(at: time)
    let number = Self.floor(local, Self.day)
    return (instant(of: number * Self.day), instant(of: (number + 1) * Self.day))
  }

  /// Seconds east of UTC at an instant.
  func offset(at time: Int64) -> Int64 {
    guard let start, let end else { return offset }
    let year = Self.year(of: time + offset)
    let begins = Self.instant(start, year) - offset
    let ends = Self.instant(end, year) - offset - summer
    let isSummer = begins < ends ? (time >= begins && time < ends) : (time >= begins || time < ends)
    return isSummer ? offset + summer : offset
  }

  private func instant(of local: Int64) -> Int64 {
    // Two steps settle it: the offset at the guess may be that of the other side of a change.
    let guess = local - offset(at: local - offset)
    return local - offset(at: guess)
  }

  private static func instant(_ change: Change, _ year: Int64) -> Int64 {
    let first = days(year, change.month, 1)
    let weekday = Int(((first + 4) % 7 + 7) % 7)
    var day = first + Int64((change.weekday - weekday + 7) % 7) + Int64(7 * (change.nth - 1))
    let length = days(change.month == 12 ? year + 1 : year, change.month % 12 + 1, 1) - first
    while day >= first + length { day -= 7 }
    return day * self.day + change.time
  }

  /// Days since 1970-01-01 in the Gregorian calendar.
  static func days(_ year: Int64, _ month: Int, _ day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = floor(y, 400)
    let yearOfEra = y - era * 400
    let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func year(of time: Int64) -> Int64 {
    let z = floor(time, day) + 719_468
    let era = floor(z, 146_097)
    let d = z - era * 146_097
    let y = (d - d / 1_460 + d / 36_524 - d / 146_096) / 365
    let dayOfYear = d - (365 * y + y / 4 - y / 100)
    return y + era * 400 + ((5 * dayOfYear + 2) / 153 >= 10 ? 1 : 0)
  }

  private static func floor(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : (a - b + 1) / b }
}
