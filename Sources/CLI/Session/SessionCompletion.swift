import Bytecode
import Catalogue
import Engine
import Intercom
import Machine
import REPL

/// What could stand at the cursor: names, operations, argument names, words of a choice, fields of the item, and
/// tags, teammates and teams as the workspace has them.
///
/// It looks at the words before the cursor alone; a statement that is being typed does not parse yet.
struct SessionCompletion {
  typealias Candidate = CompletionAnswer.Candidate

  let engine: Engine
  private let binding: () -> APIBinding?
  let live: LiveValues
  let catalogue = APICatalogue.standard

  init(_ engine: Engine, binding: @escaping () -> APIBinding?, live: LiveValues) {
    self.engine = engine
    self.binding = binding
    self.live = live
  }

  func answer(_ line: String, _ cursor: Int) -> CompletionAnswer {
    let before = Array(line.prefix(max(0, cursor)))
    if let answer = topics(before) { return answer }
    if let start = BracketScanner.scan(before).textStart {
      let typed = String(before[start...])
      let found = values(at: Array(before[..<(start - 1)])).matching(typed).map { $0.inText }
      return CompletionAnswer(replacing: start..<before.count, candidates: found)
    }
    var start = before.count
    while start > 0, OpenCall.isWord(before[start - 1]) || before[start - 1] == "." { start -= 1 }
    let word = String(before[start...])
    let head = Array(before[..<start])
    let found: [Candidate]
    if word.hasPrefix(".") {
      found = fields(path: word, of: itemType(head), keeping: "")
    } else if word.contains(".") {
      found = members(word, head)
    } else {
      found = open(word, head)
    }
    return CompletionAnswer(replacing: start..<before.count, candidates: found)
  }

  /// A name, or what else can begin here.
  private func open(_ word: String, _ head: [Character]) -> [Candidate] {
    let values = values(at: head).matching(word).map(\.quoted)
    // Where a value is wanted, other names help little.
    if !values.isEmpty { return values + (word.isEmpty ? [] : names(word).filter { $0.kind == .variable }) }
    var found = arguments(word, head)
    if word.isEmpty {
      if head.allSatisfy(\.isWhitespace) { return [] }
      if beginsCondition(head) { found += fields(path: ".", of: itemType(head), keeping: "") }
      if !found.isEmpty { return found }
    }
    return found + names(word)
  }

  /// Right behind `{`, `and`, `or`, `not`: the item's fields.
  private func beginsCondition(_ head: [Character]) -> Bool {
    let text = String(String(head).reversed().drop { $0.isWhitespace }.reversed())
    return text.hasSuffix("{") || text.hasSuffix("->")
      || [" and", " or", " not", "{not"].contains { text.hasSuffix($0) }
  }

  /// Behind `help` and `apropos`: topics.
  private func topics(_ before: [Character]) -> CompletionAnswer? {
    let text = String(before)
    guard text.hasPrefix("help ") || text.hasPrefix(":help ") || text.hasPrefix("apropos ") else {
      return nil
    }
    guard let space = before.lastIndex(of: " "), !text.dropFirst(5).contains("|") else { return nil }
    let word = String(before[(space + 1)...])
    let help = LanguageHelp(engine)
    let found =
      word.contains(".") || !word.isEmpty
      ? help.topics.filter { $0.hasPrefix(word) } : catalogue.resourceNames
    // An operation is offered once its resource is there.
    let shown = found.filter { word.contains(".") || !$0.contains(".") }
    return CompletionAnswer(
      replacing: (space + 1)..<before.count,
      candidates: shown.map { Candidate($0, .topic, help.line(on: $0)) })
  }

  // MARK: Names

