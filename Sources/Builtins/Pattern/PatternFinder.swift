import Machine

/// Finds all matches of a pattern in time linear in the text, also where each search for the next one would read
/// on to the text's end (`a.*b|a` on a text without a `b`).
///
/// A pass from the back says for each character which places of the program lead to a match from there on. Going
/// forward then never tries in vain: the first way in order of preference that can succeed is the match.
final class PatternFinder {
  /// What is known of one position from all that follows it.
  private struct State {
    /// Places that take the character here and lead to a match, one bit each.
    var good: [UInt64]
    var after: UInt8
    /// Where each character of ASCII before this position leads, and the wider ones met so far.
    var narrow: [Int32]
    var wide: [UInt32: Int32] = [:]
    /// By what stands before: whether a match starts here; nil until somebody asks.
    var starts: [Bool?]
  }

  private struct Name: Hashable {
    var good: [UInt64]
    var after: UInt8
  }

  private static let block = 1 << 14
  private static let most = 2_000

  private let pattern: Pattern
  private let text: UnsafeBufferPointer<UInt8>
  private let words: Int
  private var states: [State] = []
  private var numbers: [Name: Int32] = [:]
  /// What is known at the end of each block, as a name: states are forgotten between blocks.
  private var ends: [Name] = []
  /// The state at each place of the block that is being read, from `first` on.
  private var known: [Int32] = []
  private var first = 0
  private var stack: [Int] = []
  private var visited: [UInt32]
  private var visit: UInt32 = 0
  private var work = 0

  /// The text has to live as long as this does.
  init(_ pattern: Pattern, _ text: UnsafeBufferPointer<UInt8>, _ machine: Machine) throws(RuntimeError) {
    self.pattern = pattern
    self.text = text
    words = (pattern.program.count + 63) / 64
    visited = Array(repeating: 0, count: pattern.program.count)
    ends = Array(repeating: Name(good: [], after: 0), count: text.count / Self.block + 1)
    var name = Name(good: Array(repeating: 0, count: words), after: Side.edge)
    var index = ends.count - 1
    while index >= 0 {
      ends[index] = name
      if index > 0 { name = try read(block: index, machine) }
      index -= 1
    }
    _ = try read(block: 0, machine)
  }

  /// The first match from `start` on. Starts must not go back by more than a block.
  func find(from start: Int, _ machine: Machine) throws(RuntimeError) -> Range<Int>? {
    var at = start
    while at <= text.count {
      if try startsMatch(at, machine) { return at..<(try end(from: at, machine)) }
      if pattern.isAnchored { return nil }
      at = PatternMatcher.next(after: at, text)
    }
    return nil
  }

  // MARK: Backward

  /// Fills `known` for one block and gives what is known at its start.
  private func read(block: Int, _ machine: Machine) throws(RuntimeError) -> Name {
    if states.count > Self.most {
      states.removeAll()
      numbers.removeAll()
    }
    first = block * Self.block
    // A character that reaches over the block's end belongs to this one.
    var at = min(text.count, first + Self.block)
    while at < text.count, text[at] & 0xC0 == 0x80 { at += 1 }
    known = Array(repeating: -1, count: at - first + 1)
    var state = number(of: ends[block])
    known[at - first] = state
    while at > first {
      var start = at - 1
      while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
      // It began in the block before.
      if start < first { break }
      let value = PatternMatcher.scalar(at: start, text).0
      state = step(from: state, value)
      at = start
      known[at - first] = state
      if work > 1 << 16 {
        work = 0
        try machine.checkInterrupt()
      }
    }
    return Name(good: states[Int(state)].good, after: states[Int(state)].after)
  }

  private func number(of name: Name) -> Int32 {
    if let known = numbers[name] { return known }
    let number = Int32(states.count)
    states.append(
      State(
        good: name.good, after: name.after, narrow: Array(repeating: -1, count: 128),
        starts: Array(repeating: nil, count: 8)))
    numbers[name] = number
    return number
  }

