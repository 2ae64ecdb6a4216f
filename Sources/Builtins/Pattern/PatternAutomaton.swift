import Machine

/// Says whether a pattern is found in a text, by states that are made when a text first leads to them: a
/// state is a set of places in the pattern's program, and one look-up a byte goes on to the next.
///
/// A state is what was reached *before* jumps and assertions are followed: they are followed once the next
/// character is known, so that `$` and `\b` need no looking ahead. An accepting program is noticed then.
final class PatternAutomaton {
  private struct State {
    /// In order, each once.
    var places: [Int32]
    var context: UInt8
    /// Whether the pattern is found if the text ends here; nil until somebody asks.
    var acceptsAtEnd: Bool?
    /// Where characters beyond ASCII lead.
    var wide: [UInt32: Int32] = [:]
  }

  private struct Name: Hashable {
    var places: [Int32]
    var context: UInt8
  }

  private static let unknown: Int32 = -1
  private static let accepted: Int32 = -2
  private static let hopeless: Int32 = -3
  /// States kept; beyond them all are forgotten, and what the text needs is made again.
  private let most: Int
  private static let mostWide = 64
  private static let width = 128

  private let program: [Pattern.Instruction]
  private let sets: [CharacterSet]
  private let prefix: [UInt8]
  private let isAnchored: Bool
  private let start: Int32 = 0
  /// The context that this pattern's assertions ask about.
  private let asked: UInt8
  private var states: [State] = []
  private var numbers: [Name: Int32] = [:]
  /// For each state, where each byte of ASCII leads.
  @exclusivity(unchecked) private var table: UnsafeMutablePointer<Int32>
  private var tableCapacity = 8
  private var stack: [Int] = []
  private var visited: [UInt32]
  private var visit: UInt32 = 0
  /// Places looked at since the interrupt was.
  private var work = 0

  init(_ pattern: Pattern) {
    program = pattern.program
    sets = pattern.sets
    prefix = pattern.prefix
    isAnchored = pattern.isAnchored
    most = max(16, min(400, 400_000 / max(1, program.count)))
    var asked: UInt8 = 0
    for instruction in program {
      if case .assert(let assertion) = instruction { asked |= assertion.asksBefore }
    }
    self.asked = asked
    visited = Array(repeating: 0, count: program.count)
    table = .allocate(capacity: tableCapacity * PatternAutomaton.width)
    _ = number(of: Name(places: [], context: Side.edge & asked))
  }

  deinit { table.deallocate() }

  /// Whether the pattern is found anywhere in the text, which is valid UTF-8.
  func isFound(in text: UnsafeBufferPointer<UInt8>, _ machine: Machine) throws(RuntimeError) -> Bool {
    var state = start
    var at = 0
    while at < text.count {
      if states[Int(state)].places.isEmpty, !prefix.isEmpty {
        let hit = prefix.withUnsafeBufferPointer { ByteSearch.find($0, in: text, from: at) }
        guard let hit else { return false }
        at = hit
      }
      let stop = min(text.count, at + 1 << 16)
      work = 0
      let ended = scan(text, &at, until: stop, &state)
      if ended != PatternAutomaton.unknown { return ended == PatternAutomaton.accepted }
      try machine.checkInterrupt()
    }
    return acceptsAtEnd(state)
  }

  /// Goes on to `stop`, or to a state from which the prefix can be searched for, or until the interrupt is
  /// to be looked at: `unknown` then.
  private func scan(
    _ text: UnsafeBufferPointer<UInt8>, _ at: inout Int, until stop: Int, _ state: inout Int32
  ) -> Int32 {
    // The only state without places that ASCII leads back to, where there is a prefix to look for.
    let idle = prefix.isEmpty ? -1 : numbers[Name(places: [], context: 0)] ?? -1
    while at < stop {
      let byte = text[at]
      var next: Int32
      var length = 1
      if byte < 0x80 {
        next = table[Int(state) &* PatternAutomaton.width &+ Int(byte)]
        if next == PatternAutomaton.unknown { next = step(from: &state, UInt32(byte)) }
      } else {
        let (value, bytes) = PatternMatcher.scalar(at: at, text)
        next = states[Int(state)].wide[value] ?? step(from: &state, value)
        length = bytes
      }
      if next < 0 { return next }
      state = next
      at += length
      if work > 1 << 16 { break }
      if next == idle { break }
    }
    return PatternAutomaton.unknown
  }

