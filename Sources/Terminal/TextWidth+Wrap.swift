extension TextWidth {
  /// The text in lines of at most `columns`, broken at spaces, within a word only where the word is longer than a
  /// line. Line breaks in the text stay; `hanging` stands before every line but the first.
  public static func wrap(_ text: String, to columns: Int, hanging: String = "") -> [String] {
    let room = Swift.max(8, columns)
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = lines.isEmpty ? "" : hanging
      var used = lines.isEmpty ? 0 : self.columns(of: hanging)
      var isEmpty = true
      for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
        var rest = String(word)
        var width = self.columns(of: rest)
        if !isEmpty, used + 1 + width > room {
          lines.append(line)
          line = hanging
          used = self.columns(of: hanging)
          isEmpty = true
        }
        if !isEmpty {
          line += " "
          used += 1
        }
        while used + width > room {
          let head = prefix(rest, columns: room - used)
          guard !head.isEmpty else { break }
          lines.append(line + head)
          rest = String(rest.dropFirst(head.count))
          line = hanging
          used = self.columns(of: hanging)
          width = self.columns(of: rest)
        }
        line += rest
        used += width
        isEmpty = false
      }
      lines.append(line)
    }
    return lines
  }

  /// As many characters as fit.
  private static func prefix(_ text: String, columns room: Int) -> String {
    var used = 0
    var end = text.startIndex
    for index in text.indices {
      used += columns(of: text[index])
      if used > room { break }
      end = text.index(after: index)
    }
    return String(text[..<end])
  }
}
