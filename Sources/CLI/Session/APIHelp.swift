import Catalogue
import Engine
import Syntax

/// What help and the reference page say about operations and fields, out of the declarations alone.
struct APIHelp {
  let engine: Engine
  let catalogue: APICatalogue

  init(_ engine: Engine, _ catalogue: APICatalogue = .standard) {
    self.engine = engine
    self.catalogue = catalogue
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

  static func type(_ field: Field) -> String { "\(field.type)\(field.isOptional ? "?" : "")" }

  /// What is known of a field, and of one inside it; nil where there is none.
  func field(_ owner: String, _ path: [String]) -> [String]? {
    var record =
      catalogue.recordType(owner)
      ?? catalogue.resource(owner)?.recordType.flatMap { catalogue.recordType($0) }
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
      if search.kind == .day {
        lines.append(
          "The server compares whole days of the workspace's time zone; `filter` compares to the second.")
      }
      if search.kind == .token {
        lines.append("The server compares word by word; `filter` compares the text.")
      }
      if search.doubt != nil { lines.append("How the server takes it is not known: `filter` does without.") }
    } else {
      lines.append("The server cannot search by it: `filter` looks at it here.")
    }
    if field.isSortable { lines.append("The server can sort by it.") }
    if let cut = field.cut {
      lines.append(
        cut.rest.map {
          "The server puts \(cut.limit) at most into the record; read on, it fetches the rest by `\($0.resource).\($0.operation)`."
        }
          ?? "The server puts \(cut.limit) at most into the record, and there is no way to the rest: `is_cut` tells."
      )
    }
    if let record, record.name != top.name {
      lines += [
        "",
        "Its fields: " + record.fields.filter { !$0.onlySearch }.map { ".\($0.name)" }.joined(separator: " "),
      ]
    }
    return lines
  }
}
