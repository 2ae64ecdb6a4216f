import Catalogue
import Foundation
import JSON
import Machine
import Testing

@testable import Intercom

/// Each of the 113 fields that the API can search by, with each comparison that scripts have: what arrives at the
/// server from a `filter` and from a `search`, to the byte.
@Suite(.serialized) final class SearchRowTests {
  static let words = [
    "==", "!=", "in", "not in", "<", ">", "<=", ">=", "contains", "not contains", "starts_with", "ends_with",
  ]
  /// The same in the words of the search.
  static let operators = ["=", "!=", "IN", "NIN", "<", ">", "<=", ">=", "~", "!~", "^", "$"]

  /// What is sent, a column a comparison: by a filter, and by a search. `!`: the server alone decides, the rest is
  /// looked at again here. A number is added to the value. `here`: nothing is sent, all are read. `no`: the
  /// search refuses. `.`: the checker refuses before anything runs.
  ///
  /// Kinds of fields end in `?` where the value may be null.
  static let table = """
    kind      ==     !=       in       not in     <               >               <=              >=              contains contains! starts_w ends_with
    text      =|=    here|!=  IN|IN    here|NIN   here|no         here|no         here|no         here|no         ~|~      here|!~   ^|^      $|$
    text?     =|=    here|!=  IN|IN    here|NIN   here|no         here|no         here|no         here|no         ~|~      here|!~   ^|^      $|$
    id        =!|=   !=!|!=   IN!|IN   NIN!|NIN   here|no         here|no         here|no         here|no         ~!|~     !~!|!~    ^!|^     $!|$
    id?       =!|=   here|!=  IN!|IN   here|NIN   here|no         here|no         here|no         here|no         ~!|~     here|!~   ^!|^     $!|$
    choice    =!|=   !=!|!=   IN!|IN   NIN!|NIN   here|no         here|no         here|no         here|no         ~|~      here|!~   ^|^      $|$
    choice?   =!|=   here|!=  IN!|IN   here|NIN   here|no         here|no         here|no         here|no         ~|~      here|!~   ^|^      $|$
    words     =!|=   !=!|!=   IN!|IN   NIN!|NIN   here|no         here|no         here|no         here|no         here|no  here|no   here|no  here|no
    doubted?  here|= here|!=  here|IN  here|NIN   here|no         here|no         here|no         here|no         here|~   here|!~   here|^   here|$
    only      .|=    .|!=     .|IN     .|NIN      .|no            .|no            .|no            .|no            .|~      .|!~      .|^      .|$
    list      .|.    .|.      .|=      .|!=       .|.             .|.             .|.             .|.             .|.      .|.       .|.      .|.
    tag       .|=    .|!=     .|no     .|no       .|no            .|no            .|no            .|no            .|no     .|no      .|no     .|no
    token?    =|=    here|!=  IN|IN    here|NIN   here|no         here|no         here|no         here|no         here|~   here|!~   here|^   here|$
    number?   =!|=   here|!=  IN!|IN   here|NIN   here|no         here|no         here|no         here|no         here|no  here|no   here|no  here|no
    int?      =!|=   here|!=  IN!|IN   here|NIN   <|<             >|>             <+1|<+1         >-1|>-1         .|.      .|.       .|.      .|.
    flag      =!|=   !=!|!=   IN!|IN   NIN!|NIN   .|.             .|.             .|.             .|.             .|.      .|.       .|.      .|.
    day       =|=    here|no  here|no  here|no    <+93600|<+93600 >-93600|>-93600 <+93600|<+93600 >-93600|>-93600 .|.      .|.       .|.      .|.
    day?      =|=    here|no  here|no  here|no    <+93600|<+93600 >-93600|>-93600 <+93600|<+93600 >-93600|>-93600 .|.      .|.       .|.      .|.
    second    =!|=   !=!|!=   IN!|IN   NIN!|NIN   <|<             >|>             <+1|<+1         >-1|>-1         .|.      .|.       .|.      .|.
    second?   =!|=   here|!=  IN!|IN   here|NIN   <|<             >|>             <+1|<+1         >-1|>-1         .|.      .|.       .|.      .|.
    only time .|=    .|!=     .|IN     .|NIN      .|<             .|>             .|no            .|no            .|.      .|.       .|.      .|.
    range     =!|=   !=!|!=   IN!|IN   NIN!|NIN   <=-1!|<=-1      >=+1!|>=+1      <=!|<=          >=!|>=          .|.      .|.       .|.      .|.
    attribute =|=    here|!=  IN|IN    here|NIN   here|no         here|no         here|no         here|no         ~|~      here|!~   ^|^      $|$
    """

