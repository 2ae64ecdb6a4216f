import Catalogue
import Engine
import Syntax

/// Everything that help and the reference page say about resources, operations, types and fields, out of the
/// declarations alone.
struct APIHelp {
  let engine: Engine
  let catalogue: APICatalogue

  init(_ engine: Engine, _ catalogue: APICatalogue = .standard) {
    self.engine = engine
    self.catalogue = catalogue
  }

  /// Nil for what is no name of the API: `contacts`, `contacts.get`, `contact`, `contact.email`.
  func page(on topic: String) -> [String]? {
    let parts = topic.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 1:
      if let resource = catalogue.resource(topic) { return page(resource) }
      return catalogue.recordType(topic).map { page($0) }
    case 2...:
      if parts.count == 2, let page = operation(parts[0], parts[1]) { return page }
      return field(parts[0], Array(parts.dropFirst()))
    default: return nil
    }
  }

  // MARK: Resources

  private func page(_ resource: Resource) -> [String] {
    var lines = [resource.name + (resource.recordType.map { ": records of type \($0)" } ?? "")]
    if let about = resource.documentation { lines += ["", about] }
    let rows = engine.operationNames(resource.name).map { name in
      ("\(resource.name).\(name)", line("\(resource.name)", name))
    }
    lines += [""] + HelpText.table(rows, indent: 2, width: 0)
    lines += [
      "",
      resource.all == nil
        ? "`\(resource.name)` alone is no sequence."
        : "`\(resource.name)` alone is the sequence of all of them.",
    ]
    return lines
  }

  /// What an operation is for, in one line.
  func line(_ resource: String, _ name: String) -> String {
    APIHelp.firstLine(
      catalogue.operations(resource, name).first?.documentation
        ?? engine.operation(resource, name)?.signature.documentation ?? "")
  }

  static func firstLine(_ text: String) -> String {
    text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
  }

  // MARK: Operations

  private func operation(_ resource: String, _ name: String) -> [String]? {
    let operations = catalogue.operations(resource, name)
    guard let first = operations.first else { return nil }
    var lines = operations.map { APIHelp.call($0) }
    for (index, operation) in operations.enumerated() {
      if operations.prefix(index).contains(where: { $0.documentation == operation.documentation }) { continue }
      lines += ["", operation.documentation]
    }
    lines += ["", APIHelp.effect(first)]
    lines += remarks(first)
    let examples = operations.flatMap(\.examples)
    if !examples.isEmpty { lines += [""] + examples.map { "  > \($0)" } }
    return lines
  }

  /// `tags.apply(contact: id<contact>, tag: ref<tag>) -> tag`
  static func call(_ operation: APIOperation) -> String {
    let arguments = operation.parameters.map { parameter -> String in
      if case .literal(let literal)? = parameter.defaultValue {
        return "\(parameter.name): \(parameter.type) = \(text(literal))"
      }
      return "\(parameter.name): \(parameter.type)" + (parameter.isRequired ? "" : "?")
    }
    return "\(operation.qualifiedName)(\(arguments.joined(separator: ", "))) -> \(result(operation))"
  }

  private static func text(_ literal: Literal) -> String {
    switch literal {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): "\(number)"
    case .float(let number): "\(number)"
    case .string(let text): "\"\(text)\""
    case .duration(let milliseconds): "\(milliseconds / 1000)s"
    case .time: "…"
    }
  }

  static func result(_ operation: APIOperation) -> String {
    switch operation.result {
    case .nothing: "null"
    case .value(let type): "\(type)"
    case .sequence(let type): "sequence<\(type)>"
    }
  }

  static func effect(_ operation: APIOperation) -> String {
    switch operation.effect {
    case .read: "It only reads."
    case .write: operation.inverse == nil ? "It writes." : "It writes; `undo` can take it back."
    case .outward: "A customer sees it; it cannot be taken back."
    case .destroy: "It cannot be undone."
    }
  }

  private func remarks(_ operation: APIOperation) -> [String] {
    var lines: [String] = []
    for requirement in operation.requirements {
      let names = requirement.parameters.map { "`\($0)`" }.joined(separator: ", ")
      switch requirement {
      case .exactlyOne: lines.append("It needs exactly one of \(names).")
      case .atLeastOne: lines.append("It needs one of \(names) at least.")
      }
    }
    if let paging = operation.paging {
      switch paging.style {
      case .none: lines.append("Everything comes in one answer.")
      case .scroll: lines.append("It reads page by page, ahead of who asks: the server forgets a scroll that rests for \(paging.idleSeconds ?? 60) seconds.")
      default: lines.append("It reads page by page, when somebody asks for more\(paging.maxPageSize.map { ", \($0) at most" } ?? "").")
      }
      if paging.totalCount == .exact { lines.append("`count` asks for the number alone, in one request.") }
      if let cap = paging.cap, let beyond = paging.beyond { lines.append("Beyond \(cap) records it goes on as `\(operation.resource).\(beyond)`.") }
      if let cut = paging.cut { lines.append("The server keeps the newest \(cut); there is no way to the others.") }
    }
    if operation.filterParameter?.takesBlock == true, let type = operation.filterParameter?.type.recordType {
      let names = catalogue.searchFields(of: type).map { $0.path.joined(separator: ".") }
      lines += ["", "The server can search by: " + names.joined(separator: ", ") + "."]
    }
    return lines
  }

  // MARK: Types and fields

  private func page(_ type: RecordType) -> [String] {
    var lines = ["\(type.name): a record" + (catalogue.resourceName(ofType: type.name).map { " of `\($0)`" } ?? "")]
    if let about = type.documentation { lines += ["", about] }
    let rows = type.fields.filter { !$0.isOnlySearched }.map { field in
      (".\(field.name): \(APIHelp.type(field))", APIHelp.firstLine(field.documentation ?? ""))
    }
    lines += [""] + HelpText.table(rows, indent: 2, width: 0)
    let searched = type.fields.filter(\.isOnlySearched).map { $0.function.map { "`\($0)(it, …)`" } ?? "`.\($0.name)`" }
    if !searched.isEmpty { lines += ["", "The search alone has " + searched.joined(separator: ", ") + "."] }
    return lines
  }

  static func type(_ field: Field) -> String { "\(field.type)\(field.isOptional ? "?" : "")" }

  private func field(_ owner: String, _ path: [String]) -> [String]? {
    var record = catalogue.recordType(owner) ?? catalogue.resource(owner)?.recordType.flatMap { catalogue.recordType($0) }
    let top = record
    var found: Field?
    for name in path {
      guard let field = record?.field(name) else { return nil }
      found = field
      record = field.type.recordType.flatMap { catalogue.recordType($0) }
    }
    guard let field = found, let top else { return nil }
    var lines = [".\(path.joined(separator: ".")): \(APIHelp.type(field)) of \(top.name)"]
    if let about = field.documentation { lines += ["", about] }
    lines.append("")
    if let search = catalogue.searchFields(of: top.name).first(where: { $0.path == path }) {
      let operators = search.kind.operators.map(\.rawValue).joined(separator: " ")
      lines.append("The server can search by it (`\(search.wireName)`): \(operators)")
      if let function = search.function { lines.append("Scripts ask for it with `\(function)(it, …)`.") }
      if search.kind == .day { lines.append("The server compares whole days of the workspace's time zone; `filter` compares to the second.") }
      if search.kind == .token { lines.append("The server compares word by word; `filter` compares the text.") }
      if search.doubt != nil { lines.append("How the server takes it is not known: `filter` does without.") }
    } else {
      lines.append("The server cannot search by it: `filter` looks at it here.")
    }
    if field.isSortable { lines.append("The server can sort by it.") }
    if let cut = field.cut {
      lines.append(
        cut.rest.map { "The server puts \(cut.limit) at most into the record; read on, it fetches the rest by `\($0.resource).\($0.operation)`." }
          ?? "The server puts \(cut.limit) at most into the record, and there is no way to the rest: `is_cut` tells.")
    }
    if let record, record.name != top.name {
      lines += ["", "Its fields: " + record.fields.filter { !$0.onlySearch }.map { ".\($0.name)" }.joined(separator: " ")]
    }
    return lines
  }
}
