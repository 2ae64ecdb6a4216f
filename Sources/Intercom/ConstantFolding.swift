import Bytecode
import Machine

/// The value of a part of a block that does not depend on its item.
struct ConstantFolding {
  let machine: Machine
  /// The block that the tree belongs to, for its captures.
  let block: Value
  /// The instant that `now()` gives.
  let now: Int64

  /// Nil where it depends on the item, or where working it out could fail.
  func value(_ tree: BlockTree) -> Value? {
    switch tree {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .constant(let constant): return value(constant)
    case .capture(let number): return machine.capture(number, of: block)
    case .global(let number):
      let value = machine.global(number)
      return value.tag == .undefined ? nil : value
    case .list(let items):
      var values: [Value] = []
      for item in items {
        guard let value = value(item) else { return nil }
        values.append(value)
      }
      return machine.list(values)
    case .field(let base, let name):
      guard let record = value(base) else { return nil }
      if record.isNull { return .null }
      guard record.tag == .record, let field = machine.fields(record).first(where: { $0.name == name }) else {
        return nil
      }
      return field.value
    case .call("now", let arguments) where arguments.isEmpty: return .time(now)
    case .call("ago", let arguments) where arguments.count == 1:
      guard let duration = value(arguments[0]), duration.tag == .duration else { return nil }
      let (time, overflow) = now.subtractingReportingOverflow(duration.asInt)
      return overflow ? nil : .time(time)
    case .arithmetic(let op, let left, let right):
      guard let a = value(left), let b = value(right) else { return nil }
      return arithmetic(op, a, b)
    case .coalesce(let left, let right):
      guard let a = value(left) else { return nil }
      return a.isNull ? value(right) : a
    case .not(let inner): return bool(inner).map { .bool(!$0) }
    case .and(let left, let right):
      guard let a = bool(left) else { return nil }
      return a ? bool(right).map { .bool($0) } : .bool(false)
    case .or(let left, let right):
      guard let a = bool(left) else { return nil }
      return a ? .bool(true) : bool(right).map { .bool($0) }
    case .compare(let op, let left, let right):
      guard let a = value(left), let b = value(right) else { return nil }
      return compare(op, a, b)
    case .item, .word, .call, .opaque: return nil
    }
  }

  private func bool(_ tree: BlockTree) -> Bool? {
    guard let value = value(tree), value.tag == .bool || value.isNull else { return nil }
    return value.isTrue
  }

  private func value(_ constant: Constant) -> Value? {
    switch constant {
    case .int(let value): .int(value)
    case .float(let value): .float(value)
    case .string(let text): machine.string(text)
    case .duration(let value): .duration(value)
    case .time(let value): .time(value)
    case .keys: nil
    }
  }

  /// Times and durations, which filters are made of; the rest is left to the machine.
  private func arithmetic(_ op: BlockTree.Arithmetic, _ a: Value, _ b: Value) -> Value? {
    func checked(_ result: (partialValue: Int64, overflow: Bool), _ make: (Int64) -> Value) -> Value? {
      result.overflow ? nil : make(result.partialValue)
    }
    switch (op, a.tag, b.tag) {
    case (.add, .time, .duration): return checked(a.asInt.addingReportingOverflow(b.asInt)) { .time($0) }
    case (.subtract, .time, .duration):
      return checked(a.asInt.subtractingReportingOverflow(b.asInt)) { .time($0) }
    case (.add, .duration, .duration):
      return checked(a.asInt.addingReportingOverflow(b.asInt)) { .duration($0) }
    case (.subtract, .duration, .duration):
      return checked(a.asInt.subtractingReportingOverflow(b.asInt)) { .duration($0) }
    case (.add, .int, .int): return checked(a.asInt.addingReportingOverflow(b.asInt)) { .int($0) }
    case (.subtract, .int, .int): return checked(a.asInt.subtractingReportingOverflow(b.asInt)) { .int($0) }
    default: return nil
    }
  }

  private func compare(_ op: BlockTree.Comparison, _ a: Value, _ b: Value) -> Value? {
    switch op {
    case .equal: return .bool(machine.equal(a, b))
    case .notEqual: return .bool(!machine.equal(a, b))
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      if a.isNull || b.isNull { return .bool(false) }
      guard let order = (try? machine.compare(a, b)) ?? nil else { return nil }
      switch op {
      case .less: return .bool(order < 0)
      case .lessOrEqual: return .bool(order <= 0)
      case .greater: return .bool(order > 0)
      default: return .bool(order >= 0)
      }
    }
  }
}
