/// `r-20261122-k3f9`: sorts by day, is short enough to type, and has no letters that look alike.
public enum RunID {
  private static let letters = Array("abcdefghjkmnpqrstvwxyz23456789")

  /// For a moment in milliseconds since 1970 (UTC).
  public static func make(at now: Int64, random: inout some RandomNumberGenerator) -> String {
    let (year, month, day) = CivilDate.from(days: Int(now / 86_400_000))
    func padded(_ number: Int, _ width: Int) -> String {
      let text = "\(number)"
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    var tail = ""
    for _ in 0..<4 { tail.append(letters.randomElement(using: &random) ?? "x") }
    return "r-\(padded(year, 4))\(padded(month, 2))\(padded(day, 2))-\(tail)"
  }

  /// Has the shape of an id; file names are made of it, so nothing else may pass.
  public static func isValid(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == "r" && parts[1].utf8.count == 8
      && parts[1].utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && parts[2].count == 4
      && parts[2].allSatisfy { letters.contains($0) }
  }
}

/// Days since 1970 to a date (proleptic Gregorian), without a calendar library.
enum CivilDate {
  static func from(days: Int) -> (year: Int, month: Int, day: Int) {
    // Eras of 400 years that begin on 1 March, so that the leap day comes last.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * ofYear + 2) / 153
    let day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}
