import Catalogue
import Diagnostics
import JSON
import Runs

/// `parlance check FILE…`: everything that can be known without running.
enum CheckCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    guard !context.arguments.operands.isEmpty else {
      throw UsageError.missingOperand(command: "check", "a file").problem
    }
    let isJSON = context.arguments.has("json")
    var documents: [JSONValue] = []
    var hasErrors = false
    for name in context.arguments.operands {
      let source = try context.files.load(name)
      let workbench = try context.workbench(namesOnly: true)
      defer {
        Signals.forget()
        workbench.close()
      }
      let script = workbench.prepare(source, checks: .everything)
      hasErrors = hasErrors || !script.isRunnable
      if isJSON {
        documents.append(json(script))
      } else {
        context.report.show(script.diagnostics, in: source)
        if script.isRunnable { context.console.print(summary(script)) }
      }
    }
    if isJSON { context.console.print(JSONValue.array(documents).text(indentation: 2)) }
    return hasErrors ? .scriptError : .done
  }

  /// `clean.parl: fine; reads contacts.search, writes tags.apply`
  private static func summary(_ script: PreparedScript) -> String {
    var parts: [String] = []
    for (effect, word) in effects {
      let names = script.operations(effect)
      if !names.isEmpty { parts.append("\(word) " + names.joined(separator: ", ")) }
    }
    let warnings = script.diagnostics.count
    let verdict = warnings == 0 ? "fine" : "\(warnings) warning\(warnings == 1 ? "" : "s")"
    return "\(script.source.name): \(verdict); "
      + (parts.isEmpty ? "does not reach the API" : parts.joined(separator: "; "))
  }

  private static let effects: [(EffectName, String)] = [
    ("read", "reads"), ("write", "writes"), ("outward", "reaches customers by"), ("destroy", "destroys by"),
  ]

  private static func json(_ script: PreparedScript) -> JSONValue {
    let findings = script.diagnostics.map { finding -> JSONValue in
      let start = script.source.position(of: finding.range.start)
      let end = script.source.position(of: finding.range.end)
      return .object(
        JSONObject([
          ("severity", .string(finding.severity.rawValue)), ("message", .string(finding.message)),
          ("line", .int(Int64(start.line))), ("column", .int(Int64(start.column))),
          ("end_line", .int(Int64(end.line))), ("end_column", .int(Int64(end.column))),
          ("label", finding.label.map { .string($0) } ?? .null),
          ("hints", .array(finding.hints.map { .string($0) })),
        ]))
    }
    let effects = JSONObject(
      self.effects.map { ($0.0, JSONValue.array(script.operations($0.0).map { .string($0) })) })
    return .object(
      JSONObject([
        ("file", .string(script.source.name)), ("runnable", .bool(script.isRunnable)),
        ("findings", .array(findings)), ("effects", .object(effects)),
      ]))
  }
}

typealias EffectName = String

extension PreparedScript {
  /// The operations of one effect, each once, in order of appearance.
  func operations(_ effect: EffectName) -> [String] {
    var names: [String] = []
    for use in compiled.effects where use.effect.rawValue == effect {
      let name = PreparedScript.declared(use.operation)
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// A bare `contacts` reads by the operation that its declaration calls `all`.
  private static func declared(_ operation: String) -> String {
    let parts = operation.split(separator: ".").map(String.init)
    guard parts.count == 2, parts[1] == "__all" else { return operation }
    return APICatalogue.standard.resource(parts[0])?.all?.qualifiedName ?? parts[0]
  }
}
