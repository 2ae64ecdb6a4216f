import Bytecode
import Machine

/// Items that a host hands out one by one, each time from the start.
public protocol HostSequence: AnyObject {
  func open() -> HostIterator
  /// How many there are, where that is known without going through them.
  var count: Int? { get }
}

extension Machine {
  /// A sequence over a host's items.
  public func sequence(over source: HostSequence) -> Value {
    sequence([.int(0), hostValue(source), .null, .null])
  }
}

/// A value that `cache` fills once.
private final class Cell: HostTracing {
  var value = Value.null
  func trace(_ mark: (Value) -> Void) { mark(value) }
}

/// What `stdlib/prelude/sequences.parl` stands on: internal natives, out of scripts' reach.
public enum SequenceNatives {
  public static func add(to table: inout NativeTable) {
    table.add("__is_lazy", [.required("s")], "Whether stages over it are lazy.") { call in
      switch call[0].tag {
      case .range, .sequence: return .bool(true)
      case .list: return .bool(false)
      case .record:
        throw RuntimeError(
          "a record is not a list of items",
          hints: ["`entries(r)` gives its `{key, value}` pairs, `values(r)` its values"])
      default: throw RuntimeError("\(call[0].tag.word) has no items to go through")
      }
    }
    table.add("__is_list", [.required("s")], "Whether it is a list.") { call in .bool(call[0].tag == .list) }
    table.add(
      "__sequence", [.required("kind"), .required("source"), .required("a"), .optional("b")], "A stage."
    ) {
      call in
      call.machine.sequence([call[0], call[1], call[2], call[3].isAbsent ? .null : call[3]])
    }
    table.add(
      "__iterator", [.required("step"), .required("a"), .optional("b"), .optional("c")], "An iterator."
    ) { call in
      call.machine.iterator([call[0], call[1], call[2], call[3]])
    }
    table.add("__room", [.required("s")], "An empty list with room for as many items as a list has.") {
      call in
      call.machine.emptyList(capacity: call.machine.items(call[0]).count)
    }
    table.add("__end", [], "The end mark.") { _ in .end }
    table.add("__length", [.required("s")], "The number of items of a list.") { call in
      .int(call.machine.items(call[0]).count)
    }
    table.add("__list_first", [.required("s")], "The first item of a list.") { call in
      call.machine.items(call[0]).first ?? .null
    }
    table.add("__list_last", [.required("s")], "The last item of a list.") { call in
      call.machine.items(call[0]).last ?? .null
    }
    table.add("__check_count", [.required("n"), .required("name")], "Refuses what is not a count.") { call in
      guard call[0].tag == .int, call[0].asInt >= 0 else {
        throw RuntimeError(
          "`\(call.machine.text(call[1]))` needs a whole number of 0 or more, not \(call.machine.short(call[0]))"
        )
      }
      return .null
    }
    table.add(
      "__count", [.required("s")], "How many items a sequence has, where it is known without reading."
    ) {
      call in
      // Ranges know; API sequences ask the planner (the host replaces this native).
      if call[0].tag == .range {
        let bounds = call.machine.bounds(call[0])
        if bounds.high < bounds.low { return .int(0) }
        let (count, overflow) = bounds.high.subtractingReportingOverflow(bounds.low)
        return overflow || count == Int64.max ? .null : .int(count + 1)
      }
      let kind = call.machine.slot(call[0], 0)
      if kind.tag == .int, kind.asInt == 0,
        let source = call.machine.host(call.machine.slot(call[0], 1)) as? HostSequence
      {
        return source.count.map { .int($0) } ?? .null
      }
      return .null
    }
    table.add("__plan", [.required("s")], "A sequence with what a server can do done by the server.") {
      call in
      call[0]
    }
    table.add(
      "explain", [.required("sequence", "sequence")], result: "record",
      "What a sequence asks the server for, and what is done here.",
      example: "explain(contacts | filter { .role == \"lead\" })"
    ) { call in
      // The API's binding replaces it.
      throw RuntimeError(
        "`explain` is about sequences of the API, not \(call[0].tag.word)",
        hints: ["explain(contacts | filter { .role == \"lead\" })"])
    }
    table.add("__open_source", [.required("s")], "An iterator over a host's sequence.") { call in
      guard let source = call.machine.host(call.machine.slot(call[0], 1)) as? HostSequence else {
        throw RuntimeError("this sequence has no source here", kind: .uncatchable)
      }
      return call.machine.iterator(source.open())
    }
    table.add("__limited", [.required("s"), .required("n")], "At most n items of what lazy stages give.") {
      call in
      let value = call[0]
      guard value.tag == .sequence || value.tag == .range else { return value }
      return call.machine.sequence([.int(4), value, call[1], .null])
    }
    table.add(
      "__frozen", [.required("s"), .required("f")], "Items to go through with a block that may write."
    ) {
      call in call[0]
    }
    table.add("__cell", [], "A place for a value.") { call in call.machine.hostValue(Cell()) }
    table.add("__cell_get", [.required("c")], "What lies in it.") { call in
      (call.machine.host(call[0]) as? Cell)?.value ?? .null
    }
    table.add("__cell_set", [.required("c"), .required("v")], "Puts a value into it.") { call in
      (call.machine.host(call[0]) as? Cell)?.value = call[1]
      return .null
    }
    addTables(to: &table)
    table.add("__summand", [.required("v"), .required("name")], "Refuses what does not add up to a number.") {
      call in
      switch call[0].tag {
      case .int, .float, .duration: return call[0]
      default:
        throw RuntimeError(
          "`\(call.machine.text(call[1]))` adds numbers or durations, not \(call[0].tag.word)",
          hints: call[0].tag == .string
            ? ["`join` makes one text of many, `int` and `float` read numbers"] : [])
      }
    }
    table.add("__rank", [.required("p"), .required("n")], "The place of the nearest rank.") { call in
      let count = try call.int(1, "percentile")
      let rank = (try call.number(0, "percentile") / 100 * Double(count)).rounded(.up)
      return .int(max(0, min(count - 1, Int64(rank) - 1)))
    }
    table.add("__reverse", [.required("s")], "A list backwards.") { call in
      call.machine.list(call.machine.items(call[0]).reversed())
    }
    table.add(
      "__sort", [.required("keys"), .required("items"), .required("descending")], "Items by their keys."
    ) {
      call in try Sorting.sort(call)
    }
    table.add("__join", [.required("s"), .required("with")], "One text of many.") { call in
      let with = try call.text(1, "join")
      var out = ""
      for (index, item) in call.machine.items(call[0]).enumerated() {
        if item.isNull {
          throw RuntimeError("null inside a text", hints: ["`compact` leaves the nulls out"])
        }
        if index & 0xFFF == 0 { try call.machine.checkInterrupt() }
        if index > 0 { out += with }
        let text = call.machine.text(item)
        try call.machine.checkText()
        try call.machine.checkRoom(out.utf8.count + text.utf8.count)
        out += text
      }
      return call.machine.string(out)
    }
  }

