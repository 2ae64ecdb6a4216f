import Machine

/// Reads a regular expression into a program. What could not be matched in linear time, or means something
/// else in each dialect, is refused with what to write instead.
struct PatternCompiler {
  /// Instructions; counted repetition is written out.
  private static let largest = 20_000
  private static let mostRepeats = 1000
  private static let deepest = 100

  private let scalars: [Unicode.Scalar]
  private let source: String
  private var at = 0
  private var depth = 0
  private var sets: [CharacterSet] = []
  /// `(?i)`, `(?s)`, `(?m)`.
  private var folds = false
  private var dotsTakeAll = false
  private var multiline = false

  private indirect enum Node {
    case empty
    case one(Pattern.Instruction)
    case sequence([Node])
    case choice([Node])
    case repeated(Node, Int, Int?, isLazy: Bool)
  }

  private init(_ source: String) {
    self.source = source
    scalars = Array(source.unicodeScalars)
  }

  static func compile(_ source: String) throws(RuntimeError) -> Pattern {
    var compiler = PatternCompiler(source)
    guard compiler.scalars.count <= 10_000 else {
      throw compiler.fail("the pattern is longer than 10000 characters")
    }
    let node = try compiler.choice()
    if compiler.at < compiler.scalars.count {
      throw compiler.fail("this `)` closes nothing", "as a character it is `\\)`")
    }
    var program: [Pattern.Instruction] = []
    try compiler.emit(node, into: &program)
    program.append(.accept)
    for index in compiler.sets.indices { compiler.sets[index].complete() }
    return Pattern(source: source, program: program, sets: compiler.sets)
  }

  private func fail(_ message: String, _ hint: String? = nil, back: Int = 0) -> RuntimeError {
    let place = max(1, min(at - back, scalars.count - 1) + 1)
    return RuntimeError(
      "the pattern '\(source.count > 60 ? source.prefix(59) + "…" : source)' cannot be read at character \(place): \(message)",
      code: "pattern", hints: hint.map { [$0] } ?? [])
  }

