import Diagnostics
import TestSupport
import Testing

/// The way from a script to the API and back, against the sandbox.
@Suite struct FirstLightTests {
  @Test func countsWithOneRequest() throws {
    let workspace = try TestWorkspace()
    let counted = try workspace.run("contacts | filter { .role == \"lead\" } | count")
    let requests = try workspace.requests()
    #expect(requests.map { "\($0.method) \($0.path)" } == ["POST /contacts/search"])
    let listed = try workspace.run("contacts | map { .role } | collect | filter { it == \"lead\" } | count")
    #expect(counted == listed)
    #expect(Int(counted) ?? 0 > 0)
  }

  @Test func readsGetsUpdatesAndTags() throws {
    let workspace = try TestWorkspace()
    let email = try workspace.run("(contacts | first).email")
    #expect(email.contains("@"))
    #expect(try workspace.run("let c = contacts | first\ncontacts.get(c.id).email == c.email") == "true")
    #expect(try workspace.run("contacts.update(contacts | first, name: \"Renamed\").name") == "Renamed")
    _ = try workspace.requests()
    let tagged = try workspace.run(
      "let t = tags.create(\"vip\")\nlet d = contacts | first\ntags.apply(d, \"vip\").name")
    #expect(tagged == "vip")
    #expect(try workspace.run("contacts.tags(contacts | first) | map { .name } | collect").contains("vip"))
  }

  @Test func askedForFiveItFetchesFive() throws {
    let workspace = try TestWorkspace()
    #expect(try workspace.run("contacts | take(5) | count") == "5")
    _ = try workspace.requests()
    #expect(try workspace.run("contacts | take(5) | map { .id } | collect | count") == "5")
    let requests = try workspace.requests()
    #expect(requests.map(\.path) == ["/contacts?per_page=5"])
  }

  @Test func unknownFieldsAskForNothing() throws {
    let workspace = try TestWorkspace()
    // Where the type is known in the text, nothing runs at all.
    let text = "contacts | filter { .emial ends_with \"@acme.com\" } | collect"
    let script = workspace.engine.compile(SourceText(name: "test.parl", text: text), keepsGlobals: true)
    let found = script.diagnostics.first { $0.severity == .error }
    #expect(found?.message == "a contact has no field `emial`")
    #expect(found?.label == "did you mean `.email`?")
    // Elsewhere the planner finds it before it asks.
    let error = try workspace.error(
      "fn quiet(people) = people | filter { .emial ends_with \"@acme.com\" } | collect\nquiet(contacts)")
    #expect(error.message == "a contact has no field `emial`")
    #expect(error.label == "did you mean `.email`?")
    #expect(try workspace.requests().isEmpty)
  }

  @Test func errorsBearWhatTheAPISays() throws {
    let workspace = try TestWorkspace()
    let error = try workspace.error("contacts.get(\"ffffffffffffffffffffffff\")")
    #expect(error.kind == .api)
    #expect(error.status == 404)
    #expect(error.operation == "contacts.get")
    #expect(
      try workspace.run("try { contacts.get(\"ffffffffffffffffffffffff\") } catch e { e.status }") == "404")
  }
}
