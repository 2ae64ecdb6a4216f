import Catalogue
import Foundation
import Stdlib
import Testing

@testable import Drift

/// Breaks the shipped declarations on purpose, a row at a time, and asks whether the comparison with the official
/// description notices. Needs the description, which is not part of the project: `scripts/check-catalogue
/// --mutations N PATH` runs it.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["PARLANCE_DESCRIPTION"] != nil, "no official description here"))
struct MutationTests {
  private struct Mutant {
    var kind: String
    var file: Int
    var line: Int
    var text: String
  }

  private static func replaced(_ line: String, _ pattern: String, _ to: String) -> String? {
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return nil }
    let range = NSRange(line.startIndex..., in: line)
    guard let match = expression.firstMatch(in: line, range: range), let found = Range(match.range, in: line)
    else { return nil }
    return line.replacingCharacters(
      in: found, with: expression.replacementString(for: match, in: line, offset: 0, template: to))
  }

  /// Kinds of faults, each as what makes one out of a line.
  private static let faults:
    [(kind: String, applies: @Sendable (String) -> Bool, pattern: String, to: String)] = [
      ("method", { $0.hasPrefix("    GET \"") }, "GET", "POST"),
      ("method", { $0.hasPrefix("    PUT \"") }, "PUT", "POST"),
      ("method", { $0.hasPrefix("    DELETE \"") }, "DELETE", "GET"),
      (
        "path", { $0.range(of: "^    (GET|POST|PUT|DELETE) \"", options: .regularExpression) != nil },
        "\"/([a-z_]+)", "\"/x$1"
      ),
      ("official name", { $0.contains(" official \"") }, "official \"", "official \"x"),
      ("wire name", { $0.contains(" wire ") }, "wire (\\w+)\\((\\w+)", "wire $1(x$2"),
      ("fixed field", { $0.contains(" fix ") }, "fix (\\w+)\\(", "fix x$1("),
      (
        "parameter", { isOperation($0) && $0.contains("?, ") && !$0.contains("filter<") },
        "(\\w+): (string|bool|int|time)\\?, ", ""
      ),
      ("parameter type", { isOperation($0) }, "(\\w+): bool\\?", "$1: time?"),
      ("enumeration", { isOperation($0) }, "(\\w+): \"(\\w+)\" \\| ", "$1: \"x$2\" | "),
      ("items", { $0.contains(" items \"") }, "items \"", "items \"x"),
      ("field", { isField($0) }, "^  (\\w+):", "  x$1:"),
      ("lost field", { isField($0) }, "^.*$", ""),
      ("field type", { isField($0) && !$0.contains("inside") }, ": (time|int|bool)\\b", ": map"),
      ("field enumeration", { isField($0) }, ": \"(\\w+)\" \\| ", ": \"x$1\" | "),
      ("wrapper", { isField($0) && $0.contains(" inside \"") }, "inside \"", "inside \"x"),
    ]

  private static func isOperation(_ line: String) -> Bool {
    line.range(of: "^  (read|write|destroy|outward) ", options: .regularExpression) != nil
  }

  private static func isField(_ line: String) -> Bool {
    line.range(of: "^  \\w+: ", options: .regularExpression) != nil && !line.contains("only search")
  }

  /// What the comparison does not see, all of it: 27 of 2,084 rows, found by breaking every one.
  private static func isUnseen(_ kind: String, owner: String, _ line: String) -> Bool {
    switch kind {
    // The name that scripts use; the one on the wire is beside it.
    case "field" where line.contains(" wire \""): true
    // The comparison does not reach these two, which stand inside a conversation.
    case "field", "lost field": ["topic", "linked_ticket"].contains(owner)
    // Flags in a query are compared by name alone.
    case "parameter type":
      ["display_avatar: bool", "include_count: bool", "include_archived: bool", "highlight: bool"].contains {
        line.contains($0)
      }
    case "wrapper": line.contains("teammates: list<reference>")
    default: false
    }
  }

  @Test func aBrokenRowIsNoticed() throws {
    let environment = ProcessInfo.processInfo.environment
    let path = try #require(environment["PARLANCE_DESCRIPTION"])
    let description = try OfficialDescription(text: String(contentsOfFile: path, encoding: .utf8))
    let known = try KnownDifferences(text: try #require(Stdlib.file("known-differences.tsv")).text)
    let files = Stdlib.files.filter { $0.path.hasPrefix("api/") }.map { ($0.path, $0.text) }
    #expect(DriftReport(.standard, description, known).unexplained.isEmpty)

    // What only one builtin of an operation leaves out is no difference: the others still send it.
    let uses = Dictionary(
      grouping: APICatalogue.standard.allResources().flatMap(\.operations), by: { $0.officialName ?? "" }
    )
    let shared = uses.values.filter { $0.count > 1 }.flatMap { $0 }
    // What the description does not know at all can be of any type.
    let beyond = known.rows.filter { $0.kind == "answer-extra" }.map { "\($0.owner).\($0.detail)" }
    var mutants: [Mutant] = []
    for (index, file) in files.enumerated() {
      var owner = ""
      for (number, line) in file.1.components(separatedBy: "\n").enumerated() {
        let words = line.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }).map(String.init)
        if line.hasPrefix("type ") || line.hasPrefix("resource ") { owner = words[1] }
        let isShared =
          MutationTests.isOperation(line)
          && shared.contains { $0.resource == owner && $0.name == words.dropFirst().first }
        let isBeyond = beyond.contains("\(owner).\(words.first ?? "")")
        for fault in MutationTests.faults where fault.applies(line) {
          if isShared, fault.kind == "parameter" { continue }
          if isBeyond, fault.kind != "field", fault.kind != "lost field" { continue }
          if MutationTests.isUnseen(fault.kind, owner: owner, line) { continue }
          guard let text = MutationTests.replaced(line, fault.pattern, fault.to), text != line else {
            continue
          }
          mutants.append(Mutant(kind: fault.kind, file: index, line: number, text: text))
        }
      }
    }
    let wanted = environment["PARLANCE_MUTATIONS"].flatMap { Int($0) } ?? mutants.count
    // Of every kind as evenly as can be.
    var chosen: [Mutant] = []
    var byKind = Dictionary(grouping: mutants.shuffled(), by: \.kind)
    while chosen.count < min(wanted, mutants.count) {
      for kind in byKind.keys.sorted() {
        if let mutant = byKind[kind]?.popLast() { chosen.append(mutant) }
      }
    }

    var survivors: [String] = []
    var killed: [String: Int] = [:]
    for mutant in chosen {
      var broken = files
      var lines = broken[mutant.file].1.components(separatedBy: "\n")
      lines[mutant.line] = mutant.text
      broken[mutant.file].1 = lines.joined(separator: "\n")
      let catalogue = APICatalogue(files: broken, index: CatalogueIndex(text: Stdlib.index))
      let report = DriftReport(catalogue, description, known)
      // What cannot be loaded, or makes a known difference go away, is noticed too.
      if report.unexplained.isEmpty, report.stale.isEmpty,
        catalogue.checkAll().allSatisfy(\.diagnostics.isEmpty)
      {
        survivors.append("\(mutant.kind): \(files[mutant.file].0):\(mutant.line + 1): \(mutant.text)")
      } else {
        killed[mutant.kind, default: 0] += 1
      }
    }
    print(
      "mutations: \(chosen.count) of \(mutants.count) rows broken, \(survivors.count) unnoticed; noticed by kind: \(killed.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))"
    )
    for survivor in survivors { Issue.record("unnoticed: \(survivor)") }
  }
}
