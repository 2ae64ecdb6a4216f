import Machine

/// Runs a pattern over UTF-8: one pass over the text, all alternatives side by side.
struct PatternMatcher {
  private let pattern: Pattern
  private var current: Threads
  private var next: Threads
  private var stack: [Int] = []
  /// Bytes that the searches so far have looked at.
  private(set) var bytesRead = 0
  /// Thread steps since the interrupt was last looked at.
  private var work = 0

  /// Threads in order of preference, each place of the program once.
  private struct Threads {
    var places: [Int] = []
    /// Where each thread's match would start.
    var starts: [Int] = []
    private var marks: [UInt32]
    private var mark: UInt32 = 1

    init(_ count: Int) {
      marks = Array(repeating: 0, count: count)
      places.reserveCapacity(count)
      starts.reserveCapacity(count)
    }

    mutating func clear() {
      places.removeAll(keepingCapacity: true)
      starts.removeAll(keepingCapacity: true)
      mark &+= 1
      if mark == 0 {
        for index in marks.indices { marks[index] = 0 }
        mark = 1
      }
    }

    /// False where the place was visited already.
    mutating func visit(_ place: Int) -> Bool {
      if marks[place] == mark { return false }
      marks[place] = mark
      return true
    }
  }

  /// What assertions ask about.
  private struct Place {
    var at: Int
    var before: UInt32?
    var after: UInt32?
    var end: Int
  }

  init(_ pattern: Pattern) {
    self.pattern = pattern
    current = Threads(pattern.program.count)
    next = Threads(pattern.program.count)
  }

  /// The first match from `start` on.
  mutating func find(
    in text: UnsafeBufferPointer<UInt8>, from start: Int, _ machine: Machine
  ) throws(RuntimeError) -> Range<Int>? {
    current.clear()
    var found: Range<Int>?
    var at = start
    defer { bytesRead += at - start }
    var before = PatternMatcher.scalar(before: at, text)
    while true {
      if current.places.isEmpty {
        if found != nil || (pattern.isAnchored && at > 0) { break }
        if !pattern.prefix.isEmpty {
          let hit = pattern.prefix.withUnsafeBufferPointer { ByteSearch.find($0, in: text, from: at) }
          guard let hit else { break }
          if hit != at {
            at = hit
            before = PatternMatcher.scalar(before: at, text)
          }
        }
      }
      let (value, length) = PatternMatcher.scalar(at: at, text)
      let hereAfter = length > 0 ? value : nil
      if found == nil {
        let place = Place(at: at, before: before, after: hereAfter, end: text.count)
        PatternMatcher.add(pattern, 0, start: at, to: &current, &stack, &work, place)
      }
      next.clear()
      var index = 0
      let folded = hereAfter.map(CharacterSet.fold)
      let following = length > 0 ? PatternMatcher.scalar(at: at + length, text) : (0, 0)
      let after = following.1 > 0 ? following.0 : nil
      while index < current.places.count {
        let place = current.places[index]
        let began = current.starts[index]
        index += 1
        var steps = false
        switch pattern.program[place] {
        case .accept:
          found = began..<at
          // What has less preference than this match is given up.
          index = current.places.count
        case .character(let wanted, let folds):
          steps = length > 0 && (folds ? folded == wanted : value == wanted)
        case .any(let lineBreaks): steps = length > 0 && (lineBreaks || value != 0x0A)
        case .set(let number): steps = length > 0 && pattern.sets[number].contains(value)
        case .split, .jump, .assert: break
        }
        if steps {
          let there = Place(at: at + length, before: hereAfter, after: after, end: text.count)
          PatternMatcher.add(pattern, place + 1, start: began, to: &next, &stack, &work, there)
        }
      }
      work += current.places.count + 1
      if work > 1 << 16 {
        work = 0
        try machine.checkInterrupt()
      }
      if length == 0 { break }
      swap(&current, &next)
      before = hereAfter
      at += length
    }
    return found
  }

  /// Follows jumps and assertions from a place to those that want a character.
  private static func add(
    _ pattern: Pattern, _ place: Int, start: Int, to threads: inout Threads, _ stack: inout [Int],
    _ work: inout Int, _ here: Place
  ) {
    stack.append(place)
    while let place = stack.popLast() {
      guard threads.visit(place) else { continue }
      work += 1
      switch pattern.program[place] {
      case .jump(let target): stack.append(target)
      case .split(let first, let second):
        stack.append(second)
        stack.append(first)
      case .assert(let assertion):
        let before = (here.at == 0 ? Side.edge : 0) | (here.before.map(Side.of) ?? 0)
        let after = (here.at == here.end ? Side.edge : 0) | (here.after.map(Side.of) ?? 0)
        if assertion.holds(before: before, after: after) { stack.append(place + 1) }
      case .character, .any, .set, .accept:
        threads.places.append(place)
        threads.starts.append(start)
      }
    }
  }

  // MARK: UTF-8

  /// The place behind the character at `at`.
  static func next(after at: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
    at + max(1, scalar(at: at, text).1)
  }

  /// A character and its length in bytes; length 0 at the end. The text is valid UTF-8.
  @inline(__always)
  static func scalar(at: Int, _ text: UnsafeBufferPointer<UInt8>) -> (UInt32, Int) {
    guard at < text.count else { return (0, 0) }
    let first = UInt32(text[at])
    if first < 0x80 { return (first, 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard at + length <= text.count else { return (0xFFFD, 1) }
    var value = length == 4 ? first & 0x07 : length == 3 ? first & 0x0F : first & 0x1F
    for index in 1..<length { value = value << 6 | UInt32(text[at + index] & 0x3F) }
    return (value, length)
  }

  private static func scalar(before at: Int, _ text: UnsafeBufferPointer<UInt8>) -> UInt32? {
    guard at > 0, at <= text.count else { return nil }
    var start = at - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return scalar(at: start, text).0
  }
}
