import Bytecode
import Catalogue
import Machine

/// Verbs that every resource has: `R.ref(id)`, a record of which only the id is known.
extension APIBinding {
  func registerConvenience(_ resource: String, _ name: String) -> Signature? {
    guard name == "ref", let type = catalogue.resource(resource)?.recordType,
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
