import Catalogue
import REPL

/// What may be written as a value at a place.
struct ValueChoice {
  var text: String
  /// Found by this too, and shown beside it: an id's name.
  var about: String
  var isText = true

  /// Inside a text that is open: with the quote that ends it.
  var inText: CompletionAnswer.Candidate { .init(escaped + "\"", .value, about) }

  /// Where no quote has been typed yet.
  var quoted: CompletionAnswer.Candidate { .init(isText ? "\"\(escaped)\"" : text, .value, about) }

  private var escaped: String {
    var result = ""
    for character in text {
      if character == "\"" || character == "\\" { result.append("\\") }
      result.append(character)
    }
    return result
  }
}

extension [ValueChoice] {
  /// Those that begin with what is typed, else those whose name does, whatever its capitals.
  func matching(_ typed: String) -> [ValueChoice] {
    if typed.isEmpty { return self }
    let bare = typed.first == "\"" ? String(typed.dropFirst()) : typed
    let exact = filter { $0.text.hasPrefix(bare) }
    if !exact.isEmpty { return exact }
    let small = bare.lowercased()
    return filter { $0.text.lowercased().hasPrefix(small) || $0.about.lowercased().hasPrefix(small) }
  }
}

extension SessionCompletion {
  /// What fits behind `head`: an argument of an open call, or the other side of a comparison with a field.
  func values(at head: [Character]) -> [ValueChoice] {
    if let field = comparedField(head) { return choices(of: field.type) }
    guard let call = OpenCall(head) else { return [] }
    let parameters = parameters(of: call.path)
    if let name = call.argument {
      return parameters.first { $0.name == name }?.type.map { choices(of: $0) } ?? []
    }
    let position = call.position + (call.isPiped ? 1 : 0)
    guard position < parameters.count, isAtStartOfArgument(head) else { return [] }
    return parameters[position].type.map { choices(of: $0) } ?? []
  }

  private func isAtStartOfArgument(_ head: [Character]) -> Bool {
    head.last { !$0.isWhitespace }.map { $0 == "(" || $0 == "," } ?? false
  }

  /// `.state ==`, `it.priority !=`, `.state in [`
  private func comparedField(_ head: [Character]) -> Field? {
    var rest = head[...]
    func dropSpaces() { while rest.last?.isWhitespace == true { rest.removeLast() } }
    dropSpaces()
    // Inside the list of `in […]`.
    if let open = rest.lastIndex(of: "["), !rest[open...].contains("]") {
      rest = rest[..<open]
      dropSpaces()
    }
    if rest.suffix(3) == [" ", "i", "n"] {
      rest.removeLast(2)
    } else if String(rest.suffix(9)).hasSuffix(" contains") {
      rest.removeLast(8)
    } else {
      let signs = rest.reversed().prefix { "=!<>".contains($0) }
      guard ["==", "!="].contains(String(signs.reversed())) else { return nil }
      rest.removeLast(signs.count)
    }
    dropSpaces()
    let path = String(rest.reversed().prefix { OpenCall.isWord($0) || $0 == "." }.reversed())
    let names = path.split(separator: ".").map(String.init)
    guard let last = names.last, path.contains(".") else { return nil }
    var type = itemType(Array(rest.dropLast(path.count)))
    for name in (path.first == "." ? names : Array(names.dropFirst())).dropLast() {
      guard case .object(let inner)? = type?.field(name)?.type else { return nil }
      type = catalogue.recordType(inner)
    }
    return type?.field(last)
  }

  private func choices(of type: FieldType) -> [ValueChoice] {
    switch type {
    case .choice(let words): return words.map { ValueChoice(text: $0, about: "") }
    case .bool: return ["true", "false"].map { ValueChoice(text: $0, about: "", isText: false) }
    case .list(let element): return choices(of: element)
    case .reference(let name), .name(let name):
      return live.records(of: name).filter { !$0.name.isEmpty }.map {
        ValueChoice(text: $0.name, about: $0.id)
      }
    case .id(let name):
      return live.records(of: name).map { ValueChoice(text: $0.id, about: $0.name) }
    default: return []
    }
  }
}

extension String {
  var firstLine: String { split(separator: "\n", maxSplits: 1).first.map(String.init) ?? "" }
}
