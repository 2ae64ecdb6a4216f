import Catalogue
import Foundation
import JSON
import SQLite
import Sandbox
import TestSupport
import Testing

@testable import Runs

/// Every writing operation becomes unknown in four ways, is settled, and is taken back: `settle-cases.tsv`.
@Suite struct SettleTests {
  @Test func everyWritingOperationHasALine() {
    let there = SettleCase.all.map(\.operation)
    #expect(Set(SettleCase.names).subtracting(there) == [], "no line")
    #expect(Set(there).subtracting(SettleCase.names) == [], "no such operation")
    // An export is the 63rd: it changes no data, and is a read to a run.
    #expect(Set(SettleCase.names.compactMap { SettleCase.officialName($0) }).count == 62)
  }

  @Test(arguments: SettleCase.all)
  func anUnknownWriteIsSettledByItsClass(_ one: SettleCase) throws {
    let official = try #require(SettleCase.officialName(one.operation), "no such operation")
    let ground = try Ground(one)
    let quiet = try Trial(ground)
    let done = try quiet.run()
    #expect(done.exit == .done, "undisturbed: \(done.exit) \(String(describing: done.error))")
    let entry = try #require(try quiet.entries(done).last, "the call writes nothing")
    let request = try #require(entry.request)
    let call = try #require(WriteCall(request, APICatalogue.standard))
    // The arguments that a rule asks for are erased by now; its class is not.
    #expect(one.names(call.operation, request.settle), "it writes by \(call.operation.qualifiedName)")
    quiet.stop()
    for (fault, isApplied) in [
      ("reset:#1:after", true), ("500:#1:after", true), ("reset:#1", false), ("500:#1", false),
    ] {
      let trial = try Trial(ground)
      let mark = try trial.sandbox.last()
      try trial.sandbox.server.setFaults([FaultSpec(parsing: "\(fault)@\(official)")])
      let outcome = try trial.run()
      let verdict = try trial.verdict(outcome)
      let expected = isApplied ? one.applied : one.lost
      #expect(verdict == expected, "\(fault): \(outcome.exit) \(trial.why(outcome))")
      let writes = try trial.sandbox.writes(after: mark).filter { $0.operation == official }
      #expect(writes.allSatisfy { $0.mark != nil }, "\(fault): a write without a mark")
      if !request.settle.repeats {
        #expect(writes.count { $0.applied } <= 1, "\(fault): \(writes.count { $0.applied }) effects")
      }
      // What has gone on by itself is not as it was.
      if verdict == .changed { continue }
      var isThere = isApplied
      if case .done = verdict { isThere = true }
      trial.stop()
      let difference = try trial.difference(from: isThere ? quiet.sandbox.path : ground.path)
      #expect(difference.description == "", "\(fault), \(verdict)")
    }
  }

  /// The transport may send a request without a body twice: then the second one's answer is all that is known.
  @Test(arguments: SettleCase.bodyless)
  func aRequestThatWasDoubledIsDone(_ one: SettleCase) throws {
    let official = try #require(SettleCase.officialName(one.operation))
    let trial = try Trial(try Ground(one))
    try trial.sandbox.server.setFaults([FaultSpec(parsing: "404:#1:after@\(official)")])
    let outcome = try trial.run()
    #expect(outcome.exit == .done, "\(outcome.exit) \(trial.why(outcome))")
    #expect(try trial.entries(outcome).map(\.attempt) == [1])
  }

  @Test(arguments: SettleCase.all)
  func undoGivesBackWhatWasThere(_ one: SettleCase) throws {
    let ground = try Ground(one)
    let trial = try Trial(ground)
    let done = try trial.run()
    #expect(done.exit == .done, "\(done.exit) \(trial.why(done))")
    let (undo, outcome) = try trial.sandbox.undo(try #require(done.id))
    let found: SettleCase.Undo =
      !undo.partly.isEmpty ? .partly : undo.restored > 0 ? .restored : .stays
    #expect(found == one.undo, "\(undo.text(of: "it"))")
    #expect(outcome.exit == .done, "\(String(describing: outcome.error))")
    trial.stop()
    let difference = try trial.difference(from: ground.path).withoutTraces
    switch one.undo {
    case .restored: #expect(difference.description == "")
    case .partly:
      #expect(difference.rows.allSatisfy { $0.before == nil }, "\(difference)")
      #expect(difference.rows.contains { $0.isArchived }, "\(difference)")
    case .stays: #expect(undo.writes == 0)
    }
  }
}

/// The workspace that an operation is called in: the demo, and what the call needs.
final class Ground {
  let one: SettleCase
  let call: String
  let startedAt: Int64
  /// Of the store; nobody serves it.
  let path: String

  init(_ one: SettleCase) throws {
    self.one = one
    startedAt = Int64(Date().timeIntervalSince1970) - 1
    let sandbox = try LiveSandbox()
    path = sandbox.path
    var id = ""
    if !one.setup.isEmpty {
      let setup = try sandbox.run(one.setup)
      guard setup.exit == .done else {
        throw SettleCase.Fault(description: "setup: \(setup.exit) \(String(describing: setup.error))")
      }
      id = sandbox.output.last ?? ""
    }
    call = one.call.replacing("$id", with: id)
    sandbox.server.stop()
  }

  deinit { SeededWorkspace.remove(path) }
}

/// One call, in a workspace of its own.
final class Trial {
  let ground: Ground
  let sandbox: LiveSandbox

  init(_ ground: Ground) throws {
    self.ground = ground
    let path = ground.path + "-" + UUID().uuidString
    try FileManager.default.copyItem(atPath: ground.path, toPath: path)
    sandbox = try LiveSandbox(path: path)
  }

  deinit { SeededWorkspace.remove(sandbox.path) }

  func run() throws -> LiveSandbox.Outcome {
    try sandbox.run(ground.call) { $0.rules = StandardRules(quietTime: 2, secondLook: 2) }
  }

  func entries(_ outcome: LiveSandbox.Outcome) throws -> [LogRow] {
    guard let id = outcome.id else { return [] }
    return try sandbox.reader(id).allWrites()
  }

  func verdict(_ outcome: LiveSandbox.Outcome) throws -> SettleCase.Verdict {
    let entries = try entries(outcome)
    guard entries.count == 1, let entry = entries.first else { return .failed }
    switch outcome.exit {
    case .done: return entry.how.map { .done($0, sends: entry.attempt) } ?? .failed
    case .unknown: return .unknown
    case .someFailed: return outcome.error?.code == "changed" ? .changed : .failed
    default: return .failed
    }
  }

  func why(_ outcome: LiveSandbox.Outcome) -> String {
    let problem = outcome.id.flatMap { try? sandbox.reader($0).item(step: 1, no: 1) }?.problem
    return "\(outcome.error.map { $0.message } ?? "") \(problem.map { "\($0.code): \($0.message)" } ?? "")"
  }

  /// Closes the workspace.
  func stop() { sandbox.server.stop() }

  func difference(from path: String) throws -> StoreDifference {
    try StoreDifference(from: path, to: sandbox.path, since: ground.startedAt)
  }
}
