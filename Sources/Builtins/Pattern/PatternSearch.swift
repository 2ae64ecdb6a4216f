import Machine

/// All matches of a pattern in a text, from left to right.
///
/// One search after the other is quick where matches are near; a pattern may make each of them read on to the
/// text's end, though. Once they have read much more than there is, the finder that reads a text twice takes over.
struct PatternSearch {
  private let pattern: Pattern
  private let text: UnsafeBufferPointer<UInt8>
  private var matcher: PatternMatcher
  private var finder: PatternFinder?
  private var start = 0

  /// How much more than the text may be read before the finder takes over.
  private static let patience = 4

  init(_ pattern: Pattern, _ text: UnsafeBufferPointer<UInt8>) {
    self.pattern = pattern
    self.text = text
    matcher = PatternMatcher(pattern)
  }

  mutating func next(_ machine: Machine) throws(RuntimeError) -> Range<Int>? {
    guard start <= text.count else { return nil }
    if finder == nil, matcher.bytesRead > Self.patience * text.count + 4_096 {
      finder = try PatternFinder(pattern, text, machine)
    }
    let hit =
      if let finder { try finder.find(from: start, machine) } else {
        try matcher.find(in: text, from: start, machine)
      }
    guard let hit else {
      start = text.count + 1
      return nil
    }
    start = hit.isEmpty ? PatternMatcher.next(after: hit.upperBound, text) : hit.upperBound
    return hit
  }
}
