import Catalogue
import Foundation
import Machine
import Testing

/// A filter means what it says, whatever the server's search can do: random filters over every field that the
/// search knows and over custom attributes, on random data, against the plain filter over the same records in
/// memory. PARLANCE_LONG_TESTS=1 runs 100,000 cases.
@Suite struct ExactnessTests {
  static let isLong = ProcessInfo.processInfo.environment["PARLANCE_LONG_TESTS"] != nil
  /// Of one workspace; there are six.
  static let cases = isLong ? 16_700 : 20

  struct Place: CustomStringConvertible, Sendable {
    var resource: String
    var zone: String
    var contacts: Int?
    var description: String { "\(resource) in \(zone)" }
  }

  static let places = [
    Place(resource: "contacts", zone: "UTC", contacts: 260),
    Place(resource: "contacts", zone: "America/New_York", contacts: 260),
    Place(resource: "contacts", zone: "Pacific/Auckland", contacts: 260),
    Place(resource: "contacts", zone: "Asia/Kolkata", contacts: nil),
    Place(resource: "conversations", zone: "UTC", contacts: nil),
    Place(resource: "tickets", zone: "Asia/Tokyo", contacts: nil),
  ]

  @Test(arguments: places) func filtersMeanWhatTheySay(place: Place) throws {
    let workspace = try TestWorkspace(contacts: place.contacts, timeZone: place.zone)
    if place.resource == "contacts" { try ExactnessTests.scatter(workspace) }
    _ = try workspace.outcome("let all = \(place.resource) | collect\nlet labels = tags | collect")
    var filters = try FilterDice(workspace, place.resource, seed: UInt64(place.zone.utf8.count) * 31 + 5)
    var spared = 0
    var refused = 0
    var oneRequest = 0
    var counted = 0
    _ = try workspace.requests()
    for _ in 0..<ExactnessTests.cases {
      let filter = filters.filter()
      // What is refused before it runs is no filter: an enumeration's value in capitals.
      guard let plain = try? ids(workspace, "all | filter { \(filter) } | map { .id } | sort_by { it }")
      else {
        refused += 1
        continue
      }
      // The declared type knows more than the list: always true, never true.
      guard
        let planned = try? ids(
          workspace, "\(place.resource) | filter { \(filter) } | map { .id } | collect | sort_by { it }")
      else {
        refused += 1
        continue
      }
      if try workspace.requests().count <= 1 { oneRequest += 1 }
      switch (plain, planned) {
      case (.success(let plain), .success(let planned)):
        if plain != planned {
          let (missing, more) = (Set(plain).subtracting(planned), Set(planned).subtracting(plain))
          Issue.record("\(place): \(filter): missing \(missing.sorted()), too many \(more.sorted())")
        }
      // A record that was not fetched cannot raise: an error may be spared, and none may be made up.
      case (.failure, .success): spared += 1
      case (.failure, .failure): continue
      case (.success, .failure(let error)): Issue.record("\(place): \(filter): \(error.message)")
      }
      guard case .success(let plain) = plain else { continue }
      let count = try workspace.outcome("\(place.resource) | filter { \(filter) } | count")
      let asked = try workspace.requests()
      if asked.count <= 1, asked.first?.path.contains("per_page=150") != true { counted += 1 }
      switch count {
      case .finished(let count): #expect(count.asInt == Int64(plain.count), "\(place): count of \(filter)")
      case .failed(let error): Issue.record("\(place): count of \(filter): \(error.message)")
      }
    }
    #expect(refused * 2 < ExactnessTests.cases, "most filters run")
    // For the report of the long run; the tests read none of it.
    if ExactnessTests.isLong {
      print(
        "\(place): \(ExactnessTests.cases) cases, \(oneRequest) read with one request, \(counted) counted with one, \(spared) errors spared"
      )
    }
  }

  /// A list of ids, taken out of the machine at once: a value lives until the next run.
  private func ids(_ workspace: TestWorkspace, _ text: String) throws -> Result<[String], RuntimeError> {
    switch try workspace.outcome(text) {
    case .finished(let value):
      let machine = workspace.engine.machine
      return .success(machine.items(value).map { machine.text(of: $0) })
    case .failed(let error): return .failure(error)
    }
  }

  /// Fields that the seed leaves alike become random or empty, and custom attributes of every type.
  private static func scatter(_ workspace: TestWorkspace) throws {
    var dice = Dice(state: 99)
    for (name, type) in [
      ("plan", "string"), ("seats", "integer"), ("score", "float"), ("trial", "boolean"), ("renews", "date"),
    ] {
      _ = try workspace.outcome(
        "data_attributes.create(\"\(name)\", model: \"contact\", data_type: \"\(type)\")")
    }
    _ = try workspace.outcome("let vip = tags.create(\"vip\")\nlet some = contacts | take(70) | collect")
    for index in 0..<70 {
      var fields: [String] = []
      func sometimes(_ text: @autoclosure () -> String) {
        if Bool.random(using: &dice) { fields.append(text()) }
      }
      sometimes(
        "name: \(["null", "\"Ann O'Neil\"", "\"ann\"", "\"ÄNNE\"", "\"  \"", "\"100%\"", "\"a_b\""].randomElement(using: &dice) ?? "null")"
      )
      sometimes("phone: \"+353 86 \(Int.random(in: 0...9, using: &dice))\"")
      let ages = [0, 1, 86_399, 86_400, 90 * 86_400, 3_600 * 5, Int.random(in: 0...40_000_000, using: &dice)]
      sometimes("signed_up_at: ago(\(ages.randomElement(using: &dice) ?? 0)s)")
      sometimes("last_seen_at: ago(\(ages.randomElement(using: &dice) ?? 0)s)")
      sometimes("owner: (admins | first).id")
      sometimes("unsubscribed_from_emails: \(Bool.random(using: &dice))")
      var custom: [String] = []
      if Bool.random(using: &dice) {
        custom.append(
          "plan: \(["\"pro\"", "\"Pro\"", "\"free\"", "\"\"", "null", "\"7\""].randomElement(using: &dice) ?? "null")"
        )
      }
      if Bool.random(using: &dice) { custom.append("seats: \(Int.random(in: -2...9, using: &dice))") }
      if Bool.random(using: &dice) {
        custom.append("score: \(["0.5", "1.0", "2.25", "-3.5", "7"].randomElement(using: &dice) ?? "1.0")")
      }
      if Bool.random(using: &dice) { custom.append("trial: \(Bool.random(using: &dice))") }
      if Bool.random(using: &dice) {
        custom.append("renews: \(TestWorkspace.now - Int64(ages.randomElement(using: &dice) ?? 0))")
      }
      if !custom.isEmpty { fields.append("custom_attributes: {\(custom.joined(separator: ", "))}") }
      if !fields.isEmpty {
        _ = try workspace.outcome("contacts.update(some[\(index)], \(fields.joined(separator: ", ")))")
      }
      if index % 5 == 0 { _ = try workspace.outcome("tags.apply(some[\(index)], vip)") }
    }
  }
}