  /// Allowed operators that no script can mean: letters of a word that the search spells otherwise, parts of one
  /// id among many, the order of ids. (Of attributes the other tests ask for numbers.) Of times with `<=` and `>=`
  /// the others are not needed: whether `<` includes the value is not known.
  static let unsaid = [
    "words": "~ !~ ^ $", "list": "IN NIN ~ !~ ^ $", "number?": "< > <= >=", "attribute": "< > <= >=",
    "range": "< >",
  ]

  private let recorded: RecordedEngine
  private let cells: [String: [String]]

  init() throws {
    recorded = try RecordedEngine()
    var cells: [String: [String]] = [:]
    for line in SearchRowTests.table.split(separator: "\n").dropFirst() {
      let kind = line.prefix(10).trimmingCharacters(in: .whitespaces)
      cells[kind] = line.dropFirst(10).split(separator: " ").map(String.init)
    }
    self.cells = cells
  }

  private static let types = ["contact": "contacts", "conversation": "conversations", "ticket": "tickets"]

  /// The row of the table for a field; by its declaration alone.
  private func kind(_ field: SearchField, of type: String) -> String {
    if field.kind == .attribute { return "attribute" }
    if field.kind == .tag { return "tag" }
    if case .list = field.type { return "list" }
    if !field.isReadable, field.type != .any { return field.type == .time ? "only time" : "only" }
    let mark = isOptional(field.path, of: type) ? "?" : ""
    if field.doubt != nil || field.type == .any { return "doubted?" }
    if !field.words.isEmpty { return "words" }
    switch (field.kind, field.type) {
    case (.text, .choice): return "choice" + mark
    case (.text, .id): return "id" + mark
    case (.number, .id), (.integer, .id): return "number" + mark
    case (.number, _), (.integer, _): return "int" + mark
    case (.secondRange, _): return "range" + mark
    default: return field.kind.rawValue + mark
    }
  }

  private func isOptional(_ path: [String], of type: String) -> Bool {
    var owner: String? = type
    for name in path {
      guard let field = owner.flatMap({ recorded.catalogue.recordType($0) })?.field(name) else { return true }
      if field.isOptional { return true }
      if case .object(let inner) = field.type { owner = inner } else { owner = nil }
    }
    return false
  }

  private func literal(_ field: SearchField) -> (script: String, wire: JSONValue) {
    if let word = field.words.first { return ("\"\(word.value)\"", .string(word.wire)) }
    switch field.type {
    case .time: return ("@2026-01-02T03:04:05Z", 1_767_323_045)
    case .duration: return ("2m", 120)
    case .bool: return ("true", true)
    case .int: return ("4", 4)
    case .choice(let words): return ("\"\(words[0])\"", .string(words[0]))
    case .id where field.kind == .number || field.kind == .integer: return ("\"77\"", 77)
    case .id, .list: return ("\"77\"", "77")
    default: return field.kind == .token ? ("\"need\"", "need") : ("\"Ab\"", "Ab")
    }
  }

  private func clause(_ field: SearchField, _ word: String, _ literal: String) -> String {
    let way = "." + (field.path + (field.kind == .attribute ? ["plan"] : [])).joined(separator: ".")
    let isIn = word == "in" || word == "not in"
    if case .list = field.type, isIn { return "\(literal) \(word) \(way)" }
    return "\(way) \(word) \(isIn ? "[\(literal)]" : literal)"
  }

  /// What a cell says is sent.
  private func expected(_ cell: String, _ field: SearchField, _ value: JSONValue) -> (
    query: JSONValue, op: String
  ) {
    var op = cell
    if op.count > 1, op != "!=", op.hasSuffix("!") { op.removeLast() }
    var value = value
    if let sign = op.lastIndex(where: { $0 == "+" || $0 == "-" }), let number = Int64(op[sign...]) {
      op = String(op[..<sign])
      value = .int((value.intValue ?? 0) + number)
    }
    if op == "IN" || op == "NIN" { value = .array([value]) }
    let name = field.wireName + (field.kind == .attribute ? (field.keyedByID ? ".31" : ".plan") : "")
    return (["field": .string(name), "operator": .string(op), "value": value], op)
  }

