import Testing

@testable import REPL

@Suite struct ShellLineTests {
  @Test(arguments: [
    ("", ShellLine.empty), ("  ", .empty), ("1 + 1", .statement("1 + 1")),
    ("  1 + 1  ", .statement("  1 + 1")),
    ("| count", .statement("| count")), ("help", .help(topic: nil)),
    ("help tickets", .help(topic: "tickets")),
    ("help tickets.search", .help(topic: "tickets.search")),
    ("tickets.search?", .help(topic: "tickets.search")),
    ("help :save", .help(topic: ":save")), ("help = 3", .statement("help = 3")),
    ("let help = 3", .statement("let help = 3")),
    ("help(tickets)", .statement("help(tickets)")), ("x ?? 1", .statement("x ?? 1")),
    ("f(x)?", .statement("f(x)?")), ("apropos merge", .apropos("merge")),
    ("apropos = 2", .statement("apropos = 2")),
    ("quit", .leave), ("exit", .leave), ("quit + 1", .statement("quit + 1")),
    (":save a b.parl", .command(.save, argument: "a b.parl")), (":q", .command(.quit, argument: "")),
    (":time 1 + 1", .command(.time, argument: "1 + 1")), (":hist", .command(.history, argument: "")),
    (":s", .unknownCommand("s")), (":", .unknownCommand("")), ("# a\n1 + 1", .statement("# a\n1 + 1")),
    ("# a", .empty), (":nope x", .unknownCommand("nope")),
  ])
  fileprivate func tellsLinesApart(_ line: String, _ expected: ShellLine) {
    #expect(ShellLine(line) == expected)
  }

  @Test func everyCommandIsFoundByItsNameAndListed() {
    for command in ShellCommand.allCases {
      #expect(ShellCommand(word: command.rawValue) == command)
      #expect(ShellMessages.commands().contains(":\(command.rawValue)"))
    }
  }
}
