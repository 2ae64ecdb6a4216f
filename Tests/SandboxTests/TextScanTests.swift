import JSON
import SQLite
import TestSupport
import Testing

@testable import Sandbox

/// The scan of a text column beside a look at each text.
struct TextScanTests {
  private func text(_ dice: inout Dice, _ letters: [Character], _ longest: Int) -> String {
    String((0..<dice.below(longest + 1)).map { _ in dice.one(of: letters) })
  }

  /// A table of texts, some absent, with gaps between the numbers.
  private func database(_ texts: [Int64: String]) throws -> Database {
    let database = try Database(.memory)
    try database.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)")
    for (number, text) in texts {
      try database.run("INSERT INTO t VALUES (?, ?)", .integer(number), .text(text))
    }
    return database
  }

  private func check(_ column: TextColumn, _ texts: [Int64: String], _ part: String) {
    let wanted = Array(part.utf8.map(ASCII.lower))
    for op in [SearchOperator.contains, .starts, .ends] {
      let expected = texts.filter { _, text in
        let bytes = Array(text.utf8.map(ASCII.lower))
        return switch op {
        case .starts: bytes.starts(with: wanted)
        case .ends: bytes.reversed().starts(with: wanted.reversed())
        default:
          bytes.count >= wanted.count
            && (0...(bytes.count - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
        }
      }.keys.sorted()
      let found = column.matches(op, part)?.numbers(descending: false, beyond: nil, limit: .max)
      #expect(found == expected, "\(op.rawValue) \(part)")
    }
  }

  @Test(arguments: [3, 40, 200]) func findsWhatALookAtEachTextFinds(longest: Int) throws {
    var dice = Dice(UInt64(longest))
    // Few letters, so that parts begin often and end seldom.
    let letters = Array("abAB é")
    var texts: [Int64: String] = [:]
    for number in 0..<300 where dice.chance(80) {
      texts[Int64(number) * 31] = text(&dice, letters, longest)
    }
    let database = try database(texts)
    let column = try TextColumn(try database.prepare("SELECT n, text FROM t ORDER BY n"))
    for round in 0..<120 {
      if round % 3 == 0 {
        var changes: [(number: Int64, value: SQLiteValue)] = []
        for number in Set((0..<dice.roll(1...6)).map { _ in Int64(dice.below(10_000)) }).sorted() {
          texts[number] = dice.chance(70) ? text(&dice, letters, longest) : nil
          changes.append((number, texts[number].map { .text($0) } ?? .null))
        }
        #expect(column.replace(changes))
        #expect(column.some.numbers(descending: false, beyond: nil, limit: .max) == texts.keys.sorted())
      }
      let some = texts.values.sorted()
      let whole = dice.one(of: some)
      check(
        column, texts,
        dice.chance(50) ? text(&dice, letters, min(longest, 20)) : String(whole.dropFirst(dice.below(4))))
    }
  }

  @Test func numbersOfASetAreReadFromAnywhere() {
    var dice = Dice(5)
    var set = ContactSet(limit: 100)
    var members: Set<Int64> = []
    for _ in 0..<80 {
      let number = Int64(dice.below(700))
      set.insert(number)
      members.insert(number)
      if dice.chance(20), let gone = members.sorted().first {
        set.remove(gone)
        members.remove(gone)
      }
    }
    for bound in [nil, -1, 0, 1, 63, 64, 65, 127, 128, 699, 700, 704, 100_000] as [Int64?] {
      let up = members.filter { $0 > bound ?? .min }.sorted()
      let down = members.filter { $0 < bound ?? .max }.sorted().reversed()
      #expect(set.numbers(descending: false, beyond: bound, limit: .max) == up, "\(bound ?? -2)")
      #expect(
        set.numbers(descending: true, beyond: bound, limit: 9) == Array(down.prefix(9)), "\(bound ?? -2)")
    }
    #expect(set.count == Int64(members.count))
  }
}
