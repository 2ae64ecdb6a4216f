import Testing

@testable import REPL

@Suite struct PromptTests {
  @Test func showsWorkspaceRegionAndDanger() {
    func text(_ facts: WorkspaceFacts, _ columns: Int = 80) -> String { Prompt(facts, columns: columns).text }
    #expect(text(.init(name: "sandbox", mode: .sandbox)) == "sandbox> ")
    #expect(text(.init(name: "acme", region: "eu", mode: .readOnly)) == "acme (eu, read-only)> ")
    #expect(text(.init(name: "acme", region: "eu", mode: .ask)) == "acme (eu, asks) !> ")
    #expect(text(.init(name: "acme", region: "eu", mode: .open)) == "acme (eu) !> ")
    #expect(text(.init(name: "a-very-long-workspace-name", region: "eu", mode: .open), 40) == "a-v… (eu) !> ")
    #expect(text(.init(name: "evil\u{1B}[2J", mode: .sandbox)) == "evil[2J> ")
  }

  @Test func isRedWhereWritesGoOut() {
    let prompt = Prompt(.init(name: "acme", region: "eu", mode: .open), columns: 80)
    #expect(prompt.rendered(colour: true, escape: "|") == "|\u{1B}[1;31m|acme (eu) !>|\u{1B}[0m| ")
    #expect(prompt.rendered(colour: false, escape: "|") == "acme (eu) !> ")
  }

  @Test func continuesUnderItself() {
    let prompt = Prompt(.init(name: "語", mode: .sandbox), columns: 80)
    #expect(Prompt.continuation(under: prompt).text == "... ")
    #expect(Prompt.continuation(under: Prompt("sandbox> ")).text == "     ... ")
  }
}

@Suite struct PagerTests {
  @Test func isForTextLongerThanTheScreen() {
    #expect(!Pager.isLong("a\nb\n", columns: 10, rows: 4))
    #expect(Pager.isLong("a\nb\nc\nd\n", columns: 10, rows: 4))
    #expect(Pager.isLong(String(repeating: "x", count: 31), columns: 10, rows: 4))
    #expect(!Pager.isLong(String(repeating: "é", count: 20), columns: 10, rows: 4))
  }

  @Test func isChosenByTheEnvironment() {
    #expect(Pager.choose(environment: { _ in nil }, isInstalled: { $0 == "less" }).command == "less -FRX")
    #expect(Pager.choose(environment: { _ in nil }, isInstalled: { _ in false }).command == nil)
    #expect(Pager.choose(environment: { _ in "more -s" }, isInstalled: { _ in true }).command == "more -s")
    #expect(Pager.choose(environment: { _ in "" }, isInstalled: { _ in true }).command == nil)
    #expect(Pager.choose(environment: { _ in "cat" }, isInstalled: { _ in true }).command == nil)
  }
}
