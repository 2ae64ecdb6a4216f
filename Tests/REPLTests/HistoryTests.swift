import Testing

@testable import REPL

@Suite struct HistoryTests {
  @Test func leavesOutBlanksRepeatsAndSecrets() {
    var history = History()
    let lines = ["1 + 1", "1 + 1 ", "   ", "let token = \"abc\"", "(1 +\n2)"]
    #expect(lines.map { history.add($0) } == [true, false, false, false, true])
    #expect(history.entries == ["1 + 1", "(1 +\n2)"])
  }

  @Test func keepsTheNewestTenThousand() {
    var history = History((0..<History.limit + 5).map(String.init))
    #expect(history.entries.first == "5")
    history.add("new")
    #expect(history.entries.count == History.limit)
    #expect(history.entries.first == "6")
    #expect(history.entries.last == "new")
  }

  @Test func searchesBackAndForth() {
    let history = History(["contacts", "tickets", "CONTACTS | count"])
    #expect(history.search("cont", before: 3) == 2)
    #expect(history.search("cont", before: 2) == 0)
    #expect(history.search("cont", before: 0) == nil)
    #expect(history.search("CONT", before: 2) == nil, "capitals are meant")
    #expect(history.search("cont", after: 0) == 2)
    #expect(history.search("cont", after: 2) == nil)
    #expect(history.search("", before: 3) == 2)
  }

  @Test func arrowsComeBackToTheDraft() {
    let history = History(["a", "b"])
    var cursor = HistoryCursor()
    #expect(cursor.newer(history) == nil)
    #expect(cursor.older(history, current: "draft") == "b")
    #expect(cursor.older(history, current: "b") == "a")
    #expect(cursor.older(history, current: "a") == nil)
    #expect(cursor.newer(history) == "b")
    #expect(cursor.newer(history) == "draft")
    #expect(cursor.newer(history) == nil)
  }
}
