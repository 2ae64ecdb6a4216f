import Bytecode
import Catalogue
import Engine
import REPL
import Syntax

/// What could stand at the cursor: names, operations, argument names, enum values, fields of the item.
///
/// It looks at the words before the cursor alone; a statement that is being typed does not parse yet.
struct SessionCompletion {
  private typealias Candidate = CompletionAnswer.Candidate

  private let engine: Engine
  private let catalogue = APICatalogue.standard

  init(_ engine: Engine) { self.engine = engine }

  func answer(_ line: String, _ cursor: Int) -> CompletionAnswer {
    let before = Array(line.prefix(max(0, cursor)))
    if let answer = inText(before) { return answer }
    var start = before.count
    while start > 0, isWord(before[start - 1]) || before[start - 1] == "." { start -= 1 }
    let word = String(before[start...])
    let head = Array(before[..<start])
    let found: [Candidate]
    if word.hasPrefix(".") {
      found = fields(path: word, of: itemType(head), keeping: "")
    } else if word.contains(".") {
      found = members(word, head)
    } else {
      found = word.isEmpty && head.isEmpty ? [] : arguments(word, head) + names(word)
    }
    return CompletionAnswer(replacing: start..<before.count, candidates: found)
  }

  // MARK: Names

  private static let keywords = [
    "let", "var", "fn", "if", "else", "for", "in", "while", "return", "try", "catch", "and", "or", "not",
    "true",
    "false", "null", "it", "contains", "starts_with", "ends_with", "matches",
  ]

  private func names(_ word: String) -> [Candidate] {
    var found: [Candidate] = []
    var seen = Set<String>()
    let help = LanguageHelp(engine)
    for name in engine.knownNames() where name.hasPrefix(word) && seen.insert(name).inserted {
      if catalogue.operationNames(of: name) != nil {
        found.append(Candidate(name, .resource, help.line(on: name)))
      } else if let signature = help.signature(name) {
        found.append(Candidate(name, .function, signature.documentation.firstLine))
      } else {
        found.append(Candidate(name, .variable))
      }
    }
    for keyword in SessionCompletion.keywords where keyword.hasPrefix(word) && !word.isEmpty {
      found.append(Candidate(keyword, .keyword))
    }
    return found.sorted { $0.text < $1.text }
  }

  /// `tickets.se`, `it.em`, `c.location.co`
  private func members(_ word: String, _ head: [Character]) -> [Candidate] {
    guard let point = word.firstIndex(of: ".") else { return [] }
    let first = String(word[..<point])
    let rest = String(word[point...])
    if first == "api" {
      let parts = rest.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
      if parts.count < 2 {
        return catalogue.resourceNames.filter { $0.hasPrefix(rest.dropFirst()) }.map {
          Candidate("api.\($0)", .resource)
        }
      }
      return operations(of: String(parts[0]), String(parts[1]), prefix: "api.")
    }
    if catalogue.operationNames(of: first) != nil {
      return operations(of: first, String(rest.dropFirst()), prefix: "")
    }
    // A name in front of `->`, or `it`: the item of the block.
    return fields(path: rest, of: itemType(head), keeping: first)
  }

  private func operations(of resource: String, _ word: String, prefix: String) -> [Candidate] {
    let help = LanguageHelp(engine)
    return engine.operationNames(resource).filter { $0.hasPrefix(word) }.map { name in
      Candidate("\(prefix)\(resource).\(name)", .operation, help.line(on: "\(resource).\(name)"))
    }
  }

  // MARK: Fields

  private func fields(path: String, of type: RecordType?, keeping first: String) -> [Candidate] {
    let parts = path.dropFirst().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard var type, let last = parts.last else { return [] }
    var prefix = first
    for name in parts.dropLast() {
      guard case .object(let inner)? = type.field(name)?.type, let next = catalogue.recordType(inner) else {
        return []
      }
      type = next
      prefix += ".\(name)"
    }
    return type.fields.filter { $0.name.hasPrefix(last) && !$0.onlySearch }.map { field in
      Candidate(
        "\(prefix).\(field.name)", .field,
        "\(field.type)" + (field.documentation.map { ": \($0.firstLine)" } ?? ""))
    }
  }

