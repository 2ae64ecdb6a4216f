import Bytecode
import Machine

/// Functions over times. Null stays null, as a date that an API record lacks is null.
public enum TimeNatives {
  /// What can be printed: years up to 9999 either way.
  private static let range: ClosedRange<Int64> = -377_705_116_800_000...253_402_300_799_999

  public static func add(to table: inout NativeTable) {
    table.add(
      "time", [.required("x")], result: "time",
      "A time out of an ISO 8601 text or Unix seconds; null stays null.",
      example: "time(\"2026-01-31T09:30:00Z\")"
    ) { call in
      let value = call[0]
      switch value.tag {
      case .null, .time: return value
      case .int:
        let (milliseconds, overflow) = value.asInt.multipliedReportingOverflow(by: 1000)
        return try checked(overflow ? .max : milliseconds)
      case .float: return try checked(Int64(exactly: (value.asDouble * 1000).rounded()) ?? .max)
      case .string:
        let text = NumberNatives.trimmed(call)
        if let instant = InstantReader.read(text, call.machine) { return try checked(instant) }
        if let seconds = Int64(text) {
          let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
          return try checked(overflow ? .max : milliseconds)
        }
        throw RuntimeError(
          "\(call.machine.short(value)) is not a time",
          hints: ["`time` reads ISO 8601 such as \"2026-01-31T09:30:00Z\", and Unix seconds"])
      default: throw RuntimeError("`time` reads a text or Unix seconds, not \(value.tag.word)")
      }
    }
    table.add(
      "add_months", [.required("time", "time"), .required("months", "int")], result: "time",
      "The same day and hour so many months later; the month's last day where there is no such day.",
      example: "add_months(@2026-01-31, 1)"
    ) { call in
      if call[0].isNull { return .null }
      var local = LocalTime(try call.time(0, "add_months"), call.machine)
      let months = try call.int(1, "add_months")
      guard abs(months.clampedToMinus) < 1_000_000 else {
        throw RuntimeError("the time is out of range", code: "overflow")
      }
      let total = local.year * 12 + local.month - 1 + Int(months)
      local.year = Int(LocalTime.floor(Int64(total), 12))
      local.month = total - local.year * 12 + 1
      local.dayOfMonth = min(local.dayOfMonth, LocalTime.daysInMonth(local.year, local.month))
      return try checked(try local.instant(call.machine))
    }
    table.add(
      "start_of", [.required("time", "time"), .required("unit", "string")], result: "time",
      "When the minute, hour, day, week (Monday), month, quarter or year of a time began.",
      example: "start_of(@2026-03-18T10:20, \"week\")"
    ) { call in
      if call[0].isNull { return .null }
      return try checked(try start(of: try call.time(0, "start_of"), try call.text(1, "start_of"), call))
    }
    table.add(
      "format", [.required("x"), .required("how", "string")], result: "string",
      "A time as `YYYY-MM-DD hh:mm` or a number as `#,##0.00` say; null stays null.",
      example: "format(@2026-01-31T09:30, \"D MMM YYYY, hh:mm\")"
    ) { call in
      let how = try call.text(1, "format")
      switch call[0].tag {
      case .null: return .null
      case .time: return call.machine.string(try TimeFormat.text(call[0].asInt, how, call.machine))
      case .int: return call.machine.string(try NumberFormat.text(Double(call[0].asInt), how))
      case .float: return call.machine.string(try NumberFormat.text(call[0].asDouble, how))
      default: throw RuntimeError("`format` writes a time or a number, not \(call[0].tag.word)")
      }
    }
  }

  private static func checked(_ milliseconds: Int64) throws(RuntimeError) -> Value {
    guard range.contains(milliseconds) else {
      throw RuntimeError("the time is out of range", code: "overflow")
    }
    return .time(milliseconds)
  }

  private static func start(
    of milliseconds: Int64, _ unit: String, _ call: NativeCall
  ) throws(RuntimeError) -> Int64 {
    var local = LocalTime(milliseconds, call.machine)
    switch unit {
    // Counted from the instant, so that an hour that the clocks have twice stays the one it is in.
    case "minute": return milliseconds - local.time % 60_000
    case "hour": return milliseconds - local.time % 3_600_000
    case "day": break
    case "week":
      let days = Timestamp.days(year: local.year, month: local.month, day: local.dayOfMonth) - local.weekday
      local.set(days: days)
    case "month": local.dayOfMonth = 1
    case "quarter":
      local.month = (local.month - 1) / 3 * 3 + 1
      local.dayOfMonth = 1
    case "year":
      local.month = 1
      local.dayOfMonth = 1
    default:
      throw RuntimeError(
        "`start_of` does not know the unit \(call.machine.short(call[1]))",
        hints: ["it knows minute, hour, day, week, month, quarter and year"])
    }
    local.time = 0
    return try local.instant(call.machine)
  }
}

