import Diagnostics

/// What a line typed into the REPL is: for the REPL itself, or source text.
public enum REPLLine: Hashable, Sendable {
  /// White space or a comment alone.
  case empty
  /// `:save a.parl`, `help tickets.search`, `tickets.search?`, `apropos merge`.
  case command(name: String, argument: String)
  /// Starts with `|` and goes on from `_`: read it with `Parser.parseREPLLine`.
  case pipeFromLast(String)
  case source(String)

  public init(_ line: String) {
    let text = REPLLine.trimmed(line[...])
    guard let first = text.first, first != "#" else {
      self = .empty
      return
    }
    if first == ":" {
      let (name, argument) = REPLLine.split(text.dropFirst())
      self = .command(name: name, argument: argument)
      return
    }
    let (word, rest) = REPLLine.split(text)
    if word == "help", rest.isEmpty || rest.first == ":" || REPLLine.isPath(rest[...]) {
      self = .command(name: word, argument: rest)
    } else if word == "apropos", let next = rest.first, next.isLetter {
      self = .command(name: word, argument: rest)
    } else if text.last == "?", REPLLine.isPath(REPLLine.trimmed(text.dropLast())) {
      self = .command(name: "help", argument: String(REPLLine.trimmed(text.dropLast())))
    } else {
      self = first == "|" ? .pipeFromLast(line) : .source(line)
    }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }

  /// The first word and the rest.
  private static func split(_ text: Substring) -> (String, String) {
    let word = text.prefix { !$0.isWhitespace }
    return (String(word), String(trimmed(text[word.endIndex...])))
  }

  /// A name, or names with points between.
  private static func isPath(_ text: Substring) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return !parts.isEmpty
      && parts.allSatisfy { part in
        guard let first = part.first, first.isLetter || first == "_" else { return false }
        return part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      }
  }
}
