import Bytecode
import Engine

/// Host functions of a group (`crm.find`), as the compiler asks for them.
final class HostNames: APINames {
  private var groups: [String: [String: Signature]] = [:]

  func add(_ group: String, _ name: String, _ signature: Signature) {
    groups[group, default: [:]][name] = signature
  }

  func isResource(_ name: String) -> Bool { groups[name] != nil }
  func operation(_ resource: String, _ name: String) -> Signature? { groups[resource]?[name] }
  func operationNames(_ resource: String) -> [String] { (groups[resource] ?? [:]).keys.sorted() }
  func resourceSequence(_ name: String) -> String? { nil }
  var resourceNames: [String] { groups.keys.sorted() }
}
