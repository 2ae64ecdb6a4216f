import Catalogue
import Foundation
import JSON
import Machine

/// Random filters over everything that the search of a resource knows, with values that are there and values
/// that nearly are.
package struct FilterDice {
  private struct Subject {
    var path: String
    /// Literals of values that records have.
    var literals: [String]
    var kind: Tag
    var isOptional: Bool
    /// One of some words: the checker refuses any other.
    var isChoice: Bool
    enum Tag { case text, time, flag, number, duration, none }
  }

  private var subjects: [Subject] = []
  private var calls: [String] = []
  private var dice: Dice

  package init(_ workspace: TestWorkspace, _ resource: String, seed: UInt64) throws {
    dice = Dice(seed)
    let catalogue = workspace.binding.catalogue
    guard let type = catalogue.resource(resource)?.recordType else { return }
    var paths: [(way: [String], field: SearchField?)] = []
    for field in catalogue.searchFields(of: type) where field.isReadable && field.kind != .attribute {
      paths.append((field.path, field))
    }
    if type == "contact" {
      paths += ["plan", "seats", "score", "trial", "renews"].map { (["custom_attributes", $0], nil) }
    }
    if type == "ticket" { paths.append((["ticket_attributes", "_default_title_"], nil)) }
    for (path, field) in paths {
      let way = "." + path.joined(separator: ".")
      let list: Value
      switch try workspace.outcome("all | map { \(way) } | unique") {
      case .finished(let value): list = value
      case .failed(let error): throw TestWorkspace.Failure(description: "\(way): \(error.message)")
      }
      let values = workspace.engine.machine.items(list).shuffled(using: &dice).prefix(14)
      let isChoice = if case .choice? = field?.type { true } else { false }
      var subject = Subject(
        path: way, literals: [], kind: .none, isOptional: catalogue.isOptional(path, in: type),
        isChoice: isChoice)
      for value in values {
        guard let (literal, kind) = FilterDice.literal(value, workspace.engine.machine) else { continue }
        subject.literals.append(literal)
        subject.kind = kind
      }
      subjects.append(subject)
    }
    if type != "ticket" {
      calls = [
        "has_tag(it, labels[0])", "has_tag(it, labels[(labels | count) - 1])", "has_tag(it, \"no such tag\")",
      ]
    }
    if type == "conversation" {
      calls += ["has_contact(it, all[0].contacts[0].id)", "has_teammate(it, \"814\")"]
    }
    if type == "ticket" { calls = ["has_contact(it, all[0].contacts[0].id)"] }
    if type == "contact" { calls.removeLast() }
  }

  private static func literal(_ value: Value, _ machine: Machine) -> (String, Subject.Tag)? {
    switch value.tag {
    case .string: (JSONValue.string(machine.text(of: value)).text(), .text)
    case .time: ("@" + Date(timeIntervalSince1970: Double(value.asInt) / 1000).formatted(.iso8601), .time)
    case .bool: (value.isTrue ? "true" : "false", .flag)
    case .int: ("\(value.asInt)", .number)
    case .float: ("\(value.asDouble)", .number)
    case .duration: ("\(value.asInt / 1000)s", .duration)
    default: nil
    }
  }

  // MARK: Filters

  package mutating func filter() -> String {
    if roll(40) == 0 {
      // More conditions than one group may have.
      let word = roll(2) == 0 ? " and " : " or "
      return (0..<18).map { _ in clause() }.joined(separator: word)
    }
    return filter(depth: roll(5))
  }

  private mutating func filter(depth: Int) -> String {
    guard depth > 0, roll(5) > 0 else { return clause() }
    let left = filter(depth: depth - 1)
    let right = filter(depth: depth - 1)
    switch roll(7) {
    case 0, 1: return "(\(left) or \(right))"
    case 2: return "not (\(left))"
    case 3: return "(\(left) and not \(clause()))"
    default: return "(\(left) and \(right))"
    }
  }

  private mutating func clause() -> String {
    if !calls.isEmpty, roll(12) == 0 { return pick(["", "not "]) + pick(calls) }
    guard let subject = subjects.randomElement(using: &dice) else { return "true" }
    if subject.isOptional, roll(10) == 0 || subject.literals.isEmpty {
      return "\(subject.path) \(pick(["==", "!="])) null"
    }
    switch subject.kind {
    case .text: return text(subject)
    case .time: return time(subject)
    case .flag:
      return pick([
        "\(subject.path)", "not \(subject.path)", "\(subject.path) == true", "\(subject.path) == false",
        "\(subject.path) != true",
        "\(subject.path) in [true, null]", "(\(subject.path) ?? false)",
      ])
    case .number, .duration: return number(subject)
    case .none: return "\(subject.path) == \(subject.path)"
    }
  }

  private mutating func text(_ subject: Subject) -> String {
    let literal = pick(subject.literals)
    switch roll(8) {
    case 0: return "\(subject.path) == \(other(literal, subject))"
    case 1: return "\(subject.path) != \(other(literal, subject))"
    case 2:
      return
        "\(subject.path) \(pick(["in", "not in"])) [\(literal), \(other(pick(subject.literals), subject))]"
    case 3: return "(\(subject.path) ?? \"\") == \(literal)"
    case 4: return "\(literal) == \(subject.path)"
    default:
      let word = pick([
        "contains", "starts_with", "ends_with", "not contains", "not starts_with", "not ends_with",
      ])
      return "\(subject.path) \(word) \(part(literal, word))"
    }
  }

  private mutating func other(_ literal: String, _ subject: Subject) -> String {
    subject.isChoice ? literal : changed(literal)
  }

  /// A text in other letters, one letter more, or as it is.
  private mutating func changed(_ literal: String) -> String {
    switch roll(6) {
    case 0: return literal.uppercased().contains("\\") ? literal : literal.uppercased()
    case 1: return literal.contains("\\") ? literal : literal.lowercased()
    case 2: return String(literal.dropLast()) + "x\""
    default: return literal
    }
  }

  private mutating func part(_ literal: String, _ word: String) -> String {
    let inside = Array(literal.dropFirst().dropLast())
    guard !inside.isEmpty, !inside.contains("\\") else { return literal }
    let length = 1 + roll(min(4, inside.count))
    var start = roll(inside.count - length + 1)
    if word.hasSuffix("starts_with") { start = 0 }
    if word.hasSuffix("ends_with") { start = inside.count - length }
    return changed("\"" + String(inside[start..<start + length]) + "\"")
  }

  private mutating func time(_ subject: Subject) -> String {
    let base = pick(subject.literals)
    let offset = pick(["", " + 1s", " - 1s", " + 5h", " - 13h", " + 24h", " - 30d", " + 500ms"])
    let value = roll(6) == 0 ? "ago(\(roll(400))d)" : base + offset
    if roll(8) == 0 { return "\(subject.path) in [\(base), \(base)\(offset)]" }
    let comparison = "\(subject.path) \(pick(["==", "!=", "<", "<=", ">", ">="])) \(value)"
    return roll(4) == 0 ? "not (\(comparison))" : comparison
  }

  private mutating func number(_ subject: Subject) -> String {
    var literal = pick(subject.literals)
    if let whole = Int(literal), roll(3) == 0 { literal = "\(whole + roll(3) - 1)" }
    if literal.hasPrefix("-") { literal = "(\(literal))" }
    if roll(5) == 0 {
      return "\(subject.path) \(pick(["in", "not in"])) [\(literal), \(pick(subject.literals))]"
    }
    let comparison = "\(subject.path) \(pick(["==", "!=", "<", "<=", ">", ">="])) \(literal)"
    return roll(4) == 0 ? "not (\(comparison))" : comparison
  }

  private mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<max(1, sides), using: &dice) }

  private mutating func pick(_ items: [String]) -> String { items.randomElement(using: &dice) ?? "" }
}

extension APICatalogue {
  /// Whether a record may have `null` there; attributes may.
  fileprivate func isOptional(_ path: [String], in type: String) -> Bool {
    var owner: String? = type
    for name in path {
      guard let field = owner.flatMap({ recordType($0) })?.field(name) else { return true }
      if field.isOptional { return true }
      if case .object(let inner) = field.type { owner = inner } else { owner = nil }
    }
    return false
  }
}
