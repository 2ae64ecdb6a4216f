import Syntax
import Testing

struct REPLLineTests {
  @Test(
    arguments: [
      ("", .empty), ("  \t", .empty), ("# note", .empty), (":", .command(name: "", argument: "")),
      ("  :save  a b.parl ", .command(name: "save", argument: "a b.parl")),
      ("help :save", .command(name: "help", argument: ":save")),
      ("_?", .command(name: "help", argument: "_")),
      ("help = 3", .source("help = 3")), ("help(x)", .source("help(x)")), ("help | f", .source("help | f")),
      ("let help = 3", .source("let help = 3")), ("apropos", .source("apropos")),
      ("apropos = 1", .source("apropos = 1")),
      ("apropos two words", .command(name: "apropos", argument: "two words")), ("a ?? b", .source("a ?? b")),
      ("f(x)?", .source("f(x)?")), (" | take(5)", .pipeFromLast(" | take(5)")), ("helper", .source("helper")),
    ] as [(String, REPLLine)])
  func line(_ text: String, _ expected: REPLLine) {
    #expect(REPLLine(text) == expected)
  }
}
