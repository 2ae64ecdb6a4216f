import JSON

/// Reads JSON into heap values, and gives records their type: times, ids and durations out of what the wire
/// has, lists out of their wrappers. Lenient: what is of another kind than declared stays as it came.
///
/// What it returns lives as what a native makes: until the native returns, or as long as it is held.
public final class ValueReader {
  private let machine: Machine
  private let obeysLimits: Bool
  private let reader = JSONReader<HeapBuilder>()
  private var plans: [UInt64: Plan] = [:]
  /// What stands for a list that the server cut off: gets its owner, the owner's type, the field's name and
  /// the items that came.
  public var cutList: ((_ owner: Value, _ type: UInt32, _ field: String, _ items: Value) -> Value)?

  /// What is to be done with records of one shape to make them records of a type.
  private struct Plan {
    /// 0 where there is no shape for it: a table then.
    var shape: UInt32
    var steps: [Step]
    /// Ways to the values of slots behind those that came.
    var computed: [[String]]
  }

  private struct Step {
    var slot: Int
    var field: RecordTypeInfo.Field
  }

  /// - Parameter obeysLimits: An interrupt or the memory limit ends a read. Answers of a server are read to
  ///   their end: what they say has happened.
  public init(_ machine: Machine, obeysLimits: Bool = false) {
    self.machine = machine
    self.obeysLimits = obeysLimits
  }

  /// Reads a text as plain values.
  /// - Throws: also where an interrupt or the memory limit stopped it: `Machine.checkRead` says so.
  public func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> Value {
    var builder = HeapBuilder(machine, obeysLimits: obeysLimits)
    return try reader.read(bytes, with: &builder)
  }

  public func read(_ bytes: [UInt8]) throws(JSONError) -> Value {
    var builder = HeapBuilder(machine, obeysLimits: obeysLimits)
    return try reader.read(bytes, with: &builder)
  }

  /// Makes a record that was just read one of a type, in place where it need not grow; a list's records too.
  @discardableResult
  public func assign(_ type: UInt32, to value: Value) -> Value {
    guard type != 0 else { return value }
    if value.tag == .list {
      let object = value.object
      for index in 0..<object.count { object.slots[index] = assign(type, to: object.slots[index]) }
      return value
    }
    guard value.tag == .record else { return value }
    if value.object.aux == 0 {
      assign(type, toTable: value.object.table)
      return value
    }
    let old = machine.shapes[value.object.aux]
    // Typed already: it stands in two places of the answer.
    if old.type != 0 { return value }
    let plan = self.plan(old, type)
    guard plan.shape != 0 else { return value }
    convert(value.object, type, plan)
    return plan.computed.isEmpty ? value : grown(value.object, plan)
  }

  /// A copy with the computed fields behind those that came.
  private func grown(_ object: Object, _ plan: Plan) -> Value {
    let copy = machine.heap.record(shape: plan.shape, count: object.count + plan.computed.count)
    copy.slots.update(from: object.slots, count: object.count)
    for (index, path) in plan.computed.enumerated() {
      var value = Value.object(.record, object)
      for name in path { value = machine.field(name, of: value) }
      copy.slots[object.count + index] = value
    }
    copy.setShared()
    return .object(.record, copy)
  }

  private func convert(_ object: Object, _ type: UInt32, _ plan: Plan) {
    // With computed fields the shape is that of the grown copy, which alone is handed out.
    if plan.computed.isEmpty { object.aux = plan.shape }
    var hasCut = false
    for step in plan.steps {
      let value = object.slots[step.slot]
      if step.field.mayBeCut, isCut(value, step.field) {
        hasCut = true
      } else {
        object.slots[step.slot] = converted(value, step.field.conversion)
      }
    }
    guard hasCut else { return }
    for step in plan.steps where step.field.mayBeCut {
      let value = object.slots[step.slot]
      guard isCut(value, step.field) else { continue }
      let items = converted(value, step.field.conversion)
      object.slots[step.slot] = cutList?(.object(.record, object), type, step.field.name, items) ?? items
    }
  }

