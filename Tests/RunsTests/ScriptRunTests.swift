import JSON
import Sandbox
import Testing

@testable import Runs

/// Scripts against a sandbox, by the journal.
@Suite(.serialized) struct ScriptRunTests {
  static let leads = "contacts | filter { .role == \"lead\" } | take(6)"

  // MARK: Lists and blocks

  @Test func aListIsPlannedInFullAndAppliedAsPlanned() throws {
    let sandbox = try LiveSandbox()
    let text = """
      let label = tags | find { .name == "VIP" }
      \(Self.leads) | bulk "mark" { tags.apply(it, label); contacts.update(it, name: "Marked") }
      """
    let mark = try sandbox.last()
    let plan = try sandbox.run(text, .plan)
    #expect(plan.exit == .done && plan.plans.first?.facts.counts.map(\.writes) == [6, 6])
    #expect(try sandbox.writes(after: mark).isEmpty)
    let id = try #require(plan.id)
    let planned = try sandbox.reader(id).allWrites().map { "\($0.operation) \($0.target?.id ?? "")" }
    let applied = try sandbox.apply(id)
    #expect(applied.exit == .done && applied.tally[.done] == 6, "\(String(describing: applied.error))")
    let sent = try sandbox.writes(after: mark)
    #expect(sent.count == planned.count && sent.allSatisfy { $0.applied })
    #expect(Set(sent.compactMap { $0.mark }).count == 12)
    // Applied once: the plan is used up.
    _ = try sandbox.apply(id)
    #expect(try sandbox.writes(after: mark).count == 12)
  }

  @Test func aRecordThatChangedSinceThePlanIsRefusedAndListed() throws {
    let sandbox = try LiveSandbox()
    let plan = try sandbox.run(
      "\(Self.leads) | bulk(\"mark\", on_error: \"continue\") { contacts.update(it, name: \"Marked\") }",
      .plan)
    let id = try #require(plan.id)
    try sandbox.server.advanceClock(by: 5)
    let other = try sandbox.run("let one = \(Self.leads) | first\ncontacts.update(one, phone: \"+15550100\")")
    #expect(other.exit == .done, "\(String(describing: other.error))")
    let applied = try sandbox.apply(id)
    #expect(applied.exit == .someFailed)
    #expect(applied.tally[.done] == 5 && applied.tally[.changed] == 1)
    #expect(try RunReport(sandbox.reader(id)).errors.map(\.code) == ["changed"])
  }

  @Test func aBlockThatReadsWhatItWroteRunsItemByItem() throws {
    let sandbox = try LiveSandbox()
    let text = """
      \(Self.leads) | bulk "rename" {
        contacts.update(it, name: "A")
        let now = contacts.get(it)
        if now.name == "A" { contacts.update(it, phone: "+15550199") }
      }
      """
    let run = try sandbox.run(text)
    #expect(run.exit == .done && run.tally[.done] == 6, "\(String(describing: run.error))")
    #expect(run.plans.first?.facts.obstacles.first?.reason == "it reads after it has written")
    #expect(try sandbox.writes().count { $0.operation == "UpdateContact" && $0.applied } == 12)
    #expect(try sandbox.value("contacts | filter { .phone == \"+15550199\" } | count") == "6")
  }

  @Test func aBlockMayCatchWhatTheAPIRefuses() throws {
    let sandbox = try LiveSandbox()
    let text = """
      \(Self.leads) | bulk "try" {
        let said = try { contacts.update(it, email: "no address") } catch e { e.code }
        notes.create(it, body: "caught")
      }
      """
    let run = try sandbox.run(text)
    #expect(run.exit == .done, "\(String(describing: run.error))")
    #expect(run.plans.first?.facts.obstacles.first?.reason == "it catches the error of a write")
    #expect(try sandbox.writes().count { $0.operation == "createNote" && $0.applied } == 6)
  }

  @Test func printsOfABlockComeWhenItsItemEnds() throws {
    let sandbox = try LiveSandbox()
    _ = try sandbox.run(
      "[1, 2] | bulk \"say\" { print(\"item \\(it)\"); tags.create(\"t\\(it)\") }\nprint \"end\"")
    #expect(sandbox.output == ["item 1", "item 2", "end"])
  }

  // MARK: What is still to be made

