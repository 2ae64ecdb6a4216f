import Bytecode
import Catalogue
import Engine
import HTTP
import JSON
import Machine

/// The natives that the prelude's sequences stand on, for sequences of the API.
extension APIBinding {
  func registerSequences() {
    replace("__plan") { [unowned self] call in
      do throws(RuntimeError) {
        return try Planner(self).planned(call[0])
      } catch {
        // The stage's place first, then who asked.
        var error = error
        if !error.trace.isEmpty { error.trace += machine.trace(call.fiber) }
        throw error
      }
    }
    replace("__open_source") { [unowned self] call in
      guard let source = machine.host(machine.slot(call[0], 1)) as? RemoteSource else { return nil }
      return machine.iterator(RemoteIterator(self, source))
    }
    replace("__count") { [unowned self] call in try count(call) }
    replace("__frozen") { [unowned self] call in try frozen(call) }
    replace("explain") { [unowned self] call in try Explanation(self).explain(call[0]) }
  }

  /// A native of the language's with another meaning for sequences of the API: nil leaves it to the old one.
  private func replace(_ name: String, _ body: @escaping (inout NativeCall) throws -> Value?) {
    guard let old = machine.native(named: name) else { return }
    machine.register(
      Native(old.signature) { call in try body(&call) ?? old.run(&call) })
  }

  /// The number of records by one request, where the server decides the filter and counts exactly.
  private func count(_ call: NativeCall) throws(RuntimeError) -> Value? {
    guard call[0].tag == .sequence, let (source, most) = try Planner(self).countable(call[0]) else {
      return nil
    }
    if source.isEmpty { return .int(0) }
    let fiber = call.fiber
    var isInside = true
    var early: Result<Value, RuntimeError>?
    var ticket: Ticket?
    func finish(_ result: Result<Value, RuntimeError>) {
      if isInside { early = result } else { machine.resume(fiber, with: result) }
    }
    fiber.onCancel = { [unowned self] in if let ticket { transport.cancel(ticket) } }
    CallResolver(binding: self).resolve(
      source.operation, source.arguments, query: source.query, insists: source.insists
    ) {
      [unowned self] result in
      do throws(RuntimeError) {
        let answer = try result.get()
        if answer.isEmpty { return finish(.success(.int(0))) }
        let pages = PageReader(answer.call, search: answer.search, sort: nil, catalogue: catalogue)
        ticket = read(pages.operation, try pages.next(size: 1), for: fiber) { [unowned self] response in
          do throws(RuntimeError) {
            _ = try pages.accept(try response.get(), reader, machine)
            // Without a total the prelude reads to the end.
            finish(.success(pages.total.map { .int(min($0, most ?? $0)) } ?? .null))
          } catch {
            finish(.failure(error))
          }
        }
      } catch {
        finish(.failure(error))
      }
    }
    isInside = false
    guard let early else { return .pending }
    fiber.onCancel = nil
    return try early.get()
  }

  /// What a list that was cut off stands for: a sequence that reads all of it.
  func restOfList(_ owner: Value, _ type: UInt32, _ field: String, _ items: Value) -> Value {
    guard let declared = catalogue.recordType(machine.typeName(type)), let key = declared.field(with: .key),
      let rest = declared.field(field)?.cut?.rest,
      let operation = catalogue.operations(rest.resource, rest.operation).first,
      let parameter = operation.parameters.first
    else { return items }
    let id = machine.field(key.name, of: owner)
    var text = machine.text(of: id)
    if id.tag == .int { text = String(id.asInt) }
    guard !text.isEmpty else { return items }
    var bound = BoundArguments()
    bound[parameter.name] = .json(.string(text))
    return sequence(RemoteSource(operation, bound))
  }

  /// The items to the end first, where the block can write: writing while paging moves the pages.
  private func frozen(_ call: NativeCall) throws -> Value? {
    guard call[0].tag == .sequence, Planner(self).root(of: call[0]) != nil,
      let prototype = machine.prototype(of: call[1]), mayWrite(prototype),
      let cell = machine.native(named: "__cell")
    else { return nil }
    var inner = call
    return machine.sequence([.int(Stage.cache), call[0], try cell.run(&inner)])
  }

  private func mayWrite(_ prototype: Prototype) -> Bool {
    for name in prototype.natives {
      if let effect = registered(name)?.effect, effect != .read { return true }
    }
    var index = 0
    while index < prototype.code.count, let op = Opcode(rawValue: prototype.code[index].opcodeByte) {
      // A function of the script's own may do anything; of ours it is known.
      if op == .callStatic { return true }
      if op == .getGlobal {
        let number = prototype.code[index].bx
        if number >= Engine.firstOwnGlobal {
          if machine.global(number).tag == .function { return true }
        } else if let effect = engine.verbEffect(ofGlobal: number), effect != .read {
          return true
        }
      }
      index += op.layout.length
    }
    return prototype.children.contains { mayWrite($0) }
  }
}
