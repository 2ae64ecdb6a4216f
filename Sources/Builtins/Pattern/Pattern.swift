import Machine

/// A compiled regular expression: a program for a machine that is in many states at once, so that time is
/// linear in the text whatever the pattern.
final class Pattern {
  enum Instruction {
    /// One character; already folded where case does not count.
    case character(UInt32, folds: Bool)
    /// Any character; line breaks only if asked.
    case any(lineBreaks: Bool)
    case set(Int)
    /// Goes on at both places; the first has the preference.
    case split(Int, Int)
    case jump(Int)
    case assert(Assertion)
    case accept
  }

  enum Assertion {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, notWordBoundary
  }

  let source: String
  let program: [Instruction]
  let sets: [CharacterSet]
  /// Bytes that every match starts with; lets the search skip.
  let prefix: [UInt8]
  /// Every match starts at the start of the text.
  let isAnchored: Bool
  private(set) lazy var automaton = PatternAutomaton(self)

  init(source: String, program: [Instruction], sets: [CharacterSet]) {
    self.source = source
    self.program = program
    self.sets = sets
    var prefix: [UInt8] = []
    var anchored = false
    for (index, instruction) in program.enumerated() {
      if index == 0, case .assert(.textStart) = instruction {
        anchored = true
        break
      }
      guard case .character(let value, folds: false) = instruction, let scalar = Unicode.Scalar(value) else {
        break
      }
      prefix.append(contentsOf: Array(String(scalar).utf8))
    }
    isAnchored = anchored
    self.prefix = prefix
  }
}

/// A class of characters: ranges, and properties such as "is a letter".
struct CharacterSet {
  enum Property {
    case digit, word, space, letter, upper, lower, number, punctuation, symbol, separator
  }

  /// Pairs of first and last.
  var ranges: [(UInt32, UInt32)] = []
  var properties: [(property: Property, isNegated: Bool)] = []
  var isNegated = false
  var folds = false
  /// The answers for ASCII, one bit each, once complete.
  private var ascii: (UInt64, UInt64) = (0, 0)

  mutating func complete() {
    for value in UInt32(0)..<128 where evaluate(value) {
      if value < 64 { ascii.0 |= 1 << UInt64(value) } else { ascii.1 |= 1 << UInt64(value - 64) }
    }
  }

  func contains(_ value: UInt32) -> Bool {
    if value < 64 { return ascii.0 >> UInt64(value) & 1 == 1 }
    if value < 128 { return ascii.1 >> UInt64(value - 64) & 1 == 1 }
    return evaluate(value)
  }

  private func evaluate(_ value: UInt32) -> Bool {
    var found = holds(value)
    if !found, folds {
      let lower = CharacterSet.fold(value)
      found =
        (lower != value && holds(lower))
        || CharacterSet.upper(value).map { $0 != value && holds($0) } ?? false
    }
    return found != isNegated
  }

  private func holds(_ value: UInt32) -> Bool {
    for range in ranges where value >= range.0 && value <= range.1 { return true }
    for (property, isNegated) in properties where CharacterSet.has(value, property) != isNegated {
      return true
    }
    return false
  }

  static func has(_ value: UInt32, _ property: Property) -> Bool {
    guard let scalar = Unicode.Scalar(value) else { return false }
    switch property {
    case .digit: return value >= 0x30 && value <= 0x39
    case .word: return isWord(value)
    case .space: return scalar.properties.isWhitespace
    case .letter: return scalar.properties.isAlphabetic
    case .upper: return scalar.properties.isUppercase
    case .lower: return scalar.properties.isLowercase
    case .number: return scalar.properties.numericType != nil
    case .punctuation:
      switch scalar.properties.generalCategory {
      case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
        .finalPunctuation, .otherPunctuation:
        return true
      default: return false
      }
    case .symbol:
      switch scalar.properties.generalCategory {
      case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: return true
      default: return false
      }
    case .separator:
      switch scalar.properties.generalCategory {
      case .spaceSeparator, .lineSeparator, .paragraphSeparator: return true
      default: return false
      }
    }
  }

  /// Letters and marks of any script, digits, `_`.
  static func isWord(_ value: UInt32) -> Bool {
    if value < 128 {
      return (value >= 0x30 && value <= 0x39) || (value | 0x20 >= 0x61 && value | 0x20 <= 0x7A)
        || value == 0x5F
    }
    guard let scalar = Unicode.Scalar(value) else { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
    default: return scalar.properties.isAlphabetic
    }
  }

  /// The small letter, where a character has one of one character.
  static func fold(_ value: UInt32) -> UInt32 {
    if value < 128 { return value >= 0x41 && value <= 0x5A ? value | 0x20 : value }
    guard let scalar = Unicode.Scalar(value) else { return value }
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    return lower.count == 1 ? lower.first?.value ?? value : value
  }

  static func upper(_ value: UInt32) -> UInt32? {
    let upper = Unicode.Scalar(value)?.properties.uppercaseMapping.unicodeScalars
    return upper?.count == 1 ? upper?.first?.value : nil
  }
}

/// Patterns that were compiled, by their text. Scripts use few of them, often.
public final class PatternCache {
  private var patterns: [String: Pattern] = [:]
  /// The one asked for last, by its bytes: a loop asks for one over and over.
  private var lastSource: [UInt8] = []
  private var last: Pattern?

  public init() {}

  /// Why a pattern cannot be read; nil for one that can.
  public static func fault(_ source: String) -> RuntimeError? {
    do throws(RuntimeError) {
      _ = try PatternCompiler.compile(source)
      return nil
    } catch {
      return error
    }
  }

  func pattern(_ source: String) throws(RuntimeError) -> Pattern {
    if let known = patterns[source] { return known }
    let pattern = try PatternCompiler.compile(source)
    if patterns.count >= 100 { patterns.removeAll() }
    patterns[source] = pattern
    return pattern
  }

  /// Whether the pattern is found anywhere in the text.
  public func matches(
    _ source: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>, _ machine: Machine
  ) throws(RuntimeError) -> Bool {
    let pattern: Pattern
    if let last, ByteSearch.areEqual(source, lastSource) {
      pattern = last
    } else {
      pattern = try self.pattern(String(decoding: source, as: UTF8.self))
      last = pattern
      lastSource = Array(source)
    }
    return try pattern.automaton.isFound(in: text, machine)
  }
}
