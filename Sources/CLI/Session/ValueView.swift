import Catalogue
import Machine
import Terminal

/// A value as a person at the prompt wants to see it: a sequence's first page as a table, a record as aligned
/// fields. Nothing more than a page is fetched by looking.
struct ValueView {
  private static let page = 20

  private let workbench: Workbench
  private let style: Style
  private var machine: Machine { workbench.engine.machine }

  init(_ workbench: Workbench, style: Style) {
    self.workbench = workbench
    self.style = style
  }

  func text(_ value: Value) throws(RuntimeError) -> String {
    switch value.tag {
    case .sequence: return try sequence(value)
    case .record: return record(value)
    case .list: return list(value)
    case .string: return machine.literal(value)
    case .time: return "\(machine.text(value))  \(style.paint(ago(value), .dim))"
    default: return machine.text(value)
    }
  }

  // MARK: Sequences and lists

  private func sequence(_ value: Value) throws(RuntimeError) -> String {
    // One item more than a page tells whether there are more.
    let head = try ValueOutput(workbench).apply("it__ | take(\(ValueView.page + 1)) | collect", to: value)
    let items = Array(machine.items(head))
    guard !items.isEmpty else { return "nothing" }
    let shown = Array(items.prefix(ValueView.page))
    var text = rows(shown)
    if items.count > ValueView.page {
      let total = try countByOneRequest(value)
      let of = total.map { " of \(ValueView.grouped($0))" } ?? ", and there are more"
      text += "\n" + style.paint("1–\(shown.count)\(of); `_ | drop(\(shown.count))` shows the next", .dim)
    } else {
      text += "\n" + style.paint(shown.count == 1 ? "1 in all" : "\(shown.count) in all", .dim)
    }
    return text
  }

  /// How many there are, where the server says so by one request; nil where counting would read to the end.
  private func countByOneRequest(_ value: Value) throws(RuntimeError) -> Int? {
    guard workbench.engine.machine.native(named: "explain") != nil else { return nil }
    let output = ValueOutput(workbench)
    let explained: Value
    do throws(RuntimeError) { explained = try output.apply("explain(it__)", to: value) } catch { return nil }
    let how = machine.field("count", of: explained)
    guard how.tag == .string, machine.text(of: how) == "one request" else { return nil }
    let count = try output.apply("it__ | count", to: value)
    return count.tag == .int ? Int(count.asInt) : nil
  }

  private func list(_ value: Value) -> String {
    let items = Array(machine.items(value))
    guard !items.isEmpty, items.allSatisfy({ $0.tag == .record }) else { return machine.text(value) }
    var text = rows(Array(items.prefix(ValueView.page)))
    if items.count > ValueView.page {
      text += "\n" + style.paint("1–\(ValueView.page) of \(ValueView.grouped(items.count))", .dim)
    }
    return text
  }

  private func rows(_ items: [Value]) -> String {
    guard items.allSatisfy({ $0.tag == .record }) else {
      return items.map { cell($0) }.joined(separator: "\n")
    }
    let names = columns(items)
    let width = TerminalDevice.standardOutput.columns(environment: workbench.environment)
    let columns = names.map { name in
      let numbers = items.map { machine.field(name, of: $0).tag }
      let isNumeric =
        numbers.contains { $0 == .int || $0 == .float }
        && numbers.allSatisfy { [.int, .float, .null].contains($0) }
      return TableLayout.Column(name, alignment: isNumeric ? .right : .left)
    }
    let cells = items.map { item in names.map { cell(machine.field($0, of: item)) } }
    return TableLayout(columns: columns, width: width, style: style).table(cells).lines.joined(
      separator: "\n")
  }

  /// Those that the type declares as telling; else the fields of the records in order of appearance.
  private func columns(_ items: [Value]) -> [String] {
    if let first = items.first, let type = type(of: first), !type.columns.isEmpty {
      return type.columns.map(\.name)
    }
    var names: [String] = []
    for item in items {
      for (name, _) in machine.fields(item) where !names.contains(name) { names.append(name) }
    }
    return names
  }

  private func type(of value: Value) -> RecordType? {
    machine.typeName(of: value).flatMap { APICatalogue.standard.recordType($0) }
  }

  // MARK: Records and fields

  private func record(_ value: Value) -> String {
    let fields = machine.fields(value)
    guard !fields.isEmpty else { return "{}" }
    let typeName = machine.typeName(of: value).flatMap { $0.isEmpty ? nil : $0 }
    var lines: [String] = []
    if let typeName { lines.append(style.paint(typeName, .bold)) }
    // Of an API record's many fields those with a value tell; what is null is named below.
    let shown = fields.filter { field in
      typeName == nil || !field.value.isNull && field.name != "type"
    }
    let width = shown.map { TextWidth.columns(of: $0.name) }.max() ?? 0
    for (name, field) in shown {
      let padding = String(repeating: " ", count: width - TextWidth.columns(of: name))
      var text = cell(field)
      if field.tag == .time { text += "  " + style.paint(ago(field), .dim) }
      if field.isNull { text = style.paint("null", .dim) }
      lines.append("\(style.paint(name, .cyan))\(padding)  \(text)")
    }
    let missing = typeName == nil ? [] : fields.filter { $0.value.isNull }.map(\.name)
    if !missing.isEmpty { lines.append(style.paint(nulls(missing), .dim)) }
    return lines.joined(separator: "\n")
  }

  /// `null: avatar, owner_id`, as many lines as the terminal needs.
  private func nulls(_ names: [String]) -> String {
    let columns = TerminalDevice.standardOutput.columns(environment: workbench.environment)
    var lines = ["null: "]
    for (index, name) in names.enumerated() {
      let word = index < names.count - 1 ? name + ", " : name
      if lines[lines.count - 1].count + word.count > columns, lines[lines.count - 1].count > 6 {
        lines.append("      ")
      }
      lines[lines.count - 1] += word
    }
    return lines.map { $0.last == " " ? String($0.dropLast()) : $0 }.joined(separator: "\n")
  }

  /// One line for a field: lists and records are folded where they are long.
  private func cell(_ value: Value) -> String {
    switch value.tag {
    case .null: return ""
    case .string: return TextWidth.visible(machine.text(of: value))
    case .list:
      let count = machine.items(value).count
      let text = machine.short(value, 40)
      return count > 0 && text.hasSuffix("…") ? "[\(count) items]" : text
    case .record:
      let name = machine.field("name", of: value)
      if name.tag == .string { return TextWidth.visible(machine.text(of: name)) }
      return machine.short(value, 40)
    case .sequence: return "<sequence>"
    default: return machine.text(value)
    }
  }

  /// `3 days ago`, `in 2 hours`
  private func ago(_ value: Value) -> String {
    let difference = Workbench.now().subtractingReportingOverflow(value.asInt)
    guard !difference.overflow else { return "" }
    let seconds = difference.partialValue.magnitude / 1000
    let (count, unit): (UInt64, String) =
      switch seconds {
      case ..<90: (seconds, "second")
      case ..<5_400: (seconds / 60, "minute")
      case ..<172_800: (seconds / 3_600, "hour")
      case ..<63_072_000: (seconds / 86_400, "day")
      default: (seconds / 31_536_000, "year")
      }
    let text = "\(count) \(unit)\(count == 1 ? "" : "s")"
    return difference.partialValue >= 0 ? "\(text) ago" : "in \(text)"
  }

  /// `12,345`
  static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }
}
