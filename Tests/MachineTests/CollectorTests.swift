import Bytecode
import Testing

@testable import Machine

/// What the collector keeps, and what it lets go.
@Suite struct CollectorTests {
  @Test func keptValuesLiveWithAllTheyHold() {
    let machine = Machine()
    let value = machine.record([
      ("list", machine.list([machine.string("a"), machine.range(1, 9), machine.record([("x", .int(1))])])),
      ("text", machine.string("b")),
    ])
    let handle = machine.keep(value)
    for _ in 0..<3 {
      machine.collectNow()
      for _ in 0..<500 { _ = machine.list([machine.string("rubbish"), .int(1)]) }
    }
    #expect(machine.literal(machine.kept(handle)) == "{list: [\"a\", 1..9, {x: 1}], text: \"b\"}")
    let full = machine.bytesInUse
    machine.release(handle)
    machine.collectNow()
    #expect(machine.bytesInUse < full)
  }

  /// Marking is a loop, not a recursion.
  @Test func deepValuesAreMarked() {
    let machine = Machine()
    var value = machine.list([])
    for _ in 0..<300_000 { value = machine.list([value]) }
    let handle = machine.keep(value)
    machine.collectNow()
    var depth = 0
    var inner = machine.kept(handle)
    while let next = machine.items(inner).first {
      inner = next
      depth += 1
    }
    #expect(depth == 300_000)
  }

  /// Records that hold each other through a host's thing, and nobody outside.
  @Test func circlesAreLetGo() {
    final class Knot: HostTracing {
      var value = Value.null
      let held: Held
      init(_ held: Held) { self.held = held }
      func trace(_ mark: (Value) -> Void) { mark(value) }
    }
    let machine = Machine()
    var ended = 0
    func tie() {
      let knot = Knot(Held { ended += 1 })
      let value = machine.hostValue(knot)
      knot.value = machine.list([value])
    }
    tie()
    machine.collectNow()
    #expect(ended == 1)
  }

  @Test func hostsAreLetGoOnceAndTheirPlacesReused() {
    let machine = Machine()
    var ended = 0
    for _ in 0..<100 { _ = machine.hostValue(Held { ended += 1 }) }
    let handle = machine.keep(machine.hostValue(Held { ended += 1_000 }))
    machine.collectNow()
    #expect(ended == 100)
    for _ in 0..<100 { _ = machine.hostValue(Held {}) }
    #expect(machine.hosts.count == 101)
    #expect(machine.host(machine.kept(handle)) is Held)
  }

  @Test func aMachineLetsGoOfItsHosts() {
    var ended = 0
    do {
      let machine = Machine()
      _ = machine.keep(machine.hostValue(Held { ended += 1 }))
    }
    #expect(ended == 1)
  }

  /// A wide record keeps its entries in a table of Swift's; the values in it are marked too.
  @Test func wideRecordsKeepTheirValues() {
    let machine = Machine()
    let fields = (0..<500).map { ("key\($0)", machine.string("value \($0)")) }
    let handle = machine.keep(machine.record(fields))
    machine.collectNow()
    for _ in 0..<1000 { _ = machine.string("rubbish") }
    #expect(machine.text(machine.field("key499", of: machine.kept(handle))) == "value 499")
    #expect(machine.fields(machine.kept(handle)).count == 500)
  }

  /// Registers that earlier calls used hold nothing alive.
  @Test func staleRegistersHoldNothing() throws {
    let machine = Machine()
    var ended = false
    machine.register(
      Native(Signature("make", [])) { call in call.machine.hostValue(Held { ended = true }) })
    machine.register(
      Native(Signature("look", [])) { call in
        call.machine.stressCollect = true
        return .null
      })
    let callee = Assembly("callee", registers: 6)
    callee.abc(.callNative, 4, 0, 0, callee.native("make")).abc(.returnNull)
    let main = Assembly(registers: 4)
    main.abc(.callStatic, 1, 0, 0, 0)
    main.abc(.callNative, 1, 0, 0, main.native("look"))
    main.abc(.makeList, 2, 0, 0).abc(.makeList, 2, 0, 0).abc(.returnNull)
    _ = try machine.result(of: main.chunk(callee))
    machine.collectNow()
    #expect(ended)
  }
}
