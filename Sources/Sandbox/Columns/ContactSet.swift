/// A set of contacts, a bit for each number: what a search finds, counted and joined word by word.
struct ContactSet: Equatable {
  var words: [UInt64]

  /// Room for the numbers below `limit`.
  init(limit: Int) { words = Array(repeating: 0, count: (limit + 63) / 64) }

  func contains(_ number: Int64) -> Bool {
    let word = Int(number >> 6)
    guard number >= 0, word < words.count else { return false }
    return words[word] & (1 << UInt64(number & 63)) != 0
  }

  /// Makes room where there is none.
  mutating func insert(_ number: Int64) {
    let word = Int(number >> 6)
    guard number >= 0 else { return }
    if word >= words.count { words += Array(repeating: 0, count: word + 1 - words.count) }
    words[word] |= 1 << UInt64(number & 63)
  }

  mutating func remove(_ number: Int64) {
    guard contains(number) else { return }
    words[Int(number >> 6)] &= ~(1 << UInt64(number & 63))
  }

  var count: Int64 { words.reduce(0) { $0 &+ Int64($1.nonzeroBitCount) } }

  // MARK: Joining

  func intersection(_ other: ContactSet) -> ContactSet { joined(other) { $0 & $1 } }
  func union(_ other: ContactSet) -> ContactSet { joined(other) { $0 | $1 } }
  func subtracting(_ other: ContactSet) -> ContactSet { joined(other) { $0 & ~$1 } }

  private func joined(_ other: ContactSet, _ join: (UInt64, UInt64) -> UInt64) -> ContactSet {
    var made = self
    let missing = other.words.count - words.count
    if missing > 0 { made.words += Array(repeating: 0, count: missing) }
    for index in made.words.indices {
      made.words[index] = join(made.words[index], index < other.words.count ? other.words[index] : 0)
    }
    return made
  }

  // MARK: Reading

  func forEach(descending: Bool, _ body: (Int64) -> Void) {
    for step in words.indices {
      let word = descending ? words.count - 1 - step : step
      var bits = words[word]
      while bits != 0 {
        let bit = descending ? 63 - bits.leadingZeroBitCount : bits.trailingZeroBitCount
        body(Int64(word) << 6 | Int64(bit))
        bits &= ~(1 << UInt64(bit))
      }
    }
  }

  /// At most `limit` numbers, in order, beyond `bound` if there is one.
  func numbers(descending: Bool, beyond bound: Int64?, limit: Int) -> [Int64] {
    var found: [Int64] = []
    guard !words.isEmpty else { return found }
    var word = descending ? words.count - 1 : 0
    var mask = UInt64.max
    if let bound {
      guard descending ? bound > 0 : bound >> 6 < Int64(words.count) else { return found }
      let last = Int64(words.count) << 6
      // What is left of the word in which the bound lies.
      if bound < 0 || bound >= last {
        mask = .max
      } else {
        word = Int(bound >> 6)
        let below = (UInt64(1) << UInt64(bound & 63)) &- 1
        mask = descending ? below : ~below & ~(1 << UInt64(bound & 63))
      }
    }
    while found.count < limit, words.indices.contains(word) {
      var bits = words[word] & mask
      mask = .max
      while bits != 0, found.count < limit {
        let bit = descending ? 63 - bits.leadingZeroBitCount : bits.trailingZeroBitCount
        found.append(Int64(word) << 6 | Int64(bit))
        bits &= ~(1 << UInt64(bit))
      }
      word += descending ? -1 : 1
    }
    return found
  }
}