  private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    at + ahead < scalars.count ? scalars[at + ahead] : nil
  }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard peek() == scalar else { return false }
    at += 1
    return true
  }

  // MARK: Structure

  private mutating func choice() throws(RuntimeError) -> Node {
    depth += 1
    defer { depth -= 1 }
    guard depth <= PatternCompiler.deepest else { throw fail("groups are nested too deep") }
    // Flags set inside a group end with it.
    let flags = (folds, dotsTakeAll, multiline)
    defer { (folds, dotsTakeAll, multiline) = flags }
    var choices = [try sequence()]
    while skip("|") { choices.append(try sequence()) }
    return choices.count == 1 ? choices[0] : .choice(choices)
  }

  private mutating func sequence() throws(RuntimeError) -> Node {
    var items: [Node] = []
    while let scalar = peek(), scalar != "|", scalar != ")" {
      let start = at
      let item = try atom()
      items.append(try repeated(item, from: start))
    }
    return items.count == 1 ? items[0] : items.isEmpty ? .empty : .sequence(items)
  }

  private mutating func repeated(_ item: Node, from start: Int) throws(RuntimeError) -> Node {
    guard let mark = peek() else { return item }
    var low = 0
    var high: Int?
    switch mark {
    case "*": at += 1
    case "+":
      at += 1
      low = 1
    case "?":
      at += 1
      high = 1
    case "{":
      guard let bounds = try counts() else {
        throw fail("`{` repeats what stands before it, as in `{2}` or `{2,5}`", "as a character it is `\\{`")
      }
      (low, high) = bounds
    default: return item
    }
    let isLazy = skip("?")
    if peek() == "+" {
      throw fail("`\(mark)+` asks for no backtracking", "matching never goes back here: write `\(mark)`")
    }
    if let again = peek(), again == "*" || again == "?" || again == "{" {
      throw fail("two repetitions follow each other", "put the first one into a group: `(?:…)\(again)`")
    }
    return .repeated(item, low, high, isLazy: isLazy)
  }

  /// `{2}`, `{2,}`, `{2,5}`; nil where it is none.
  private mutating func counts() throws(RuntimeError) -> (Int, Int?)? {
    var index = at + 1
    func number() -> Int? {
      var value = 0
      let first = index
      while index < scalars.count, let digit = scalars[index].digit, index - first < 6 {
        value = value * 10 + digit
        index += 1
      }
      return index > first ? value : nil
    }
    guard let low = number() else { return nil }
    var high: Int? = low
    if index < scalars.count, scalars[index] == "," {
      index += 1
      high = number()
    }
    guard index < scalars.count, scalars[index] == "}" else { return nil }
    if max(low, high ?? 0) > PatternCompiler.mostRepeats {
      throw fail(
        "more than \(PatternCompiler.mostRepeats) repetitions cannot be counted",
        "`{n,}`, `*` and `+` have no upper bound")
    }
    if let high, high < low { throw fail("`{\(low),\(high)}` has its bounds the wrong way round") }
    at = index + 1
    return (low, high)
  }

  // MARK: Atoms

  private mutating func atom() throws(RuntimeError) -> Node {
    guard let scalar = peek() else { return .empty }
    switch scalar {
    case "*", "+", "?":
      throw fail(
        "`\(scalar)` repeats what stands before it, and nothing does", "as a character it is `\\\(scalar)`")
    case "{":
      throw fail("`{` repeats what stands before it, and nothing does", "as a character it is `\\{`")
    case "(": return try group()
    case "[": return try set()
    case "\\": return try escape()
    case ".":
      at += 1
      return .one(.any(lineBreaks: dotsTakeAll))
    case "^":
      at += 1
      return .one(.assert(multiline ? .lineStart : .textStart))
    case "$":
      at += 1
      return .one(.assert(multiline ? .lineEnd : .textEnd))
    default:
      at += 1
      return character(scalar.value)
    }
  }

  private func character(_ value: UInt32) -> Node {
    .one(.character(folds ? CharacterSet.fold(value) : value, folds: folds))
  }

  private mutating func group() throws(RuntimeError) -> Node {
    let open = at
    at += 1
    if skip("?") {
      if skip("=") || skip("!") {
        throw fail(
          "looking ahead is not possible, as time must stay linear",
          "use two conditions: `x matches 'a' and x not matches 'b'`", back: 2)
      }
      if peek() == "<", peek(1) == "=" || peek(1) == "!" {
        throw fail(
          "looking behind is not possible, as time must stay linear",
          "match what stands before as well, and take it away with `replace` or a slice", back: 1)
      }
      if peek() == "<" || peek() == "P" || peek() == "'" {
        throw fail("groups have no names here", "write `(…)`: `find_all` gives whole matches", back: 1)
      }
      if peek() == ">" {
        throw fail("atomic groups do not exist here", "write `(?:…)`: matching never goes back", back: 1)
      }
      if peek() == "#" {
        throw fail("patterns have no comments", "write the comment beside the pattern, after `#`", back: 1)
      }
      var isOff = false
      var changes: [(Unicode.Scalar, Bool)] = []
      while let flag = peek(), flag != ")", flag != ":" {
        switch flag {
        case "-": isOff = true
        case "i", "s", "m": changes.append((flag, !isOff))
        default:
          throw fail(
            "there is no flag `\(flag)`",
            "the flags are `(?i)` any case, `(?s)` `.` takes line breaks, `(?m)` `^` and `$` at lines")
        }
        at += 1
      }
      if skip(")") {
        for (flag, value) in changes { set(flag, value) }
        return .empty
      }
      guard skip(":") else { throw fail("this group is not closed", "add a `)`") }
      let flags = (folds, dotsTakeAll, multiline)
      for (flag, value) in changes { set(flag, value) }
      let inner = try choice()
      (folds, dotsTakeAll, multiline) = flags
      guard skip(")") else { throw unclosed(open) }
      return inner
    }
    let inner = try choice()
    guard skip(")") else { throw unclosed(open) }
    return inner
  }

  private mutating func unclosed(_ open: Int) -> RuntimeError {
    at = open
    return fail("this `(` is not closed", "add a `)`; as a character it is `\\(`")
  }

  private mutating func set(_ flag: Unicode.Scalar, _ value: Bool) {
    switch flag {
    case "i": folds = value
    case "s": dotsTakeAll = value
    default: multiline = value
    }
  }

  /// `\d` and its kin as a set of their own, a character, or an assertion.
  private mutating func escape() throws(RuntimeError) -> Node {
    at += 1
    guard let scalar = peek() else { throw fail("a `\\` stands at the end", "as a character it is `\\\\`") }
    switch scalar {
    case "b":
      at += 1
      return .one(.assert(.wordBoundary))
    case "B":
      at += 1
      return .one(.assert(.notWordBoundary))
    case "A", "z", "Z", "G":
      throw fail("`\\\(scalar)` is not known", "`^` is the start of the text, `$` its end")
    case "1"..."9", "k":
      throw fail(
        "a group cannot be asked for again, as time must stay linear",
        "write what the group matches once more")
    case "Q", "E":
      throw fail("`\\Q…\\E` is not known", "put a `\\` before each special character, or use `contains`")
    case "K", "R", "X", "C", "N", "h", "H", "v", "V":
      throw fail("`\\\(scalar)` is not known", "`\\s` is white space, `[…]` lists characters")
    default: break
    }
    var set = CharacterSet()
    if try property(into: &set) { return add(set) }
    return character(try escapedCharacter())
  }

  private mutating func add(_ set: CharacterSet) -> Node {
    var set = set
    set.folds = folds
    sets.append(set)
    return .one(.set(sets.count - 1))
  }

  /// After the `\`: `d D w W s S p{…} P{…}`.
  private mutating func property(into set: inout CharacterSet) throws(RuntimeError) -> Bool {
    guard let scalar = peek() else { return false }
    let known: [Unicode.Scalar: (CharacterSet.Property, Bool)] = [
      "d": (.digit, false), "D": (.digit, true), "w": (.word, false), "W": (.word, true),
      "s": (.space, false),
      "S": (.space, true),
    ]
    if let (property, isNegated) = known[scalar] {
      at += 1
      set.properties.append((property, isNegated))
      return true
    }
    guard scalar == "p" || scalar == "P" else { return false }
    at += 1
    var name = ""
    if skip("{") {
      while let next = peek(), next != "}", name.count < 20 {
        name.unicodeScalars.append(next)
        at += 1
      }
      guard skip("}") else { throw fail("`\\p{` is not closed", "write `\\p{L}`") }
    } else if let next = peek() {
      name.unicodeScalars.append(next)
      at += 1
    }
    let properties: [String: CharacterSet.Property] = [
      "L": .letter, "Lu": .upper, "Ll": .lower, "N": .number, "Nd": .digit, "P": .punctuation, "S": .symbol,
      "Z": .separator,
    ]
    guard let property = properties[name] else {
      throw fail(
        "there is no `\\p{\(name)}`",
        "known are `\\p{L}` letters, `Lu`, `Ll`, `N` numbers, `P` punctuation, `S` symbols, `Z` separators",
        back: 1)
    }
    set.properties.append((property, scalar == "P"))
    return true
  }

  /// After the `\`: one character.
  private mutating func escapedCharacter() throws(RuntimeError) -> UInt32 {
    guard let scalar = peek() else { throw fail("a `\\` stands at the end", "as a character it is `\\\\`") }
    at += 1
    switch scalar {
    case "n": return 0x0A
    case "t": return 0x09
    case "r": return 0x0D
    case "f": return 0x0C
    case "0": return 0
    case "x", "u":
      var hex = ""
      if skip("{") {
        while let next = peek(), next != "}", hex.count < 8 {
          hex.unicodeScalars.append(next)
          at += 1
        }
        guard skip("}") else { throw fail("`\\\(scalar){` is not closed", "write `\\\(scalar){1F600}`") }
      } else {
        let count = scalar == "x" ? 2 : 4
        while hex.count < count, let next = peek() {
          hex.unicodeScalars.append(next)
          at += 1
        }
      }
      guard hex.allSatisfy(\.isHexDigit), let value = UInt32(hex, radix: 16), Unicode.Scalar(value) != nil
      else {
        throw fail("`\\\(scalar)\(hex)` is no character", "write `\\x41` or `\\u00E9`", back: 1)
      }
      return value
    default:
      if scalar.properties.isAlphabetic {
        throw fail("`\\\(scalar)` is not known", "without the `\\` it is the letter itself", back: 1)
      }
      return scalar.value
    }
  }

  // MARK: Sets

  private mutating func set() throws(RuntimeError) -> Node {
    let open = at
    at += 1
    var set = CharacterSet()
    set.isNegated = skip("^")
    var isFirst = true
    while true {
      guard let scalar = peek() else {
        at = open
        throw fail("this `[` is not closed", "add a `]`; as a character it is `\\[`")
      }
      if scalar == "]", !isFirst {
        at += 1
        break
      }
      isFirst = false
      if scalar == "[", peek(1) == ":" {
        throw fail(
          "`[:…:]` is not known", "write `\\p{L}` for letters, `\\d` for digits, `\\s` for white space")
      }
      if scalar == "&", peek(1) == "&" {
        throw fail("sets cannot be cut with `&&`", "list the characters, or use two conditions")
      }
      guard let low = try member(into: &set) else { continue }
      if peek() == "-", let after = peek(1), after != "]" {
        at += 1
        guard let high = try member(into: &set) else {
          throw fail(
            "a range of characters goes from one to another",
            "a `-` itself stands first or last, or as `\\-`", back: 1)
        }
        guard low <= high else { throw fail("this range is the wrong way round", nil, back: 1) }
        set.ranges.append((low, high))
      } else {
        set.ranges.append((low, low))
      }
    }
    return add(set)
  }

  /// One character of a set; nil if it was a class like `\d`.
  private mutating func member(into set: inout CharacterSet) throws(RuntimeError) -> UInt32? {
    guard let scalar = peek() else { return nil }
    at += 1
    guard scalar == "\\" else { return scalar.value }
    if try property(into: &set) { return nil }
    if peek() == "b" {
      at += 1
      return 0x08
    }
    return try escapedCharacter()
  }

  // MARK: Program

  private func emit(_ node: Node, into program: inout [Pattern.Instruction]) throws(RuntimeError) {
    guard program.count < PatternCompiler.largest else {
      throw RuntimeError(
        "the pattern '\(source.prefix(59))' is too large once its repetitions are written out",
        code: "pattern",
        hints: ["use `*` or `+` in place of large counts"])
    }
    switch node {
    case .empty: break
    case .one(let instruction): program.append(instruction)
    case .sequence(let items): for item in items { try emit(item, into: &program) }
    case .choice(let choices):
      var ends: [Int] = []
      for (index, choice) in choices.enumerated() {
        if index == choices.count - 1 {
          try emit(choice, into: &program)
          break
        }
        let split = program.count
        program.append(.jump(0))
        try emit(choice, into: &program)
        ends.append(program.count)
        program.append(.jump(0))
        program[split] = .split(split + 1, program.count)
      }
      for end in ends { program[end] = .jump(program.count) }
    case .repeated(let item, let low, let high, let isLazy):
      for _ in 0..<low {
        let before = program.count
        try emit(item, into: &program)
        // Nothing a thousand times, nested, would take for ever and still be nothing.
        if program.count == before { return }
      }
      guard let high else {
        let split = program.count
        program.append(.jump(0))
        try emit(item, into: &program)
        program.append(.jump(split))
        let behind = program.count
        program[split] = isLazy ? .split(behind, split + 1) : .split(split + 1, behind)
        return
      }
      var splits: [Int] = []
      for _ in low..<max(low, high) {
        splits.append(program.count)
        program.append(.jump(0))
        try emit(item, into: &program)
      }
      for split in splits {
        program[split] = isLazy ? .split(program.count, split + 1) : .split(split + 1, program.count)
      }
    }
  }
}

extension Unicode.Scalar {
  fileprivate var digit: Int? { value >= 0x30 && value <= 0x39 ? Int(value - 0x30) : nil }
}
