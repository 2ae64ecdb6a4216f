import Machine
import TestSupport
import Testing

/// How sequences read: as late, as little and as often as the consumer asks.
@Suite struct SequenceTests {
  @Test func threePagesAndNoMore() throws {
    let workspace = try TestWorkspace(contacts: 120)
    #expect(try workspace.run("contacts.list(per_page: 50) | collect | count") == "120")
    #expect(try workspace.requests().count == 3)
    #expect(
      try workspace.run("contacts.list(per_page: 40) | map { .id } | unique | collect | count") == "120")
    #expect(try workspace.requests().count == 3)
  }

  /// The page that is asked for ahead may arrive while the one before is still handed out.
  @Test func aScrollLosesNothing() throws {
    let workspace = try TestWorkspace()
    let all = try workspace.run("companies | collect | count")
    for _ in 0..<25 {
      #expect(try workspace.run("companies.scroll() | map { .id } | count") == all)
    }
  }

  @Test func whoStopsEarlyAsksForNoMore() throws {
    let workspace = try TestWorkspace(contacts: 120)
    #expect(
      try workspace.run("contacts.list(per_page: 10) | take(25) | map { .id } | collect | count") == "25")
    let pages = try workspace.requests()
    #expect(pages.count == 3)
    #expect(pages.last?.path.contains("per_page=5&") == true)
    _ = try workspace.run("(contacts | first).id")
    #expect(try workspace.requests().map(\.path) == ["/contacts?per_page=1"])
    _ = try workspace.run("for c in contacts.list(per_page: 50) { if c.email != null { break } }\n1")
    #expect(try workspace.requests().count == 1)
  }

  @Test func nothingIsReadBeforeItIsAskedFor() throws {
    let workspace = try TestWorkspace(contacts: 5)
    _ = try workspace.outcome("let people = contacts | filter { .role == \"lead\" } | map { .email }")
    #expect(try workspace.requests().isEmpty)
  }

  @Test func countsOfListsAndTheirFirst() throws {
    let workspace = try TestWorkspace(contacts: 40)
    #expect(try workspace.run("contacts | count") == "40")
    #expect(try workspace.run("contacts | take(7) | count") == "7")
    #expect(try workspace.run("contacts | sort_by { .created_at } | count") == "40")
    #expect(try workspace.requests().count == 3)
    #expect(try workspace.run("contacts | map { .role } | count") == "40")
  }

  @Test func writesInEachReadToTheEndFirst() throws {
    let workspace = try TestWorkspace(contacts: 12)
    _ = try workspace.run("contacts.list(per_page: 5) | each { contacts.update(it, name: \"x\") }\n1")
    let requests = try workspace.requests()
    let firstWrite = try #require(requests.firstIndex { $0.isWrite })
    #expect(requests[..<firstWrite].count == 3)
    #expect(requests[firstWrite...].allSatisfy { $0.isWrite })
    #expect(requests.count == 15)
  }

  @Test func cutListsReadOn() throws {
    let workspace = try TestWorkspace(contacts: 2)
    _ = try workspace.run(
      "let c = contacts | first\nfor n in 1..13 { tags.apply(c, tags.create(\"tag \\(n)\")) }\n1")
    #expect(try workspace.run("(contacts | first).tags | count") == "13")
    #expect(try workspace.run("contacts | first | has_tag(\"tag 12\")") == "true")
  }

  @Test func everythingIsSafeWhereverItIsCollected() throws {
    let workspace = try TestWorkspace(contacts: 30)
    workspace.engine.machine.stressCollect = true
    let text = try workspace.run(
      "contacts.list(per_page: 7) | filter { .role != null } | map { [.id, .tags, .created_at] } | collect | count"
    )
    #expect(text == "30")
    #expect(
      try workspace.run(
        "contacts.update(contacts | first, name: \"y\", custom_attributes: {a: [1, {b: 2}]}).name") == "y")
  }
}
