import Bytecode
import Catalogue
import Machine

/// Verbs that resources have without a declaration: `R.ref(id)`, a record of which only the id is known, and
/// `R.named(name)` where records are few and bear names.
extension APIBinding {
  func registerConvenience(_ resource: String, _ name: String) -> Signature? {
    switch name {
    case "ref": registerRef(resource)
    case "named": registerNamed(resource)
    default: nil
    }
  }

  /// Verbs of a resource that no declaration names.
  func convenienceNames(_ resource: String) -> [String] {
    ["named", "ref"].filter { registerConvenience(resource, $0) != nil }
  }

  private func registerNamed(_ resource: String) -> Signature? {
    if let known = registered("\(resource).named") { return known }
    guard let type = catalogue.resource(resource)?.recordType, Directory.canName(type, catalogue) else {
      return nil
    }
    let signature = Signature(
      "\(resource).named", [Signature.Parameter("name", "string")], effect: .read, result: type,
      documentation:
        "The record of this name or id; upper and lower case differ only where two names do. All are read once and kept.",
      example: "try { \(resource).named(\"no such name\") } catch e { e.code }")
    add(signature) { [unowned self] call in
      let text = call[0].tag == .int ? String(call[0].asInt) : machine.text(of: call[0])
      guard !text.isEmpty else {
        throw RuntimeError(
          "`\(resource).named` needs a name, not \(machine.short(call[0]))", code: "argument")
      }
      let number = types.number(of: type)
      return try wait(call.fiber) { done in
        self.directory.find(type, text) { result in
          done(result.map { self.reader.assign(number, to: self.machine.value(of: $0.record)) })
        }
      }
    }
    return signature
  }

  /// The pause between looks at something that takes its time.
  func registerWaiting() {
    let signature = Signature("__wait", [Signature.Parameter("milliseconds", "int")], documentation: "Waits.")
    machine.register(
      Native(signature) { [unowned self] call in
        let pause = call[0].tag == .int ? Int(clamping: call[0].asInt) : 0
        var timer = 0
        return try wait(call.fiber, cancel: { [unowned self] in transport.forget(timer: timer) }) { done in
          timer = self.transport.after(milliseconds: min(max(pause, 0), 60_000)) { done(.success(.null)) }
        }
      })
  }

  /// What a native returns for something that calls back, now or later.
  private func wait(
    _ fiber: Fiber, cancel: @escaping () -> Void = {},
    _ start: (@escaping (Result<Value, RuntimeError>) -> Void) -> Void
  ) throws(RuntimeError) -> Value {
    var isInside = true
    var isCancelled = false
    var early: Result<Value, RuntimeError>?
    fiber.onCancel = {
      isCancelled = true
      cancel()
    }
    start { [unowned self] result in
      if isInside { early = result } else if !isCancelled { machine.resume(fiber, with: result) }
    }
    isInside = false
    guard let early else { return .pending }
    fiber.onCancel = nil
    return try early.get()
  }

  private func registerRef(_ resource: String) -> Signature? {
    if let known = registered("\(resource).ref") { return known }
    guard let type = catalogue.resource(resource)?.recordType,
      let key = catalogue.recordType(type)?.field(with: .key)
    else { return nil }
    let signature = Signature(
      "\(resource).ref", [Signature.Parameter("id", "id<\(type)>")], result: type,
      documentation: "The record of an id, without asking for it: only the id is known.",
      example: "\(resource).ref(\"1\")")
    add(signature) { [unowned self] call in
      var id = machine.text(of: call[0])
      if call[0].tag == .int { id = String(call[0].asInt) }
      guard !id.isEmpty else {
        throw RuntimeError("`\(resource).ref` needs an id, not \(machine.short(call[0]))", code: "argument")
      }
      return reader.assign(types.number(of: type), to: machine.record([(key.wire, machine.string(id))]))
    }
    return signature
  }
}
