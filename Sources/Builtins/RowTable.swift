import Machine
import Terminal

/// Rows of values as columns: for `table` and `csv`.
struct RowTable {
  let machine: Machine
  let rows: [Value]
  private(set) var columns: [String] = []

  /// Columns of the API's records that say what a record is; the others are there by their names.
  private static let telling = [
    "id", "name", "email", "title", "subject", "state", "role", "category", "team_assignee_id",
    "admin_assignee_id",
    "created_at", "updated_at", "last_seen_at",
  ]
  /// Beyond these nobody reads a table in a terminal.
  private static let mostColumns = 12

  /// - Throws: where a column was asked for that no row has.
  init(_ machine: Machine, _ rows: [Value], asked: [String], name: String, all: Bool) throws(RuntimeError) {
    self.machine = machine
    self.rows = rows
    let known = try RowTable.names(rows, machine)
    if asked.isEmpty {
      columns = known
      if !all, known.count > RowTable.mostColumns, rows.contains(where: { machine.typeNumber(of: $0) != 0 }) {
        let set = Set(known)
        columns = RowTable.telling.filter { set.contains($0) }
        if columns.isEmpty { columns = Array(known.prefix(RowTable.mostColumns)) }
      }
      return
    }
    columns = asked
    guard !rows.isEmpty else { return }
    let set = Set(known)
    for column in asked where !set.contains(column) {
      let head = String(column.prefix { $0 != "." })
      if set.contains(head), head != column { continue }
      // An API record may lack a field that its type has.
      if rows.contains(where: { machine.typeNumber(of: $0) != 0 }) { continue }
      throw RuntimeError(
        "no row has a field \"\(column)\"", code: "no_field",
        hints: machine.nearestName(column, known).map { ["did you mean \"\($0)\"?"] }
          ?? (known.isEmpty
            ? [] : ["they have \(known.prefix(8).map { "\"\($0)\"" }.joined(separator: ", "))"]))
    }
  }

  /// The fields of all rows, in order of appearance; `value` where a row is no record.
  private static func names(_ rows: [Value], _ machine: Machine) throws(RuntimeError) -> [String] {
    var names: [String] = []
    var seen = Set<String>()
    for (index, row) in rows.enumerated() {
      if index & 0x3FF == 0 { try machine.checkInterrupt() }
      if row.tag == .record {
        for field in machine.fields(row) where seen.insert(field.name).inserted { names.append(field.name) }
      } else if seen.insert("value").inserted {
        names.append("value")
      }
    }
    return names
  }

  /// What stands in a row at a column: a field, or `team.name` inside one.
  func value(_ row: Value, _ column: String) -> Value {
    guard row.tag == .record else { return column == "value" ? row : .null }
    let direct = machine.field(column, of: row)
    if !direct.isNull || !column.contains(".") { return direct }
    var value = row
    for part in column.split(separator: ".") { value = machine.field(String(part), of: value) }
    return value
  }

  /// Lines for a terminal, and the columns that found no place.
  func layout(width: Int) throws(RuntimeError) -> TableLayout.Table {
    var cells: [[String]] = []
    cells.reserveCapacity(rows.count)
    var isNumeric = columns.map { _ in false }
    var isText = columns.map { _ in false }
    var isTime = columns.map { _ in true }
    for (number, row) in rows.enumerated() {
      if number & 0x3FF == 0 { try machine.checkInterrupt() }
      var line: [String] = []
      for (index, column) in columns.enumerated() {
        let value = value(row, column)
        if value.tag != .time, !value.isNull { isTime[index] = false }
        switch value.tag {
        case .int, .float, .duration: isNumeric[index] = true
        case .null: break
        default: isText[index] = true
        }
        line.append(text(value))
      }
      cells.append(line)
    }
    let heads = columns.enumerated().map { index, name in
      TableLayout.Column(
        name, alignment: isNumeric[index] && !isText[index] ? .right : .left, isWhole: isTime[index])
    }
    return TableLayout(columns: heads, width: width).table(cells)
  }

  private func text(_ value: Value) -> String {
    switch value.tag {
    case .null: return ""
    case .string: return machine.text(of: value)
    case .time:
      let local = LocalTime(value.asInt, machine)
      let minutes = Int(local.time / 60_000)
      return TimeFormat.pad(local.year, 4) + "-" + TimeFormat.pad(local.month, 2) + "-"
        + TimeFormat.pad(local.dayOfMonth, 2) + " " + TimeFormat.pad(minutes / 60, 2) + ":"
        + TimeFormat.pad(minutes % 60, 2)
    case .list:
      let count = machine.items(value).count
      let short = machine.short(value, 32)
      return short.hasSuffix("…") ? "[\(count) items]" : short
    case .record:
      // A reference shows as what people call the thing.
      for name in ["name", "title", "email"] {
        let field = machine.field(name, of: value)
        if field.tag == .string { return machine.text(of: field) }
      }
      return machine.short(value, 32)
    default: return machine.text(value)
    }
  }
}
