import Catalogue
import Intercom
import Machine
import Terminal

/// A value as a person at the prompt wants to see it: a sequence's first page as a table, a record as aligned
/// fields. Looking at a sequence sends one request, for one page.
struct ValueView {
  static let page = 20

  let workbench: Workbench
  let names: KnownNames
  let style: Style

  /// A text to print, and how much of a sequence or list it shows.
  struct Shown {
    var text: String
    /// Items shown so far, where there are more; nil at the end.
    var upTo: Int?
  }

  private var machine: Machine { workbench.engine.machine }
  private var cell: ValueCell { ValueCell(machine: machine, names: names, now: Workbench.now()) }
  private var width: Int { TerminalDevice.standardOutput.columns(environment: workbench.environment) }

  func show(_ value: Value, from start: Int = 0) throws(RuntimeError) -> Shown {
    switch value.tag {
    case .sequence, .range: return try sequence(value, from: start)
    case .record: return Shown(text: record(value))
    case .list: return try list(value, from: start)
    case .string: return Shown(text: text(value))
    case .time:
      return Shown(
        text: ValueCell.time(value, machine, seconds: true) + "  " + style.paint(cell.ago(value), .dim))
    default: return Shown(text: machine.text(value))
    }
  }

  /// A text as the language writes it; one of several lines as it is, which is how one wants to read it.
  private func text(_ value: Value) -> String {
    let text = machine.text(of: value)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.count > 1
      ? lines.map { TextWidth.visible(String($0)) }.joined(separator: "\n") : machine.literal(value)
  }

  // MARK: Sequences and lists

  private func sequence(_ value: Value, from start: Int) throws(RuntimeError) -> Shown {
    if value.tag == .range { return try range(value, from: start) }
    // One item more than a page tells whether there are more.
    let (head, total) = try read(value, start + ValueView.page + 1)
    let items = Array(machine.items(head))
    guard !items.isEmpty else { return Shown(text: style.paint("nothing", .dim)) }
    return page(items, from: start, total: total, hasMore: items.count > start + ValueView.page)
  }

  /// The first items, and how many there are where the same answer says so.
  private func read(_ value: Value, _ count: Int) throws(RuntimeError) -> (Value, Int?) {
    let output = ValueOutput(workbench)
    let plan = explained(value)
    guard let binding = workbench.binding, let plan else {
      return (try output.apply("it__ | take(\(count)) | collect", to: value), nil)
    }
    // What comes in one answer is read to its end: that is one request all the same.
    if plan.isWhole {
      let all = try output.apply("it__ | collect", to: value)
      return (all, machine.items(all).count)
    }
    var total: Int?
    let earlier = binding.pageListener
    binding.pageListener = { notice in if notice.pagesRead == 1 { total = notice.total } }
    defer { binding.pageListener = earlier }
    let head = try output.apply("it__ | take(\(count)) | collect", to: value)
    guard plan.isCounted, let total else { return (head, nil) }
    return (head, plan.needs.map { min($0, total) } ?? total)
  }

  private struct ReadingPlan {
    /// All records come in one answer, and nothing is left to do here.
    var isWhole: Bool
    /// The total that an answer names is the sequence's own.
    var isCounted: Bool
    /// No stage needs more.
    var needs: Int?
  }

  private func explained(_ value: Value) -> ReadingPlan? {
    guard workbench.binding != nil, machine.native(named: "explain") != nil,
      let plan = try? ValueOutput(workbench).apply("explain(it__)", to: value)
    else { return nil }
    let operation = machine.text(of: machine.field("operation", of: plan)).split(separator: ".").map(
      String.init)
    let paging =
      operation.count == 2
      ? APICatalogue.standard.operations(operation[0], operation[1]).first?.paging : nil
    let needs = machine.field("needs", of: plan)
    return ReadingPlan(
      isWhole: paging.map { $0.style == .none } ?? true
        && machine.items(machine.field("here", of: plan)).isEmpty,
      isCounted: machine.text(of: machine.field("count", of: plan)) == "one request",
      needs: needs.tag == .int ? Int(needs.asInt) : nil)
  }

  private func range(_ value: Value, from start: Int) throws(RuntimeError) -> Shown {
    let bounds = machine.bounds(value)
    let (length, isHuge) = bounds.high.subtractingReportingOverflow(bounds.low)
    guard bounds.low <= bounds.high else { return Shown(text: style.paint("nothing", .dim)) }
    let head = try ValueOutput(workbench).apply(
      "it__ | take(\(start + ValueView.page + 1)) | collect", to: value)
    let items = Array(machine.items(head))
    return page(
      items, from: start, total: isHuge || length == .max ? nil : Int(length) + 1,
      hasMore: items.count > start + ValueView.page)
  }

  private func list(_ value: Value, from start: Int) throws(RuntimeError) -> Shown {
    let items = Array(machine.items(value))
    let isRecords = !items.isEmpty && items.allSatisfy { $0.tag == .record }
    if !isRecords, start == 0 {
      let line = machine.short(value, width)
      if !line.hasSuffix("…") { return Shown(text: line) }
    }
    return page(items, from: start, total: items.count, hasMore: items.count > start + ValueView.page)
  }

