import Compiler
import Machine

/// Reads `2026-01-31`, `2026-01-31T09:30`, with seconds, with `Z` or an offset.
enum InstantReader {
  /// Milliseconds since 1970; nil for anything else. Without an offset the time is local to `zone`,
  /// which must have it once.
  static func read(_ text: String, zone: (Int64) -> ZoneOffset) -> Int64? {
    var rest = Substring(text.first == "@" ? text.dropFirst() : text[...])
    guard let year = number(&rest, 4), skip(&rest, "-"), let month = number(&rest, 2),
      (1...12).contains(month),
      skip(&rest, "-"), let day = number(&rest, 2), day >= 1
    else { return nil }
    let days = Timestamp.days(year: year, month: month, day: day)
    // The 31st of a month of 30 days comes back as another date.
    let civil = Timestamp.civil(days: days)
    guard civil.month == month, civil.day == day else { return nil }
    var seconds = days * 86_400
    var offset: Int?
    if skip(&rest, "T") || skip(&rest, " ") {
      guard let hour = number(&rest, 2), hour < 24, skip(&rest, ":"), let minute = number(&rest, 2),
        minute < 60
      else {
        return nil
      }
      seconds += hour * 3600 + minute * 60
      if skip(&rest, ":") {
        guard let second = number(&rest, 2), second < 60 else { return nil }
        seconds += second
      }
      if skip(&rest, "Z") {
        offset = 0
      } else if let sign = rest.first, sign == "+" || sign == "-" {
        rest = rest.dropFirst()
        guard let hours = number(&rest, 2), hours < 24, skip(&rest, ":"), let minutes = number(&rest, 2),
          minutes < 60
        else { return nil }
        offset = (hours * 60 + minutes) * (sign == "-" ? -1 : 1)
      }
    }
    guard rest.isEmpty else { return nil }
    let local = Int64(seconds) * 1000
    if offset == nil, case .one(let minutes) = zone(local) { offset = minutes }
    return offset.map { local - Int64($0) * 60_000 }
  }

  private static func number(_ text: inout Substring, _ digits: Int) -> Int? {
    let word = text.prefix(digits)
    guard word.count == digits, word.allSatisfy({ ("0"..."9").contains($0) }), let value = Int(word) else {
      return nil
    }
    text = text.dropFirst(digits)
    return value
  }

  private static func skip(_ text: inout Substring, _ character: Character) -> Bool {
    guard text.first == character else { return false }
    text = text.dropFirst()
    return true
  }
}
