import Bytecode
import Machine

/// Functions over records, and over the look-ups that `index_by` makes.
public enum RecordNatives {
  public static func add(to table: inout NativeTable) {
    table.add(
      "keys", [.required("record", "record")], result: "list", "The names of a record's fields.",
      example: "keys({a: 1, b: 2})"
    ) { call in
      let machine = call.machine
      if let lookup = lookup(call) { return machine.list(lookup.keys) }
      return machine.list(machine.keyValues(try record(call, "keys")))
    }
    table.add(
      "values", [.required("record", "record")], result: "list", "The values of a record's fields.",
      example: "values({a: 1, b: 2})"
    ) { call in
      let machine = call.machine
      if let lookup = lookup(call) { return machine.list(lookup.values) }
      return machine.list(machine.fields(try record(call, "values")).map(\.value))
    }
    table.add(
      "entries", [.required("record", "record")], result: "list",
      "A record as a list of `{key, value}`; `to_record` makes one of it again.", example: "entries({a: 1})"
    ) { call in
      let machine = call.machine
      if let lookup = lookup(call) {
        return machine.list(
          zip(lookup.keys, lookup.values).map { machine.record([("key", $0), ("value", $1)]) })
      }
      let value = try record(call, "entries")
      return machine.list(
        zip(machine.keyValues(value), machine.fields(value)).map {
          machine.record([("key", $0), ("value", $1.value)])
        })
    }
    table.add(
      "pick", [.required("record", "record"), .required("names", "string")], variadic: true, result: "record",
      "A record of these fields alone, in this order; those that it lacks are left out.",
      example: "{a: 1, b: 2, c: 3} | pick(\"a\", \"c\")"
    ) { call in
      let machine = call.machine
      let fields = machine.fields(try record(call, "pick"))
      var picked: [(String, Value)] = []
      for name in try names(call, "pick") {
        if let field = fields.first(where: { $0.name == name }) { picked.append((name, field.value)) }
      }
      return machine.record(picked)
    }
    table.add(
      "omit", [.required("record", "record"), .required("names", "string")], variadic: true, result: "record",
      "A record without these fields.", example: "{a: 1, b: 2} | omit(\"a\")"
    ) { call in
      let machine = call.machine
      let left = Set(try names(call, "omit"))
      return machine.record(
        machine.fields(try record(call, "omit")).filter { !left.contains($0.name) }.map {
          ($0.name, $0.value)
        })
    }
    table.add("__is_record", [.required("v")], "Whether it is a record.") { call in
      .bool(call[0].tag == .record)
    }
    table.add("__compact", [.required("r")], "A record without its nulls.") { call in
      let machine = call.machine
      return machine.record(
        machine.fields(call[0]).filter { !$0.value.isNull }.map { ($0.name, $0.value) })
    }
    table.add(
      "is_cut", [.required("list", "list")], result: "bool",
      "Whether the server has more items than it put into this list.", example: "is_cut([1, 2])"
    ) { call in
      // Lists in the language are whole; the API's own lists answer through the host's native of this name.
      switch call[0].tag {
      case .null, .list, .range, .sequence: return .bool(false)
      default: throw RuntimeError("`is_cut` needs a list, not \(call[0].tag.word)")
      }
    }
  }

  private static func lookup(_ call: NativeCall) -> ValueTable? {
    guard let table = call.machine.host(call[0]) as? ValueTable, !table.isSet else { return nil }
    return table
  }

  private static func record(_ call: NativeCall, _ name: String) throws(RuntimeError) -> Value {
    let value = call[0]
    if value.tag == .record { return value }
    var error = RuntimeError("`\(name)` needs a record, not \(value.isAbsent ? "nothing" : value.tag.word)")
    switch value.tag {
    case .list, .sequence, .range: error.hints = ["for each item of a list: `map { it | \(name)(…) }`"]
    case .null: error.hints = ["say what stands for nothing: `x ?? {}`"]
    default: break
    }
    throw error
  }

  /// The texts in the variadic place; a list of texts counts as its items.
  private static func names(_ call: NativeCall, _ name: String) throws(RuntimeError) -> [String] {
    var names: [String] = []
    for item in call.machine.items(call[1]) {
      for one in item.tag == .list ? Array(call.machine.items(item)) : [item] {
        guard one.tag == .string else {
          throw RuntimeError(
            "`\(name)` takes the names of fields as texts, not \(one.tag.word)",
            hints: ["`\(name)(\"id\", \"email\")`"])
        }
        names.append(call.machine.text(of: one))
      }
    }
    return names
  }
}
