import Catalogue

/// The help page of an operation: what it takes and gives, what it does to the workspace, and what it costs.
struct OperationPage {
  let help: LanguageHelp
  /// All of one name; at least one.
  let operations: [APIOperation]

  var text: String {
    var lines: [String] = []
    for operation in operations {
      lines += help.wrapped(OperationPage.call(operation), hanging: "    ")
    }
    if let first = operations.first { lines += [""] + help.wrapped(first.documentation) }
    let arguments = self.arguments
    if !arguments.isEmpty { lines += ["", "Arguments:"] + help.table(arguments) }
    lines += [""] + facts.flatMap { help.wrapped($0) }
    let examples = operations.flatMap(\.examples)
    if !examples.isEmpty { lines += [""] + examples.map { "  > \($0)" } }
    return lines.joined(separator: "\n")
  }

  static func call(_ operation: APIOperation) -> String {
    let arguments = operation.parameters.map { "\($0.name): \($0.type)" + ($0.isRequired ? "" : "?") }
    let result =
      switch operation.result {
      case .nothing: "null"
      case .value(let type): "\(type)"
      case .sequence(let type): "sequence<\(type)>"
      }
    return "\(operation.qualifiedName)(\(arguments.joined(separator: ", "))) -> \(result)"
  }

  /// A line for each argument, those of several operations of one name once.
  private var arguments: [(String, String)] {
    var rows: [(String, String)] = []
    for parameter in operations.flatMap(\.parameters) where !rows.contains(where: { $0.0 == parameter.name })
    {
      rows.append((parameter.name, OperationPage.about(parameter)))
    }
    return rows
  }

  static func about(_ parameter: Parameter) -> String {
    var text = about(parameter.type)
    switch parameter.defaultValue {
    case .literal(.int(let number))?: text += "; \(number) unless you say"
    case .signer?: text += "; you, unless you say"
    case .literal?, nil: if parameter.isOptional { text += "; may be left out" }
    }
    return text
  }

  private static func about(_ type: FieldType) -> String {
    switch type {
    case .string: "a text"
    case .int: "a whole number"
    case .float: "a number"
    case .bool: "true or false"
    case .time: "a time, such as `now() - 30d` or `@2026-01-31`"
    case .duration: "a duration, such as `2h`"
    case .any: "any value"
    case .record, .map: "a record of your own fields, `{plan: \"pro\"}`"
    case .bytes: "bytes"
    case .choice(let words): "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
    case .id(let name): "the \(name.replacingUnderscores), as a record or its id"
    case .reference(let name), .name(let name):
      "the \(name.replacingUnderscores), as a record, its id or its name"
    case .list(let element): "a list: " + about(element)
    case .object(let name): "a record of type \(name)"
    case .filter(let name): "a block that says which: `{ .field == … }` on a \(name.replacingUnderscores)"
    case .sort: "the order: `sort: \"-created_at\"` for the newest first"
    }
  }

  private var facts: [String] {
    guard let first = operations.first else { return [] }
    var facts = [OperationPage.effect(first)]
    if let paging = operations.lazy.compactMap(\.paging).first, paging.style != .none {
      var text = "It reads page by page, when somebody asks for more"
      if let size = paging.maxPageSize { text += ": one request for each \(size) records" }
      if paging.totalCount == .exact { text += "; `count` is one request" }
      facts.append(text + ".")
      if let cap = paging.cap {
        facts.append(
          "The server goes no further than \(ValueView.grouped(cap)) records"
            + (paging.beyond.map { "; `\(first.resource).\($0)` reads on beyond them." } ?? "."))
      }
    } else {
      facts.append("One request of the workspace's budget.")
      if let cut = operations.lazy.compactMap({ $0.paging?.cut }).first {
        facts.append("The server keeps \(cut) of them at most.")
      }
    }
    return facts
  }

  private static func effect(_ operation: APIOperation) -> String {
    switch operation.effect {
    case .read: "It only reads."
    case .write: operation.inverse == nil ? "It writes." : "It writes; `undo` can take it back."
    case .outward: "A customer sees it; it cannot be taken back."
    case .destroy: "It cannot be undone."
    }
  }
}
