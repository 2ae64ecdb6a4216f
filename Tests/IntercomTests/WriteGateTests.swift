import HTTP
import JSON
import Machine
import TestSupport
import Testing

@testable import Intercom

/// Every write passes the gate, which may keep it from being sent.
@Suite struct WriteGateTests {
  private final class Recorder: WriteGate {
    var decision: (PendingWrite) -> GateDecision = { _ in .send }
    var seen: [PendingWrite] = []
    var outcomes: [String] = []

    func admit(_ write: PendingWrite) throws(RuntimeError) -> GateDecision {
      seen.append(write)
      return decision(write)
    }

    func completed(_ write: PendingWrite, _ outcome: WriteOutcome) {
      switch outcome {
      case .done(let response): outcomes.append("done \(response.status)")
      case .refused(_, let error): outcomes.append("refused \(error.status)")
      case .failed: outcomes.append("failed")
      }
    }
  }

  @Test func seesWhatIsMeant() throws {
    let workspace = try TestWorkspace(contacts: 3)
    let gate = Recorder()
    workspace.binding.gate = gate
    _ = try workspace.run(
      "let c = contacts | first\nlet t = tags.create(\"vip\")\ntags.apply(c, \"vip\")\nc.id")
    let apply = try #require(gate.seen.last)
    #expect(apply.operation.qualifiedName == "tags.apply")
    #expect(apply.targetType == "contact")
    #expect(apply.targetID?.isEmpty == false)
    #expect(apply.arguments["tag"]?.stringValue != "vip")
    #expect(gate.outcomes == ["done 200", "done 200"])
    _ = try workspace.error("contacts.update(\"ffffffffffffffffffffffff\", name: \"x\")")
    #expect(gate.outcomes.last == "refused 404")
  }

  @Test func answersInstead() throws {
    let workspace = try TestWorkspace(contacts: 3)
    let gate = Recorder()
    workspace.binding.gate = gate
    gate.decision = { .answer($0.standIn($0.targetID ?? "new")) }
    _ = try workspace.requests()
    let text = try workspace.run(
      "let c = contacts.update(\"abc\", name: \"Ada\", signed_up_at: @2026-01-31)\n[c.id, c.name, c.signed_up_at == @2026-01-31]"
    )
    #expect(text == "[\"abc\", \"Ada\", true]")
    let unknown = try workspace.error("contacts.update(\"abc\", name: \"Ada\").email")
    #expect(unknown.message.contains("known only once"))
    #expect(try workspace.requests().isEmpty)
  }

  @Test func makesAWriteWait() throws {
    let workspace = try TestWorkspace(contacts: 3)
    let gate = Recorder()
    workspace.binding.gate = gate
    var waiting: PendingWrite?
    gate.decision = {
      waiting = $0
      return .wait
    }
    let machine = workspace.engine.machine
    let script = workspace.engine.compile(
      .init(name: "t", text: "tags.create(\"later\").name"), keepsGlobals: true)
    let fiber = try workspace.engine.start(script)
    machine.runReady()
    #expect(fiber.state == .waiting)
    #expect(try workspace.requests().isEmpty)
    waiting?.resume(.send)
    while fiber.state == .waiting { _ = workspace.binding.transport.wait(); machine.runReady() }
    #expect(machine.text(fiber.result) == "later")
  }

  @Test func refuses() throws {
    let workspace = try TestWorkspace(contacts: 3)
    let gate = Recorder()
    workspace.binding.gate = gate
    gate.decision = { _ in .refuse(RuntimeError("no writes here", kind: .uncatchable)) }
    let error = try workspace.error("try { tags.create(\"x\") } catch e { 1 }")
    #expect(error.message == "no writes here")
  }
}
