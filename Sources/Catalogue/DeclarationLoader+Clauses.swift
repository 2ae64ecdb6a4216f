import Diagnostics
import Syntax

extension DeclarationLoader {
  /// `word` alone.
  mutating func word(_ clause: Clause, wants: String) -> String? {
    if case .word(let word, let rest) = clause.value, rest.isEmpty { return word }
    report(.clauseValue(clause.name.text, wants: wants), at: clause.name.range)
    return nil
  }

  /// `word` or `word(words)`.
  mutating func words(_ clause: Clause, wants: String) -> (String, [String])? {
    if case .word(let word, let rest) = clause.value { return (word, rest) }
    report(.clauseValue(clause.name.text, wants: wants), at: clause.name.range)
    return nil
  }

  /// `word(word)`.
  mutating func pair(_ clause: Clause, wants: String) -> (String, String)? {
    if case .word(let word, let rest) = clause.value, rest.count == 1, let second = rest.first {
      return (word, second)
    }
    report(.clauseValue(clause.name.text, wants: wants), at: clause.name.range)
    return nil
  }

  /// A text that is not empty.
  mutating func text(_ clause: Clause, wants: String) -> String? {
    if case .text(let text) = clause.value, !text.isEmpty { return text }
    report(.clauseValue(clause.name.text, wants: wants), at: clause.name.range)
    return nil
  }

  /// A whole number above 0.
  mutating func number(_ clause: Clause) -> Int? {
    if case .int(let value) = clause.value, value > 0, let number = Int(exactly: value) {
      return number
    }
    report(.clauseValue(clause.name.text, wants: "a whole number above 0"), at: clause.name.range)
    return nil
  }

  /// `word`, one of the raw values of an enumeration.
  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ clause: Clause, _ type: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    guard let word = word(clause, wants: "one word") else { return nil }
    if let choice = Choice(rawValue: word) { return choice }
    report(
      .unknownWord(word, clause: clause.name.text, known: Choice.allCases.map { $0.rawValue }),
      at: clause.name.range)
    return nil
  }
}
