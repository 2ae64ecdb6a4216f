import Engine
import Machine

/// Values on their way into the engine's heap and out of it.
enum HeapExchange {
  /// Deeper ones are refused, as whoever walks them would need that much stack.
  static let deepest = 1_000

  /// A copy of a heap value. To be taken before anything else runs.
  static func value(_ value: HeapValue, _ machine: Machine, depth: Int = 0) throws(Failure) -> Value {
    guard depth < deepest else { throw Failure("a value nests deeper than \(deepest)", code: "nesting") }
    switch value.tag {
    case .null, .absent: return .null
    case .bool: return .bool(value.isTrue)
    case .int: return .int(value.asInt)
    case .float: return .float(value.asDouble)
    case .time: return .time(milliseconds: value.asInt)
    case .duration: return .duration(milliseconds: value.asInt)
    case .string: return .string(machine.text(of: value))
    case .list:
      var items: [Value] = []
      for item in Array(machine.items(value)) {
        items.append(try self.value(item, machine, depth: depth + 1))
      }
      return .list(items)
    case .record:
      var fields: [Value.Field] = []
      for field in machine.fields(value) {
        fields.append(Value.Field(field.name, try self.value(field.value, machine, depth: depth + 1)))
      }
      return .record(fields)
    default: return .opaque(machine.text(value))
    }
  }

  /// A heap value of a copy. It lives as what a native makes: until something runs, or as long as it is held.
  static func heap(_ value: Value, _ machine: Machine, depth: Int = 0) throws(Failure) -> HeapValue {
    guard depth < deepest else { throw Failure("a value nests deeper than \(deepest)", code: "nesting") }
    switch value {
    case .null: return .null
    case .bool(let truth): return .bool(truth)
    case .int(let number): return .int(number)
    case .float(let number):
      guard number.isFinite else {
        throw Failure("a float is always finite, and \(number) is not", code: "not_finite")
      }
      return .float(number)
    case .string(let text): return machine.string(text)
    case .time(let milliseconds): return .time(milliseconds)
    case .duration(let milliseconds): return .duration(milliseconds)
    case .list(let items):
      var values: [HeapValue] = []
      for item in items { values.append(try heap(item, machine, depth: depth + 1)) }
      return machine.list(values)
    case .record(let fields):
      var values: [(String, HeapValue)] = []
      for field in fields { values.append((field.name, try heap(field.value, machine, depth: depth + 1))) }
      return machine.record(values)
    case .opaque(let text):
      throw Failure("\(text) cannot go back into a script", code: "opaque")
    }
  }
}
