import Machine
import Terminal

/// Bars of what `count_by` and the like give.
enum Charting {
  static func lines(_ call: NativeCall, width: Int) throws(RuntimeError) -> [String] {
    let machine = call.machine
    guard call[0].tag == .list || call[0].tag == .record else {
      throw RuntimeError(
        "`chart` needs a list of records with a number each, not \(call[0].tag.word)",
        hints: ["`count_by { .state } | chart`"])
    }
    let label = try call.optionalText(1, "chart")
    let value = try call.optionalText(2, "chart")
    var bars: [BarChart.Bar] = []
    if call[0].tag == .record {
      for field in machine.fields(call[0]) { bars.append(try bar(field.name, field.value, machine)) }
    } else {
      for (index, item) in machine.items(call[0]).enumerated() {
        if index & 0x3FF == 0 { try machine.checkInterrupt() }
        bars.append(try bar(item, label, value, index, machine))
      }
    }
    return BarChart(width: width).lines(bars)
  }

  private static func bar(
    _ item: Value, _ label: String?, _ value: String?, _ index: Int, _ machine: Machine
  ) throws(RuntimeError) -> BarChart.Bar {
    guard item.tag == .record else { return try bar("\(index + 1)", item, machine) }
    let fields = machine.fields(item)
    let number =
      try value.map { name throws(RuntimeError) in try field(name, item, machine) }
      ?? fields.last { isNumber($0.value) }?.value
    guard let number else {
      throw RuntimeError(
        "`chart` finds no number in \(machine.short(item))",
        hints: ["name it: `chart(label: \"name\", value: \"total\")`"])
    }
    let words =
      try label.map { name throws(RuntimeError) in try field(name, item, machine) }
      ?? fields.first { !isNumber($0.value) || $0.name == "key" }?.value ?? .null
    return try bar(words.isNull ? "-" : machine.text(words), number, machine)
  }

  private static func field(_ name: String, _ item: Value, _ machine: Machine) throws(RuntimeError) -> Value {
    let known = machine.fields(item).map(\.name)
    guard known.contains(name) || machine.typeNumber(of: item) != 0 else {
      throw RuntimeError("`chart` finds no field \"\(name)\" in \(machine.short(item))", code: "no_field")
    }
    return machine.field(name, of: item)
  }

  private static func isNumber(_ value: Value) -> Bool {
    value.tag == .int || value.tag == .float || value.tag == .duration
  }

  private static func bar(_ label: String, _ value: Value, _ machine: Machine) throws(RuntimeError)
    -> BarChart.Bar
  {
    let line = label.split(whereSeparator: \.isNewline).joined(separator: " ")
    switch value.tag {
    case .int: return BarChart.Bar(line, Double(value.asInt), text: String(value.asInt))
    case .float: return BarChart.Bar(line, value.asDouble)
    case .duration: return BarChart.Bar(line, Double(value.asInt), text: machine.text(value))
    case .null: return BarChart.Bar(line, 0, text: "")
    default: throw RuntimeError("`chart` needs a number to draw, not \(machine.short(value))")
    }
  }
}
