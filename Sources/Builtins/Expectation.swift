import Bytecode
import Machine

/// What `expect` says of a comparison that does not hold: both sides, and where two large values part.
enum Expectation {
  /// Longer values are cut; the first difference is said beside them.
  private static let longest = 160
  /// Steps into lists and records on the way to a difference.
  private static let deepest = 20

  static func add(to table: inout NativeTable) {
    table.add(
      "__expect",
      [.required("left"), .required("right"), .required("holds"), .required("sign"), .optional("message")],
      "Fails a test, with both sides of the comparison."
    ) { call in
      if !call[2].isNull, call[2].isTrue { return .null }
      throw failure(call)
    }
  }

  private static func failure(_ call: NativeCall) -> RuntimeError {
    let machine = call.machine
    let message = call[4].tag == .string ? machine.text(of: call[4]) : nil
    var error = RuntimeError(message ?? "the expectation does not hold", code: "expect")
    let sign = machine.text(of: call[3])
    error.notes = [
      "left:  " + machine.short(call[0], longest), "right: " + machine.short(call[1], longest),
    ]
    if sign == "==", let place = difference(call[0], call[1], machine, deepest) {
      error.notes.append("they differ at \(place)")
    }
    return error
  }

  /// The first place inside two lists or two records where they differ; nil for other values.
  private static func difference(_ left: Value, _ right: Value, _ machine: Machine, _ depth: Int) -> String? {
    guard depth > 0 else { return nil }
    func inside(_ step: String, _ one: Value, _ other: Value) -> String {
      if let further = difference(one, other, machine, depth - 1) { return step + further }
      return "\(step): \(machine.short(one)) and \(machine.short(other))"
    }
    switch (left.tag, right.tag) {
    case (.list, .list):
      let ones = Array(machine.items(left))
      let others = Array(machine.items(right))
      for (index, pair) in zip(ones, others).enumerated() where !machine.equal(pair.0, pair.1) {
        return inside("[\(index)]", pair.0, pair.1)
      }
      return ones.count == others.count ? nil : ": \(ones.count) items and \(others.count)"
    case (.record, .record):
      let ones = machine.fields(left)
      let others = machine.fields(right)
      for field in ones {
        guard let other = others.first(where: { $0.name == field.name }) else {
          return ".\(field.name): the right side has none"
        }
        if !machine.equal(field.value, other.value) {
          return inside(".\(field.name)", field.value, other.value)
        }
      }
      let names = Set(ones.map(\.name))
      return others.first { !names.contains($0.name) }.map { ".\($0.name): the left side has none" }
    default: return nil
    }
  }
}
