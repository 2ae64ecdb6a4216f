import JSON

/// Why a description cannot be read.
public struct DescriptionError: Error, Equatable, Sendable {
  /// Counted from 1; 0 where no line is to blame.
  public var line: Int
  public var message: String
}

/// Reads the YAML that descriptions of APIs are written in: block and flow collections, plain, quoted and block
/// scalars, comments. Anchors, tags and several documents in one file are said to be unsupported, never guessed.
struct YAMLReader {
  private struct Line {
    var indent: Int
    var text: Substring
    var number: Int
    var isBlank: Bool { text.isEmpty }
  }

  private var lines: [Line] = []
  private var position = 0
  private static let deepest = 200

  static func read(_ text: String) throws(DescriptionError) -> JSONValue {
    var reader = YAMLReader()
    var texts = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    if texts.last?.isEmpty == true { texts.removeLast() }
    for (index, line) in texts.enumerated() {
      let content = line.drop { $0 == " " }
      let indent = content.isEmpty ? 0 : line.utf8.count - content.utf8.count
      reader.lines.append(Line(indent: indent, text: content, number: index + 1))
    }
    reader.skipBlank()
    if let first = reader.current, first.text == "---" { reader.position += 1 }
    let value = try reader.node(at: 0, depth: 0)
    reader.skipBlank()
    if let left = reader.current, left.text != "..." { throw reader.error("more than one value") }
    return value
  }

  private var current: Line? { lines.indices.contains(position) ? lines[position] : nil }

  private func error(_ message: String) -> DescriptionError {
    DescriptionError(line: current?.number ?? lines.count, message: message)
  }

  private mutating func skipBlank() {
    while let line = current, line.isBlank || line.text.first == "#" { position += 1 }
  }

  // MARK: Blocks

  /// The value that begins at the current line, if it is indented so far at least; else null.
  private mutating func node(at least: Int, depth: Int) throws(DescriptionError) -> JSONValue {
    skipBlank()
    guard depth < YAMLReader.deepest else { throw error("nested too deep") }
    guard let line = current, line.indent >= least else { return .null }
    if line.text.first == "\t" { throw error("a tab as indentation") }
    if isEntry(line) { return try sequence(line.indent, depth) }
    if try key(of: line.text) != nil { return try mapping(line.indent, depth) }
    position += 1
    return try scalar(line.text, parent: line.indent - 1, depth)
  }

  private func isEntry(_ line: Line) -> Bool { line.text == "-" || line.text.hasPrefix("- ") }

  private mutating func sequence(_ indent: Int, _ depth: Int) throws(DescriptionError) -> JSONValue {
    var items: [JSONValue] = []
    while true {
      skipBlank()
      guard let line = current, line.indent == indent, isEntry(line) else { break }
      let rest = line.text.dropFirst().drop { $0 == " " }
      if rest.isEmpty || rest.first == "#" {
        position += 1
        items.append(try node(at: indent + 1, depth: depth + 1))
        continue
      }
      // What follows the dash is a line of its own, so far to the right.
      let column = indent + line.text.utf8.count - rest.utf8.count
      let isKey = try key(of: rest) != nil
      if isKey || rest.hasPrefix("- ") {
        lines[position] = Line(indent: column, text: rest, number: line.number)
        items.append(try node(at: column, depth: depth + 1))
      } else {
        position += 1
        items.append(try scalar(rest, parent: indent, depth))
      }
    }
    if let line = current, line.indent > indent { throw error("indented where nothing is expected") }
    return .array(items)
  }

