import Catalogue
import Drift
import JSON
import Runs
import Stdlib

/// `parlance api spec-drift FILE`: the declarations beside an official description of any version.
enum SpecDriftCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    let path = try context.operand("api spec-drift", "an OpenAPI file, YAML or JSON")
    let text = try file(path)
    var list: String?
    if let path = context.arguments.value("known") { list = try file(path) }
    let known: KnownDifferences
    do throws(DescriptionError) {
      known = try KnownDifferences(text: list ?? Stdlib.file("known-differences.tsv")?.text ?? "")
    } catch {
      throw SpecDriftCommand.problem("the list of known differences", error)
    }
    let description: OfficialDescription
    do throws(DescriptionError) { description = try OfficialDescription(text: text) } catch {
      throw SpecDriftCommand.problem("the description \(path)", error)
    }
    let report = DriftReport(.standard, description, known)
    if context.arguments.has("json") {
      context.console.print(json(report).text(indentation: 2))
    } else {
      write(report, context)
    }
    let isSame = report.unexplained.isEmpty && (report.stale.isEmpty || !context.arguments.has("strict"))
    return isSame ? .done : .scriptError
  }

  private static func problem(_ what: String, _ error: DescriptionError) -> Problem {
    Problem(
      "\(what) cannot be read\(error.line > 0 ? " at line \(error.line)" : ""): \(error.message)",
      exit: .usage)
  }

  private static func file(_ path: String) throws(Problem) -> String {
    String(decoding: try ScriptFile.read(path).bytes, as: UTF8.self)
  }

  private static func write(_ report: DriftReport, _ context: CommandContext) {
    let console = context.console
    for difference in report.unexplained { console.print(line(difference)) }
    if context.arguments.has("all") {
      for (difference, reason) in report.explained { console.print("\(line(difference))\t\(reason)") }
    }
    if context.arguments.has("strict") {
      for row in report.stale {
        console.print(
          "\(row.kind)\t\(row.owner)\t\(row.detail)\tin the list of known differences, but nothing differs")
      }
    }
    console.print("version \(report.version): \(report.summary)")
  }

  private static func line(_ difference: Difference) -> String {
    "\(difference.kind)\t\(difference.owner)\t\(difference.detail)\t\(difference.text)"
  }

  private static func json(_ report: DriftReport) -> JSONValue {
    func object(_ difference: Difference, _ reason: String?) -> JSONValue {
      [
        "kind": .string(difference.kind), "owner": .string(difference.owner),
        "detail": .string(difference.detail),
        "text": .string(difference.text), "reason": reason.map { .string($0) } ?? .null,
      ]
    }
    return [
      "version": .string(report.version),
      "operations": [
        "compared": .int(Int64(report.operations.compared)),
        "described": .int(Int64(report.operations.described)),
      ],
      "compared": .object(JSONObject(report.compared.map { ($0.what, .int(Int64($0.count))) })),
      "differences": .array(
        report.unexplained.map { object($0, nil) } + report.explained.map { object($0.difference, $0.reason) }
      ),
      "stale": .array(
        report.stale.map { .array([.string($0.kind), .string($0.owner), .string($0.detail)]) }),
    ]
  }
}
