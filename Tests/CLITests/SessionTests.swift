import Diagnostics
import Syntax
import Testing

@testable import CLI

@Suite struct OpenCallTests {
  @Test(
    arguments: [
      ("tags.apply(", "tags.apply", 0, nil, false), ("x | tags.apply(", "tags.apply", 0, nil, true),
      ("tags.apply(it, ", "tags.apply", 1, nil, false), ("f(a, [1, 2], b: ", "f", 2, "b", false),
      ("f(g(1, 2), \"a, (\", c", "f", 2, nil, false), ("f(\"\\\"(\", x: \"", "f", 1, "x", false),
    ] as [(String, String, Int, String?, Bool)])
  func isFound(_ text: String, _ path: String, _ position: Int, _ argument: String?, _ piped: Bool) throws {
    let call = try #require(OpenCall(Array(text)))
    #expect(call.path == path)
    #expect(call.position == position)
    #expect(call.argument == argument)
    #expect(call.isPiped == piped)
  }

  @Test(arguments: ["", "f(1)", "f { ", "(", "f([", "f(1) | g", "\"f(\""])
  func isNotThere(_ text: String) {
    #expect(OpenCall(Array(text)) == nil)
  }
}

@Suite struct ReadingNoticeTests {
  @Test func saysHowLong() {
    #expect(
      ReadingNotice.text(requests: 1_240, each: .milliseconds(100), perWindow: 1_666)
        == "about 1,240 requests, 2 min; Ctrl-C to stop")
    #expect(
      ReadingNotice.text(requests: 100, each: .milliseconds(50), perWindow: nil)
        == "about 100 requests, 5 s; Ctrl-C to stop")
    // The budget is slower than the answers.
    #expect(
      ReadingNotice.text(requests: 10_000, each: .milliseconds(1), perWindow: 100)
        == "about 10,000 requests, 17 min; Ctrl-C to stop")
  }

  @Test func isSilentOnWhatIsSoonOver() {
    #expect(ReadingNotice.text(requests: 9, each: .seconds(10), perWindow: nil) == nil)
    #expect(ReadingNotice.text(requests: 500, each: .milliseconds(1), perWindow: nil) == nil)
  }
}

@Suite struct CompletionScriptTests {
  @Test(arguments: CompletionScript.Shell.allCases)
  func namesEveryCommandAndOption(_ shell: CompletionScript.Shell) {
    let text = CompletionScript(shell).text
    for spec in CommandTable.all where spec.isThere {
      for word in spec.words { #expect(text.contains(word), "\(word) for \(shell)") }
      for option in spec.allOptions where option.name.count > 1 {
        let flag = shell == .fish ? "-l \(option.name)" : "--\(option.name)"
        #expect(text.contains(flag), "\(flag) for \(shell)")
      }
    }
  }
}

@Suite struct ValueChoiceTests {
  private let tags = [
    ValueChoice(text: "vip", about: "1"), ValueChoice(text: "VIP", about: "2"),
    ValueChoice(text: "say \"hi\"", about: "3"),
  ]

  @Test func whatIsTypedGoesBeforeWhatResemblesIt() {
    #expect(tags.matching("v").map(\.text) == ["vip"])
    #expect(tags.matching("vI").map(\.text) == ["vip", "VIP"])
    #expect(tags.matching("").count == 3)
    #expect([ValueChoice(text: "814", about: "Kim Archer")].matching("kim").map(\.text) == ["814"])
  }

  @Test func quotesInNamesAreEscaped() {
    #expect(tags[2].quoted.text == "\"say \\\"hi\\\"\"")
    #expect(tags[2].inText.text == "say \\\"hi\\\"\"")
    #expect(ValueChoice(text: "true", about: "", isText: false).quoted.text == "true")
  }
}

@Suite struct HelpTests {
  @Test func examplesAreReadByTheTable() throws {
    for (name, lines) in HelpText.examples {
      #expect(CommandTable.command(name) != nil, "\(name)")
      for line in lines where line.hasPrefix("parlance ") {
        // Words as a shell would split them, where quotes are the only trick; what follows `>` is the shell's.
        var words: [String] = [""]
        var quote: Character?
        for character in line {
          if character == quote {
            quote = nil
          } else if quote == nil, "'\"".contains(character) {
            quote = character
          } else if quote == nil, character == " " {
            words.append("")
          } else {
            words[words.count - 1].append(character)
          }
        }
        let own = Array(words.dropFirst().prefix { $0 != ">" })
        #expect(throws: Never.self, "\(line)") { try CommandLineReader.read(own) }
      }
    }
  }

  @Test func everyCommandThatIsThereIsListedOnce() {
    let overview = HelpText.overview()
    for spec in CommandTable.all where spec.isThere {
      let count = overview.split(separator: "\n").count { $0.hasPrefix("  \(spec.name) ") }
      #expect(count == 1, "\(spec.name)")
    }
  }
}

@Suite struct SavedSessionTests {
  private func saved(_ statements: [(String, SavedSession.Shown)]) -> [String] {
    var session = SavedSession()
    for (text, shown) in statements {
      session.add(text, Parser.parse(SourceText(name: "a", text: text)).script, shown: shown)
    }
    return session.statements
  }

  @Test func printsWhatThePromptHasShown() {
    #expect(
      saved([("let a = 1", .nothing), ("a + 1", .value), ("[{b: a}]", .rows), ("print(a)", .nothing)]) == [
        "let a = 1", "print(a + 1)", "[{b: a}] | take(20) | table", "print(a)",
      ])
  }

  @Test func theLastValueGetsAName() {
    #expect(
      saved([("contacts", .rows), ("_ | count", .value), ("_ + 1 # one more", .value), ("_ * 2", .value)])
        == [
          "let value_1 = contacts\nvalue_1 | take(20) | table",
          "let value_2 = value_1 | count\nprint(value_2)",
          "let value_3 = value_2 + 1 # one more\nprint(value_3)", "print(value_3 * 2)",
        ])
    #expect(saved([("1", .value), ("\"\\(_)\"", .value)])[1] == "print(\"\\(value_1)\")")
    #expect(saved([("x._", .value)]) == ["print(x._)"])
  }

  @Test func aPasteOfSeveralStatementsKeepsThem() {
    #expect(saved([("let a = 1\na + 1", .value)]) == ["let a = 1\nprint(a + 1)"])
  }
}
