import Intercom
import JSON
import Machine

/// Values as the journal keeps them: JSON that reads back as the same value. Times, durations and records
/// of a type are objects with one key that no record of the API has.
public enum FrozenValue {
  private static let time = "$time"
  private static let duration = "$duration"
  private static let record = "$record"

  /// - Throws: for what cannot outlive its process: functions, sequences.
  public static func text(of value: Value, _ machine: Machine) throws(RuntimeError) -> String {
    try tree(of: value, machine, 0).text()
  }

  private static func tree(of value: Value, _ machine: Machine, _ depth: Int) throws(RuntimeError)
    -> JSONValue
  {
    if depth > 200 {
      throw RuntimeError("the value is nested too deep to be kept in a journal", code: "depth")
    }
    switch value.tag {
    case .null: return .null
    case .bool: return .bool(value.isTrue)
    case .int: return .int(value.asInt)
    case .float: return .double(value.asDouble)
    case .string: return .string(machine.text(of: value))
    case .time: return .object([time: .int(value.asInt)])
    case .duration: return .object([duration: .int(value.asInt)])
    case .list:
      var items: [JSONValue] = []
      for item in machine.items(value) { items.append(try tree(of: item, machine, depth + 1)) }
      return .array(items)
    case .record:
      var fields = JSONObject()
      for (name, field) in machine.fields(value) {
        // A list that was cut off reads its rest lazily: what the journal keeps is what came.
        fields[name] = field.tag == .sequence ? .null : try tree(of: field, machine, depth + 1)
      }
      return .object([record: .array([.string(machine.typeName(of: value) ?? ""), .object(fields)])])
    case .range:
      let bounds = machine.bounds(value)
      return .object(["$range": .array([.int(bounds.low), .int(bounds.high)])])
    default:
      throw RuntimeError(
        "\(value.tag.word) cannot be an item of a bulk", hints: ["`collect` reads a sequence into a list"])
    }
  }

  /// The value of a text that `text(of:)` made.
  static func value(of text: String, _ binding: APIBinding) -> Value {
    guard let tree = try? JSONValue.parse(text) else { return .null }
    return value(of: tree, binding)
  }

  /// A frozen record as the API writes it: times and durations in seconds. Nil for what is no record.
  static func wire(_ text: String) -> JSONValue? {
    guard let tree = try? JSONValue.parse(text), tree[record] != nil else { return nil }
    return wire(tree)
  }

  private static func wire(_ tree: JSONValue) -> JSONValue {
    switch tree {
    case .array(let items): return .array(items.map { wire($0) })
    case .object(let object):
      if let moment = object[time]?.intValue ?? object[duration]?.intValue { return .int(moment / 1000) }
      guard let fields = object[record]?.arrayValue?.last?.objectValue else { return tree }
      return .object(fields.reduce(into: JSONObject()) { $0[$1.key] = wire($1.value) })
    default: return tree
    }
  }

  private static func value(of tree: JSONValue, _ binding: APIBinding) -> Value {
    let machine = binding.machine
    switch tree {
    case .array(let items): return machine.list(items.map { value(of: $0, binding) })
    case .object(let object):
      if let moment = object[time]?.intValue { return .time(moment) }
      if let length = object[duration]?.intValue { return .duration(length) }
      if let bounds = object["$range"]?.arrayValue, bounds.count == 2, let low = bounds[0].intValue,
        let high = bounds[1].intValue
      {
        return machine.range(low, high)
      }
      if let parts = object[record]?.arrayValue, parts.count == 2, let fields = parts[1].objectValue {
        let type = parts[0].stringValue ?? ""
        return machine.record(
          fields.map { ($0.key, value(of: $0.value, binding)) },
          type: type.isEmpty ? 0 : binding.typeNumber(of: type))
      }
      return machine.record(object.map { ($0.key, value(of: $0.value, binding)) })
    default: return machine.value(of: tree)
    }
  }
}
