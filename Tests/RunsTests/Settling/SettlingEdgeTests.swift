import Sandbox
import Testing

@testable import Runs

/// Corners of settling and undo that the table of all operations does not reach.
@Suite struct SettlingEdgeTests {
  /// A note that was made by the server's clock before it was sent by ours is the run's all the same.
  @Test(arguments: [-60, 60]) func aServerWithAnotherClockIsUnderstood(_ seconds: Int64) throws {
    let sandbox = try LiveSandbox()
    try sandbox.server.advanceClock(by: seconds)
    try sandbox.server.setFaults([FaultSpec(parsing: "reset:#1:after@createNote")])
    let run = try sandbox.run("let c = contacts | first\nnotes.create(c, body: \"Once\")")
    #expect(run.exit == .done, "\(String(describing: run.error))")
    #expect(try sandbox.writes().count { $0.applied } == 1)
    let entries = try sandbox.reader(try #require(run.id)).allWrites()
    #expect(entries.map(\.how) == [.matched] && entries.map(\.attempt) == [1])
  }

  /// What cannot be taken back is said, and what can be is.
  @Test func aClosedConversationIsClosedAgainThoughItsTeamStays() throws {
    let sandbox = try LiveSandbox()
    let id = try sandbox.value(
      "(conversations | filter { .state == \"closed\" and .team_assignee_id == null } | first).id")
    let run = try sandbox.run(
      "let t = teams | first\nlet c = conversations.get(\"\(id)\")\nconversations.assign(c, to: t)")
    #expect(run.exit == .done, "\(String(describing: run.error))")
    #expect(try sandbox.value("conversations.get(\"\(id)\").state") == "open")
    let (undo, outcome) = try sandbox.undo(try #require(run.id))
    #expect(outcome.exit == .done, "\(String(describing: outcome.error))")
    #expect(undo.partly.map(\.why) == ["it was nobody's before, and the API has no way back to that"])
    #expect(try sandbox.value("conversations.get(\"\(id)\").state") == "closed")
  }

  /// Somebody who was not asked for by the visitor's own name is not taken for the visitor.
  @Test func aVisitorIsLookedUpByTheirOwnID() throws {
    let sandbox = try LiveSandbox()
    try sandbox.server.setFaults([FaultSpec(parsing: "reset:#1@convertVisitor")])
    let run = try sandbox.run(
      "visitors.convert(type: \"user\", visitor_user_id: \"visitor-1\", user_id: \"somebody-else\")")
    #expect(run.exit == .done, "\(String(describing: run.error))")
    #expect(try sandbox.writes().count { $0.applied } == 1)
  }
}
