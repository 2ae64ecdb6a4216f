/// Calendar arithmetic on milliseconds since 1970 (proleptic Gregorian, no leap seconds).
public enum Timestamp {
  /// Days since 1970-01-01 of a civil date.
  public static func days(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  public static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// `2026-01-31T09:30:00+00:00`, milliseconds only where there are some.
  public static func text(_ milliseconds: Int64, offsetMinutes: Int) -> String {
    let local = Int(clamping: milliseconds) &+ offsetMinutes * 60_000
    let day = local >= 0 ? local / 86_400_000 : (local - 86_399_999) / 86_400_000
    let rest = local - day * 86_400_000
    let date = civil(days: day)
    var text =
      pad(date.year, 4) + "-" + pad(date.month, 2) + "-" + pad(date.day, 2) + "T" + pad(rest / 3_600_000, 2)
      + ":"
      + pad(rest / 60_000 % 60, 2) + ":" + pad(rest / 1000 % 60, 2)
    if rest % 1000 != 0 { text += "." + pad(rest % 1000, 3) }
    let magnitude = abs(offsetMinutes)
    return text + (offsetMinutes < 0 ? "-" : "+") + pad(magnitude / 60, 2) + ":" + pad(magnitude % 60, 2)
  }

  private static func pad(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return text.count >= width ? text : String(repeating: "0", count: width - text.count) + text
  }
}

/// `1d 2h`, largest units first.
public enum DurationText {
  public static func text(_ milliseconds: Int64) -> String {
    if milliseconds == 0 { return "0s" }
    var rest = milliseconds.magnitude
    var parts: [String] = []
    for (unit, size) in [
      ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
      as [(String, UInt64)]
    {
      // Weeks only where nothing else is left: 90 days are `90d`, two weeks `2w`.
      if unit == "w", rest % size != 0 { continue }
      if rest >= size {
        parts.append("\(rest / size)\(unit)")
        rest %= size
      }
    }
    return (milliseconds < 0 ? "-" : "") + parts.joined(separator: " ")
  }
}
