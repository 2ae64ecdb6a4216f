import Compiler
import Diagnostics
import Engine
import Machine
import Runs
import Syntax

/// A script that was read and compiled, with what is wrong in it.
struct PreparedScript {
  var source: SourceText
  var syntax: Script
  var compiled: CompiledScript
  var diagnostics: [Diagnostic]

  var isRunnable: Bool { !diagnostics.contains { $0.severity == .error } }
  /// What the script can do to the workspace, beyond reading it.
  var writes: [EffectUse] { compiled.effects.filter { $0.effect != .read } }
  var reachesAPI: Bool { !compiled.effects.isEmpty }
}

extension Workbench {
  /// Parses and compiles; nothing runs.
  func prepare(
    _ source: SourceText, keepsGlobals: Bool = false, checks: Checker.Depth = .errors
  ) -> PreparedScript {
    let parsed = Parser.parse(source)
    let compiled = engine.compile(parsed, source, keepsGlobals: keepsGlobals, checks: checks)
    // What the compiler makes of a tree with holes would only repeat what the parser said.
    let isBroken = parsed.diagnostics.contains { $0.severity == .error }
    var diagnostics = isBroken ? parsed.diagnostics : compiled.diagnostics
    if !isBroken, !compiled.parameters.isEmpty {
      diagnostics += ScriptParameters.check(parsed.script, compiled)
    }
    diagnostics.sort { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) }
    return PreparedScript(source: source, syntax: parsed.script, compiled: compiled, diagnostics: diagnostics)
  }

  /// Shows why a script cannot run. Warnings of one that can are for `check`.
  func report(_ script: PreparedScript) {
    if !script.isRunnable { Report(console).show(script.diagnostics, in: script.source) }
  }

  /// Runs a prepared script to its end; the value is nil where there is none to print.
  func run(_ script: PreparedScript) -> Result<Value, RuntimeError> {
    if let problem = openingProblem {
      return .failure(
        RuntimeError(problem.message, kind: .uncatchable, code: "no_workspace", hints: problem.hints))
    }
    if script.reachesAPI { sayWhere() }
    for parameter in script.compiled.parameters
    where engine.machine.global(parameter.global).tag == .undefined {
      // Its default is computed when the script gets there.
      engine.setParameter(parameter, .absent)
    }
    switch engine.run(script.compiled) {
    case .finished(let value): return .success(value)
    case .failed(let error): return .failure(error)
    }
  }

  // MARK: Parameters

  func set(_ given: [ScriptParameters.Given]) throws(Problem) {
    for entry in given {
      let value = try value(entry.value, of: entry.parameter.name)
      engine.setParameter(entry.parameter, value)
      if case .file(let path) = entry.value, case .file(let columns)? = ParameterType(entry.parameter.type) {
        try check(path, has: columns, for: entry.parameter.name)
      }
    }
  }

  private func value(_ value: ParameterValue, of name: String) throws(Problem) -> Value {
    let machine = engine.machine
    switch value {
    case .string(let text): return machine.string(text)
    case .int(let number): return .int(number)
    case .float(let number): return .float(number)
    case .bool(let truth): return .bool(truth)
    case .time(let milliseconds): return .time(milliseconds)
    case .duration(let milliseconds): return .duration(milliseconds)
    case .list(let items):
      // A look-up runs code, and the collector with it: what was looked up before has to stay.
      var handles: [Int] = []
      defer { for handle in handles { machine.release(handle) } }
      for item in items { handles.append(machine.keep(try self.value(item, of: name))) }
      return machine.list(handles.map { machine.kept($0) })
    case .file(let path):
      guard ScriptFile.exists(path) else {
        throw Problem("--\(name): there is no file `\(path)`", exit: .usage)
      }
      grant(path)
      return machine.string(path)
    case .record(let word, let resource, let text): return try record(word, resource, text, parameter: name)
    }
  }

  /// A text with the values of what `\(…)` holds, out of what ran before.
  func filled(_ text: String) throws(Problem) -> String {
    let quoted = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      "\"" + line.replacing("\"", with: "\\\"") + "\""
    }
    let value = try evaluate("[\(quoted.joined(separator: ", "))] | join(\"\\n\")", for: "given")
    return engine.machine.text(value)
  }

  /// The columns that a script asks for are there before anything is sent.
  private func check(_ path: String, has columns: [String], for parameter: String) throws(Problem) {
    guard !columns.isEmpty else { return }
    let literal = engine.machine.literal(engine.machine.string(path))
    let names = try evaluate("keys(rows(\(literal)) | first ?? {})", for: parameter)
    let known = engine.machine.items(names).map { engine.machine.text($0) }
    // A file without rows has nothing to do; its header does not matter.
    guard !known.isEmpty, let missing = columns.first(where: { !known.contains($0) }) else { return }
    throw Problem(
      "--\(parameter): `\(path)` has no column `\(missing)`",
      hints: [
        Spelling.nearest(missing, in: known).map { "did you mean `\($0)`? Columns go by their names" }
          ?? "it has " + known.prefix(12).joined(separator: ", ")
      ], exit: .usage)
  }

  /// Looks a record up by its id, its name or (teammates) its email.
  private func record(
    _ word: String, _ resource: String, _ text: String, parameter: String
  ) throws(Problem) -> Value {
    let machine = engine.machine
    let literal = machine.literal(machine.string(text))
    var condition = "c.id == \(literal) or c.name == \(literal)"
    if word == "admin" { condition += " or c.email == \(literal)" }
    let query = "api.\(resource).list() | filter { c -> \(condition) } | collect"
    let found = try evaluate(query, for: parameter)
    let items = machine.items(found)
    if items.count == 1, let only = items.first { return only }
    let what = word.replacingUnderscores
    guard items.isEmpty else {
      let ids = items.map { machine.text(machine.field("id", of: $0)) }
      throw Problem(
        "--\(parameter): there is more than one \(what) called `\(text)`",
        hints: ["say which one by its id: " + ids.joined(separator: ", ")], exit: .usage)
    }
    let names = try evaluate("api.\(resource).list() | map { c -> c.name } | collect", for: parameter)
    let known = machine.items(names).map { machine.text($0) }
    throw Problem(
      "--\(parameter): there is no \(what) called `\(text)`, and none with that id",
      hints: [
        Spelling.nearest(text, in: known).map { "did you mean `\($0)`?" }
          ?? (known.isEmpty
            ? "the workspace has none" : "there are " + known.prefix(8).joined(separator: ", "))
      ], exit: .usage)
  }

  private func evaluate(_ text: String, for parameter: String) throws(Problem) -> Value {
    let script = prepare(SourceText(name: "<--\(parameter)>", text: text))
    guard script.isRunnable else {
      throw Problem(
        "--\(parameter): \(script.diagnostics.first?.message ?? "it cannot be looked up")", exit: .scriptError
      )
    }
    switch run(script) {
    case .success(let value): return value
    case .failure(let error):
      throw Problem("--\(parameter): \(error.message)", hints: error.hints, exit: Report.exitCode(of: error))
    }
  }
}
