import Compiler

/// A parameter's value, read from a word of the command line but not yet in a machine.
indirect enum ParameterValue: Equatable {
  case string(String)
  case int(Int64)
  case float(Double)
  case bool(Bool)
  /// Milliseconds since 1970.
  case time(Int64)
  /// Milliseconds.
  case duration(Int64)
  case list([ParameterValue])
  case file(path: String)
  /// A name, an email or an id, to be looked up in the workspace.
  case record(word: String, resource: String, text: String)

  /// Reads a word; nil if it is none of the type. `zone` gives the offset of a local time that has none.
  init?(_ text: String, as type: ParameterType, zone: (Int64) -> ZoneOffset) {
    switch type {
    case .string: self = .string(text)
    case .int:
      guard let value = Int64(text.withoutSeparators) else { return nil }
      self = .int(value)
    case .float:
      guard let value = Double(text.withoutSeparators), value.isFinite, ParameterValue.isPlain(text) else {
        return nil
      }
      self = .float(value)
    case .bool:
      guard let value = ParameterValue.truth(text) else { return nil }
      self = .bool(value)
    case .duration:
      guard let value = ParameterValue.milliseconds(text) else { return nil }
      self = .duration(value)
    case .time:
      guard let value = InstantReader.read(text, zone: zone) else { return nil }
      self = .time(value)
    case .choice(let words):
      guard words.contains(text) else { return nil }
      self = .string(text)
    case .list(let element):
      var items: [ParameterValue] = []
      for part in text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let item = ParameterValue(part.trimmingSpaces, as: element, zone: zone) else { return nil }
        items.append(item)
      }
      self = .list(items)
    case .file: self = .file(path: text)
    case .record(let word, let resource):
      guard !text.isEmpty else { return nil }
      self = .record(word: word, resource: resource, text: text)
    }
  }

  /// Whether a word can only be a truth value: then it belongs to the switch before it.
  static func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "y", "on", "1": true
    case "false", "no", "n", "off", "0": false
    default: nil
    }
  }

  /// Digits, one point, an exponent: neither `0x10` nor `nan`.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x5F, 0x45, 0x65].contains($0) }
  }

  /// `90d`, `1h30m`, `1h 30m`, `-5m`.
  static func milliseconds(_ text: String) -> Int64? {
    let units: [(String, Int64)] = [
      ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000),
    ]
    var rest = Substring(text.trimmingSpaces)
    let isNegative = rest.first == "-"
    if isNegative { rest = rest.dropFirst() }
    guard !rest.isEmpty else { return nil }
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == "_") }
      guard let number = Int64(String(digits).withoutSeparators) else { return nil }
      rest = rest.dropFirst(digits.count)
      let word = rest.prefix { $0.isLetter }
      guard let unit = units.first(where: { $0.0 == word }) else { return nil }
      rest = rest.dropFirst(word.count).drop { $0 == " " }
      let (part, overflow) = number.multipliedReportingOverflow(by: unit.1)
      let (sum, beyond) = total.addingReportingOverflow(part)
      if overflow || beyond { return nil }
      total = sum
    }
    return isNegative ? -total : total
  }
}

extension StringProtocol {
  var trimmingSpaces: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}

extension String {
  /// `1_000` as the language writes it.
  fileprivate var withoutSeparators: String {
    first == "_" || last == "_" ? self : String(filter { $0 != "_" })
  }
}
