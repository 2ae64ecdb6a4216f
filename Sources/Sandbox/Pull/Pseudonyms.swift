import JSON

/// Other names and addresses for people, the same for the same person all through a pull.
///
/// What is alike stays alike: two records with one email have one pseudonym, addresses of one domain stay of
/// one domain, and an address in odd capitals keeps them, so that duplicates can still be found. Which is
/// whose is told by a key that is kept nowhere.
public struct Pseudonyms {
  private let key: UInt64

  /// With the same key, the same pseudonyms.
  public init(key: UInt64 = UInt64.random(in: .min ... .max)) { self.key = key }

  private func random(_ text: String, _ kind: UInt64) -> Randomness {
    var hash = key ^ (kind &* 0x9E37_79B9_7F4A_7C15)
    for byte in text.lowercased().utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Randomness(hash, stream: kind)
  }

  func name(_ name: String) -> String {
    guard !name.isEmpty else { return name }
    var random = random(name, 1)
    return random.pick(SeedNames.given) + " " + random.pick(SeedNames.family)
  }

  func company(_ name: String) -> String {
    guard !name.isEmpty else { return name }
    var random = random(name, 2)
    return "\(random.pick(SeedNames.companies)) \(100 + random.below(900))"
  }

  func email(_ email: String) -> String {
    guard let at = email.lastIndex(of: "@") else { return name(email) }
    var local = random(email, 3)
    let text =
      "person-" + String(local.next() % 0xFF_FFFF_FFFF, radix: 36) + "@"
      + domain(String(email[email.index(after: at)...]))
    if email == email.lowercased() { return text }
    return email == email.uppercased() ? text.uppercased() : text.prefix(1).uppercased() + text.dropFirst()
  }

  func domain(_ domain: String) -> String {
    var random = random(domain, 4)
    return "domain-" + String(random.next() % 0xFFF_FFFF, radix: 36) + ".example"
  }

  /// As long as it was, with the signs where they were.
  func phone(_ phone: String) -> String {
    var random = random(phone, 5)
    return String(phone.map { $0.isASCII && $0.isNumber ? Character(String(random.below(10))) : $0 })
  }

  /// Text with its addresses replaced, and the names of those who are known to speak in it.
  func text(_ text: String, names: [String] = []) -> String {
    var out = ""
    var word = ""
    func finish() {
      // A full stop ends a sentence, not an address.
      var end = ""
      while word.last == "." { end.append(word.removeLast()) }
      out += (isAddress(word) ? email(word) : word) + end
      word = ""
    }
    for character in text {
      if character.isLetter || character.isNumber || "@._+-%".contains(character) {
        word.append(character)
      } else {
        finish()
        out.append(character)
      }
    }
    finish()
    for known in names where known.count > 2 { out = out.replacing(known, with: name(known)) }
    return out
  }

  private func isAddress(_ word: String) -> Bool {
    let parts = word.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && parts[1].first != "."
  }

  // MARK: Records

  func apply(to record: inout ContactRecord) {
    record.email = record.email.map(email)
    record.name = record.name.map(name)
    record.phone = record.phone.map(phone)
    record.avatar = nil
  }

  /// Conversations, tickets and notes: authors who are people, and what was written.
  func message(_ value: JSONValue) -> JSONValue {
    var names: [String] = []
    collect(value, &names)
    return message(value, names)
  }

  private func collect(_ value: JSONValue, _ names: inout [String]) {
    switch value {
    case .array(let items): for item in items { collect(item, &names) }
    case .object(let object):
      if Self.isPerson(object), let name = object["name"]?.stringValue { names.append(name) }
      for (_, member) in object { collect(member, &names) }
    default: break
    }
  }

  private static func isPerson(_ object: JSONObject) -> Bool {
    ["user", "lead", "contact", "visitor"].contains(object["type"]?.stringValue ?? "")
  }

  private static let texts: Set<String> = [
    "body", "subject", "title", "remark", "_default_title_", "_default_description_", "rating_remark",
  ]

  private func message(_ value: JSONValue, _ names: [String]) -> JSONValue {
    switch value {
    case .array(let items): return .array(items.map { message($0, names) })
    case .object(var object):
      let isPerson = Self.isPerson(object)
      for (key, member) in object {
        switch (key, member) {
        case ("name", .string(let text)) where isPerson: object[key] = .string(name(text))
        case ("email", .string(let text)) where isPerson:
          object[key] = .string(text.isEmpty ? "" : email(text))
        case (_, .string(let text)) where Self.texts.contains(key):
          object[key] = .string(self.text(text, names: names))
        case (_, .array), (_, .object): object[key] = message(member, names)
        default: break
        }
      }
      return .object(object)
    default: return value
    }
  }
}
