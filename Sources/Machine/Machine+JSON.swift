import JSON

/// Values on their way out.
extension Machine {
  /// Deeper values are refused: no API takes them, and writing must not overflow the stack.
  private static let deepest = 500

  /// A value as JSON has it: times as Unix seconds, durations as seconds, ranges as lists.
  /// - Throws: for functions and sequences, which JSON has no words for.
  public func json(of value: Value) throws(RuntimeError) -> JSONValue { try json(of: value, depth: 0) }

  private func json(of value: Value, depth: Int) throws(RuntimeError) -> JSONValue {
    if depth > Machine.deepest {
      throw RuntimeError("the value is nested more than \(Machine.deepest) deep", code: "depth")
    }
    switch value.tag {
    case .null: return .null
    case .bool: return .bool(value.isTrue)
    case .int: return .int(value.asInt)
    case .float: return .double(value.asDouble)
    case .string: return .string(text(of: value))
    case .time, .duration:
      let (whole, rest) = value.asInt.quotientAndRemainder(dividingBy: 1000)
      return .int(rest < 0 ? whole - 1 : whole)
    case .list:
      var items: [JSONValue] = []
      items.reserveCapacity(self.items(value).count)
      for item in self.items(value) { items.append(try json(of: item, depth: depth + 1)) }
      return .array(items)
    case .record:
      var object = JSONObject()
      for (name, field) in fields(value) { object[name] = try json(of: field, depth: depth + 1) }
      return .object(object)
    case .range:
      let bounds = bounds(value)
      let (count, overflow) = bounds.high.subtractingReportingOverflow(bounds.low)
      guard !overflow, count < 1 << 20 else { throw RuntimeError("the range is too long to be written out") }
      return .array(bounds.high < bounds.low ? [] : (bounds.low...bounds.high).map { .int($0) })
    case .sequence:
      throw RuntimeError("a sequence cannot be sent", hints: ["`collect` reads its items first"])
    case .function, .iterator, .host, .absent, .end, .pending, .undefined:
      throw RuntimeError("\(value.tag.word) cannot be written as JSON")
    }
  }

  /// A JSON tree as a value.
  public func value(of json: JSONValue) -> Value {
    switch json {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .double(let value): return .float(value)
    case .string(let text): return string(text)
    case .array(let items): return list(items.map { value(of: $0) })
    case .object(let object): return record(object.map { ($0.key, value(of: $0.value)) })
    }
  }
}
