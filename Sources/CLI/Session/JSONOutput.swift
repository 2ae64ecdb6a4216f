import JSON
import Machine

/// A value as JSON: times as ISO 8601 texts, durations as the language writes them.
struct JSONOutput {
  private let machine: Machine

  init(_ machine: Machine) { self.machine = machine }

  func text(_ value: Value) throws(RuntimeError) -> String { try json(value, depth: 0).text() }

  private func json(_ value: Value, depth: Int) throws(RuntimeError) -> JSONValue {
    guard depth < 900 else { throw RuntimeError("the value nests too deep for JSON") }
    switch value.tag {
    case .null: return .null
    case .bool: return .bool(value.isTrue)
    case .int: return .int(value.asInt)
    case .float: return .double(value.asDouble)
    case .string: return .string(machine.text(of: value))
    case .time, .duration: return .string(machine.text(value))
    case .list:
      var items: [JSONValue] = []
      for item in machine.items(value) { items.append(try json(item, depth: depth + 1)) }
      return .array(items)
    case .record:
      var members: [(String, JSONValue)] = []
      for (name, field) in machine.fields(value) { members.append((name, try json(field, depth: depth + 1))) }
      return .object(JSONObject(members))
    case .range:
      let bounds = machine.bounds(value)
      let (length, isHuge) = bounds.high.subtractingReportingOverflow(bounds.low)
      guard !isHuge, length < 10_000_000 else { throw RuntimeError("the range is too long for JSON") }
      return .array(bounds.low <= bounds.high ? (bounds.low...bounds.high).map { .int($0) } : [])
    case .sequence:
      throw RuntimeError("a sequence inside a record or list is not read; `collect` reads it")
    default: throw RuntimeError("\(value.tag.word) has no form in JSON")
    }
  }
}
