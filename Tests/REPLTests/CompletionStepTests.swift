import Testing

@testable import REPL

@Suite struct CompletionStepTests {
  private func step(
    _ line: String, _ range: Range<Int>, _ texts: [String], again: Bool = false
  ) -> CompletionStep {
    let answer = CompletionAnswer(replacing: range, candidates: texts.map { .init($0, .field, "about") })
    return CompletionStep.decide(answer, line: line, cursor: range.upperBound, again: again)
  }

  @Test func insertsTheOnlyCandidate() {
    #expect(step("f { .em", 4..<7, [".email"]) == .insert(replacing: 4..<7, text: ".email"))
  }

  @Test func insertsWhatAllShare() {
    #expect(
      step("c", 0..<1, ["contacts", "conversations"]) == .insert(replacing: 0..<1, text: "con"))
  }

  @Test func waitsThenLists() {
    let texts = ["contacts", "conversations"]
    #expect(step("con", 0..<3, texts) == .ambiguous)
    #expect(step("con", 0..<3, texts, again: true) == .list(texts.map { .init($0, .field, "about") }))
  }

  @Test func showsHelpForAWordThatIsComplete() {
    #expect(step("email", 0..<5, ["email"], again: true) == .list([.init("email", .field, "about")]))
  }

  @Test func neverShortensOrReplacesWhatIsTyped() {
    #expect(step("cont", 0..<4, ["contacts", "count"]) == .ambiguous)
    #expect(step("xyz", 0..<3, ["abcdef", "abcxyz"]) == .ambiguous)
  }

  @Test func correctsTheCaseOfOneCandidate() {
    #expect(step("CON", 0..<3, ["contacts"]) == .insert(replacing: 0..<3, text: "contacts"))
  }

  @Test func countsCharactersNotBytes() {
    let line = "\"👩‍👩‍👧é\" | cou"
    #expect(step(line, 7..<10, ["count"]) == .insert(replacing: 7..<10, text: "count"))
  }

  @Test func refusesARangeOutsideTheLine() {
    #expect(step("ab", 0..<5, ["abc"]) == .nothing)
    #expect(step("ab", 2..<2, []) == .nothing)
  }

  @Test func listFitsTheTerminal() {
    let candidates = (1...30).map {
      CompletionAnswer.Candidate("name\($0)", .function, String(repeating: "語", count: 60) + "\nmore")
    }
    for columns in [20, 40, 80] {
      let lines = CompletionList.lines(candidates, columns: columns, rows: 10, colour: false)
      #expect(lines.count == 7)
      #expect(lines.last == "  … and 24 more")
      for line in lines { #expect(CharacterWidth.of(line) <= columns) }
    }
  }

  @Test func listIsPlainWithoutColour() {
    let lines = CompletionList.lines([.init("a", .value, "b")], columns: 80, rows: 24, colour: false)
    #expect(lines == ["  a  value  b"])
  }
}
