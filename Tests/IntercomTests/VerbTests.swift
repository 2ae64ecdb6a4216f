import Bytecode
import Compiler
import Diagnostics
import TestSupport
import Testing

/// The verbs that take several requests, written in the language.
@Suite struct VerbTests {
  private func sends(_ workspace: TestWorkspace) throws -> [String] {
    try workspace.requests().filter { $0.method != "GET" }.map { "\($0.method) \($0.path)" }
  }

  @Test func upsertMakesOnceAndChangesAfterwards() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    let first = try workspace.run("contacts.upsert(email: \"new@example.com\", name: \"New\").id")
    _ = try workspace.requests()
    #expect(try workspace.run("contacts.upsert(email: \"new@example.com\", name: \"Newer\").id") == first)
    #expect(try sends(workspace) == ["POST /contacts", "PUT /contacts/\(first)"])
    #expect(try workspace.run("contacts.get(\"\(first)\").name") == "Newer")
    // What was not given stays.
    _ = try workspace.run("contacts.upsert(email: \"new@example.com\", phone: \"+353 1\").id")
    #expect(try workspace.run("contacts.get(\"\(first)\").name") == "Newer")
  }

  @Test func upsertBringsTheArchivedBackOnlyOnRequest() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    let id = try workspace.run("contacts.archive(contacts.create(email: \"gone@example.com\")).id")
    let error = try workspace.error("contacts.upsert(email: \"gone@example.com\", name: \"Back\")")
    #expect(error.message.contains("archived") && error.message.contains(id))
    #expect(try workspace.run("contacts.upsert(email: \"gone@example.com\", restore: true).id") == id)
    #expect(try workspace.run("contacts.get(\"\(id)\").email") == "gone@example.com")
  }

  @Test func anythingButAConflictIsPassedOn() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    #expect(try workspace.error("contacts.upsert(name: \"Nobody\")").message.contains("contacts.create"))
  }

  @Test func findsTheArchivedAndLeavesNothingBehind() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    let id = try workspace.run("contacts.archive(contacts.create(email: \"gone@example.com\")).id")
    #expect(try workspace.run("contacts.find_archived(email: \"gone@example.com\").id") == id)
    let before = try workspace.run("contacts | collect | count")
    #expect(try workspace.run("contacts.find_archived(email: \"never@example.com\")") == "null")
    #expect(try workspace.run("contacts | collect | count") == before)
    // Somebody who is there is not archived.
    let email = try workspace.run("(contacts | filter { .role == \"user\" } | first).email")
    #expect(try workspace.run("contacts.find_archived(email: \"\(email)\")") == "null")
  }

  @Test func mergesUsersWithWhatCanBeMoved() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    _ = try workspace.outcome(
      """
      let old = contacts.create(email: "old@example.com", role: "user", name: "Old", phone: "+353 86 1", custom_attributes: {plan: "pro"})
      let kept = contacts.create(email: "kept@example.com", role: "user", name: "Kept")
      let firm = companies | first
      notes.create(old, body: "Likes tea.")
      tags.apply(old, tags.ensure("vip"))
      companies.attach(old, to: firm)
      let open = conversations.get(conversations.create(old, body: "First").conversation_id)
      let shut = conversations.get(conversations.create(old, body: "Second").conversation_id)
      conversations.close(shut)
      """)
    _ = try workspace.requests()
    #expect(try workspace.run("contacts.merge_users(from: old, into: kept).id == kept.id") == "true")
    #expect(workspace.warnings.count == 1)
    #expect(workspace.warnings.first?.contains("1 closed conversation") == true, "\(workspace.warnings)")
    #expect(try workspace.run("contacts.get(kept).phone") == "+353 86 1")
    #expect(try workspace.run("contacts.get(kept).name") == "Kept")
    #expect(try workspace.run("notes.list(kept) | map { plain(.body) } | collect") == "[\"Likes tea.\"]")
    #expect(try workspace.run("contacts.tags(kept) | map { .name } | collect") == "[\"vip\"]")
    #expect(try workspace.run("contacts.companies(kept) | map { .id } | collect == [firm.id]") == "true")
    #expect(try workspace.run("conversations.get(open).contacts | map { .id } == [kept.id]") == "true")
    #expect(try workspace.run("conversations.get(shut).contacts | map { .id } == [old.id]") == "true")
    #expect(try workspace.run("conversations.get(shut).state") == "closed")
    #expect(try workspace.error("contacts.get(old)").status == 404)
  }

  @Test func movesPeople() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    _ = try workspace.outcome(
      """
      let a = companies.upsert(company_id: "a", name: "A")
      let b = companies.upsert(company_id: "b", name: "B")
      let people = contacts | take(3) | collect
      for p in people { companies.attach(p, to: a) }
      """)
    #expect(try workspace.run("companies.move_people(from: a, to: b)") == "3")
    #expect(try workspace.run("companies.contacts(b) | count") == "3")
    #expect(try workspace.run("companies.contacts(a) | count") == "0")
  }

  @Test func aClosedConversationStaysClosed() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    _ = try workspace.outcome("let c = conversations | filter { .state == \"closed\" } | first")
    #expect(try workspace.run("conversations.assign_closed(c, to: teams | first).state") == "closed")
    #expect(
      try workspace.run("conversations.get(c).team_assignee_id == (teams | first).id") == "true")
    _ = try workspace.outcome("let o = conversations | filter { .state == \"open\" } | first")
    #expect(try workspace.run("conversations.assign_closed(o, to: teams | first).state") == "open")
  }

  @Test func namesAreLookedUpOnce() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    let name = try workspace.run("(teams | first).name")
    _ = try workspace.requests()
    #expect(try workspace.run("teams.named(\"\(name.uppercased())\").name") == name)
    #expect(try workspace.run("teams.named(\"\(name)\").admin_ids == (teams | first).admin_ids") == "true")
    #expect(try workspace.requests().count == 2)
    #expect(try workspace.error("teams.named(\"no such team\")").code == "not_found")
  }

  @Test func attributesAreMadeOnce() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    let id = try workspace.run("data_attributes.ensure(\"plan_level\", \"string\").id")
    #expect(try workspace.run("data_attributes.ensure(\"plan_level\", \"string\").id") == id)
    let other = try workspace.error("data_attributes.ensure(\"plan_level\", \"integer\")")
    #expect(other.message.contains("a type cannot change"))
    _ = try workspace.outcome(
      "for c in contacts | take(2) | collect { contacts.update(c, custom_attributes: {plan_level: \"pro\"}) }"
    )
    #expect(try workspace.run("data_attributes.uses(\"\(id)\")") == "2")
    _ = try workspace.outcome("data_attributes.archive(\"\(id)\")")
    #expect(
      try workspace.error("data_attributes.ensure(\"plan_level\", \"string\")").message.contains("archived"))
  }

  @Test func usesOfTagsAreCounted() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    _ = try workspace.outcome(
      """
      let t = tags.ensure("counted")
      for c in contacts | take(2) | collect { tags.apply(c, t) }
      tags.apply(conversations | first, t)
      tags.apply(companies | first, t)
      """)
    _ = try workspace.requests()
    #expect(try workspace.run("tags.uses(t)") == "{contacts: 2, conversations: 1, companies: 1}")
    #expect(try workspace.requests().count == 3)
  }

  @Test func exportsEndInAFile() throws {
    let files = MemoryFiles()
    let workspace = try TestWorkspace(copyOf: .shared, files: files)
    #expect(
      try workspace.run("exports.run(from: ago(3650d), to: now(), file: \"sent.csv\").status") == "completed")
    let text = String(decoding: files.files["sent.csv"] ?? [], as: UTF8.self)
    #expect(text.hasPrefix("user_id,"))
    #expect(text.split(separator: "\n").count > 1)
    #expect(
      try workspace.run("exports.run(from: @1990-01-01, to: @1990-01-02, file: \"none.csv\").status")
        == "no_data")
    #expect(files.files["none.csv"] == nil)
  }

  @Test func ofAVerbItsOwnOperationsCount() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    let script = workspace.engine.compile(
      SourceText(name: "t.parl", text: "tags.ensure(\"x\")"), keepsGlobals: true)
    #expect(script.effects == [EffectUse(operation: "tags.create", effect: .write)])
    let export = workspace.engine.compile(
      SourceText(name: "t.parl", text: "companies.move_people(from: \"a\", to: \"b\")"), keepsGlobals: true)
    #expect(
      Set(export.effects.map(\.operation)) == ["companies.contacts", "companies.attach", "companies.detach"])
  }

  @Test func aVerbThatWritesIsAWrite() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    let lazy = workspace.engine.compile(
      SourceText(name: "t.parl", text: "contacts | map { contacts.upsert(email: .email) }"),
      keepsGlobals: true)
    #expect(lazy.diagnostics.contains { $0.message.contains("`map` reads when somebody asks") })
    // `each` reads to the end before a verb writes: the pages would move.
    _ = try workspace.requests()
    _ = try workspace.outcome(
      "contacts.list(per_page: 5) | take(10) | each { contacts.upsert(email: .email ?? \"x@example.com\") }")
    let methods = try workspace.requests().map(\.method)
    #expect(methods.prefix { $0 == "GET" }.count == 2, "\(methods)")
  }
}