  private func assign(_ type: UInt32, toTable table: RecordTable) {
    guard table.type == 0 else { return }
    table.type = type
    for field in machine.types[Int(type)].fields {
      guard let slot = table.slot(of: machine.symbols.number(of: field.wire)) else { continue }
      table.values[slot] = converted(table.values[slot], field.conversion)
    }
  }

  private func plan(_ shape: Shape, _ type: UInt32) -> Plan {
    let key = UInt64(shape.number) << 32 | UInt64(type)
    if let known = plans[key] { return known }
    var byWire: [UInt32: RecordTypeInfo.Field] = [:]
    for field in machine.types[Int(type)].fields { byWire[machine.symbols.number(of: field.wire)] = field }
    var plan = Plan(shape: 0, steps: [], computed: [])
    var typed: Shape? = machine.shapes.root(type: type)
    for (slot, wire) in shape.keys.enumerated() {
      let field = byWire[wire]
      var name = field.map { machine.symbols.number(of: $0.name) } ?? wire
      // A server's own field of that name keeps its place.
      if name != wire, shape.slot(of: name) != nil { name = wire }
      typed = typed.flatMap { machine.shapes.adding(name, to: $0) }
      guard let field else { continue }
      if case .plain = field.conversion { continue }
      plan.steps.append(Step(slot: slot, field: field))
    }
    for (name, path) in machine.types[Int(type)].computed {
      let symbol = machine.symbols.number(of: name)
      guard shape.slot(of: symbol) == nil, let current = typed, current.slot(of: symbol) == nil,
        let next = machine.shapes.adding(symbol, to: current)
      else { continue }
      typed = next
      plan.computed.append(path)
    }
    plan.shape = typed?.number ?? 0
    plans[key] = plan
    return plan
  }

  private func converted(_ value: Value, _ conversion: RecordTypeInfo.Field.Conversion) -> Value {
    switch conversion {
    case .plain: return value
    case .time:
      return seconds(of: value).flatMap { scaled($0) }.map { .time($0) } ?? value
    case .seconds:
      guard value.tag == .int || value.tag == .float else { return value }
      return seconds(of: value).flatMap { scaled($0) }.map { .duration($0) } ?? value
    case .id: return value.tag == .int ? machine.string(String(value.asInt)) : value
    case .int:
      guard value.tag == .string, let number = Int64(machine.text(of: value)) else { return value }
      return .int(number)
    case .ids:
      guard value.tag == .list else { return value }
      let object = value.object
      for index in 0..<object.count where object.slots[index].tag == .int {
        object.slots[index] = machine.string(String(object.slots[index].asInt))
      }
      return value
    case .record(let type):
      return value.tag == .record ? assign(type, to: value) : value
    case .list(let type):
      if value.tag == .list { assign(type, to: value) }
      return value
    case .wrapped(let key, let type):
      var list = value
      if value.tag == .record {
        list = machine.field(key, of: value)
        // Some wrappers bear another name than declared; the one list in them is meant.
        if list.tag != .list {
          let lists = machine.fields(value).filter { $0.value.tag == .list }
          guard lists.count == 1, let only = lists.first else { return value }
          list = only.value
        }
      }
      if list.tag == .list { assign(type, to: list) }
      return list
    }
  }

  private func isCut(_ value: Value, _ field: RecordTypeInfo.Field) -> Bool {
    guard case .wrapped(let key, _) = field.conversion, value.tag == .record else { return false }
    if machine.field("has_more", of: value).isTrue { return true }
    let total = machine.field("total_count", of: value)
    return total.tag == .int && total.asInt > Int64(machine.items(machine.field(key, of: value)).count)
  }

  private func seconds(of value: Value) -> Double? {
    switch value.tag {
    case .int: return Double(exactly: value.asInt)
    case .float: return value.asDouble
    case .string: return Int64(machine.text(of: value)).flatMap { Double(exactly: $0) }
    default: return nil
    }
  }

  private func scaled(_ seconds: Double) -> Int64? {
    Int64(exactly: (seconds * 1000).rounded())
  }
}
