import Bytecode
import JSON
import Machine
import Terminal

/// Reading files that were given to a script, and saving results.
public enum FileNatives {
  public static func add(to table: inout NativeTable, host: BuiltinHost) {
    table.add(
      "rows", [.required("file", "file")], result: "list<record>",
      "The rows of a CSV, JSON or JSON lines file that was given as a parameter.",
      example: "rows(people) | map { .email }"
    ) { call in
      let path = try call.text(0, "rows")
      let bytes = try files(host).read(path)
      return try read(call.machine, bytes, path)
    }
    table.add(
      "text", [.required("file", "file")], result: "string",
      "The text of a file that was given as a parameter.",
      example: "text(note)"
    ) { call in
      let path = try call.text(0, "text")
      return try checked(call.machine, try files(host).read(path), path)
    }
    table.add(
      "files", [.required("folder", "folder")], result: "list<string>",
      "The files of a folder that was given as a parameter, by name.", example: "files(drafts) | count"
    ) { call in
      let machine = call.machine
      return machine.list(try files(host).list(try call.text(0, "files")).map { machine.string($0) })
    }
    table.add("__save", [.required("x"), .required("to")], "Writes a file, whole or not at all.") { call in
      let path = try call.text(1, "save")
      try files(host).write(try bytes(call, path), to: path)
      return .null
    }
    table.add(
      "__save_text", [.required("text", "string"), .required("to")],
      "Writes a text as it is, whole or not at all, whatever the file's name says."
    ) { call in
      _ = try call.text(0, "save")
      try files(host).write(Array(call.machine.utf8(call[0])), to: try call.text(1, "save"))
      return .null
    }
  }

  private static func files(_ host: BuiltinHost) throws(RuntimeError) -> FileAccess {
    guard let files = host.files else {
      throw RuntimeError("there are no files here: this engine was given none", code: "file")
    }
    return files
  }

  private static func ending(_ path: String) -> String {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  // MARK: Reading

  private static func checked(_ machine: Machine, _ bytes: [UInt8], _ path: String) throws(RuntimeError)
    -> Value
  {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RuntimeError(
        "the file \"\(path)\" is not UTF-8 text", code: "file",
        hints: ["save it as UTF-8 (CSV UTF-8 in spreadsheets)"])
    }
    return machine.string(text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
  }

  private static func read(_ machine: Machine, _ bytes: [UInt8], _ path: String) throws(RuntimeError) -> Value
  {
    switch ending(path) {
    case "json":
      let value = try json(bytes, machine, path)
      if value.tag == .list { return value }
      throw RuntimeError("the file \"\(path)\" holds no list of rows but \(value.tag.word)", code: "file")
    case "jsonl", "ndjson": return try jsonLines(bytes, machine, path)
    case "csv", "tsv", "txt": return try csv(machine, bytes, path)
    default:
      throw RuntimeError(
        "`rows` reads .csv, .tsv, .json, .jsonl and .ndjson, and \"\(path)\" is none of them", code: "file")
    }
  }

  private static func csv(_ machine: Machine, _ bytes: [UInt8], _ path: String) throws(RuntimeError) -> Value
  {
    _ = try checked(machine, bytes, path)
    var reader = CSVReader(bytes)
    do {
      guard let header = try reader.next() else { return machine.list([]) }
      var names: [String] = []
      for field in header.fields {
        let name = String(field.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        guard !name.isEmpty, !names.contains(name) else {
          throw CSVReader.Fault(
            line: header.line,
            reason: name.isEmpty ? "a column has no name" : "two columns bear the name \"\(name)\"")
        }
        names.append(name)
      }
      var rows: [Value] = []
      while let row = try reader.next() {
        if rows.count & 0x3FF == 0 { try machine.checkInterrupt() }
        guard row.fields.count == names.count else {
          throw CSVReader.Fault(
            line: row.line, reason: "there are \(row.fields.count) fields under \(names.count) columns")
        }
        rows.append(machine.record(zip(names, row.fields).map { ($0, machine.string($1)) }))
      }
      return machine.list(rows)
    } catch let fault as CSVReader.Fault {
      throw RuntimeError(
        "the file \"\(path)\" cannot be read at line \(fault.line): \(fault.reason)", code: "file")
    } catch let error as RuntimeError {
      throw error
    } catch {
      throw RuntimeError("the file \"\(path)\" cannot be read", code: "file")
    }
  }

  private static func json(_ bytes: [UInt8], _ machine: Machine, _ path: String) throws(RuntimeError) -> Value
  {
    do throws(JSONError) {
      return try ValueReader(machine, obeysLimits: true).read(bytes)
    } catch {
      throw try unreadable(error, machine, path, line: 1)
    }
  }

  private static func jsonLines(
    _ bytes: [UInt8], _ machine: Machine, _ path: String
  ) throws(RuntimeError) -> Value {
    let reader = ValueReader(machine, obeysLimits: true)
    var rows: [Value] = []
    var start = 0
    var line = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      line += 1
      if line & 0x3FF == 0 { try machine.checkInterrupt() }
      let text = bytes[start..<end]
      start = end + 1
      if text.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
      do throws(JSONError) {
        rows.append(try reader.read(Array(text)))
      } catch {
        throw try unreadable(error, machine, path, line: line)
      }
    }
    return machine.list(rows)
  }

  private static func unreadable(
    _ error: JSONError, _ machine: Machine, _ path: String, line: Int
  ) throws(RuntimeError) -> RuntimeError {
    try machine.checkRead()
    return RuntimeError(
      "the file \"\(path)\" cannot be read at line \(line + error.line - 1), column \(error.column): \(error.message)",
      code: "file")
  }

  // MARK: Saving

  private static func bytes(_ call: NativeCall, _ path: String) throws(RuntimeError) -> [UInt8] {
    let machine = call.machine
    let value = call[0]
    let writer = ValueWriter(machine: machine, name: "save")
    switch ending(path) {
    case "csv":
      guard value.tag == .list else {
        throw RuntimeError("a CSV file is saved from a list of records, not from \(value.tag.word)")
      }
      return Array(try OutputNatives.csv(call, Array(machine.items(value)), [], lineEnd: "\r\n").utf8)
    case "json":
      var json = JSONWriter(indentation: 2)
      try writer.json(value, &json)
      json.lineBreak()
      return json.bytes
    case "jsonl", "ndjson":
      guard value.tag == .list else {
        throw RuntimeError("a file of JSON lines is saved from a list, not from \(value.tag.word)")
      }
      var json = JSONWriter()
      for item in machine.items(value) {
        try writer.json(item, &json)
        json.lineBreak()
      }
      return json.bytes
    case "yaml", "yml":
      var yaml = YAMLWriter()
      try writer.yaml(value, &yaml)
      return Array(yaml.text.utf8)
    case "txt", "md", "html":
      guard value.tag == .string else {
        throw RuntimeError(
          "a \(ending(path)) file is saved from a text, not from \(value.tag.word)",
          hints: ["`join(\"\\n\")` makes one text of a list"])
      }
      return Array(machine.utf8(value))
    default:
      throw RuntimeError(
        "`save` cannot tell from the name \"\(path)\" what to write",
        hints: ["it knows .csv .json .jsonl .ndjson .yaml .txt .md .html"])
    }
  }
}
