import Bytecode
import JSON
import Machine
import Terminal

/// What `stdlib/prelude/writing.parl` stands on: whole lists printed in the forms that people and programs read.
public enum OutputNatives {
  public static func add(to table: inout NativeTable, host: BuiltinHost) {
    table.add("__rest", [], "The arguments that are left: the mark of a parameter that takes any number.") {
      call in
      call.machine.list([])
    }
    table.add("__is_sequence", [.required("v")], "Whether it must be read before it can be shown.") { call in
      .bool(call[0].tag == .sequence || call[0].tag == .range)
    }
    table.add("__table", [.required("rows"), .required("columns")], "Prints a table.") { call in
      try printTable(call, host)
      return .null
    }
    table.add("__json", [.required("x"), .optional("indent")], "Prints JSON.") { call in
      let indent = try indentation(call)
      var writer = JSONWriter(indentation: indent)
      try ValueWriter(machine: call.machine, name: "json").json(call[0], &writer)
      host.output(writer.string)
      return .null
    }
    table.add("__ndjson", [.required("x")], "Prints one line of JSON lines.") { call in
      var writer = JSONWriter()
      try ValueWriter(machine: call.machine, name: "ndjson").json(call[0], &writer)
      host.output(writer.string)
      return .null
    }
    table.add("__csv", [.required("rows"), .required("columns")], "Prints CSV.") { call in
      var text = try csv(call, Array(call.machine.items(call[0])), try columns(call, 1, "csv"), lineEnd: "\n")
      if text.hasSuffix("\n") { text.removeLast() }
      if !text.isEmpty { host.output(text) }
      return .null
    }
    table.add("__yaml", [.required("x")], "Prints YAML.") { call in
      var writer = YAMLWriter()
      try ValueWriter(machine: call.machine, name: "yaml").yaml(call[0], &writer)
      var text = writer.text
      if text.hasSuffix("\n") { text.removeLast() }
      host.output(text)
      return .null
    }
    table.add(
      "__chart", [.required("rows"), .optional("label"), .optional("value"), .optional("file")],
      "Draws, in the terminal or into a file."
    ) { call in
      let drawing = try Charting(call: call).drawing()
      guard let path = try call.optionalText(3, "chart") else {
        for line in drawing.lines(width: host.columns()) { host.output(line) }
        return .null
      }
      try saveChart(drawing, path, host)
      return .null
    }
  }

  private static func saveChart(
    _ drawing: Charting.Drawing, _ path: String, _ host: BuiltinHost
  ) throws(RuntimeError) {
    guard path.hasSuffix(".svg") else {
      throw RuntimeError(
        "`chart` draws .svg files, and \"\(path)\" is none",
        hints: ["`chart(file: \"tickets.svg\")`; any browser shows it"])
    }
    guard let files = host.files else {
      throw RuntimeError("there are no files here: this engine was given none", code: "file")
    }
    try files.write(Array(drawing.picture.utf8), to: path)
  }

  private static func indentation(_ call: NativeCall) throws(RuntimeError) -> Int? {
    if call[1].isNull || call[1].isAbsent { return nil }
    let indent = try call.int(1, "json")
    guard (0...16).contains(indent) else {
      throw RuntimeError("`json` indents by 0 to 16 spaces, not \(indent)")
    }
    return Int(indent)
  }

  /// The texts of a variadic place; a list of texts counts as its items.
  static func columns(_ call: NativeCall, _ index: Int, _ name: String) throws(RuntimeError) -> [String] {
    var columns: [String] = []
    for item in call.machine.items(call[index]) {
      for one in item.tag == .list ? Array(call.machine.items(item)) : [item] {
        guard one.tag == .string else {
          throw RuntimeError(
            "`\(name)` takes the names of columns as texts, not \(one.tag.word)",
            hints: one.tag == .function
              ? ["`map { {.id, .email} } | \(name)` computes the columns"] : ["`\(name)(\"id\", \"email\")`"])
        }
        columns.append(call.machine.text(of: one))
      }
    }
    return columns
  }

  private static func printTable(_ call: NativeCall, _ host: BuiltinHost) throws(RuntimeError) {
    let machine = call.machine
    let asked = try columns(call, 1, "table")
    var rows: [Value]
    switch call[0].tag {
    case .list: rows = Array(machine.items(call[0]))
    case .record:
      // One record stands upright.
      rows = machine.fields(call[0]).map {
        machine.record([("field", machine.string($0.name)), ("value", $0.value)])
      }
      if !asked.isEmpty { rows = [call[0]] }
    case .null:
      throw RuntimeError("`table` needs rows, not null", hints: ["say what stands for nothing: `x ?? []`"])
    default: throw RuntimeError("`table` needs a list of records, not \(call[0].tag.word)")
    }
    if rows.isEmpty {
      host.output("no rows")
      return
    }
    let table = try RowTable(machine, rows, asked: asked, name: "table", all: false)
    let layout = try table.layout(width: host.columns())
    for line in layout.lines { host.output(line) }
    if !layout.hiddenHeaders.isEmpty {
      host.warning(
        "no room for \(layout.hiddenHeaders.joined(separator: ", ")); name the columns you want: table(\"id\", …)"
      )
    }
  }

  static func csv(
    _ call: NativeCall, _ rows: [Value], _ asked: [String], lineEnd: String
  ) throws(RuntimeError) -> String {
    let machine = call.machine
    let table = try RowTable(machine, rows, asked: asked, name: "csv", all: true)
    if table.columns.isEmpty { return "" }
    let cells = ValueWriter(machine: machine, name: "csv")
    var writer = CSVWriter(lineEnd: lineEnd)
    writer.row(table.columns)
    for (number, row) in rows.enumerated() {
      if number & 0xFF == 0 {
        try machine.checkInterrupt()
        try machine.checkRoom(writer.text.utf8.count)
      }
      var line: [String?] = []
      for column in table.columns { line.append(try cells.cell(table.value(row, column))) }
      writer.row(line)
    }
    return writer.text
  }
}