  /// The type of the item that the innermost block is about: the last resource that is named before it.
  private func itemType(_ head: [Character]) -> RecordType? {
    var found: RecordType?
    for path in paths(head) {
      let parts = path.split(separator: ".").map(String.init)
      let words = parts.first == "api" ? Array(parts.dropFirst()) : parts
      guard let resource = words.first, catalogue.operationNames(of: resource) != nil else { continue }
      var name = catalogue.index.resource(resource)?.recordType
      if words.count > 1, let operation = catalogue.operations(resource, words[1]).first {
        switch operation.result {
        case .value(let type), .sequence(let type): name = type.recordType ?? name
        case .nothing: break
        }
      }
      if let type = name.flatMap({ catalogue.recordType($0) }) { found = type }
    }
    return found
  }

  /// Names with points, outside of texts, in order.
  private func paths(_ text: [Character]) -> [String] {
    var paths: [String] = []
    var current = ""
    var isText = false
    for character in text {
      if character == "\"" { isText.toggle() }
      if !isText, isWord(character) || character == "." && !current.isEmpty {
        current.append(character)
      } else if !current.isEmpty {
        paths.append(current)
        current = ""
      }
    }
    if !current.isEmpty { paths.append(current) }
    return paths
  }

  // MARK: Arguments and values

  /// Names of arguments, where a call's parentheses are open.
  private func arguments(_ word: String, _ head: [Character]) -> [Candidate] {
    guard let call = openCall(head) else { return [] }
    return parameters(of: call).filter { $0.name.hasPrefix(word) }.map { parameter in
      Candidate("\(parameter.name): ", .argument, parameter.about)
    }
  }

  private func parameters(of call: String) -> [(name: String, type: FieldType?, about: String)] {
    let parts = call.split(separator: ".").map(String.init)
    let words = parts.first == "api" ? Array(parts.dropFirst()) : parts
    if words.count == 2 {
      return catalogue.operations(words[0], words[1]).first?.parameters.map {
        ($0.name, $0.type, "\($0.type)" + ($0.isRequired ? "" : ", may be left out"))
      } ?? []
    }
    return LanguageHelp(engine).signature(call)?.parameters.map { ($0.name, nil, $0.type) } ?? []
  }

  /// The path before the innermost parenthesis that is still open.
  private func openCall(_ head: [Character]) -> String? {
    var depth = 0
    var index = head.count
    while index > 0 {
      index -= 1
      switch head[index] {
      case ")", "]", "}": depth += 1
      case "[", "{":
        if depth == 0 { return nil }
        depth -= 1
      case "(":
        if depth > 0 {
          depth -= 1
          continue
        }
        var start = index
        while start > 0, isWord(head[start - 1]) || head[start - 1] == "." { start -= 1 }
        return start < index ? String(head[start..<index]) : nil
      default: break
      }
    }
    return nil
  }

  /// Inside a text: the words of a field that is one of some, as in `.state == "op`.
  private func inText(_ before: [Character]) -> CompletionAnswer? {
    guard before.count(where: { $0 == "\"" }) % 2 == 1, let quote = before.lastIndex(of: "\"") else {
      return nil
    }
    let typed = String(before[(quote + 1)...])
    var head = Array(before[..<quote])
    while head.last == " " { head.removeLast() }
    var choices: [String] = []
    if head.last == ":" {
      head.removeLast()
      let name = String(head.reversed().prefix { isWord($0) }.reversed())
      if let call = openCall(head), let parameter = parameters(of: call).first(where: { $0.name == name }) {
        choices = words(of: parameter.type)
      }
    } else {
      while let last = head.last, "=!<> ".contains(last) { head.removeLast() }
      let path = String(head.reversed().prefix { isWord($0) || $0 == "." }.reversed())
      if let point = path.firstIndex(of: ".") {
        let name = String(path[point...].dropFirst())
        choices = words(of: itemType(Array(head.dropLast(path.count)))?.field(name)?.type)
      }
    }
    let found = choices.filter { $0.hasPrefix(typed) }.map { Candidate($0 + "\"", .value) }
    return CompletionAnswer(replacing: (quote + 1)..<before.count, candidates: found)
  }

  private func words(of type: FieldType?) -> [String] {
    switch type {
    case .choice(let words): words
    case .list(let element): words(of: element)
    default: []
    }
  }

  private func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}

extension String {
  var firstLine: String { split(separator: "\n", maxSplits: 1).first.map(String.init) ?? "" }
}
