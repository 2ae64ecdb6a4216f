import Diagnostics
import JSON
import Testing

@testable import CLI

@Suite struct ScriptParametersTests {
  private func prepared(_ text: String) -> PreparedScript {
    let console = Console(outputIsTerminal: false, writer: { _, _ in true })
    let workbench = Workbench(
      console, destination: .sandbox(seed: "demo", isDefault: true), environment: [:], namesOnly: true)
    return workbench.prepare(SourceText(name: "t.parl", text: text))
  }

  private func read(_ script: String, _ words: [String], file: String? = nil) throws -> [String:
    ParameterValue]
  {
    let parameters = ScriptParameters(script: prepared(script).compiled, name: "t.parl")
    let given = try parameters.read(words, file: try file.map { try JSONValue.parse($0) })
    return Dictionary(uniqueKeysWithValues: given.map { ($0.parameter.name, $0.value) })
  }

  private func failure(_ script: String, _ words: [String]) -> CLI.Problem? {
    let parameters = ScriptParameters(script: prepared(script).compiled, name: "t.parl")
    do throws(CLI.Problem) {
      _ = try parameters.read(words)
      return nil
    } catch { return error }
  }

  private let script = """
    param quiet: duration = 90d  ## how long
    param name: string
    param dry_run: bool = false
    """

  @Test func aDefaultThatNamesARecordIsLookedUp() throws {
    let values = try read("param team: team = \"Billing\"\nparam by: admin = null\nprint(team, by)", [])
    #expect(values == ["team": .record(word: "team", resource: "teams", text: "Billing")])
  }

  @Test func valuesComeFromWords() throws {
    let values = try read(script, ["--name", "Ada", "--quiet=2w", "--dry-run"])
    #expect(values == ["name": .string("Ada"), "quiet": .duration(1_209_600_000), "dry_run": .bool(true)])
    #expect(try read(script, ["--dry_run", "no", "--name", "x"])["dry_run"] == .bool(false))
  }

  @Test func wordsWinOverTheFile() throws {
    let values = try read(
      script, ["--name", "Ada"], file: #"{"name": "Grace", "quiet": "1d", "dry_run": true}"#)
    #expect(values["name"] == .string("Ada"))
    #expect(values["quiet"] == .duration(86_400_000))
    #expect(values["dry_run"] == .bool(true))
  }

  @Test func mistakesNameTheFlag() {
    #expect(failure(script, [])?.message == "t.parl needs `--name TEXT`")
    #expect(failure(script, ["--nmae", "Ada"])?.message == "t.parl has no parameter `--nmae`")
    #expect(failure(script, ["--nmae", "Ada"])?.hints.first == "did you mean `--name`?")
    #expect(
      failure(script, ["--name", "Ada", "--quiet", "soon"])?.message.contains("`--quiet` takes a duration")
        == true)
    #expect(failure(script, ["--name", "Ada", "--name", "Eve"])?.message == "`--name` is given twice")
    #expect(failure(script, ["--name"])?.message == "`--name` needs a value: a text")
    #expect(failure(script, ["Ada"])?.message == "`Ada` is no parameter")
    #expect(failure(script, [])?.exit == .usage)
  }

  @Test func declarationsAreChecked() {
    let found = prepared(
      """
      param apply: bool = false
      param max_writes: int = 1
      param n: integer = 1
      param d: duration = "x"
      param c: "a" | "b" = "z"
      param ok: float = 1
      param neg: int = -3
      print "x"
      param late: int = 1
      """
    ).diagnostics.map(\.message)
    #expect(
      found == [
        "a parameter cannot be called `apply`: `run` has the option `--apply`",
        "a parameter cannot be called `max_writes`: `run` has the option `--max-writes`",
        "there is no parameter type `integer`",
        "the default of `d` is not a duration, such as 90d, 2h or 30m",
        "the default of `c` is not one of a, b", "`param` stands before other statements",
      ])
  }
}
