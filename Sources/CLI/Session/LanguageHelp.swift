import Bytecode
import Catalogue
import Diagnostics
import Engine
import Terminal

/// Help on names of the language and the API, from signatures and declarations: nothing is written twice.
struct LanguageHelp {
  let engine: Engine
  /// Columns that lines may take.
  let width: Int
  let catalogue = APICatalogue.standard

  init(_ engine: Engine, width: Int = 100) {
    self.engine = engine
    self.width = max(40, width)
  }

  /// Everything that there is help on.
  var topics: [String] {
    let builtins = engine.knownNames().filter { catalogue.operationNames(of: $0) == nil }
    let operations = catalogue.resourceNames.flatMap { resource in
      [resource] + engine.operationNames(resource).map { "\(resource).\($0)" }
    }
    return builtins + LanguageHelp.chapters + operations
  }

  /// Lists of names, by the word that asks for them.
  static let chapters = ["resources", "functions", "output"]

  /// Nil where there is no such name.
  func text(on topic: String) -> String? {
    let parts = topic.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2 {
      if let text = operation(parts[0], parts[1]) { return text }
      return field(parts[0], parts[1])
    }
    switch topic {
    case "resources": return resources
    case "functions": return functions
    case "output": return output
    default: break
    }
    if let resource = catalogue.resource(topic) { return text(on: resource) }
    if let signature = signature(topic) { return text(on: signature) }
    return catalogue.recordType(topic).map { text(on: $0) }
  }

  /// The topic that was probably meant.
  func nearest(_ topic: String) -> String? { Spelling.nearest(topic, in: topics) }

  /// One line for each name that has to do with a word: those whose name has it first.
  func apropos(_ word: String) -> [String] {
    let word = word.lowercased()
    var named: [(String, String)] = []
    var mentioned: [(String, String)] = []
    for topic in topics {
      let about = line(on: topic)
      if topic.lowercased().contains(word) {
        named.append((topic, about))
      } else if about.lowercased().contains(word) {
        mentioned.append((topic, about))
      }
    }
    return table(named + mentioned)
  }

  /// What a name is for, in one line.
  func line(on topic: String) -> String {
    let parts = topic.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2 {
      return
        (catalogue.operations(parts[0], parts[1]).first?.documentation
        ?? engine.operation(parts[0], parts[1])?.signature.documentation ?? "").firstLine
    }
    if let resource = catalogue.resource(topic) { return (resource.documentation ?? "").firstLine }
    if LanguageHelp.chapters.contains(topic) { return "a list: `help \(topic)`" }
    return (signature(topic)?.documentation ?? "").firstLine
  }

  func signature(_ name: String) -> Signature? { engine.native(name) ?? engine.prelude(name)?.signature }

  // MARK: Lists of names

  /// Where to begin.
  var beginning: String {
    var lines = [
      "Type an expression and see its value. Nothing is written unless a line says so.", "",
      "  contacts                                          the first of them, as a table",
      "  contacts | count                                  how many there are",
      "  contacts | filter { .role == \"lead\" }             some of them: the server searches",
      "  contacts | first                                  one, with all its fields",
      "  tickets | count_by { .category } | chart          counted, and drawn",
      "  contacts | take(100) | save(\"people.csv\")         a file", "",
    ]
    lines += wrapped("Resources: " + catalogue.resourceNames.joined(separator: ", "))
    lines += [
      "",
      "  help contacts          what one can do with them; `help contacts.search`, `contacts.search?`",
      "  help functions         filter, map, count_by and all others, a line each",
      "  help output            tables, files, charts",
      "  apropos merge          names that have to do with a word",
      "  :help                  the REPL's own commands and keys",
      "",
      "Tab completes, Tab Tab lists what fits; `_` is the last value, a line that starts with | goes on from it.",
    ]
    return lines.map { TextWidth.truncate($0, to: width) }.joined(separator: "\n")
  }

  private var resources: String {
    table(catalogue.resourceNames.map { ($0, line(on: $0)) }).joined(separator: "\n")
  }

  private var functions: String {
    let names = Set(engine.knownNames()).subtracting(catalogue.resourceNames).filter { signature($0) != nil }
    return table(names.sorted().map { ($0, line(on: $0)) }).joined(separator: "\n")
  }

  private var output: String {
    let names = ["print", "table", "json", "ndjson", "csv", "yaml", "chart", "save"]
    let lines =
      ["At the end of a pipe:", ""] + table(names.map { ($0, line(on: $0)) }) + [""]
      + wrapped(
        "`save(\"people.csv\")` writes a file: .csv, .json, .jsonl, .yaml or .txt. Output longer than the screen goes"
          + " through $PAGER. `help chart` says what can be drawn.")
    return lines.joined(separator: "\n")
  }