  private static func addTables(to table: inout NativeTable) {
    table.add("__set_new", [], "An empty set.") { call in call.machine.hostValue(ValueTable(isSet: true)) }
    table.add("__set_add", [.required("set"), .required("v")], "Whether the value is new to the set.") {
      call in
      guard let set = call.machine.host(call[0]) as? ValueTable else { return .bool(false) }
      return .bool(set.insert(call[1], .null, call.machine).isNew)
    }
    table.add("__table_new", [], "An empty table.") { call in call.machine.hostValue(ValueTable()) }
    table.add("__table_append", [.required("t"), .required("k"), .required("v")], "Adds to the key's list.") {
      call in
      guard let table = call.machine.host(call[0]) as? ValueTable else { return .null }
      let (index, isNew) = table.insert(call[1], .null, call.machine)
      if isNew { table.set(call.machine.list([]), at: index) }
      table.set(call.machine.appending(call[2], to: table.values[index]), at: index)
      return .null
    }
    table.add("__table_groups", [.required("t")], "Records {key, items}.") { call in
      guard let table = call.machine.host(call[0]) as? ValueTable else { return .null }
      return call.machine.list(
        zip(table.keys, table.values).map { call.machine.record([("key", $0), ("items", $1)]) })
    }
    table.add("__table_count", [.required("t"), .required("k")], "Counts a key.") { call in
      guard let table = call.machine.host(call[0]) as? ValueTable else { return .null }
      let (index, _) = table.insert(call[1], .int(0), call.machine)
      table.set(.int(table.values[index].asInt &+ 1), at: index)
      return .null
    }
    table.add("__table_counts", [.required("t")], "Records {key, count}, most first.") { call in
      guard let table = call.machine.host(call[0]) as? ValueTable else { return .null }
      let order = table.values.indices.sorted {
        let a = table.values[$0].asInt
        let b = table.values[$1].asInt
        return a == b ? $0 < $1 : a > b
      }
      return call.machine.list(
        order.map { call.machine.record([("key", table.keys[$0]), ("count", table.values[$0])]) })
    }
    table.add("__table_put", [.required("t"), .required("k"), .required("v")], "Puts one item under a key.") {
      call in
      guard let table = call.machine.host(call[0]) as? ValueTable else { return .null }
      guard table.insert(call[1], call[2], call.machine).isNew else {
        throw RuntimeError(
          "two items have the key \(call.machine.short(call[1]))", hints: ["`group_by` keeps them all"])
      }
      return .null
    }
  }
}
