/// The text that a reader of an HTML body sees. Reads any bytes in one pass: bodies are seldom clean.
enum PlainText {
  static func of(_ html: String) -> String {
    var reader = Reader(Array(html.unicodeScalars))
    reader.run()
    return reader.result
  }

  private static let blocks: Set<String> = [
    "p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
    "pre",
    "section", "article", "header", "footer", "hr", "dd", "dt", "dl", "figure", "figcaption",
  ]
  /// What they hold is not shown.
  private static let silent: Set<String> = ["script", "style", "head", "title"]

  private static let entities: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "copy": "©", "reg": "®",
    "trade": "™", "hellip": "…", "mdash": "—", "ndash": "–", "lsquo": "‘", "rsquo": "’", "ldquo": "“",
    "rdquo": "”", "laquo": "«", "raquo": "»", "bull": "•", "middot": "·", "euro": "€", "pound": "£",
    "yen": "¥", "cent": "¢", "sect": "§", "deg": "°", "times": "×", "shy": "\u{AD}", "auml": "ä", "ouml": "ö",
    "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß", "eacute": "é", "egrave": "è",
    "agrave": "à", "ccedil": "ç", "ntilde": "ñ", "zwnj": "\u{200C}", "zwj": "\u{200D}",
  ]

  private struct Reader {
    let scalars: [Unicode.Scalar]
    var at = 0
    var out = String.UnicodeScalarView()
    /// White space is due before the next character; a line break wins over a space.
    var due: Unicode.Scalar?
    var result: String { String(out) }

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    mutating func run() {
      while at < scalars.count {
        let scalar = scalars[at]
        if scalar == "<", let tag = tag() {
          if PlainText.silent.contains(tag) { skip(to: tag) }
          if PlainText.blocks.contains(tag) { due = "\n" }
        } else if scalar == "&", let meant = entity() {
          put(meant)
        } else {
          put(scalar)
          at += 1
        }
      }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
      if scalar.properties.isWhitespace {
        if due == nil { due = " " }
        return
      }
      if let due, !out.isEmpty { out.append(due) }
      due = nil
      out.append(scalar)
    }

    /// Goes past a tag or comment and gives its name, in lower case, with no slash; nil where `<` is only
    /// a character.
    private mutating func tag() -> String? {
      var index = at + 1
      guard index < scalars.count else { return nil }
      if scalars[index] == "!" || scalars[index] == "?" {
        let isComment = index + 2 < scalars.count && scalars[index + 1] == "-" && scalars[index + 2] == "-"
        if isComment { index += 3 }
        while index < scalars.count {
          if scalars[index] == ">", !isComment || (scalars[index - 1] == "-" && scalars[index - 2] == "-") {
            break
          }
          index += 1
        }
        at = min(scalars.count, index + 1)
        return ""
      }
      let closes = scalars[index] == "/"
      if closes { index += 1 }
      var name = ""
      while index < scalars.count, scalars[index].isASCII,
        scalars[index].properties.isAlphabetic
          || (!name.isEmpty && ("0"..."9").contains(scalars[index]))
      {
        name.unicodeScalars.append(scalars[index])
        index += 1
      }
      if name.isEmpty { return nil }
      var quote: Unicode.Scalar?
      while index < scalars.count {
        let scalar = scalars[index]
        if let open = quote {
          if scalar == open { quote = nil }
        } else if scalar == "\"" || scalar == "'" {
          quote = scalar
        } else if scalar == ">" {
          break
        }
        index += 1
      }
      // A quote that never closes would swallow the rest of the text: the tag ends at its first `>` then.
      if index >= scalars.count { index = scalars[at...].firstIndex(of: ">") ?? scalars.count - 1 }
      at = index + 1
      let lower = name.lowercased()
      return closes && PlainText.silent.contains(lower) ? "" : lower
    }

    private mutating func skip(to name: String) {
      let end = Array(("</" + name).unicodeScalars)
      while at < scalars.count {
        if scalars[at] == "<", at + end.count <= scalars.count,
          zip(end, scalars[at...]).allSatisfy({ $0 == $1 || String($1).lowercased() == String($0) })
        {
          return
        }
        at += 1
      }
    }

    private mutating func entity() -> Unicode.Scalar? {
      var name = ""
      var index = at + 1
      while index < scalars.count, name.utf8.count <= 10, scalars[index] != ";" {
        guard scalars[index].isASCII else { return nil }
        name.unicodeScalars.append(scalars[index])
        index += 1
      }
      guard index < scalars.count, scalars[index] == ";" else { return nil }
      let meant: Unicode.Scalar?
      if name.hasPrefix("#x") || name.hasPrefix("#X") {
        meant = UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
      } else if name.hasPrefix("#") {
        meant = UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
      } else {
        meant = PlainText.entities[name]
      }
      guard let meant else { return nil }
      at = index + 1
      return meant
    }
  }
}
