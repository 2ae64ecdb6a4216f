import Testing

@testable import CLI

@Suite struct CommandLineReaderTests {
  private func read(_ words: String...) throws -> CommandLineReader.Result {
    try CommandLineReader.read(words)
  }

  private func failure(_ words: String...) -> UsageError? {
    do throws(UsageError) {
      _ = try CommandLineReader.read(words)
      return nil
    } catch { return error }
  }

  @Test func nothingIsTheShell() throws {
    let line = try read()
    #expect(line.command == nil)
    #expect(line.arguments == ParsedArguments())
  }

  @Test func optionsStandBeforeAndBehindTheCommand() throws {
    let line = try read("-q", "eval", "1 + 1", "--json", "--base-url=http://127.0.0.1:1")
    #expect(line.command == "eval")
    #expect(line.arguments.operands == ["1 + 1"])
    #expect(line.arguments.has("q"))
    #expect(line.arguments.has("json"))
    #expect(line.arguments.value("base-url") == "http://127.0.0.1:1")
  }

  @Test func twoWordsMakeACommand() throws {
    let line = try read("sandbox", "serve", "--port", "4012", "--fault", "429:2%", "--fault", "slow:5ms")
    #expect(line.command == "sandbox serve")
    #expect(line.arguments.value("port") == "4012")
    #expect(line.arguments.values("fault") == ["429:2%", "slow:5ms"])
  }

  @Test func unknownOptionsOfRunAreTheScripts() throws {
    let line = try read("run", "a.parl", "--quiet", "90d", "--apply", "--n", "-5", "--limit", "3")
    #expect(line.arguments.operands == ["a.parl"])
    #expect(line.arguments.scriptWords == ["--quiet", "90d", "--n", "-5"])
    #expect(line.arguments.has("apply"))
    #expect(line.arguments.value("limit") == "3")
  }

  @Test func theSandboxTakesOnlyASeedAsItsValue() throws {
    let without = try read("run", "--sandbox", "a.parl")
    #expect(without.arguments.operands == ["a.parl"])
    #expect(without.arguments.value("sandbox") == "")
    let with = try read("run", "a.parl", "--sandbox", "demo")
    #expect(with.arguments.value("sandbox") == "demo")
    let counted = try read("run", "a.parl", "--sandbox", "100000")
    #expect(counted.arguments.value("sandbox") == "100000")
    #expect(counted.arguments.scriptWords.isEmpty)
    let number = try read("eval", "--sandbox", "1")
    #expect(number.arguments.operands == ["1"])
    #expect(with.arguments.scriptWords.isEmpty)
  }

  @Test func afterTwoDashesEverythingIsAnOperand() throws {
    let line = try read("eval", "--", "-1")
    #expect(line.arguments.operands == ["-1"])
  }

  @Test func aNegativeNumberIsNoOption() throws {
    #expect(try read("eval", "-1").arguments.operands == ["-1"])
  }

  @Test func mistakesSayWhatTheyAre() {
    #expect(failure("evl") == .unknownCommand("evl"))
    #expect(failure("sandbox") == .missingSubcommand("sandbox"))
    #expect(failure("sandbox", "sevre") == .unknownSubcommand("sandbox", "sevre"))
    #expect(failure("eval", "1", "--json=yes") == .needsNoValue("json", "yes"))
    #expect(failure("sandbox", "serve", "--port") == .missingValue("port", "N"))
    #expect(failure("sandbox", "serve", "--port", "--seed") == .missingValue("port", "N"))
    #expect(failure("sandbox", "serve", "--port", "1", "--port", "2") == .givenTwice("port"))
    guard case .unknownOption("--jsno", command: "eval", _) = failure("eval", "--jsno") else {
      Issue.record("another error")
      return
    }
  }

  @Test func messagesNameTheNearest() {
    #expect(failure("evl")?.problem.hints == ["did you mean `parlance eval`?"])
    #expect(failure("eval", "--jsno")?.problem.hints == ["did you mean `--json`?"])
    #expect(failure("a.parl")?.problem.hints == ["to run the script: parlance run a.parl"])
    #expect(failure("evl")?.problem.exit == .usage)
  }

  @Test func everyCommandOfTheTableIsReadable() throws {
    for spec in CommandTable.all {
      #expect(try CommandLineReader.read(spec.words).command == spec.name)
      #expect(!spec.about.isEmpty)
      let names = spec.allOptions.map(\.name)
      #expect(Set(names).count == names.count, "\(spec.name) has an option twice")
    }
  }
}