  private static let keywords = [
    "let", "var", "fn", "if", "else", "for", "in", "while", "return", "break", "continue", "try", "catch",
    "and", "or", "not", "true", "false", "null", "it", "contains", "starts_with", "ends_with", "matches",
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
        found.append(Candidate(name, .variable, variable(name).map { "\($0.tag.word)" } ?? ""))
      }
    }
    for keyword in SessionCompletion.keywords where keyword.hasPrefix(word) && !word.isEmpty {
      found.append(Candidate(keyword, .keyword))
    }
    if "help".hasPrefix(word), !word.isEmpty { found.append(Candidate("help", .command, "help on a name")) }
    if "apropos".hasPrefix(word), !word.isEmpty {
      found.append(Candidate("apropos", .command, "names that have to do with a word"))
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
    if first != "it", let value = variable(first) {
      if value.tag == .record { return fields(path: rest, ofRecord: value, keeping: first) }
      return []
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

  /// The fields that a record has, with what is in them.
  private func fields(path: String, ofRecord record: Value, keeping first: String) -> [Candidate] {
    let machine = engine.machine
    let parts = path.dropFirst().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let last = parts.last else { return [] }
    var value = record
    var prefix = first
    for name in parts.dropLast() {
      value = machine.field(name, of: value)
      guard value.tag == .record else { return [] }
      prefix += ".\(name)"
    }
    return machine.fields(value).filter { $0.name.hasPrefix(last) }.map {
      Candidate("\(prefix).\($0.name)", .field, machine.short($0.value, 40))
    }
  }

  /// What a variable of this session holds; nil for other names.
  private func variable(_ name: String) -> Value? {
    guard let global = engine.global(name) else { return nil }
    let value = engine.machine.global(global.number)
    return value.tag == .undefined ? nil : value
  }

  /// The type of the item that the innermost block is about: that of the last resource or variable of records that
  /// is named before it.
  func itemType(_ head: [Character]) -> RecordType? {
    var found: RecordType?
    for path in paths(head) {
      let parts = path.split(separator: ".").map(String.init)
      let words = parts.first == "api" ? Array(parts.dropFirst()) : parts
      guard let first = words.first else { continue }
      if words.count == 1, let value = variable(first) {
        found = type(ofItemsIn: value) ?? found
        continue
      }
      guard catalogue.operationNames(of: first) != nil else { continue }
      var name = catalogue.index.resource(first)?.recordType
      if words.count > 1, let operation = catalogue.operations(first, words[1]).first {
        switch operation.result {
        case .value(let type), .sequence(let type): name = type.recordType ?? name
        case .nothing: break
        }
      }
      if let type = name.flatMap({ catalogue.recordType($0) }) { found = type }
    }
    // A line that goes on from the last value.
    if found == nil, head.first(where: { !$0.isWhitespace }) == "|" {
      return variable("_").flatMap { type(ofItemsIn: $0) }
    }
    return found
  }

  private func type(ofItemsIn value: Value) -> RecordType? {
    let machine = engine.machine
    switch value.tag {
    case .record: return machine.typeName(of: value).flatMap { catalogue.recordType($0) }
    case .list: return machine.items(value).first.flatMap { $0.tag == .record ? type(ofItemsIn: $0) : nil }
    case .sequence: return binding()?.recordType(of: value).flatMap { catalogue.recordType($0) }
    default: return nil
    }
  }

  /// Names with points, outside of texts, in order.
  private func paths(_ text: [Character]) -> [String] {
    var paths: [String] = []
    var current = ""
    var scanner = BracketScanner()
    for (index, character) in text.enumerated() {
      scanner.step(character, at: index)
      let isText = scanner.textStart != nil
      if !isText, OpenCall.isWord(character) || character == "." && !current.isEmpty {
        current.append(character)
      } else if !current.isEmpty {
        paths.append(current)
        current = ""
      }
    }
    if !current.isEmpty { paths.append(current) }
    return paths
  }

  // MARK: Arguments

  /// Names of arguments, where a call's parentheses are open.
  private func arguments(_ word: String, _ head: [Character]) -> [Candidate] {
    guard let call = OpenCall(head), call.argument == nil else { return [] }
    let given = Set(namesGiven(head))
    return parameters(of: call.path).filter { $0.name.hasPrefix(word) && !given.contains($0.name) }.map {
      Candidate("\($0.name): ", .argument, $0.about)
    }
  }

  /// The names of arguments that stand before a colon already.
  private func namesGiven(_ head: [Character]) -> [String] {
    var names: [String] = []
    var current = ""
    for character in head {
      if OpenCall.isWord(character) {
        current.append(character)
      } else {
        if character == ":" { names.append(current) }
        current = ""
      }
    }
    return names
  }

  struct KnownParameter {
    var name: String
    var type: FieldType?
    var about: String
  }

  func parameters(of call: String) -> [KnownParameter] {
    let parts = call.split(separator: ".").map(String.init)
    let words = parts.first == "api" ? Array(parts.dropFirst()) : parts
    if words.count == 2, catalogue.index.resource(words[0]) != nil {
      var found: [KnownParameter] = []
      for parameter in catalogue.operations(words[0], words[1]).flatMap(\.parameters)
      where !found.contains(where: { $0.name == parameter.name }) {
        found.append(
          KnownParameter(
            name: parameter.name, type: parameter.type, about: OperationPage.about(parameter)))
      }
      return found
    }
    return LanguageHelp(engine).signature(call)?.parameters.map {
      KnownParameter(name: $0.name, type: nil, about: $0.documentation.isEmpty ? $0.type : $0.documentation)
    } ?? []
  }
}
