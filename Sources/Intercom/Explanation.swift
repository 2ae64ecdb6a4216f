import Catalogue
import HTTP
import JSON
import Machine

/// What a sequence would ask the server for.
struct Explanation {
  private let binding: APIBinding

  init(_ binding: APIBinding) { self.binding = binding }

  /// A record: the operation, its request, what is left to do here, and how the end is found. Asks for nothing.
  func explain(_ sequence: Value) throws(RuntimeError) -> Value {
    let machine = binding.machine
    let planner = Planner(binding)
    guard let (source, links) = planner.chain(sequence) else {
      throw RuntimeError(
        "`explain` is about sequences of the API, not \(sequence.tag.word)",
        hints: ["explain(contacts | filter { .role == \"lead\" })"])
    }
    let plan = try planner.plan(source, links)
    let operation = plan.source.operation
    var arguments: [String: JSONValue] = [:]
    for (name, part) in plan.source.arguments.parts {
      if case .json(let json) = part { arguments[name] = json }
      if case .lookup(_, let text, _) = part { arguments[name] = .string("<\(text)>") }
    }
    let pages = PageReader(
      ResolvedCall(operation: operation, arguments: arguments, order: [], signer: nil),
      search: plan.source.query?.json { _, text in "<\(text)>" }, sort: plan.source.sort,
      catalogue: binding.catalogue)
    let request = try pages.next(size: plan.source.limit)
    let isCounted = try planner.countable(sequence) != nil
    var fields: [(String, Value)] = [
      ("operation", machine.string(operation.qualifiedName)),
      ("request", machine.string("\(request.method.rawValue) \(request.target)")),
    ]
    if let body = request.body {
      fields.append(("body", machine.string(String(decoding: body, as: UTF8.self))))
    }
    fields.append(("here", machine.list(plan.links.map { machine.string(Explanation.name($0.kind)) })))
    fields.append(("exact", .bool(plan.isExact)))
    fields.append(("needs", plan.source.limit.map { .int($0) } ?? .null))
    fields.append(("count", machine.string(isCounted ? "one request" : "reads to the end")))
    return machine.record(fields)
  }

  private static func name(_ kind: Int) -> String {
    switch kind {
    case 1: "map"
    case 2: "filter"
    case 3: "flat_map"
    case 4: "take"
    case 5: "drop"
    case 6: "take_while"
    case 7: "drop_while"
    case 8: "chunk"
    case 9: "zip"
    case 10: "enumerate"
    case 11: "unique"
    case 12: "cache"
    case 13: "sort_by"
    default: "stage \(kind)"
    }
  }
}