  /// From what is known behind a character to what is known before it.
  private func step(from state: Int32, _ value: UInt32) -> Int32 {
    if value < 128 {
      let next = states[Int(state)].narrow[Int(value)]
      if next >= 0 { return next }
    } else if let next = states[Int(state)].wide[value] {
      return next
    }
    let here = states[Int(state)]
    let before = Side.of(value)
    let folded = CharacterSet.fold(value)
    var good = Array(repeating: UInt64(0), count: words)
    for (place, instruction) in pattern.program.enumerated() {
      let takes =
        switch instruction {
        case .character(let wanted, let folds): (folds ? folded : value) == wanted
        case .any(let lineBreaks): lineBreaks || value != 0x0A
        case .set(let number): pattern.sets[number].contains(value)
        case .split, .jump, .assert, .accept: false
        }
      if takes, choose(from: place + 1, here.good, before: before, after: here.after) != nil {
        good[place >> 6] |= 1 << UInt64(place & 63)
      }
    }
    work += pattern.program.count
    let next = number(of: Name(good: good, after: before))
    if value < 128 {
      states[Int(state)].narrow[Int(value)] = next
    } else if states[Int(state)].wide.count < 64 {
      states[Int(state)].wide[value] = next
    }
    return next
  }

  // MARK: Forward

  private func state(_ at: Int, _ machine: Machine) throws(RuntimeError) -> Int32 {
    if at >= first, at - first < known.count, known[at - first] >= 0 { return known[at - first] }
    let block = min(at / Self.block, ends.count - 1)
    _ = try read(block: block, machine)
    return at >= first && at - first < known.count ? max(0, known[at - first]) : 0
  }

  private func side(before at: Int) -> UInt8 {
    guard at > 0 else { return Side.edge }
    var start = at - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return Side.of(PatternMatcher.scalar(at: start, text).0)
  }

  private func startsMatch(_ at: Int, _ machine: Machine) throws(RuntimeError) -> Bool {
    let number = Int(try state(at, machine))
    let before = side(before: at)
    if let answer = states[number].starts[Int(before)] { return answer }
    let answer = choose(from: 0, states[number].good, before: before, after: states[number].after) != nil
    states[number].starts[Int(before)] = answer
    return answer
  }

  /// Where the preferred match that starts here ends.
  private func end(from start: Int, _ machine: Machine) throws(RuntimeError) -> Int {
    var at = start
    var place = 0
    while true {
      let here = states[Int(try state(at, machine))]
      guard let chosen = choose(from: place, here.good, before: side(before: at), after: here.after),
        chosen != pattern.program.count
      else { return at }
      place = chosen + 1
      at = PatternMatcher.next(after: at, text)
      if work > 1 << 16 {
        work = 0
        try machine.checkInterrupt()
      }
    }
  }

  /// The first place in order of preference that leads to a match: one of `good`, or the program's length where
  /// the match is complete; nil if none does.
  private func choose(from place: Int, _ good: [UInt64], before: UInt8, after: UInt8) -> Int? {
    visit &+= 1
    if visit == 0 {
      for index in visited.indices { visited[index] = 0 }
      visit = 1
    }
    stack.removeAll(keepingCapacity: true)
    stack.append(place)
    while let place = stack.popLast() {
      if visited[place] == visit { continue }
      visited[place] = visit
      work += 1
      switch pattern.program[place] {
      case .accept: return pattern.program.count
      case .jump(let target): stack.append(target)
      case .split(let first, let second):
        stack.append(second)
        stack.append(first)
      case .assert(let assertion):
        if assertion.holds(before: before, after: after) { stack.append(place + 1) }
      case .character, .any, .set:
        if good[place >> 6] >> UInt64(place & 63) & 1 == 1 { return place }
      }
    }
    return nil
  }
}