  /// `items` from the first on; those before `start` have been shown.
  private func page(_ items: [Value], from start: Int, total: Int?, hasMore: Bool) -> Shown {
    let shown = Array(items.dropFirst(start).prefix(ValueView.page))
    guard !shown.isEmpty else { return Shown(text: style.paint("nothing more", .dim)) }
    let end = start + shown.count
    var note: String
    if hasMore {
      let of = total.map { " of \(ValueView.grouped($0))" } ?? ", and there are more"
      note = "\(ValueView.grouped(start + 1))–\(ValueView.grouped(end))\(of); `:more` shows the next"
    } else if start > 0 {
      note = "\(ValueView.grouped(start + 1))–\(ValueView.grouped(end)), the last"
    } else {
      note = end == 1 ? "1 in all" : "\(ValueView.grouped(end)) in all"
    }
    note = style.paint(note, .dim)
    return Shown(text: rows(shown) + "\n" + note, upTo: hasMore ? end : nil)
  }

  private func rows(_ items: [Value]) -> String {
    guard items.allSatisfy({ $0.tag == .record }) else {
      let room = width
      return items.map { TextWidth.truncate(cell.text($0, room: room), to: room) }.joined(separator: "\n")
    }
    var type: RecordType?
    if let first = items.first { type = self.type(of: first) }
    let columns = columns(items, type)
    let heads = columns.map { head($0, items) }
    let table = TableLayout(columns: heads, width: width, style: style).table(cells(items, columns, type))
    var lines = table.lines
    if !table.hiddenHeaders.isEmpty {
      lines.append(style.paint("no room for " + table.hiddenHeaders.joined(separator: ", "), .dim))
    }
    return lines.joined(separator: "\n")
  }

  private func cells(_ items: [Value], _ columns: [String], _ type: RecordType?) -> [[String]] {
    let cell = cell
    var rows: [[String]] = []
    for item in items {
      if let type { names.note(item, of: type, machine) }
      var row: [String] = []
      for name in columns {
        row.append(cell.text(machine.field(name, of: item), type?.field(name), room: 32))
      }
      rows.append(row)
    }
    return rows
  }

  private func head(_ name: String, _ items: [Value]) -> TableLayout.Column {
    let tags = Set(items.map { machine.field(name, of: $0).tag }).subtracting([.null])
    if tags == [.time] { return TableLayout.Column(name, isWhole: true) }
    let isNumeric = !tags.isEmpty && tags.isSubset(of: [.int, .float])
    return TableLayout.Column(name, alignment: isNumeric ? .right : .left)
  }

  /// Those that the type declares as telling; else the fields of the records in order of appearance.
  private func columns(_ items: [Value], _ type: RecordType?) -> [String] {
    if let type, !type.columns.isEmpty { return type.columns.map(\.name) }
    var names: [String] = []
    var seen = Set<String>()
    for item in items {
      for (name, _) in machine.fields(item) where seen.insert(name).inserted { names.append(name) }
    }
    return names
  }

  private func type(of value: Value) -> RecordType? {
    machine.typeName(of: value).flatMap { APICatalogue.standard.recordType($0) }
  }

  // MARK: Records

  /// A long text takes so many lines at most.
  private static let mostLines = 6

  private func record(_ value: Value) -> String {
    let fields = machine.fields(value)
    guard !fields.isEmpty else { return "{}" }
    let type = type(of: value)
    var lines: [String] = []
    if let type {
      names.note(value, of: type, machine)
      lines.append(style.paint(type.name, .bold))
    }
    // Of an API record's many fields those with a value tell; what is null is named below.
    let shown = fields.filter { type == nil || !$0.value.isNull && $0.name != "type" }
    let nameWidth = shown.map { TextWidth.columns(of: $0.name) }.max() ?? 0
    let room = max(16, width - nameWidth - 2)
    let cell = cell
    for (name, field) in shown {
      let head = style.paint(TextWidth.pad(TextWidth.visible(name), to: nameWidth), .cyan) + "  "
      switch field.tag {
      case .null: lines.append(head + style.paint("null", .dim))
      case .time:
        let time = ValueCell.time(field, machine, seconds: true)
        lines.append(head + time + "  " + style.paint(cell.ago(field), .dim))
      default:
        let text = TextWidth.wrap(cell.text(field, type?.field(name), room: room), to: room)
        let margin = String(repeating: " ", count: nameWidth + 2)
        for (index, line) in text.prefix(ValueView.mostLines).enumerated() {
          let isCut = index == ValueView.mostLines - 1 && text.count > ValueView.mostLines
          lines.append((index == 0 ? head : margin) + line + (isCut ? " …" : ""))
        }
      }
    }
    let missing = type == nil ? [] : fields.filter { $0.value.isNull }.map(\.name)
    if !missing.isEmpty {
      let text = "null: " + missing.joined(separator: ", ")
      lines += TextWidth.wrap(text, to: width, hanging: "      ").map { style.paint($0, .dim) }
    }
    return lines.joined(separator: "\n")
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
