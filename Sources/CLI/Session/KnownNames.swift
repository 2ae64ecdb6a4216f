import Catalogue
import Intercom
import Machine

/// What records are called, by type and id: those that were shown, and the lists that completion has read. Names
/// are a help for the eye; nothing is asked for to find one.
final class KnownNames {
  private static let most = 20_000

  private let workbench: Workbench
  private var seen: [String: [String: String]] = [:]
  private var count = 0

  init(_ workbench: Workbench) { self.workbench = workbench }

  func name(of type: String, _ id: String) -> String? {
    if let name = seen[type]?[id] { return name }
    return workbench.binding?.known(type)?.first { $0.id == id }?.name
  }

  /// Remembers a record that has been shown.
  func note(_ record: Value, of type: RecordType, _ machine: Machine) {
    guard count < KnownNames.most, let key = type.field(with: .key), let label = type.field(with: .name)
    else {
      return
    }
    let id = machine.field(key.name, of: record)
    let name = machine.field(label.name, of: record)
    guard name.tag == .string, !id.isNull else { return }
    if seen[type.name, default: [:]].updateValue(machine.text(of: name), forKey: KnownNames.text(id, machine))
      == nil
    {
      count += 1
    }
  }

  static func text(_ id: Value, _ machine: Machine) -> String {
    id.tag == .string ? machine.text(of: id) : machine.text(id)
  }
}
