/// Cuts text into words, as search sees them.
enum Words {
  /// The different words, lower case, each between two spaces; a single space if there is none. Tags of
  /// HTML and character entities count as blanks.
  static func column(_ html: String) -> String {
    var seen: Set<String> = []
    var out = " "
    for word in list(html) where seen.insert(word).inserted {
      out += word
      out += " "
    }
    return out
  }

  static func list(_ html: String) -> [String] {
    var words: [String] = []
    var word = ""
    var inTag = false
    func finish() {
      if !word.isEmpty { words.append(word.lowercased()) }
      word = ""
    }
    for scalar in html.unicodeScalars {
      if scalar == "<" { inTag = true }
      if inTag || !(scalar.properties.isAlphabetic || scalar.properties.numericType != nil) {
        finish()
        if scalar == ">" { inTag = false }
        continue
      }
      word.unicodeScalars.append(scalar)
    }
    finish()
    return words
  }
}
