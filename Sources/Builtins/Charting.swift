import Machine
import Terminal

/// What `chart` draws: bars of things with names, columns of what has an order, how often numbers and times fall
/// where.
struct Charting {
  enum Drawing {
    case bars([BarChart.Bar])
    /// In the order of time or size.
    case columns([BarChart.Bar])
  }

  let call: NativeCall
  private var machine: Machine { call.machine }

  func drawing() throws(RuntimeError) -> Drawing {
    guard call[0].tag == .list || call[0].tag == .record else {
      throw RuntimeError(
        "`chart` needs a list of records with a number each, of numbers or of times, not \(call[0].tag.word)",
        hints: ["`count_by { .state } | chart`", "`map { .created_at } | chart`"])
    }
    let label = try call.optionalText(1, "chart")
    let value = try call.optionalText(2, "chart")
    if call[0].tag == .record {
      var bars: [BarChart.Bar] = []
      for field in machine.fields(call[0]) { bars.append(try bar(field.name, field.value)) }
      return .bars(bars)
    }
    let items = machine.items(call[0])
    if let drawing = try distribution(items) { return drawing }
    var bars: [BarChart.Bar] = []
    var times: [Int64] = []
    for (index, item) in items.enumerated() {
      if index & 0x3FF == 0 { try machine.checkInterrupt() }
      let (words, bar) = try bar(item, label, value, index)
      bars.append(bar)
      if words.tag == .time { times.append(words.asInt) }
    }
    // Labels that are times have an order of their own.
    guard !bars.isEmpty, times.count == bars.count else { return .bars(bars) }
    let order = times.indices.sorted { times[$0] < times[$1] }
    return .columns(order.map { bars[$0] })
  }

  /// A list of numbers, or of times, is counted by where they fall. Nulls are left out.
  private func distribution(_ items: UnsafeBufferPointer<Value>) throws(RuntimeError) -> Drawing? {
    var numbers: [Double] = []
    var times: [Int64] = []
    var durations = 0
    for (index, item) in items.enumerated() {
      if index & 0xFFF == 0 { try machine.checkInterrupt() }
      switch item.tag {
      case .null: continue
      case .int: numbers.append(Double(item.asInt))
      case .float: numbers.append(item.asDouble)
      case .duration:
        numbers.append(Double(item.asInt))
        durations += 1
      case .time:
        times.append(item.asInt &+ Int64(machine.zoneOffsetMinutes(item.asInt)) * 60_000)
      default: return nil
      }
    }
    if !times.isEmpty, numbers.isEmpty { return .columns(Charting.overTime(times)) }
    guard !numbers.isEmpty, times.isEmpty, durations == 0 || durations == numbers.count else { return nil }
    let bins = Histogram(numbers).bins
    guard durations > 0 else { return .bars(bins.map { BarChart.Bar($0.label, Double($0.count)) }) }
    return .bars(
      bins.map { bin in
        let ends = [bin.lower, bin.upper].map { machine.text(.duration(Int64($0.rounded()))) }
        return BarChart.Bar(ends[0] == ends[1] ? ends[0] : "\(ends[0]) – \(ends[1])", Double(bin.count))
      })
  }

  private static func overTime(_ local: [Int64]) -> [BarChart.Bar] {
    let bins = TimeBins(local: local)
    return bins.bins.map { bin in
      let text = Timestamp.text(bin.start, offsetMinutes: 0)
      let label =
        bins.step >= LocalTime.day ? text.prefix(10) : "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
      return BarChart.Bar(String(label), Double(bin.count))
    }
  }

  private func bar(
    _ item: Value, _ label: String?, _ value: String?, _ index: Int
  ) throws(RuntimeError) -> (Value, BarChart.Bar) {
    guard item.tag == .record else { return (.null, try bar("\(index + 1)", item)) }
    let fields = machine.fields(item)
    let number =
      try value.map { name throws(RuntimeError) in try field(name, item) }
      ?? fields.last { Charting.isNumber($0.value) }?.value
    guard let number else {
      throw RuntimeError(
        "`chart` finds no number in \(machine.short(item))",
        hints: ["name it: `chart(label: \"name\", value: \"total\")`"])
    }
    let words =
      try label.map { name throws(RuntimeError) in try field(name, item) }
      ?? fields.first { !Charting.isNumber($0.value) || $0.name == "key" }?.value ?? .null
    return (words, try bar(words.isNull ? "-" : caption(words), number))
  }

  /// A time at midnight is a day.
  private func caption(_ words: Value) -> String {
    guard words.tag == .time else { return machine.text(words) }
    let text = machine.text(words)
    guard text.dropFirst(10).hasPrefix("T00:00:00") else { return text }
    return String(text.prefix(10))
  }

  private func field(_ name: String, _ item: Value) throws(RuntimeError) -> Value {
    let known = machine.fields(item).map(\.name)
    guard known.contains(name) || machine.typeNumber(of: item) != 0 else {
      throw RuntimeError("`chart` finds no field \"\(name)\" in \(machine.short(item))", code: "no_field")
    }
    return machine.field(name, of: item)
  }

  private static func isNumber(_ value: Value) -> Bool {
    value.tag == .int || value.tag == .float || value.tag == .duration
  }

  private func bar(_ label: String, _ value: Value) throws(RuntimeError) -> BarChart.Bar {
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

extension Charting.Drawing {
  /// For a terminal.
  func lines(width: Int) -> [String] {
    switch self {
    case .bars(let bars): return BarChart(width: width).lines(bars)
    case .columns(let bars):
      let first = bars.first?.label ?? ""
      let last = bars.count > 1 ? bars.last?.label ?? "" : ""
      return ColumnChart(width: width).lines(bars.map(\.value), from: first, to: last)
    }
  }

  var picture: String {
    switch self {
    case .bars(let bars): ChartPicture().bars(bars)
    case .columns(let bars): ChartPicture().columns(bars)
    }
  }
}
