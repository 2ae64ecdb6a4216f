import Catalogue
import Foundation
import JSON
import Machine
import Testing

/// Each of the 113 fields that the API can search by, with each of its twelve operators: what is allowed reaches
/// the server, what is not is done here by `filter` and refused by `search`, and nothing is refused by the server.
/// Fixtures/search_plans.tsv says which is which; PARLANCE_WRITE_FIXTURES=1 writes it anew.
@Suite struct SearchRowTests {
  static let words: [(operator: String, word: String)] = [
    ("=", "=="), ("!=", "!="), ("IN", "in"), ("NIN", "not in"), ("<", "<"), (">", ">"), ("<=", "<="), (">=", ">="),
    ("~", "contains"), ("!~", "not contains"), ("^", "starts_with"), ("$", "ends_with"),
  ]
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
  static let resources = ["contact": "contacts", "conversation": "conversations", "ticket": "tickets"]

  @Test func allowedOperatorsReachTheServerAndOthersDoNot() throws {
    let workspace = try TestWorkspace(copyOf: .shared)
    _ = try workspace.outcome("data_attributes.create(\"plan\", model: \"contact\", data_type: \"string\")")
    for resource in SearchRowTests.resources.values.sorted() {
      _ = try workspace.outcome("let all_\(resource) = \(resource) | collect")
    }
    let rows = try String(
      contentsOf: SearchRowTests.folder.appending(path: "../CatalogueTests/Fixtures/search_fields.tsv"), encoding: .utf8
    ).split(separator: "\n").dropFirst().map { $0.split(separator: "\t").map(String.init) }
    #expect(rows.count == 113)
    var table = ["type\tfield\t" + SearchRowTests.words.map(\.operator).joined(separator: "\t")]
    for row in rows {
      let field = try #require(
        workspace.binding.catalogue.searchFields(of: row[0]).first { $0.wireName == row[1] }, "\(row)")
      let allowed = Set(row[2].split(separator: " ").map(String.init))
      var cells: [String] = []
      for (op, word) in SearchRowTests.words {
        cells.append(try cell(workspace, row[0], field, op, word, isAllowed: allowed.contains(op), allowed))
      }
      // One way at least leads to the server.
      #expect(cells.contains { $0 != "here" && $0 != "-" }, "\(row)")
      table.append("\(row[0])\t\(row[1])\t" + cells.joined(separator: "\t"))
    }
    let fixture = SearchRowTests.folder.appending(path: "Fixtures/search_plans.tsv")
    let text = table.joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["PARLANCE_WRITE_FIXTURES"] != nil {
      try FileManager.default.createDirectory(at: fixture.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: fixture, atomically: true, encoding: .utf8)
    }
    let known = try String(contentsOf: fixture, encoding: .utf8).split(separator: "\n")
    for (line, expected) in zip(table, known) where line != expected { Issue.record("\(line)\n\(expected)") }
    #expect(table.count == known.count)
  }

  /// `server`: the server alone decides; `both`: it finds some more, which are sorted out here; `here`: it is not
  /// asked; `search`: only a `search` may ask for it; `-`: there is no such question.
  private func cell(
    _ workspace: TestWorkspace, _ type: String, _ field: SearchField, _ op: String, _ word: String, isAllowed: Bool,
    _ allowed: Set<String>
  ) throws -> String {
    guard let clause = clause(field, word), let resource = SearchRowTests.resources[type] else { return "-" }
    let what = "\(resource) | filter { \(clause) }"
    // What the search alone has is no field of a record.
    let isOnlySearched = field.onlySearch && field.computed == nil || field.doubt != nil && field.onlySearch
    if !isOnlySearched || field.function != nil {
      let plan = try workspace.run("let plan = explain(\(what))\nplan[\"body\"] ?? \"\"")
      let leaves = SearchRowTests.leaves((try? JSONValue.parse(Array(plan.utf8))) ?? .null).filter { $0.field == field.wireName || $0.field.hasPrefix(field.wireName + ".") }
      for leaf in leaves { #expect(allowed.contains(leaf.op), "\(what) sends \(leaf.op)") }
      if field.function == nil || field.kind == .tag {
        let counts = try workspace.run("(\(what) | count) == (all_\(resource) | filter { \(clause) } | count)")
        #expect(counts == "true", "\(what)")
      }
      try search(workspace, resource, clause)
      if leaves.isEmpty { return "here" }
      return try workspace.run("explain(\(what)).exact") == "true" ? "server" : "both"
    }
    return try search(workspace, resource, clause) ? "search" : "-"
  }

  /// A `search` either runs or says that the server cannot take it; the server never has to say so. Gives whether
  /// it runs.
  @discardableResult
  private func search(_ workspace: TestWorkspace, _ resource: String, _ clause: String) throws -> Bool {
    let text = "\(resource).search { \(clause) } | count"
    let outcome: Result<Value, any Error> = Result {
      switch try workspace.outcome(text) {
      case .finished(let value): return value
      case .failed(let error): throw error
      }
    }
    switch outcome {
    case .success: return true
    case .failure(let error as RuntimeError):
      #expect(error.code == "search" || error.code == "compare" || error.code == "type", "\(text): \(error.message)")
      return false
    case .failure(let error):
      #expect("\(error)".contains("search"), "\(text): \(error)")
      return false
    }
  }

  private static func leaves(_ json: JSONValue) -> [(field: String, op: String)] {
    if let field = json["field"]?.stringValue, let op = json["operator"]?.stringValue { return [(field, op)] }
    return (json.objectValue?.flatMap { leaves($0.value) } ?? []) + (json.arrayValue?.flatMap { leaves($0) } ?? [])
  }

  private func clause(_ field: SearchField, _ word: String) -> String? {
    if let function = field.function {
      switch word {
      case "==": return "\(function)(it, \"1\")"
      case "!=": return "not \(function)(it, \"1\")"
      default: return nil
      }
    }
    let path = "." + (field.path + (field.kind == .attribute ? [field.path == ["custom_attributes"] ? "plan" : "_default_title_"] : [])).joined(separator: ".")
    let isOrder = ["<", ">", "<=", ">="].contains(word)
    let isWord = ["contains", "starts_with", "ends_with", "not contains"].contains(word)
    let literal: String
    switch field.type {
    case .time: literal = "@2026-01-02T03:04:05Z"
    case .duration: literal = "60s"
    case .bool: literal = "true"
    case .int, .float: literal = "4"
    case .choice(let words): literal = "\"\(words[0])\""
    default: literal = "\"7\""
    }
    let isText = literal.hasPrefix("\"")
    if isOrder, isText || field.type == .bool { return nil }
    if isWord, !isText { return nil }
    return word.hasSuffix("in") ? "\(path) \(word) [\(literal)]" : "\(path) \(word) \(literal)"
  }
}
