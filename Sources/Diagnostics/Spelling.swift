/// Finds the word that was probably meant, for "did you mean".
public enum Spelling {
  /// The candidate nearest to `word`, nil if none is near: at most one slip in two to five letters,
  /// one more for each three beyond; or `word` is the beginning of a candidate.
  public static func nearest(_ word: String, in candidates: some Sequence<String>) -> String? {
    let typed = Array(word.lowercased())
    guard !typed.isEmpty else { return nil }
    let limit = typed.count < 2 ? 0 : max(1, typed.count / 3)
    var best: (score: Score, word: String)?
    for candidate in candidates where candidate != word {
      let letters = Array(candidate.lowercased())
      let prefix = zip(typed, letters).prefix { $0 == $1 }.count
      var points = Int.max
      if let distance = distance(typed, letters, limit: limit) { points = distance * 2 }
      // Half a word is nearer than two slips, and farther than one.
      if typed.count >= 3, prefix == typed.count { points = min(points, 3) }
      guard points < Int.max else { continue }
      let score = Score(points: points, prefix: prefix, length: letters.count)
      guard let known = best else {
        best = (score, candidate)
        continue
      }
      if score.isBetter(than: known.score) || !known.score.isBetter(than: score) && candidate < known.word {
        best = (score, candidate)
      }
    }
    return best?.word
  }

  private struct Score {
    var points: Int
    /// How many letters agree from the start.
    var prefix: Int
    var length: Int

    func isBetter(than other: Score) -> Bool {
      if points != other.points { return points < other.points }
      if prefix != other.prefix { return prefix > other.prefix }
      return length < other.length
    }
  }

  /// Insertions, deletions, replacements and swaps of neighbours between two words (no letter is
  /// touched twice); nil beyond the limit.
  static func distance(_ first: [Character], _ second: [Character], limit: Int) -> Int? {
    guard abs(first.count - second.count) <= limit else { return nil }
    var beforePrevious: [Int] = []
    var previous = Array(0...second.count)
    for row in 0..<first.count {
      var line = [row + 1]
      line.reserveCapacity(second.count + 1)
      for column in 0..<second.count {
        let isSame = first[row] == second[column]
        var cost = min(line[column] + 1, previous[column + 1] + 1, previous[column] + (isSame ? 0 : 1))
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          cost = min(cost, beforePrevious[column - 1] + 1)
        }
        line.append(cost)
      }
      if (line.min() ?? 0) > limit { return nil }
      beforePrevious = previous
      previous = line
    }
    let result = previous.last ?? first.count
    return result <= limit ? result : nil
  }
}
