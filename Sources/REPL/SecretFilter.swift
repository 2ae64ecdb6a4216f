/// Tells the lines that must not reach the history: a history file is read by backups and by whoever looks
/// over a shoulder. A line dropped without need costs an arrow key; a token kept costs a workspace.
public struct SecretFilter: Sendable {
  /// Values that are known to be secret.
  private let known: [String]

  /// Names that stand before a secret.
  private static let names = [
    "token", "secret", "password", "passwd", "api_key", "apikey", "authorization", "login",
  ]
  /// Shorter values than this are words, not secrets.
  private static let shortestValue = 6

  public init(known: [String] = []) {
    self.known = known.filter { $0.utf8.count >= SecretFilter.shortestValue }
  }

  public func holdsSecret(_ text: String) -> Bool {
    if known.contains(where: { text.utf8Contains($0.utf8) }) { return true }
    let bytes = Array(text.utf8)
    let lowered = bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
    return SecretFilter.hasBearer(lowered) || SecretFilter.hasTokenShape(bytes)
      || SecretFilter.names.contains { SecretFilter.hasValue(after: Array($0.utf8), in: lowered, bytes) }
  }

  /// `Bearer` and something long behind it.
  private static func hasBearer(_ lowered: [UInt8]) -> Bool {
    for end in ends(of: Array("bearer ".utf8), in: lowered)
    where run(from: skipSpaces(end, lowered), in: lowered) >= shortestValue { return true }
    return false
  }

  /// Intercom's tokens are base64 of `tok:…`, which starts with `dG9r`; a JSON web token starts with `eyJ`.
  private static func hasTokenShape(_ bytes: [UInt8]) -> Bool {
    var index = 0
    while index < bytes.count {
      let length = run(from: index, in: bytes)
      if length == 0 {
        index += 1
        continue
      }
      let word = bytes[index..<index + length]
      if length >= 16, word.starts(with: "dG9r".utf8) || word.starts(with: "eyJ".utf8) { return true }
      if length >= 40, looksRandom(word) { return true }
      index += length
    }
    return false
  }

  /// Long, and of capitals, small letters and digits at once: no word of a script is that.
  private static func looksRandom(_ word: ArraySlice<UInt8>) -> Bool {
    word.contains { $0 >= 0x41 && $0 <= 0x5A } && word.contains { $0 >= 0x61 && $0 <= 0x7A }
      && word.contains { $0 >= 0x30 && $0 <= 0x39 }
  }

  /// The name, then `=`, `:`, `(` or a space, then a literal: `token = "…"`, `{"password": "…"}`, `login dG9r…`.
  private static func hasValue(after name: [UInt8], in lowered: [UInt8], _ bytes: [UInt8]) -> Bool {
    for end in ends(of: name, in: lowered) {
      var index = end
      if index < bytes.count, isQuote(bytes[index]) { index += 1 }
      let separators = index
      while index < bytes.count, [0x20, 0x09, 0x3D, 0x3A, 0x28].contains(bytes[index]) { index += 1 }
      guard index > separators, index < bytes.count else { continue }
      if isQuote(bytes[index]) {
        let value = bytes[(index + 1)...].prefix { !isQuote($0) }
        if !value.isEmpty { return true }
      } else if run(from: index, in: bytes) >= shortestValue,
        bytes[index..<index + run(from: index, in: bytes)].contains(where: { $0 >= 0x30 && $0 <= 0x39 })
      {
        return true
      }
    }
    return false
  }

  private static func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 }

  private static func skipSpaces(_ start: Int, _ bytes: [UInt8]) -> Int {
    var index = start
    while index < bytes.count, bytes[index] == 0x20 || isQuote(bytes[index]) { index += 1 }
    return index
  }

  /// How many bytes from `start` could be part of a token.
  private static func run(from start: Int, in bytes: [UInt8]) -> Int {
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2F, 0x5F, 0x3D: index += 1
      default: return index - start
      }
    }
    return index - start
  }

  private static func ends(of word: [UInt8], in bytes: [UInt8]) -> [Int] {
    guard bytes.count >= word.count else { return [] }
    return (0...bytes.count - word.count).compactMap { start in
      bytes[start..<start + word.count].elementsEqual(word) ? start + word.count : nil
    }
  }
}

extension String {
  /// Whether the bytes of `part` occur. With `foldingASCII` capitals A to Z count as small letters, which
  /// `part` must be in already.
  func utf8Contains(_ part: String.UTF8View, foldingASCII folds: Bool = false) -> Bool {
    let wanted = Array(part)
    guard let first = wanted.first else { return true }
    func folded(_ byte: UInt8) -> UInt8 { folds && byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
    var copy = self
    return copy.withUTF8 { bytes in
      guard bytes.count >= wanted.count else { return false }
      for start in 0...bytes.count - wanted.count where folded(bytes[start]) == first {
        if zip(bytes[start...], wanted).allSatisfy({ folded($0) == $1 }) { return true }
      }
      return false
    }
  }
}
