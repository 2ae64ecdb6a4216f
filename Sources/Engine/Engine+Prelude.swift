import Bytecode
import Compiler
import Diagnostics
import Machine
import Stdlib
import Syntax

extension Engine {
  /// Functions whose blocks run when somebody reads.
  private static let lazyStages: Set<String> = [
    "map", "filter", "flat_map", "take_while", "drop_while", "unique", "sort_by", "count", "any", "all", "find",
    "sum", "mean", "min", "max", "percentile", "reduce", "top", "group_by", "count_by", "index_by",
  ]

  /// Compiles and loads what the language says itself. A fault in it is a fault of ours: it shows in every
  /// test, and at run time as a name that is not there.
  func loadPrelude() {
    for file in Stdlib.files where file.path.hasPrefix("prelude/") {
      load(prelude: SourceText(name: file.path, text: file.text))
    }
    if let opener = internalFunctions["__open"] { machine.setSequenceOpener(opener) }
  }

  private func load(prelude source: SourceText) {
    let parsed = Parser.parse(source)
    var options = Compiler.Options()
    options.keepsGlobals = true
    options.isPrelude = true
    options.firstGlobal = nextGlobal
    let script = Compiler.compile(
      parsed.script, source: source, environment: self, options: options, syntaxDiagnostics: parsed.diagnostics)
    guard script.isRunnable, let loaded = try? machine.load(script.chunk, isInternal: true) else {
      preludeDiagnostics.append(contentsOf: script.diagnostics.map { ($0, source) })
      return
    }
    nextGlobal += script.chunk.globals.count
    let fiber = machine.start(loaded)
    machine.runReady()
    if let error = fiber.error { preludeDiagnostics.append((Diagnostic(.error, error.message, at: SourceRange(0, 0)), source)) }
    for case .statement(let statement) in parsed.script.declarations {
      guard case .function(let function) = statement.kind, let binding = script.globals[function.name.text] else {
        continue
      }
      if let value = loaded.functions[function.name.text] { internalFunctions[function.name.text] = value }
      let name = function.name.text
      preludeFunctions[name] = PreludeFunction(
        global: binding.number,
        signature: Signature(
          name,
          function.parameters.map {
            Signature.Parameter($0.name.text, optional: $0.defaultValue != nil)
          }, documentation: statement.documentation ?? ""),
        isLazyStage: Engine.lazyStages.contains(name))
    }
  }
}
