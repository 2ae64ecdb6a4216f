/// The call whose parentheses are open at the end of a text, and the argument that stands there.
struct OpenCall: Equatable {
  /// `tags.apply`
  var path: String
  /// How many commas stand before the cursor at the call's own depth.
  var position: Int
  /// The name of the argument, where it is given as `name: …`.
  var argument: String?
  /// The call takes its first argument from the left of a `|`.
  var isPiped: Bool

  init?(_ text: [Character]) {
    var scanner = BracketScanner()
    for (index, character) in text.enumerated() { scanner.step(character, at: index) }
    guard let open = scanner.open.last, open.character == "(" else { return nil }
    var start = open.index
    while start > 0, OpenCall.isWord(text[start - 1]) || text[start - 1] == "." { start -= 1 }
    guard start < open.index else { return nil }
    path = String(text[start..<open.index])
    position = open.commas
    var before = start
    while before > 0, text[before - 1].isWhitespace { before -= 1 }
    isPiped = before > 0 && text[before - 1] == "|"
    let rest = text[(open.lastComma ?? open.index) + 1..<text.count].drop { $0.isWhitespace }
    let name = rest.prefix { OpenCall.isWord($0) }
    let next = rest.dropFirst(name.count).first { !$0.isWhitespace }
    argument = !name.isEmpty && next == ":" ? String(name) : nil
  }

  static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}

/// Brackets and texts of a line that is still being typed; what is wrong in it does no harm.
struct BracketScanner {
  struct Bracket {
    var character: Character
    var index: Int
    var commas = 0
    var lastComma: Int?
  }

  private(set) var open: [Bracket] = []
  /// Where the text that is not closed began, after its quote.
  private(set) var textStart: Int?
  private var isEscaped = false

  mutating func step(_ character: Character, at index: Int) {
    if textStart != nil {
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        textStart = nil
      }
      return
    }
    switch character {
    case "\"": textStart = index + 1
    case "(", "[", "{": open.append(Bracket(character: character, index: index))
    case ")", "]", "}": if !open.isEmpty { open.removeLast() }
    case "," where !open.isEmpty:
      open[open.count - 1].commas += 1
      open[open.count - 1].lastComma = index
    default: break
    }
  }

  static func scan(_ text: [Character]) -> BracketScanner {
    var scanner = BracketScanner()
    for (index, character) in text.enumerated() { scanner.step(character, at: index) }
    return scanner
  }
}
