/// A prompt: its text, and how it is coloured. libedit must know its width, so colour stays apart from text.
struct Prompt: Equatable {
  enum Style: Equatable { case plain, calm, caution, danger, dim }

  var text: String
  var style: Style

  init(_ text: String, _ style: Style = .plain) {
    self.text = text
    self.style = style
  }

  /// `sandbox> `, `acme (eu, read-only)> `, `acme (eu) !> `. A long name is cut so that two thirds of the
  /// `columns` are left to type in.
  init(_ facts: WorkspaceFacts, columns: Int) {
    let notes: [String]
    let end: String
    switch facts.mode {
    case .sandbox: (notes, end, style) = ([facts.region], "> ", .calm)
    case .readOnly: (notes, end, style) = ([facts.region, "read-only"], "> ", .calm)
    case .ask: (notes, end, style) = ([facts.region, "asks"], " !> ", .caution)
    case .open: (notes, end, style) = ([facts.region], " !> ", .danger)
    }
    let said = notes.filter { !$0.isEmpty }
    let rest = (said.isEmpty ? "" : " (" + said.joined(separator: ", ") + ")") + end
    let room = max(4, columns / 3 - (rest.count > columns / 3 ? 0 : rest.count))
    let clean = String(
      String.UnicodeScalarView(facts.name.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }))
    text = (clean.count > room ? clean.prefix(room - 1) + "…" : clean) + rest
  }

  /// The prompt of a statement's further lines, as wide as the first.
  static func continuation(under prompt: Prompt) -> Prompt {
    let width = CharacterWidth.of(prompt.text)
    return Prompt(String(repeating: " ", count: max(0, width - 4)) + "... ", .dim)
  }

  /// With colour, each sequence between two `escape` scalars.
  func rendered(colour: Bool, escape: String) -> String {
    guard colour, let code else { return text }
    let end = text.hasSuffix(" ") ? " " : ""
    return "\(escape)\u{1B}[\(code)m\(escape)\(text.dropLast(end.count))\(escape)\u{1B}[0m\(escape)\(end)"
  }

  private var code: String? {
    switch style {
    case .plain: nil
    case .calm: "36"
    case .caution: "33"
    case .danger: "1;31"
    case .dim: "2"
    }
  }
}
