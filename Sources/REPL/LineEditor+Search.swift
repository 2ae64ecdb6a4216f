import CEdit

extension LineEditor {
  /// Ctrl-R: the line shows the newest entry that holds what is typed; Ctrl-R again goes further back, Ctrl-S
  /// forward, Ctrl-G gives the line back, Enter takes the entry, any other key goes on editing it.
  func search() -> UInt8 {
    let earlierPrompt = prompt
    let original = line
    var query = ""
    var found = history.entries.count
    isSearching = true
    defer {
      isSearching = false
      prompt = earlierPrompt
    }
    while true {
      let missing =
        !query.isEmpty
        && (found >= history.entries.count || history.search(query, before: found + 1) != found)
      showSearch(
        query, missing: missing, entry: found < history.entries.count ? history.entries[found] : original)
      guard let key = nextScalar() else { return Code.leave }
      switch key {
      case "\u{12}":
        if let next = history.search(query, before: found) { found = next }
      case "\u{13}":
        if let next = history.search(query, after: found) { found = next }
      case "\u{7F}", "\u{8}":
        query = String(query.dropLast())
        found = history.search(query, before: history.entries.count) ?? history.entries.count
      case "\u{7}":
        prompt = earlierPrompt
        return finish(with: original)
      case _ where key.value < 32:
        prompt = earlierPrompt
        injected.insert(key, at: 0)
        return finish(with: line)
      default:
        query.unicodeScalars.append(key)
        if let next = history.search(query, before: min(found + 1, history.entries.count)) { found = next }
      }
    }
  }

  private func finish(with text: String) -> UInt8 {
    erase()
    replaceLine(with: text)
    cedit_refresh(edit)
    return Code.normal
  }

  private func showSearch(_ query: String, missing: Bool, entry: String) {
    erase()
    prompt = Prompt((missing ? "no match " : "search ") + "`\(query)`: ", .dim)
    replaceLine(with: entry)
    cedit_refresh(edit)
  }
}
