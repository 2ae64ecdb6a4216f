/// An option as the table of commands has it: what parsing, help and completion read.
struct OptionSpec: Sendable {
  enum Value: Sendable, Equatable {
    /// A switch.
    case none
    /// `--port N`; the word stands for the value in help.
    case required(String)
    /// `--sandbox [SEED]`: the next word is its value only if it is one of these, or a number.
    case optional(String, among: [String])
  }

  /// Without the dashes.
  var name: String
  var short: Character?
  var value: Value
  var about: String
  /// May be given several times.
  var repeats: Bool

  init(
    _ name: String, short: Character? = nil, value: Value = .none, repeats: Bool = false, _ about: String
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.about = about
    self.repeats = repeats
  }

  /// `-q, --quiet`, `--port N`
  var usage: String {
    let head = short.map { name.count == 1 ? "-\($0)" : "-\($0), --\(name)" } ?? "--\(name)"
    switch value {
    case .none: return head
    case .required(let word): return "\(head) \(word)"
    case .optional(let word, _): return "\(head) [\(word)]"
    }
  }
}