  @Test func anIDThatIsStillToBeMadeIsPassedOn() throws {
    let sandbox = try LiveSandbox()
    let text = """
      let label = tags.create("fresh")
      \(Self.leads) | bulk "mark" { tags.apply(it, label) }
      ["a", "b"] | bulk "companies" {
        let firm = companies.upsert(company_id: "firm-\\(it)", name: it)
        companies.update(firm, plan: "Pro")
      }
      """
    let plan = try sandbox.run(text, .plan)
    #expect(
      plan.error?.code == nil || plan.error?.code == ScriptRun.endOfPlan, "\(String(describing: plan.error))")
    let run = try sandbox.run(text)
    #expect(run.exit == .done, "\(String(describing: run.error)) \(sandbox.voice.lines)")
    #expect(try sandbox.value("contacts | filter { has_tag(it, \"fresh\") } | count") == "6")
    #expect(try sandbox.writes().count { $0.operation == "UpdateCompany" && $0.applied } == 2)
    try sandbox.expectPlans()
  }

  @Test func aPlanOfWhatIsStillToBeMadeAppliesAsItWasShown() throws {
    let sandbox = try LiveSandbox()
    let plan = try sandbox.run(
      """
      ["a", "b"] | bulk "companies" {
        let firm = companies.upsert(company_id: "firm-\\(it)", name: it)
        companies.update(firm, plan: "Pro")
      }
      """, .plan)
    #expect(plan.exit == .done && plan.plans.first?.facts.isComplete == true, "\(plan.plans)")
    let applied = try sandbox.apply(try #require(plan.id))
    #expect(applied.exit == .done, "\(String(describing: applied.error))")
    #expect(
      try sandbox.writes().map(\.operation) == [
        "createOrUpdateCompany", "createOrUpdateCompany", "UpdateCompany", "UpdateCompany",
      ])
    try sandbox.expectPlans()
  }

  @Test func decidingByWhatOnlyTheServerKnowsIsNotPlannable() throws {
    let sandbox = try LiveSandbox()
    for body in [
      "if made.id == \"5\" { contacts.archive(made) }", "if made.created_at > now() { print(1) }",
      "notes.create(person, body: \"see \\(made.id)\")",
    ] {
      let plan = try sandbox.run(
        """
        let person = contacts | first
        ["x"] | bulk "make" { let made = contacts.create(email: "n@example.com", role: "user"); \(body) }
        """, .plan)
      let facts = try #require(plan.plans.first?.facts, "\(String(describing: plan.error))")
      #expect(!facts.isComplete, "\(body)")
    }
    #expect(try sandbox.writes().isEmpty)
  }

  // MARK: Statements

  @Test func aStatementIsAStepWithOneItem() throws {
    let sandbox = try LiveSandbox()
    let run = try sandbox.run(
      "for one in (\(Self.leads)) { tags.apply(one, \"VIP\") }\ntags.create(\"other\")\nprint \"end\"")
    #expect(run.exit == .done && run.tally[.done] == 2, "\(String(describing: run.error))")
    #expect(sandbox.output == ["end"])
    let reader = try sandbox.reader(try #require(run.id))
    #expect(try reader.steps().map(\.source) == [.script, .script])
    #expect(try reader.run().state == .done)
  }

  @Test func aRefusedStatementIsTheScriptsToCatch() throws {
    let sandbox = try LiveSandbox()
    let run = try sandbox.run(
      """
      let one = contacts | first
      let code = try { contacts.update(one, email: "no address") } catch e { e.code }
      print(code)
      tags.create("after")
      """)
    #expect(run.exit == .done, "\(String(describing: run.error))")
    #expect(sandbox.output.count == 1)
    let failing = try sandbox.run("let one = contacts | first\ncontacts.update(one, email: \"no address\")")
    #expect(failing.exit == .scriptError && failing.tally[.failed] == 1)
  }

  // MARK: Caps and limits

  @Test func capsAreExactAndTheRunGoesOnAfterThem() throws {
    let sandbox = try LiveSandbox()
    let text = "\(Self.leads) | bulk \"mark\" { contacts.update(it, name: \"M\") }"
    let run = try sandbox.run(text) { $0.caps.writes = 4 }
    #expect(run.exit == .stopped && run.error?.code == "stopped")
    #expect(try sandbox.writes().count == 4)
    let id = try #require(run.id)
    #expect(try sandbox.reader(id).run().state == .stopped)
    let rest = try sandbox.run(text, .resume(id)) { $0.caps.writes = nil }
    #expect(rest.exit == .done, "\(String(describing: rest.error))")
    #expect(try sandbox.writes().count == 6)
  }

  @Test func aLimitTakesTheFirstItems() throws {
    let sandbox = try LiveSandbox()
    let run = try sandbox.run("contacts | bulk \"mark\" { contacts.update(it, name: \"M\") }") {
      $0.limit = 3
    }
    #expect(run.exit == .done && run.tally.total == 3)
  }

  @Test func tooManyErrorsStopTheRun() throws {
    let sandbox = try LiveSandbox()
    let run = try sandbox.run("contacts | take(50) | bulk \"mark\" { contacts.update(it, email: \"none\") }")
    {
      $0.errors = .count(2)
    }
    #expect(run.exit == .stopped, "\(String(describing: run.error))")
    #expect(run.tally[.failed] >= 2 && run.tally[.pending] > 0)
  }

  // MARK: Unknown outcomes

  /// What goes wrong, the script, and how the write comes to be done: by which verdict, after how many sends.
  static let unknowns: [(fault: String, text: String, how: VerdictSource, sends: Int)] = [
    (
      "reset:#1:after@UpdateContact", "let c = contacts | first\ncontacts.update(c, name: \"U\")", .matched, 1
    ),
    ("reset:#1@UpdateContact", "let c = contacts | first\ncontacts.update(c, name: \"U\")", .answered, 2),
    (
      "reset:#1:after@attachTagToContact", "let c = contacts | first\ntags.apply(c, \"VIP\")", .matched, 1
    ),
    ("reset:#1@attachTagToContact", "let c = contacts | first\ntags.apply(c, \"VIP\")", .answered, 2),
    (
      "reset:#1:after@createNote",
      "let c = contacts | first\nnotes.create(c, body: \"<p>Once &amp; only</p>\")", .matched, 1
    ),
    ("reset:#1@createNote", "let c = contacts | first\nnotes.create(c, body: \"Once\")", .answered, 2),
    ("reset:#1:after@createTag", "tags.create(\"unknown\")", .repeated, 2),
    ("reset:#1:after@DeleteContact", "let c = contacts | first\ncontacts.delete(c)", .inferred, 2),
    ("reset:#1@DeleteContact", "let c = contacts | first\ncontacts.delete(c)", .repeated, 2),
    (
      "reset:#1:after@CreateContact", "contacts.create(email: \"once@example.com\", role: \"user\")",
      .matched, 2
    ),
    (
      "reset:#1:after@manageConversation",
      "let c = conversations | filter { .open } | first\nconversations.close(c)", .matched, 1
    ),
    (
      "reset:#1:after@replyConversation",
      "let c = conversations | filter { .open } | first\nconversations.reply(c, body: \"Hello\")", .matched, 1
    ),
    (
      "reset:#1:after@createArticle", "let a = admins | first\narticles.create(title: \"Once\", author: a)",
      .matched, 1
    ),
    (
      "reset:#1:after@attachContactToACompany",
      "let c = contacts | first\nlet f = companies | first\ncompanies.attach(c, to: f)", .matched, 1
    ),
    ("reset:#1:after@ArchiveContact", "let c = contacts | first\ncontacts.archive(c)", .matched, 1),
  ]

  @Test(arguments: unknowns.indices) func anUnknownOutcomeIsSettledByItsClass(_ index: Int) throws {
    let (fault, text, how, sends) = Self.unknowns[index]
    let sandbox = try LiveSandbox()
    try sandbox.server.setFaults([FaultSpec(parsing: fault)])
    let run = try sandbox.run(text)
    #expect(
      run.exit == .done, "\(fault): \(run.exit) \(String(describing: run.error)) \(sandbox.voice.lines)")
    let operation = fault.split(separator: "@").last.map(String.init)
    let taken = try sandbox.writes().filter { $0.operation == operation && $0.applied }
    #expect(taken.count == 1, "\(fault): \(taken.count) effects")
    let entries = try sandbox.reader(try #require(run.id)).allWrites()
    #expect(
      entries.map(\.state) == [.done] && entries.map(\.how) == [how] && entries.map(\.attempt) == [sends])
  }

  @Test func whatCannotBeLookedUpStaysUnknown() throws {
    let sandbox = try LiveSandbox()
    try sandbox.server.setFaults([FaultSpec(parsing: "reset:#1:after@replyConversation")])
    let text = "let c = conversations | filter { .open } | first\nconversations.reply(c, body: \"Hello\")"
    try sandbox.server.setFaults([FaultSpec(parsing: "reset:#1@replyConversation")])
    let run = try sandbox.run(text)
    // A customer would see a second one.
    #expect(run.exit == .unknown, "\(run.exit) \(String(describing: run.error))")
    let id = try #require(run.id)
    let open = try RunReport(sandbox.reader(id)).open
    #expect(open.count == 1)
    let changes = try RunCommands(sandbox.reader(id)).settle(open[0].id, isDone: false, now: 1)
    try Journal(path: sandbox.state.journal(of: id)).commit(changes)
    let rest = try sandbox.run(text, .resume(id))
    #expect(rest.exit == .done, "\(String(describing: rest.error))")
    #expect(try sandbox.writes().count { $0.operation == "replyConversation" && $0.applied } == 1)
    #expect(try sandbox.reader(id).allWrites().map(\.attempt) == [2])
  }

  @Test func whatAPersonSawHappenIsNotSentAgain() throws {
    let sandbox = try LiveSandbox()
    // The list of parts cannot be read, so nobody but a person can tell.
    let text = """
      let c = conversations | filter { .open } | first
      let label = tags.create("first")
      conversations.reply(c, body: "Hello")
      tags.apply(c, label)
      """
    try sandbox.server.setFaults([FaultSpec(parsing: "reset:#1@replyConversation")])
    let run = try sandbox.run(text)
    #expect(run.exit == .unknown, "\(run.exit) \(String(describing: run.error))")
    let id = try #require(run.id)
    let open = try RunReport(sandbox.reader(id)).open
    let changes = try RunCommands(sandbox.reader(id)).settle(open[0].id, isDone: true, now: 1)
    try Journal(path: sandbox.state.journal(of: id)).commit(changes)
    // The script gets the tag that it made before, and goes on behind the reply.
    let rest = try sandbox.run(text, .resume(id))
    #expect(rest.exit == .done, "\(String(describing: rest.error))")
    #expect(
      try sandbox.writes().filter { $0.applied }.map(\.operation) == ["createTag", "attachTagToConversation"])
  }

  // MARK: Undo

  static let undos: [(text: String, look: String)] = [
    (
      "contacts | take(5) | bulk \"x\" { contacts.update(it, name: \"N\", custom_attributes: {vip: true}) }",
      "contacts | take(5) | map { {.id, .name, .custom_attributes} } | collect"
    ),
    (
      "contacts | take(5) | bulk \"x\" { tags.apply(it, \"VIP\") }",
      "contacts | take(5) | map { tags_of(it) } | collect"
    ),
    (
      "conversations | filter { .state == \"open\" } | take(4) | bulk \"x\" { conversations.close(it) }",
      "conversations | sort_by { .id } | map { {.id, .state} } | collect"
    ),
    (
      "let a = admins | first\nconversations | filter { .open } | take(4) | bulk \"x\" { conversations.assign(it, to: a) }",
      "conversations | sort_by { .id } | map { {.id, .admin_assignee_id} } | collect"
    ),
    (
      "contacts | filter { .role == \"user\" } | take(3) | bulk \"x\" { contacts.archive(it) }",
      "contacts | map { .id } | collect"
    ),
    ("tags.create(\"brand new\")", "tags | map { .name } | collect"),
    ("tags.create(\"VIP\")", "tags | map { .name } | collect"),
    (
      "let t = tags | find { .name == \"VIP\" }\ntags.rename(t, to: \"Very important\")",
      "tags | map { .name } | collect"
    ),
    (
      "let f = companies | first\ncontacts | take(4) | bulk \"x\" { companies.attach(it, to: f) }",
      "contacts | take(4) | map { (companies_of(it)) } | collect"
    ),
    (
      "companies | take(3) | bulk \"x\" { companies.update(it, plan: \"Pro\") }",
      "companies | take(3) | map { {.id, .plan} } | collect"
    ),
  ]

  /// An attribute that was not there reads null afterwards, to the API as to a script: docs/runs.md, Undo.
  static func withoutNulls(_ text: String) throws -> JSONValue {
    func walk(_ value: JSONValue) -> JSONValue {
      switch value {
      case .array(let items): return .array(items.map(walk))
      case .object(let object):
        return .object(
          object.reduce(into: JSONObject()) { result, member in
            guard member.key == "custom_attributes", let inner = member.value.objectValue else {
              return result[member.key] = walk(member.value)
            }
            result[member.key] = .object(
              inner.reduce(into: JSONObject()) { if $1.value != .null { $0[$1.key] = $1.value } })
          })
      default: return value
      }
    }
    return walk(try JSONValue.parse(text))
  }

  @Test(arguments: undos.indices) func undoGoesBackToWhatWas(_ index: Int) throws {
    let sandbox = try LiveSandbox()
    let (text, look) = Self.undos[index]
    let expression =
      look.replacing("tags_of(it)", with: "(contacts.tags(it) | map { .name } | collect)")
      .replacing("companies_of(it)", with: "contacts.companies(it) | map { .id } | collect")
    let before = try sandbox.json(expression)
    let run = try sandbox.run(text)
    #expect(run.exit == .done, "\(String(describing: run.error))")
    let (undo, outcome) = try sandbox.undo(try #require(run.id))
    let after = try sandbox.json(expression)
    #expect(outcome.exit == .done, "\(String(describing: outcome.error)) \(undo.text(of: "r"))")
    #expect(try Self.withoutNulls(after) == Self.withoutNulls(before), "\(undo.text(of: "r"))")
    // What it leaves it has said.
    #expect(after == before || !undo.partly.isEmpty, "\(undo.text(of: "r"))")
    #expect(!before.isEmpty && before != "[]")
  }

  @Test func whatCannotBeTakenAwayIsSaidAndStays() throws {
    let sandbox = try LiveSandbox()
    _ = try sandbox.run("companies.upsert(company_id: \"bare\", name: \"Bare\")")
    let firm = "companies.find(company_id: \"bare\")"
    let run = try sandbox.run("let f = \(firm)\ncompanies.update(f, plan: \"Pro\", industry: \"Rail\")")
    let (undo, outcome) = try sandbox.undo(try #require(run.id))
    #expect(outcome.exit == .done, "\(String(describing: outcome.error))")
    #expect(undo.partly.map(\.why) == ["`plan` stays: the API has no way to take it away"])
    #expect(try sandbox.value("\(firm).plan[\"name\"]") == "Pro")
    #expect(try sandbox.value("\(firm).industry == null") == "true")
    let alone = try sandbox.run("let f = \(firm)\ncompanies.update(f, plan: \"Free\")")
    #expect(try sandbox.undo(try #require(alone.id)).0.restored == 1)
  }

  @Test func undoLeavesWhatSomebodyElseHasChanged() throws {
    let sandbox = try LiveSandbox()
    let run = try sandbox.run("\(Self.leads) | bulk \"x\" { contacts.update(it, name: \"N\") }")
    _ = try sandbox.run("let one = \(Self.leads) | first\ncontacts.update(one, name: \"Mine\")")
    let (_, outcome) = try sandbox.undo(try #require(run.id))
    #expect(outcome.tally[.changed] == 1 && outcome.tally[.done] == 5)
    #expect(try sandbox.value("contacts | filter { .name == \"Mine\" } | count") == "1")
  }

  // MARK: Resuming

  @Test func theScriptReadsTheSameAgain() throws {
    let sandbox = try LiveSandbox()
    let text = """
      let before = contacts | filter { .name == "M" } | count
      print "before \\(before)"
      \(Self.leads) | bulk "mark" { contacts.update(it, name: "M") }
      if before == 0 { tags.create("none before") }
      """
    let run = try sandbox.run(text) { $0.caps.writes = 6 }
    #expect(run.exit == .stopped)
    // Read live it would be six now, and the tag would not be made.
    let rest = try sandbox.run(text, .resume(try #require(run.id))) { $0.caps.writes = nil }
    #expect(rest.exit == .done, "\(String(describing: rest.error))")
    #expect(try sandbox.writes().last?.operation == "createTag")
  }

  @Test func aSecondWritingRunIsRefusedByName() throws {
    let sandbox = try LiveSandbox()
    try sandbox.state.prepare()
    let lock = try WorkspaceLock(
      workspace: "http://127.0.0.1:\(sandbox.port)", run: "r-20260101-aaaa", in: sandbox.state)
    let run = try sandbox.run("tags.create(\"x\")")
    #expect(run.exit == .refused && run.error?.message.contains("r-20260101-aaaa") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func anErasureDoesNotLiveOnInTheJournal() throws {
    let sandbox = try LiveSandbox()
    let email = try sandbox.value("contacts | take(1) | map { .email } | collect")
    let run = try sandbox.run("contacts | take(1) | bulk \"erase\" { contacts.delete(it) }")
    #expect(run.exit == .done, "\(String(describing: run.error))")
    let path = sandbox.state.journal(of: try #require(run.id))
    let text = String(email.dropFirst(2).dropLast(2))
    #expect(text.contains("@"))
    for file in [path, path + "-wal"] {
      #expect(!TemporaryDirectory.bytes(of: file).contains(text), "\(file)")
    }
  }
}

extension LiveSandbox {
  /// Companies without people are in no list: they are asked for by their own ids.
  fileprivate func expectPlans() throws {
    for name in ["a", "b"] {
      let plan = try value("companies.find(company_id: \"firm-\(name)\").plan[\"name\"]")
      #expect(plan == "Pro", "firm-\(name)")
    }
  }
}
