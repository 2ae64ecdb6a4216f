import Bytecode
import Compiler
import Diagnostics
import Machine
import Stdlib
import Syntax

extension Engine {
  /// Functions whose blocks run when somebody reads.
  private static let lazyStages: Set<String> = [
    "map", "filter", "flat_map", "take_while", "drop_while", "unique", "sort_by", "count", "any", "all",
    "find",
    "sum", "mean", "min", "max", "percentile", "reduce", "top", "group_by", "count_by", "index_by",
  ]

  /// Numbers of globals below this one are the prelude's; a script's begin here. So the prelude can be
  /// loaded when a script first mentions it, in the middle of the script's compilation.
  static let firstScriptGlobal = 2048

  /// Which file declares which function, found without parsing: `fn` at the start of a line.
  static func indexedPrelude(_ files: [(path: String, text: String, isLoaded: Bool)]) -> [String: Int] {
    var found: [String: Int] = [:]
    for (position, file) in files.enumerated() {
      for name in functionNames(in: file.text) { found[name] = position }
    }
    return found
  }

  /// The words after `fn` at the start of a line, in their order: read as bytes, in one piece.
  static func functionNames(in text: String) -> [String] {
    var text = text
    return text.withUTF8 { bytes in
      var names: [String] = []
      var index = 0
      while index + 3 < bytes.count {
        if bytes[index] == 0x66, bytes[index + 1] == 0x6E, bytes[index + 2] == 0x20 {
          names.append(String(decoding: bytes[(index + 3)...].prefix { $0 != 0x28 }, as: UTF8.self))
        }
        while index < bytes.count, bytes[index] != 0x0A { index += 1 }
        index += 1
      }
      return names
    }
  }

  /// A function of the prelude, loading its file if need be.
  func loadedPrelude(_ name: String) -> PreludeFunction? {
    guard let index = preludeIndex[name] else { return nil }
    if !preludeFiles[index].isLoaded {
      preludeFiles[index].isLoaded = true
      // The other files stand on this one, and a file's numbers of globals must lie above those it uses.
      if preludeFiles[index].path != "prelude/sequences.parl" { _ = loadedPrelude("collect") }
      load(prelude: SourceText(name: preludeFiles[index].path, text: preludeFiles[index].text))
      if let opener = internalFunctions["__open"] { machine.setSequenceOpener(opener) }
    }
    return preludeFunctions[name]
  }

  /// Loads everything: for tests, help and completion.
  public func loadWholePrelude() {
    for name in preludeIndex.keys.sorted() { _ = loadedPrelude(name) }
  }

  /// The functions of the language itself, natives and prelude, by name: for help, completion and docs.
  public func builtinSignatures() -> [Signature] {
    loadWholePrelude()
    let natives = machine.nativeNames.filter { !$0.contains(".") }.compactMap {
      machine.native(named: $0)?.signature
    }
    return (natives + preludeFunctions.values.map(\.signature)).filter { !$0.name.hasPrefix("__") }
      .sorted { $0.name < $1.name }
  }

  /// A fault in the prelude is a fault of ours: a test holds that there is none.
  private func load(prelude source: SourceText) {
    let parsed = Parser.parse(source)
    let script = compile(prelude: parsed.script, source, parsed.diagnostics)
    guard let loaded = load(compiled: script, source) else { return }
    for case .statement(let statement) in parsed.script.declarations {
      guard case .function(let function) = statement.kind, let binding = script.globals[function.name.text]
      else {
        continue
      }
      let name = function.name.text
      if let value = loaded.functions[name] { internalFunctions[name] = value }
      preludeFunctions[name] = PreludeFunction(
        global: binding.number,
        signature: Engine.signature(of: function, statement.documentation ?? "", source),
        isLazyStage: Engine.lazyStages.contains(name))
    }
  }

  /// Compiles a text of ours. What it mentions may be loaded meanwhile and take the numbers that its own globals
  /// were to have: then once more, with those that follow.
  func compile(prelude syntax: Script, _ source: SourceText, _ diagnostics: [Diagnostic]) -> CompiledScript {
    while true {
      var options = Compiler.Options()
      options.keepsGlobals = true
      options.isPrelude = true
      options.firstGlobal = nextPreludeGlobal
      let script = Compiler.compile(
        syntax, source: source, environment: self, options: options, syntaxDiagnostics: diagnostics)
      if options.firstGlobal == nextPreludeGlobal { return script }
    }
  }

  /// Runs its top level, which makes its functions; nil where it has faults.
  func load(compiled script: CompiledScript, _ source: SourceText) -> LoadedChunk? {
    guard script.isRunnable else {
      preludeDiagnostics.append(contentsOf: script.diagnostics.map { ($0, source) })
      return nil
    }
    let loaded: LoadedChunk
    do throws(RuntimeError) { loaded = try machine.load(script.chunk, isInternal: true) } catch {
      preludeDiagnostics.append((Diagnostic(.error, error.message, at: SourceRange(0, 0)), source))
      return nil
    }
    nextPreludeGlobal = script.chunk.firstGlobal + script.chunk.globals.count
    if let error = machine.runAtOnce(loaded) {
      preludeDiagnostics.append((Diagnostic(.error, error.message, at: SourceRange(0, 0)), source))
      return nil
    }
    return loaded
  }

  /// A last parameter whose default is `__rest()` takes any number of arguments. A line `Example: …` of the
  /// documentation is the example.
  static func signature(
    of function: Function, _ documentation: String, _ source: SourceText
  ) -> Signature {
    var lines: [Substring] = []
    var example = ""
    for line in documentation.split(separator: "\n") {
      if line.hasPrefix("Example: ") {
        example = line.dropFirst(9).filter { $0 != "`" }
      } else {
        lines.append(line)
      }
    }
    var isVariadic = false
    if case .call(let call)? = function.parameters.last?.defaultValue?.kind, call.path.first?.text == "__rest"
    {
      isVariadic = true
    }
    return Signature(
      function.name.text,
      function.parameters.map { parameter in
        var described = Signature.Parameter(parameter.name.text, optional: parameter.defaultValue != nil)
        if case .literal(let literal)? = parameter.defaultValue?.kind, literal != .null {
          described.defaultText = parameter.defaultValue.map { source.text(in: $0.range) }
        }
        return described
      },
      variadic: isVariadic, documentation: lines.joined(separator: " "), example: example)
  }
}