  // MARK: Pages

  private func text(on signature: Signature) -> String {
    var lines = wrapped(LanguageHelp.call(signature))
    if !signature.documentation.isEmpty { lines += [""] + wrapped(signature.documentation) }
    let documented = signature.parameters.filter { !$0.documentation.isEmpty }
    if !documented.isEmpty { lines += [""] + table(documented.map { ($0.name, $0.documentation) }) }
    if !signature.example.isEmpty { lines += ["", "  > \(signature.example)"] }
    return lines.joined(separator: "\n")
  }

  private func text(on resource: Resource) -> String {
    var lines = [resource.name + (resource.recordType.map { ": records of type \($0)" } ?? "")]
    if let about = resource.documentation { lines += [""] + wrapped(about) }
    let names = engine.operationNames(resource.name)
    lines += [""] + table(names.map { ("\(resource.name).\($0)", line(on: "\(resource.name).\($0)")) })
    var end =
      resource.all == nil
      ? "`\(resource.name)` alone is no sequence."
      : "`\(resource.name)` alone is the sequence of all of them."
    if let type = resource.recordType, catalogue.recordType(type) != nil {
      end += " `help \(type)` lists their fields."
    }
    return (lines + [""] + wrapped(end)).joined(separator: "\n")
  }

  private func text(on type: RecordType) -> String {
    var lines = ["\(type.name): a record"]
    if let about = type.documentation { lines += [""] + wrapped(about) }
    let rows = type.fields.filter { !$0.onlySearch }.map { field in
      (".\(field.name): \(field.type)\(field.isOptional ? "?" : "")", (field.documentation ?? "").firstLine)
    }
    lines += [""] + table(rows)
    let searched = type.fields.filter { $0.search != nil }.map { ".\($0.name)" }
    if !searched.isEmpty {
      lines += [""] + wrapped("The server can search by " + searched.joined(separator: ", ") + ".")
    }
    return lines.joined(separator: "\n")
  }

  private func field(_ type: String, _ path: String) -> String? {
    let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let lines = APIHelp(engine, catalogue).field(type, names)
    return lines.map { $0.flatMap { wrapped($0) }.joined(separator: "\n") }
  }

  private func operation(_ resource: String, _ name: String) -> String? {
    let operations = catalogue.operations(resource, name)
    guard !operations.isEmpty else {
      return engine.operation(resource, name).map { text(on: $0.signature) }
    }
    return OperationPage(help: self, operations: operations).text
  }

  // MARK: Layout

  func wrapped(_ text: String, hanging: String = "") -> [String] {
    TextWidth.wrap(text, to: width, hanging: hanging)
  }

  /// Two columns; the right one is wrapped under itself.
  func table(_ rows: [(String, String)]) -> [String] {
    let most = max(12, min(34, width / 2))
    let left = min(most, rows.map { TextWidth.columns(of: $0.0) }.max() ?? 0)
    let margin = String(repeating: " ", count: left + 4)
    let room = width - margin.count
    return rows.flatMap { name, about -> [String] in
      let lines = room >= 16 ? TextWidth.wrap(about, to: room) : [about]
      let first = lines.first ?? ""
      let rest = lines.dropFirst().map { margin + $0 }
      if TextWidth.columns(of: name) > left {
        return ["  " + name] + (first.isEmpty ? [] : [margin + first]) + rest
      }
      return [first.isEmpty ? "  " + name : "  " + TextWidth.pad(name, to: left) + "  " + first] + rest
    }
  }

  /// `take(s, n)`, `sort_by(s, descending: false) { … }`
  static func call(_ signature: Signature) -> String {
    var block = ""
    var parameters: [String] = []
    for (index, parameter) in signature.parameters.enumerated() {
      // The prelude calls its blocks so.
      if parameter.name == "f", index > 0, parameter.type == "any" {
        block = parameter.isOptional ? " { … }?" : " { … }"
        continue
      }
      var text = parameter.name
      if let value = parameter.defaultText {
        text += ": \(value)"
      } else {
        if !parameter.type.isEmpty, parameter.type != "any" { text += ": \(parameter.type)" }
        if parameter.isOptional, !(signature.isVariadic && index == signature.parameters.count - 1) {
          text += "?"
        }
      }
      if signature.isVariadic, index == signature.parameters.count - 1 { text += ", …" }
      parameters.append(text)
    }
    let result = signature.result.isEmpty || signature.result == "any" ? "" : " -> \(signature.result)"
    return "\(signature.name)(\(parameters.joined(separator: ", ")))\(block)\(result)"
  }
}