extension Int64 {
  /// So that `abs` cannot overflow.
  fileprivate var clampedToMinus: Int64 { self == .min ? .min + 1 : self }
}

/// `format` of times: the longest known part at each place, other letters in single quotes.
enum TimeFormat {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
  ]
  private static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
  /// Longer ones first.
  private static let parts = [
    "YYYY", "MMMM", "dddd", "MMM", "ddd", "YY", "MM", "DD", "hh", "HH", "mm", "ss", "M", "D", "h", "H", "T",
    "Z",
  ]

  static func text(_ milliseconds: Int64, _ how: String, _ machine: Machine) throws(RuntimeError) -> String {
    let local = LocalTime(milliseconds, machine)
    var out = ""
    var rest = Substring(how)
    while let first = rest.first {
      if first == "'" {
        rest = rest.dropFirst()
        let literal = rest.prefix { $0 != "'" }
        out += literal
        rest = rest.dropFirst(literal.count + 1)
      } else if let part = parts.first(where: { rest.hasPrefix($0) }) {
        out += value(part, local)
        rest = rest.dropFirst(part.count)
      } else if first.isLetter {
        throw RuntimeError(
          "`format` does not know the part `\(first)` of \"\(how)\"",
          hints: [
            "the parts of a time are YYYY YY MMMM MMM MM M DD D dddd ddd hh h mm ss Z",
            "letters of your own stand in single quotes: \"D MMM 'at' hh:mm\"",
          ])
      } else {
        out.append(first)
        rest = rest.dropFirst()
      }
    }
    return out
  }

  private static func value(_ part: String, _ local: LocalTime) -> String {
    let seconds = Int(local.time / 1000)
    switch part {
    case "YYYY": return pad(local.year, 4)
    case "YY": return pad(local.year % 100, 2)
    case "MMMM": return months[local.month - 1]
    case "MMM": return String(months[local.month - 1].prefix(3))
    case "MM": return pad(local.month, 2)
    case "M": return String(local.month)
    case "DD": return pad(local.dayOfMonth, 2)
    case "D": return String(local.dayOfMonth)
    case "dddd": return days[local.weekday]
    case "ddd": return String(days[local.weekday].prefix(3))
    case "hh", "HH": return pad(seconds / 3600, 2)
    case "h", "H": return String(seconds / 3600)
    case "mm": return pad(seconds / 60 % 60, 2)
    case "ss": return pad(seconds % 60, 2)
    case "Z":
      let magnitude = abs(local.offset)
      return (local.offset < 0 ? "-" : "+") + pad(magnitude / 60, 2) + ":" + pad(magnitude % 60, 2)
    default: return part
    }
  }

  static func pad(_ number: Int, _ width: Int) -> String {
    let text = String(abs(number))
    return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - text.count)) + text
  }
}

/// `format` of numbers: `0`, `0.00`, `#,##0.00`, each with `%` behind it for hundredths.
enum NumberFormat {
  static func text(_ number: Double, _ how: String) throws(RuntimeError) -> String {
    var body = Substring(how)
    let isPercent = body.hasSuffix("%")
    if isPercent { body = body.dropLast() }
    let isGrouped = body.hasPrefix("#,##")
    if isGrouped { body = body.dropFirst(4) }
    let decimals = body.hasPrefix("0.") ? body.dropFirst(2).count : 0
    guard
      body == "0"
        || (body.hasPrefix("0.") && (1...12).contains(decimals) && body.dropFirst(2).allSatisfy { $0 == "0" })
    else {
      throw RuntimeError(
        "`format` cannot write a number as \"\(how)\"",
        hints: ["`0`, `0.00` and `#,##0.00` are ways to write one, `0%` and `0.0%` to write a share"])
    }
    let value = isPercent ? number * 100 : number
    guard value.magnitude < 1e15 else { return value.description + (isPercent ? "%" : "") }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    // Below 1e15 with as many decimals as still fit exactly into 64 bits.
    let scaled = (value.magnitude * scale).rounded(.toNearestOrAwayFromZero)
    var whole = value.magnitude.rounded(.down)
    var fraction = Int64(((value.magnitude - whole) * scale).rounded(.toNearestOrAwayFromZero))
    if scaled < 9e15 {
      whole = (scaled / scale).rounded(.down)
      fraction = Int64(scaled - whole * scale)
    } else if Double(fraction) >= scale {
      whole += 1
      fraction = 0
    }
    var digits = String(Int64(whole))
    if isGrouped {
      var grouped = ""
      for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { grouped += "," }
        grouped.append(digit)
      }
      digits = grouped
    }
    let isZero = whole == 0 && fraction == 0
    var text = (value < 0 && !isZero ? "-" : "") + digits
    if decimals > 0 { text += "." + TimeFormat.pad(Int(fraction), decimals) }
    return text + (isPercent ? "%" : "")
  }
}
