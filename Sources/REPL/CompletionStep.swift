/// What one press of Tab does to the line: pure, so that it can be tested without a terminal.
enum CompletionStep: Equatable {
  /// Characters of the whole statement to take the place of, and with what.
  case insert(replacing: Range<Int>, text: String)
  case list([CompletionAnswer.Candidate])
  /// More than one fits and nothing can be added: the next Tab lists them.
  case ambiguous
  case nothing

  /// `again`: the line has not changed since the last Tab.
  static func decide(_ answer: CompletionAnswer, line: String, cursor: Int, again: Bool) -> CompletionStep {
    let count = line.count
    guard let first = answer.candidates.first, answer.replacing.lowerBound >= 0,
      answer.replacing.upperBound <= count, cursor <= count
    else { return .nothing }
    let typed = String(line.dropFirst(answer.replacing.lowerBound).prefix(answer.replacing.count))
    let insertion: String
    if answer.candidates.count == 1 {
      insertion = first.text
    } else {
      let common = answer.candidates.dropFirst().reduce(first.text) {
        CompletionStep.commonPrefix($0, $1.text)
      }
      // What is typed is never shortened, nor replaced by what merely resembles it.
      insertion =
        common.count >= typed.count && common.lowercased().hasPrefix(typed.lowercased()) ? common : typed
    }
    if insertion != typed { return .insert(replacing: answer.replacing, text: insertion) }
    return again ? .list(answer.candidates) : .ambiguous
  }

  static func commonPrefix(_ a: String, _ b: String) -> String {
    String(zip(a, b).prefix { $0 == $1 }.map(\.0))
  }
}

/// The list that a second Tab shows: a candidate a line, with what it is and what it is for.
enum CompletionList {
  static func lines(
    _ candidates: [CompletionAnswer.Candidate], columns: Int, rows: Int, colour: Bool
  ) -> [String] {
    let shown = max(1, rows - 3)
    let visible = candidates.prefix(candidates.count > shown ? max(1, shown - 1) : shown)
    let nameWidth = min(visible.map { CharacterWidth.of($0.text) }.max() ?? 0, max(8, columns / 2))
    let kindWidth = visible.map(\.kind.rawValue.count).max() ?? 0
    var lines = visible.map { candidate in
      let name = CharacterWidth.cut(candidate.text, to: nameWidth)
      let padded = name + String(repeating: " ", count: max(0, nameWidth - CharacterWidth.of(name)))
      let kind = candidate.kind.rawValue
      // A narrow terminal has no room for the kind.
      let showsKind = columns >= 60
      let middle = showsKind ? kind + String(repeating: " ", count: kindWidth - kind.count) + "  " : ""
      let used = 2 + nameWidth + 2 + (showsKind ? kindWidth + 2 : 0)
      let about = CharacterWidth.cut(oneLine(candidate.about), to: max(0, columns - used - 1))
      let tail = middle + about
      return ("  " + padded + "  " + (colour ? "\u{1B}[2m\(tail)\u{1B}[0m" : tail)).trimmedEnd
    }
    if visible.count < candidates.count {
      lines.append("  " + ShellMessages.moreCandidates(candidates.count - visible.count))
    }
    return lines
  }

  private static func oneLine(_ text: String) -> String {
    String(text.prefix { !$0.isNewline })
  }
}