  private mutating func mapping(_ indent: Int, _ depth: Int) throws(DescriptionError) -> JSONValue {
    var object = JSONObject()
    while true {
      skipBlank()
      guard let line = current, line.indent == indent, !isEntry(line) else { break }
      guard let (name, rest) = try key(of: line.text) else { throw error("a key and a colon are missing") }
      position += 1
      if rest.isEmpty || rest.first == "#" {
        skipBlank()
        // A list may stand as far to the left as its key.
        if let next = current, next.indent == indent, isEntry(next) {
          object[name] = try sequence(indent, depth + 1)
        } else {
          object[name] = try node(at: indent + 1, depth: depth + 1)
        }
      } else {
        object[name] = try scalar(rest, parent: indent, depth)
      }
    }
    if let line = current, line.indent > indent { throw error("indented where nothing is expected") }
    return .object(object)
  }

  /// The key that a line begins with, and what follows its colon; nil for a line that is no key.
  private func key(of text: Substring) throws(DescriptionError) -> (String, Substring)? {
    if text.first == "\"" || text.first == "'" {
      guard let end = YAMLReader.endOfQuoted(text) else { return nil }
      let after = text[end...].drop { $0 == " " }
      guard after.first == ":", after.dropFirst().first.map({ $0 == " " }) ?? true else { return nil }
      return (
        try YAMLReader.unquoted(text[..<end], current?.number ?? 0), after.dropFirst().drop { $0 == " " }
      )
    }
    if text.first == "[" || text.first == "{" { return nil }
    if text.first == "?", text.dropFirst().first == " " { throw error("complex keys are not supported") }
    var index = text.startIndex
    while index < text.endIndex {
      let next = text.index(after: index)
      if text[index] == ":", next == text.endIndex || text[next] == " " {
        return (String(text[..<index]), text[next...].drop { $0 == " " })
      }
      if text[index] == "#", index > text.startIndex, text[text.index(before: index)] == " " { return nil }
      index = next
    }
    return nil
  }

  // MARK: Scalars

  /// A value whose first line is `text`; its lines are gone. `parent`: where the collection that it is in begins.
  private mutating func scalar(_ text: Substring, parent: Int, _ depth: Int) throws(DescriptionError)
    -> JSONValue
  {
    switch text.first {
    case "|", ">": return .string(try block(text, parent: parent))
    case "\"", "'": return .string(try quoted(text))
    case "[", "{": return try flow(text, depth)
    case "&", "*", "!":
      throw DescriptionError(
        line: lines[position - 1].number, message: "anchors, aliases and tags are not supported")
    default: return YAMLReader.plain(try plain(text, parent: parent))
    }
  }

  private mutating func plain(_ first: Substring, parent: Int) throws(DescriptionError) -> String {
    var text = String(YAMLReader.withoutComment(first))
    var breaks = 0
    while let line = current {
      if line.isBlank {
        breaks += 1
        position += 1
        continue
      }
      guard line.indent > parent, line.text.first != "#" else { break }
      if try key(of: line.text) != nil { throw error("a key where a text goes on") }
      text += breaks == 0 ? " " : String(repeating: "\n", count: breaks)
      text += YAMLReader.withoutComment(line.text)
      breaks = 0
      position += 1
    }
    return text
  }