  // MARK: Making states

  private func number(of name: Name) -> Int32 {
    if let known = numbers[name] { return known }
    let number = Int32(states.count)
    if states.count == tableCapacity {
      let larger = UnsafeMutablePointer<Int32>.allocate(capacity: 2 * tableCapacity * PatternAutomaton.width)
      larger.update(from: table, count: tableCapacity * PatternAutomaton.width)
      table.deallocate()
      table = larger
      tableCapacity *= 2
    }
    (table + Int(number) * PatternAutomaton.width).update(
      repeating: PatternAutomaton.unknown, count: PatternAutomaton.width)
    states.append(State(places: name.places, context: name.context))
    numbers[name] = number
    return number
  }

  /// Where a character leads. The state gets another number if the table was full.
  private func step(from state: inout Int32, _ value: UInt32) -> Int32 {
    if states.count >= most {
      let name = Name(places: states[Int(state)].places, context: states[Int(state)].context)
      states.removeAll()
      numbers.removeAll()
      _ = number(of: Name(places: [], context: Side.edge & asked))
      state = number(of: name)
    }
    let next = target(of: states[Int(state)], value)
    if value < 0x80 {
      table[Int(state) * PatternAutomaton.width + Int(value)] = next
    } else if states[Int(state)].wide.count < PatternAutomaton.mostWide {
      states[Int(state)].wide[value] = next
    }
    return next
  }

  private func target(of state: State, _ value: UInt32) -> Int32 {
    guard let open = follow(state, value) else { return PatternAutomaton.accepted }
    var places: [Int32] = []
    let folded = CharacterSet.fold(value)
    for place in open {
      let goesOn =
        switch program[place] {
        case .character(let wanted, let folds): (folds ? folded : value) == wanted
        case .any(let lineBreaks): lineBreaks || value != 0x0A
        case .set(let number): sets[number].contains(value)
        case .split, .jump, .assert, .accept: false
        }
      if goesOn { places.append(Int32(place + 1)) }
    }
    if places.isEmpty, isAnchored { return PatternAutomaton.hopeless }
    places.sort()
    return number(of: Name(places: places, context: asked == 0 ? 0 : Side.of(value) & asked))
  }

  private func acceptsAtEnd(_ number: Int32) -> Bool {
    if let known = states[Int(number)].acceptsAtEnd { return known }
    let accepts = follow(states[Int(number)], nil) == nil
    states[Int(number)].acceptsAtEnd = accepts
    return accepts
  }

  /// The places that want a character, once jumps and assertions are followed from a state and from the
  /// pattern's start; nil if one of them accepts.
  private func follow(_ state: State, _ after: UInt32?) -> [Int]? {
    visit &+= 1
    if visit == 0 {
      for index in visited.indices { visited[index] = 0 }
      visit = 1
    }
    let before = state.context
    let after = after.map(Side.of) ?? Side.edge
    var open: [Int] = []
    work += state.places.count + 1
    stack.removeAll(keepingCapacity: true)
    for place in state.places { stack.append(Int(place)) }
    // A match may start here.
    stack.append(0)
    while let place = stack.popLast() {
      if visited[place] == visit { continue }
      visited[place] = visit
      work += 1
      switch program[place] {
      case .accept: return nil
      case .jump(let target): stack.append(target)
      case .split(let first, let second):
        stack.append(second)
        stack.append(first)
      case .assert(let assertion):
        if assertion.holds(before: before, after: after) { stack.append(place + 1) }
      case .character, .any, .set: open.append(place)
      }
    }
    return open
  }
}
