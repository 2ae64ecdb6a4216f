import Catalogue
import Engine
import TestSupport
import Testing

/// Every example that help shows runs on the sandbox as it stands.
@Suite struct ExampleTests {
  static let declared: [(name: String, example: String)] = APICatalogue.standard.allResources().flatMap {
    $0.operations
  }.flatMap { operation in operation.examples.map { (operation.qualifiedName, $0) } }

  @Test func ofOperations() throws {
    #expect(ExampleTests.declared.count >= 118)
    for (name, example) in ExampleTests.declared { try run(name, example) }
  }

  @Test func ofVerbs() throws {
    let workspace = try TestWorkspace()
    var names: [String] = []
    for resource in workspace.binding.resourceNames {
      let declared = Set(workspace.binding.catalogue.operationNames(of: resource) ?? [])
      for name in workspace.engine.operationNames(resource) where !declared.contains(name) {
        let signature = try #require(workspace.engine.operation(resource, name)?.signature)
        #expect(!signature.documentation.isEmpty, "\(resource).\(name)")
        #expect(!signature.example.isEmpty, "\(resource).\(name)")
        try run("\(resource).\(name)", signature.example)
        names.append("\(resource).\(name)")
      }
    }
    #expect(workspace.engine.preludeDiagnostics.map { $0.0.message } == [])
    for wanted in [
      "contacts.upsert", "contacts.find_archived", "contacts.merge_users", "companies.move_people",
      "conversations.assign_closed", "tags.ensure", "tags.uses", "data_attributes.ensure",
      "data_attributes.uses", "exports.run", "admins.named", "teams.named", "tags.named", "segments.named",
      "ticket_types.named", "newsfeeds.named", "subscription_types.named", "contacts.ref",
    ] {
      #expect(names.contains(wanted), "\(wanted)")
    }
  }

  private func run(_ name: String, _ example: String) throws {
    let workspace = try TestWorkspace(copyOf: .shared, files: MemoryFiles())
    do {
      switch try workspace.outcome(example) {
      case .finished: break
      case .failed(let error): Issue.record("\(name): \(example): \(error.message)")
      }
    } catch {
      Issue.record("\(name): \(example): \(error)")
    }
  }
}