  private static func withoutComment(_ text: Substring) -> Substring {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == "#", index == text.startIndex || text[text.index(before: index)] == " " {
        return trimmed(text[..<index])
      }
      index = text.index(after: index)
    }
    return trimmed(text)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }

  /// The kinds of plain scalars of YAML's core schema.
  private static func plain(_ text: String) -> JSONValue {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    if let number = Int64(text) { return .int(number) }
    let looksLikeNumber = text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || "+-.eE".utf8.contains($0) }
    if looksLikeNumber, let number = Double(text), number.isFinite { return .double(number) }
    return .string(text)
  }

  /// Behind the closing mark; nil where it is not on this line.
  private static func endOfQuoted(_ text: Substring) -> Substring.Index? {
    guard let mark = text.first else { return nil }
    var index = text.index(after: text.startIndex)
    while index < text.endIndex {
      if mark == "\"", text[index] == "\\" {
        index = text.index(after: index)
        if index == text.endIndex { return nil }
      } else if text[index] == mark {
        let next = text.index(after: index)
        if mark == "'", next < text.endIndex, text[next] == mark { index = next } else { return next }
      }
      index = text.index(after: index)
    }
    return nil
  }

  /// A quoted text over as many lines as it has.
  private mutating func quoted(_ first: Substring) throws(DescriptionError) -> String {
    var text = first
    var breaks = 0
    while true {
      if let end = YAMLReader.endOfQuoted(text) {
        let after = YAMLReader.withoutComment(text[end...].drop { $0 == " " })
        guard after.isEmpty else { throw error("text behind a closing quotation mark") }
        return try YAMLReader.unquoted(text[..<end], lines[position - 1].number)
      }
      guard let line = current else { throw error("a quotation mark is not closed") }
      position += 1
      if line.isBlank {
        breaks += 1
        continue
      }
      // A backslash at the end joins lines without a blank.
      if breaks == 0, text.first == "\"", YAMLReader.endsInBackslash(text) {
        text = Substring(text.dropLast() + line.text)
      } else {
        text =
          YAMLReader.trimmed(text) + (breaks == 0 ? " " : String(repeating: "\n", count: breaks)) + line.text
      }
      breaks = 0
    }
  }

  private static func endsInBackslash(_ text: Substring) -> Bool {
    text.reversed().prefix { $0 == "\\" }.count % 2 == 1
  }

  private static func unquoted(_ text: Substring, _ line: Int) throws(DescriptionError) -> String {
    let inner = text.dropFirst().dropLast()
    if text.first == "'" {
      return inner.split(separator: "''", omittingEmptySubsequences: false).joined(separator: "'")
    }
    var result = ""
    var rest = inner
    while let character = rest.popFirst() {
      guard character == "\\" else {
        result.append(character)
        continue
      }
      guard let escape = rest.popFirst() else {
        throw DescriptionError(line: line, message: "a backslash at the end of a text")
      }
      let digits: Int
      switch escape {
      case "n":
        result.append("\n")
        continue
      case "t", "\t":
        result.append("\t")
        continue
      case "r":
        result.append("\r")
        continue
      case "0":
        result.append("\0")
        continue
      case "e":
        result.append("\u{1B}")
        continue
      case " ", "\"", "/", "\\":
        result.append(escape)
        continue
      case "_":
        result.append("\u{A0}")
        continue
      case "x": digits = 2
      case "u": digits = 4
      case "U": digits = 8
      default: throw DescriptionError(line: line, message: "there is no escape \\\(escape)")
      }
      // By scalars: what follows may join the last digit to one character.
      let scalars = rest.unicodeScalars.prefix(digits)
      guard scalars.count == digits, let number = UInt32(String(scalars), radix: 16) else {
        throw DescriptionError(line: line, message: "\\\(escape) needs \(digits) hexadecimal digits")
      }
      rest = Substring(rest.unicodeScalars.dropFirst(digits))
      result.unicodeScalars.append(Unicode.Scalar(number) ?? "\u{FFFD}")
    }
    return result
  }

  /// `|` keeps line breaks, `>` folds them; `-` takes the last ones off, `+` keeps them all; a digit says how far
  /// the text is indented.
  private mutating func block(_ header: Substring, parent: Int) throws(DescriptionError) -> String {
    let isFolded = header.first == ">"
    var chomp: Character = " "
    var indent: Int?
    for character in YAMLReader.withoutComment(header.dropFirst()) {
      if character == "-" || character == "+" {
        chomp = character
      } else if let digit = character.wholeNumberValue, digit > 0 {
        indent = max(parent, 0) + digit
      } else {
        throw DescriptionError(line: lines[position - 1].number, message: "`\(header)` is no head of a text")
      }
    }
    var texts: [String] = []
    while let line = current {
      if line.isBlank {
        texts.append("")
        position += 1
        continue
      }
      if indent == nil, line.indent > parent { indent = line.indent }
      guard let indent, line.indent >= indent else { break }
      texts.append(String(repeating: " ", count: line.indent - indent) + line.text)
      position += 1
    }
    var trailing = 0
    while texts.last == "" {
      texts.removeLast()
      trailing += 1
    }
    var result = ""
    for (index, text) in texts.enumerated() {
      if index > 0 {
        let previous = texts[index - 1]
        let folds =
          isFolded && !text.isEmpty && !previous.isEmpty && !text.hasPrefix(" ") && !previous.hasPrefix(" ")
        result += folds ? " " : (isFolded && previous.isEmpty && !text.isEmpty ? "" : "\n")
      }
      result += text
    }
    if texts.isEmpty { return chomp == "+" ? String(repeating: "\n", count: trailing) : "" }
    switch chomp {
    case "-": return result
    case "+": return result + String(repeating: "\n", count: trailing + 1)
    default: return result + "\n"
    }
  }

  // MARK: Flow

  private mutating func flow(_ first: Substring, _ depth: Int) throws(DescriptionError) -> JSONValue {
    var text = String(first)
    while true {
      var scanner = FlowScanner(text: text[...])
      do {
        let value = try scanner.value(depth)
        guard YAMLReader.withoutComment(scanner.text.drop { $0 == " " }).isEmpty else {
          throw FlowScanner.Fault.broken("text behind a list or record")
        }
        return value
      } catch {
        guard case FlowScanner.Fault.unfinished = error else {
          let message =
            if case FlowScanner.Fault.broken(let message) = error { message } else { "it cannot be read" }
          throw DescriptionError(line: lines[max(0, position - 1)].number, message: message)
        }
        guard let line = current else { throw self.error("a list or record is not closed") }
        text += " " + line.text
        position += 1
      }
    }
  }

  private struct FlowScanner {
    enum Fault: Error {
      case unfinished
      case broken(String)
    }

    var text: Substring

    mutating func value(_ depth: Int) throws -> JSONValue {
      guard depth < YAMLReader.deepest else { throw Fault.broken("nested too deep") }
      blank()
      switch text.first {
      case nil: throw Fault.unfinished
      case "[":
        text.removeFirst()
        var items: [JSONValue] = []
        while try !closes("]") {
          items.append(try value(depth + 1))
          try comma("]")
        }
        return .array(items)
      case "{":
        text.removeFirst()
        var object = JSONObject()
        while try !closes("}") {
          let key = try scalar(isKey: true)
          blank()
          guard text.first == ":" else {
            if text.isEmpty { throw Fault.unfinished } else { throw Fault.broken("a colon is missing") }
          }
          text.removeFirst()
          object[key.stringValue ?? key.text()] = try value(depth + 1)
          try comma("}")
        }
        return .object(object)
      default: return try scalar(isKey: false)
      }
    }

    private mutating func blank() { text = text.drop { $0 == " " } }

    private mutating func closes(_ mark: Character) throws -> Bool {
      blank()
      guard let first = text.first else { throw Fault.unfinished }
      if first == mark { text.removeFirst() }
      return first == mark
    }

    private mutating func comma(_ mark: Character) throws {
      blank()
      guard let first = text.first else { throw Fault.unfinished }
      if first == "," {
        text.removeFirst()
      } else if first != mark {
        throw Fault.broken("a comma is missing")
      }
    }

    private mutating func scalar(isKey: Bool) throws -> JSONValue {
      blank()
      if text.first == "\"" || text.first == "'" {
        guard let end = YAMLReader.endOfQuoted(text) else { throw Fault.unfinished }
        let quoted = text[..<end]
        text = text[end...]
        return .string(try YAMLReader.unquoted(quoted, 0))
      }
      let plain = text.prefix { !",]}".contains($0) && !(isKey && $0 == ":") }
      text = text.dropFirst(plain.count)
      if text.isEmpty { throw Fault.unfinished }
      let word = String(YAMLReader.trimmed(plain))
      return isKey ? .string(word) : YAMLReader.plain(word)
    }
  }
}
