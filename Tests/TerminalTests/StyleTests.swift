import Testing

@testable import Terminal

@Suite struct StyleTests {
  @Test(
    arguments: [
      (true, [:], false, true), (false, [:], false, false), (true, ["TERM": "xterm-256color"], false, true),
      (true, ["TERM": "dumb"], false, false), (true, ["TERM": ""], false, false),
      (true, ["NO_COLOR": "1"], false, false),
      (true, ["NO_COLOR": ""], false, true), (true, [:], true, false),
      (false, ["CLICOLOR_FORCE": "1"], false, true),
      (false, ["CLICOLOR_FORCE": "0"], false, false),
      (false, ["CLICOLOR_FORCE": "1", "NO_COLOR": "x"], false, false),
      (false, ["CLICOLOR_FORCE": "1"], true, false),
      (true, ["TERM": "dumb", "CLICOLOR_FORCE": "1"], false, true),
    ] as [(Bool, [String: String], Bool, Bool)])
  func knowsWhenToColour(isTerminal: Bool, environment: [String: String], option: Bool, expected: Bool) {
    let style = Style(isTerminal: isTerminal, environment: environment, noColorOption: option)
    #expect(style.isColored == expected)
  }

  @Test func paints() {
    #expect(Style.plain.paint("x", .red, .bold) == "x")
    #expect(Style.colored.paint("x", .red) == "\u{1B}[31mx\u{1B}[0m")
    #expect(Style.colored.paint("x", .bold, .red) == "\u{1B}[1;31mx\u{1B}[0m")
    #expect(Style.colored.paint("", .red) == "")
    #expect(Style.colored.paint("x") == "x")
  }
}
