import Catalogue
import HTTP
import Intercom
import Machine

/// A filter means what it says, whatever the server's search can do: random filters over every field that the
/// search knows and over custom attributes, on random data, beside the plain filter over the same records in memory.
package struct Exactness {
  package struct Place: CustomStringConvertible, Sendable {
    package var resource: String
    /// The workspace's.
    package var zone: String
    /// Nil: the demo workspace.
    package var contacts: Int?
    /// Small enough that not everything comes with the first page.
    package var pageSize: Int

    package var description: String { "\(resource) in \(zone)" }

    /// Conversations and tickets are those of the demo workspace: the API makes none with such histories.
    package static let all = [
      Place(resource: "contacts", zone: "UTC", contacts: 48, pageSize: 24),
      Place(resource: "contacts", zone: "America/New_York", contacts: 48, pageSize: 24),
      Place(resource: "contacts", zone: "Pacific/Auckland", contacts: 48, pageSize: 24),
      Place(resource: "contacts", zone: "Asia/Kolkata", contacts: 48, pageSize: 24),
      Place(resource: "conversations", zone: "UTC", contacts: nil, pageSize: 150),
      Place(resource: "tickets", zone: "Asia/Tokyo", contacts: nil, pageSize: 100),
    ]
  }

  package struct Report: Sendable {
    package var cases = 0
    /// Filters that the checker refuses before they run, by what it says.
    package var refused: [String: Int] = [:]
    /// Read with one request, and counted with one that asks for one record.
    package var readAtOnce = 0
    package var countedAtOnce = 0
    /// Filters that fail on some record: one that is not fetched cannot fail.
    package var failing = 0
    package var differences: [String] = []

    package init() {}

    package var refusals: Int { refused.values.reduce(0, +) }

    package static func + (a: Report, b: Report) -> Report {
      var sum = a
      sum.cases += b.cases
      sum.refused.merge(b.refused) { $0 + $1 }
      sum.readAtOnce += b.readAtOnce
      sum.countedAtOnce += b.countedAtOnce
      sum.failing += b.failing
      sum.differences += b.differences
      return sum
    }

    package var summary: String {
      func share(_ count: Int) -> String {
        let tenths = cases == 0 ? 0 : (count * 1000 + cases / 2) / cases
        return "\(count) (\(tenths / 10).\(tenths % 10) %)"
      }
      return
        "\(cases) cases, \(differences.count) differences; read with one request \(share(readAtOnce)), counted with one \(share(countedAtOnce)); \(share(failing)) fail on a record, \(share(refusals)) refused by the checker and not counted"
    }
  }

  /// Counts the reads that a script causes.
  private final class Reads: ReadListener {
    var all: [HTTPRequest] = []
    func willRead(_ operation: APIOperation, _ request: HTTPRequest) { all.append(request) }
    func didRead(_ operation: APIOperation, _ outcome: Client.Outcome) {}
  }

  private let place: Place
  private let workspace: TestWorkspace
  private let reads = Reads()
  private var filters: FilterDice

  package init(_ place: Place, seed: UInt64) throws {
    self.place = place
    workspace = try TestWorkspace(
      contacts: place.contacts, timeZone: place.zone, copyOf: place.contacts == nil ? .shared : nil)
    var dice = Dice(seed)
    if place.resource == "contacts" { try RandomContacts(workspace).scatter(&dice) }
    _ = try workspace.outcome("let all = \(place.resource) | collect\nlet labels = tags | collect")
    filters = try FilterDice(workspace, place.resource, seed: dice.next())
    workspace.binding.readListener = reads
  }

  /// So many filters that run.
  package mutating func run(cases: Int) throws -> Report {
    var report = Report()
    while report.cases < cases, report.refusals <= cases { try check(filters.filter(), &report) }
    return report
  }

  private enum Answer: Equatable {
    case ids([String])
    case failed(String)
  }

  private func check(_ filter: String, _ report: inout Report) throws {
    let source =
      place.resource == "tickets"
      ? "tickets" : "\(place.resource).list(per_page: \(place.pageSize))"
    reads.all = []
    let text = """
      fn ids(list) = list | map { .id } | collect | sort_by { it }
      [
        try { ids(all | filter { \(filter) }) } catch e { e.message },
        try { ids(\(source) | filter { \(filter) }) } catch e { e.message },
        try { \(source) | filter { \(filter) } | count } catch e { e.message },
      ]
      """
    let outcome: Result<Value, RuntimeError>
    do {
      switch try workspace.outcome(text) {
      case .finished(let value): outcome = .success(value)
      case .failed(let error): outcome = .failure(error)
      }
    } catch let refusal as TestWorkspace.Failure {
      // What is always true, or no word of an enumeration: no filter runs that way.
      let kind = String(refusal.description.split(separator: ";").first ?? "").filter { !$0.isNumber }
      report.refused[String(kind.prefix(60)), default: 0] += 1
      return
    }
    report.cases += 1
    let machine = workspace.engine.machine
    let parts = machine.items(try outcome.get())
    guard parts.count == 3 else { return }
    func answer(_ value: Value) -> Answer {
      value.tag == .list
        ? .ids(machine.items(value).map { machine.text(of: $0) }) : .failed(machine.text(of: value))
    }
    let asked = reads.all.filter { !["/data_attributes", "/tags", "/ticket_types"].contains($0.path) }
    let counts = asked.last.map { isCount($0) } ?? true
    if asked.count - (counts ? min(asked.count, 1) : asked.count / 2) <= 1 { report.readAtOnce += 1 }
    if counts { report.countedAtOnce += 1 }
    switch (answer(parts[0]), answer(parts[1])) {
    case (.ids(let plain), .ids(let planned)):
      if plain != planned {
        let (missing, more) = (Set(plain).subtracting(planned), Set(planned).subtracting(plain))
        report.differences.append(
          "\(place): \(filter): missing \(missing.sorted()), too many \(more.sorted())")
      }
      if parts[2].tag != .int || parts[2].asInt != Int64(plain.count) {
        report.differences.append(
          "\(place): \(filter): there are \(plain.count), counted \(machine.text(of: parts[2]))")
      }
    // A record that was not fetched cannot raise: an error may be spared, and none may be made up.
    case (.failed, _): report.failing += 1
    case (.ids, .failed(let message)): report.differences.append("\(place): \(filter): \(message)")
    }
  }

  private func isCount(_ request: HTTPRequest) -> Bool {
    if request.query.contains(where: { $0.name == "per_page" && $0.value == "1" }) { return true }
    return String(decoding: request.body ?? [], as: UTF8.self).contains(#""per_page":1}"#)
  }
}