  private static let attributes =
    #"{"data":[{"model":"contact","name":"plan","data_type":"string","custom":true},{"model":"contact","name":"seats","data_type":"integer","custom":true},{"model":"contact","name":"score","data_type":"float","custom":true},{"model":"contact","name":"trial","data_type":"boolean","custom":true},{"model":"contact","name":"renews","data_type":"date","custom":true}]}"#
  private static let ticketTypes =
    #"{"data":[{"id":"1","name":"Bug","ticket_type_attributes":{"data":[{"id":"31","name":"plan","data_type":"string"}]}}]}"#

  private func listen() {
    recorded.server.answer { request, _ in
      switch request.path {
      case "/data_attributes": .init(body: SearchRowTests.attributes)
      case "/ticket_types": .init(body: SearchRowTests.ticketTypes)
      default: .init(body: #"{"data":[],"conversations":[],"tickets":[],"pages":{}}"#)
      }
    }
  }

  private var asked: [RecordingServer.Request] {
    recorded.server.requests.filter { $0.path != "/data_attributes" && $0.path != "/ticket_types" }
  }

  // MARK: The rows

  @Test func everyOperatorOfEveryRowArrivesOrIsRefused() throws {
    let fixture = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../CatalogueTests/Fixtures/search_fields.tsv")
    let rows = try String(contentsOf: fixture, encoding: .utf8).split(separator: "\n").dropFirst().map {
      $0.split(separator: "\t").map(String.init)
    }
    #expect(rows.count == 113)
    var kinds: Set<String> = []
    for row in rows {
      guard
        let field = recorded.catalogue.searchFields(of: row[0]).first(where: { field in
          row[1] == field.wireName || field.kind == .attribute && row[1].hasPrefix(field.wireName + ".")
        }), let resource = SearchRowTests.types[row[0]]
      else {
        Issue.record("\(row[0]).\(row[1]) is not declared")
        continue
      }
      let kind = self.kind(field, of: row[0])
      kinds.insert(kind)
      guard let cells = cells[kind], cells.count == SearchRowTests.words.count else {
        Issue.record("\(row[0]).\(row[1]): the table has no \(kind)")
        continue
      }
      let allowed = Set(row[2].split(separator: " ").map(String.init))
      var sent: Set<String> = []
      for (word, cell) in zip(SearchRowTests.words, cells) {
        let parts = cell.split(separator: "|").map(String.init)
        let (script, value) = literal(field)
        let clause = self.clause(field, word, script)
        if let op = filters(resource, clause, parts[0], field, value) { sent.insert(op) }
        if let op = searches(resource, clause, parts[1], field, value) { sent.insert(op) }
      }
      // What the server takes reaches it; what it does not take never does.
      #expect(sent.subtracting(allowed).isEmpty, "\(row)")
      let unsaid = Set(SearchRowTests.unsaid[kind]?.split(separator: " ").map(String.init) ?? [])
      #expect(allowed.subtracting(sent).subtracting(unsaid).isEmpty, "\(row)")
    }
    #expect(kinds == Set(cells.keys))
  }

  /// A filter, and the operator that it sends.
  private func filters(
    _ resource: String, _ clause: String, _ cell: String, _ field: SearchField, _ value: JSONValue
  ) -> String? {
    let text = "\(resource) | filter { \(clause) }"
    listen()
    let outcome = recorded.outcome("let plan = explain(\(text))\n\(text) | collect\nplan.exact")
    if cell == "." {
      if case .failure(let error) = outcome, error.code == "compile" { return nil }
      Issue.record("\(text) is not refused")
      return nil
    }
    guard case .success(let exact) = outcome, asked.count == 1 else {
      Issue.record("\(text): \(outcome), \(asked.count) requests")
      return nil
    }
    let query = asked[0].json?["query"]
    if cell == "here" {
      let everything: JSONValue = ["field": "created_at", "operator": ">", "value": 0]
      #expect(query == (resource == "tickets" ? everything : JSONValue?.none), "\(text)")
      return nil
    }
    let (wanted, op) = expected(cell, field, value)
    #expect(asked[0].path == "/\(resource)/search" && query == wanted, "\(text): \(query?.text() ?? "-")")
    #expect(exact.isTrue == (cell != "!=" && cell.hasSuffix("!")), "\(text): exact")
    return op
  }

  /// A search, and the operator that it sends.
  private func searches(
    _ resource: String, _ clause: String, _ cell: String, _ field: SearchField, _ value: JSONValue
  ) -> String? {
    let text = "\(resource).search { \(clause) }"
    listen()
    let outcome = recorded.outcome("\(text) | collect")
    if cell == "." || cell == "no" {
      #expect(asked.isEmpty, "\(text)")
      guard case .failure(let error) = outcome else {
        Issue.record("\(text) is not refused")
        return nil
      }
      // What the server cannot take is refused with what to do instead.
      let isSaid =
        error.message.contains("search cannot take") && error.hints.contains { $0.contains("filter") }
      // Of which type an attribute is, only the workspace knows.
      let code = field.kind == .attribute ? "search" : "compile"
      #expect(error.code == code && (cell == "." || isSaid), "\(text): \(error.message)")
      return nil
    }
    guard case .success = outcome, asked.count == 1 else {
      Issue.record("\(text): \(outcome), \(asked.count) requests")
      return nil
    }
    let (wanted, op) = expected(cell, field, value)
    let query = asked[0].json?["query"]
    #expect(asked[0].path == "/\(resource)/search" && query == wanted, "\(text): \(query?.text() ?? "-")")
    return op
  }

  // MARK: Functions and attributes

  /// `has_tag` and the like, for each field that has one.
  @Test func functionsAskByID() throws {
    var count = 0
    for (type, resource) in SearchRowTests.types {
      for field in recorded.catalogue.searchFields(of: type) {
        guard let function = field.function else { continue }
        count += 1
        for (clause, op, isSearch) in [
          ("\(function)(it, \"77\")", "=", false), ("\(function)(it, \"77\")", "=", true),
          ("not \(function)(it, \"77\")", "!=", true),
        ] {
          recorded.server.answer { request, _ in
            request.path == "/tags"
              ? .init(body: #"{"data":[{"type":"tag","id":"77","name":"vip"}]}"#)
              : .init(body: #"{"data":[],"conversations":[],"tickets":[],"pages":{}}"#)
          }
          let text = isSearch ? "\(resource).search { \(clause) }" : "\(resource) | filter { \(clause) }"
          _ = try recorded.outcome("\(text) | collect").get()
          let wanted: JSONValue = ["field": .string(field.wireName), "operator": .string(op), "value": "77"]
          #expect(asked.last?.json?["query"] == wanted, "\(text)")
        }
      }
    }
    #expect(count >= 5)
  }

  /// Attributes are compared by their own type; another one's comparison stays here.
  @Test(arguments: [
    (".seats == 4", "=", JSONValue.int(4)), (".seats < 4", "<", 4), (".seats <= 4", "<", 5),
    (".seats > 4", ">", 4), (".seats >= 4", ">", 3), (".seats in [4, 5]", "IN", .array([4, 5])),
    (".score < 4", "<", 4), (".score >= 4", ">", 3), (".trial == true", "=", true),
    (".renews < 1767323045", "<", 1_767_416_645), (".renews >= 1767323045", ">", 1_767_229_445),
    (".renews == 1767323045", "=", 1_767_323_045), (".plan contains \"Ab\"", "~", "Ab"),
    (".plan == 4", "", .null), (".seats == \"4\"", "", .null), (".trial < 4", "", .null),
    (".renews in [4]", "", .null), (".nobody == 4", "", .null),
  ])
  func attributesByTheirOwnType(_ clause: String, _ op: String, _ value: JSONValue) throws {
    listen()
    let clause = ".custom_attributes\(clause)"
    _ = try recorded.outcome("contacts | filter { \(clause) } | collect").get()
    let name = String(clause.dropFirst().split(separator: " ")[0])
    let query = asked.last?.json?["query"]
    if op.isEmpty {
      // Once the attributes are known there is nothing to search by: all are asked for.
      #expect(
        asked.count == 1 && query?["operator"] == ">" && query?["value"] == 0,
        "\(clause): \(query?.text() ?? "-")")
    } else {
      #expect(query == ["field": .string(name), "operator": .string(op), "value": value], "\(clause)")
    }
  }
}
