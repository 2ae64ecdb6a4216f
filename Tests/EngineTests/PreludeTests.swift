import Bytecode
import Machine
import Testing

@testable import Engine

struct PreludeTests {
  @Test func hasNoFaults() {
    let session = Session()
    session.engine.loadWholePrelude()
    #expect(session.engine.preludeDiagnostics.map { $0.0.message } == [])
  }

  @Test func everyFunctionIsDocumented() {
    let signatures = Session().engine.builtinSignatures()
    #expect(signatures.count > 80)
    #expect(signatures.filter { $0.documentation.isEmpty }.map(\.name) == [])
    #expect(signatures.filter { $0.example.isEmpty }.map(\.name) == [])
  }

  /// `bulk` and `skip` need a run behind them, `files` a folder that was given as a parameter, `explain` the API.
  @Test func everyExampleRuns() throws {
    for signature in Session().engine.builtinSignatures()
    where !["bulk", "skip", "files", "explain"].contains(signature.name) {
      let session = Session()
      session.files.files = [
        "people.csv": "email,plan\nann@acme.com,pro\n", "note.txt": "Hello", "articles/a.html": "<p>",
      ]
      let given = "let people = \"people.csv\"\nlet note = \"note.txt\"\nlet articles = \"articles\"\n"
      do {
        switch try session.run(given + signature.example) {
        case .finished: break
        case .failed(let error):
          #expect(signature.name == "skip" && error.kind == .skip, "\(signature.example): \(error.message)")
        }
      } catch let refused as Session.Refused {
        Issue.record("\(signature.example): \(refused.messages)")
      }
    }
  }
}
