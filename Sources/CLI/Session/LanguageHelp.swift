import Bytecode
import Catalogue
import Engine

/// Help on names of the language and the API, from signatures and declarations.
struct LanguageHelp {
  private let engine: Engine
  private let catalogue = APICatalogue.standard

  init(_ engine: Engine) { self.engine = engine }

  /// Everything that there is help on.
  var topics: [String] {
    let builtins = engine.knownNames().filter { catalogue.operationNames(of: $0) == nil }
    let operations = catalogue.resourceNames.flatMap { resource in
      [resource] + engine.operationNames(resource).map { "\(resource).\($0)" }
    }
    return builtins + operations
  }

  /// Nil where there is no such name.
  func text(on topic: String) -> String? {
    let parts = topic.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2 {
      if let text = operation(parts[0], parts[1]) { return text }
      return field(parts[0], parts[1])
    }
    if let resource = catalogue.resource(topic) { return text(on: resource) }
    if let type = catalogue.recordType(topic) { return text(on: type) }
    guard let signature = signature(topic) else { return nil }
    return text(on: signature)
  }

  /// One line for each name that has to do with a word.
  func apropos(_ word: String) -> [String] {
    let word = word.lowercased()
    var lines: [String] = []
    for topic in topics {
      let about = line(on: topic)
      if topic.lowercased().contains(word) || about.lowercased().contains(word) {
        lines.append(about.isEmpty ? topic : "\(topic): \(about)")
      }
    }
    return lines
  }

  /// What a name is for, in one line.
  func line(on topic: String) -> String {
    let parts = topic.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2 {
      return firstLine(
        catalogue.operations(parts[0], parts[1]).first?.documentation
          ?? engine.operation(parts[0], parts[1])?.signature.documentation ?? "")
    }
    if let resource = catalogue.resource(topic) { return firstLine(resource.documentation ?? "") }
    return firstLine(signature(topic)?.documentation ?? "")
  }

  func signature(_ name: String) -> Signature? { engine.native(name) ?? engine.prelude(name)?.signature }

  // MARK: Pages

  private func text(on signature: Signature) -> String {
    var lines = [LanguageHelp.call(signature)]
    if !signature.documentation.isEmpty { lines += ["", signature.documentation] }
    let documented = signature.parameters.filter { !$0.documentation.isEmpty }
    if !documented.isEmpty {
      lines += [""] + HelpText.table(documented.map { ($0.name, $0.documentation) }, indent: 2, width: 0)
    }
    if !signature.example.isEmpty { lines += ["", "  > \(signature.example)"] }
    return lines.joined(separator: "\n")
  }

  private func text(on resource: Resource) -> String {
    var lines = [resource.name + (resource.recordType.map { ": records of type \($0)" } ?? "")]
    if let about = resource.documentation { lines += ["", about] }
    let names = engine.operationNames(resource.name)
    let rows = names.map { ("\(resource.name).\($0)", line(on: "\(resource.name).\($0)")) }
    lines += [""] + HelpText.table(rows, indent: 2, width: 0)
    lines += [
      "",
      resource.all == nil
        ? "`\(resource.name)` alone is no sequence."
        : "`\(resource.name)` alone is the sequence of all of them.",
    ]
    return lines.joined(separator: "\n")
  }

  private func text(on type: RecordType) -> String {
    var lines = ["\(type.name): a record"]
    if let about = type.documentation { lines += ["", about] }
    let rows = type.fields.filter { !$0.onlySearch }.map { field in
      (".\(field.name): \(field.type)\(field.isOptional ? "?" : "")", firstLine(field.documentation ?? ""))
    }
    lines += [""] + HelpText.table(rows, indent: 2, width: 0)
    return lines.joined(separator: "\n")
  }

  private func field(_ type: String, _ name: String) -> String? {
    let record =
      catalogue.recordType(type) ?? catalogue.resource(type)?.recordType.flatMap { catalogue.recordType($0) }
    guard let field = record?.field(name) else { return nil }
    var lines = [".\(field.name): \(field.type)\(field.isOptional ? "?" : "") of \(record?.name ?? type)"]
    if let about = field.documentation { lines += ["", about] }
    if field.search != nil { lines += ["", "The server can search by it."] }
    return lines.joined(separator: "\n")
  }

  private func operation(_ resource: String, _ name: String) -> String? {
    let operations = catalogue.operations(resource, name)
    guard let first = operations.first else {
      return engine.operation(resource, name).map { text(on: $0.signature) }
    }
    var lines: [String] = []
    for operation in operations {
      let arguments = operation.parameters.map { parameter in
        "\(parameter.name): \(parameter.type)" + (parameter.isRequired ? "" : "?")
      }
      lines.append(
        "\(operation.qualifiedName)(\(arguments.joined(separator: ", "))) -> \(LanguageHelp.result(operation))"
      )
    }
    lines += ["", first.documentation, "", LanguageHelp.effect(first)]
    if operations.contains(where: { $0.paging != nil }) {
      lines.append("It reads page by page, when somebody asks for more.")
    }
    if !first.examples.isEmpty { lines += [""] + first.examples.map { "  > \($0)" } }
    return lines.joined(separator: "\n")
  }

  private static func effect(_ operation: APIOperation) -> String {
    switch operation.effect {
    case .read: return "It only reads."
    case .write: return operation.inverse == nil ? "It writes." : "It writes; `undo` can take it back."
    case .outward: return "A customer sees it; it cannot be taken back."
    case .destroy: return "It cannot be undone."
    }
  }

  private static func result(_ operation: APIOperation) -> String {
    switch operation.result {
    case .nothing: "null"
    case .value(let type): "\(type)"
    case .sequence(let type): "sequence<\(type)>"
    }
  }

  /// `take(s, n)`
  static func call(_ signature: Signature) -> String {
    let parameters = signature.parameters.enumerated().map { index, parameter -> String in
      var text = parameter.name
      if !parameter.type.isEmpty, parameter.type != "any" { text += ": \(parameter.type)" }
      if parameter.isOptional { text += "?" }
      if signature.isVariadic, index == signature.parameters.count - 1 { text += ", …" }
      return text
    }
    let result = signature.result.isEmpty || signature.result == "any" ? "" : " -> \(signature.result)"
    return "\(signature.name)(\(parameters.joined(separator: ", ")))\(result)"
  }

  private func firstLine(_ text: String) -> String {
    text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
  }
}
