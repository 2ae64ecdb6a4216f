import Bytecode
import Diagnostics
import Syntax

/// Turns a syntax tree into bytecode: resolves names, allots registers, emits. What it finds wrong goes
/// into diagnostics; it always goes on to the end, so that all findings come in one go.
public final class Compiler {
  public struct Options: Sendable {
    /// Every top-level name becomes a global that stays (a REPL's line, a module).
    public var keepsGlobals = false
    /// `__names` stand for the machine's internal instructions (the prelude).
    public var isPrelude = false
    /// The first free number for globals.
    public var firstGlobal = 0
    public init() {}
  }

  let source: SourceText
  let environment: CompilerEnvironment
  let options: Options
  var diagnostics: [Diagnostic] = []
  let chunk: Chunk
  var function: FunctionState
  /// Top-level functions: their number in the chunk.
  var functions: [String: (number: Int, parameters: [Prototype.Parameter])] = [:]
  var globals: [String: GlobalBinding] = [:]
  var globalRanges: [String: SourceRange] = [:]
  /// Names that some block or function mentions: a top-level `let` of that name is a global.
  var captured = Set<String>()
  var effects: [EffectUse] = []
  /// Effects by top-level function, to find those of a statement.
  var functionEffects: [String: [EffectUse]] = [:]
  var functionCalls: [String: Set<String>] = [:]
  var mentionedFunctions = Set<String>()
  /// Top-level names with a value that the function being compiled reads.
  var mentionedGlobals = Set<String>()
  /// Those by top-level function: a call must not come before their lines.
  var functionGlobals: [String: Set<String>] = [:]
  var parameters: [CompiledParameter] = []
  var steps: [CompiledStep] = []
  var tests: [CompiledTest] = []
  /// A `bulk` may stand here: the current expression is a top-level statement's pipeline.
  var allowsBulk = false
  var usesBulk: String?
  var lazyStage: String?
  var modules: [String: ModuleInterface] = [:]
  /// Names of modules that are not there, which was said where they were asked for.
  var unboundModules: Set<String> = []
  /// Where the top-level names of the script are declared, to say so where one is used above its line.
  var laterNames: [String: SourceRange] = [:]
  /// Top-level names whose declaration has been passed: `let x = x` still sees the outer x on its right.
  var visible = Set<String>()

  init(_ source: SourceText, _ environment: CompilerEnvironment, _ options: Options) {
    self.source = source
    self.environment = environment
    self.options = options
    let main = Prototype(name: "main", source: source)
    chunk = Chunk(main: main)
    chunk.firstGlobal = options.firstGlobal
    function = FunctionState(prototype: main, parent: nil, isBlock: false)
  }

  public static func compile(
    _ script: Script, source: SourceText, environment: CompilerEnvironment, options: Options = Options(),
    syntaxDiagnostics: [Diagnostic] = []
  ) -> CompiledScript {
    let compiler = Compiler(source, environment, options)
    compiler.diagnostics = syntaxDiagnostics
    let hasValue = compiler.compile(script)
    // What a broken line seems to mean is noise beside what is wrong with it.
    if syntaxDiagnostics.contains(where: { $0.severity == .error }) {
      compiler.diagnostics.removeSubrange(syntaxDiagnostics.count...)
    }
    return CompiledScript(
      chunk: compiler.chunk, diagnostics: compiler.diagnostics, parameters: compiler.parameters,
      steps: compiler.steps, tests: compiler.tests, effects: compiler.effects, globals: compiler.globals,
      hasValue: hasValue)
  }

  func report(
    _ message: String, at range: SourceRange, label: String? = nil, hints: [String] = [],
    severity: Diagnostic.Severity = .error
  ) {
    diagnostics.append(Diagnostic(severity, message, at: range, label: label, hints: hints))
  }

  // MARK: Top level

  private func compile(_ script: Script) -> Bool {
    var finder = CapturedNames()
    for declaration in script.declarations { finder.visit(declaration) }
    captured = finder.names

    // Functions first: they may call each other in any order.
    for case .statement(let statement) in script.declarations {
      guard case .function(let declaration) = statement.kind else { continue }
      if functions[declaration.name.text] != nil {
        report("the function `\(declaration.name.text)` is declared twice", at: declaration.name.range)
        continue
      }
      let parameters = declaration.parameters.map {
        Prototype.Parameter(name: $0.name.text, hasDefault: $0.defaultValue != nil)
      }
      functions[declaration.name.text] = (chunk.functions.count, parameters)
      chunk.functions.append(Prototype(name: declaration.name.text, source: source))
      if options.keepsGlobals {
        _ = declareGlobal(declaration.name, isVariable: false, parameters: parameters)
      }
    }
    declareTopLevelNames(script)
    for case .use(let use) in script.declarations { compile(use) }
    for case .statement(let statement) in script.declarations {
      if case .function(let declaration) = statement.kind { compileTopLevel(declaration) }
    }
    visible = []
    var hasValue = false
    let result = function.allocate()
    function.emit(.loadNull, result, SourceRange(0, 0))
    if options.keepsGlobals {
      for case .statement(let statement) in script.declarations {
        guard case .function(let declaration) = statement.kind,
          let global = globals[declaration.name.text]
        else { continue }
        let register = function.allocate()
        loadFunction(declaration.name.text, into: register, declaration.name.range)
        emitGlobal(.setGlobal, register, global.number, declaration.name.range)
        function.nextRegister = register
      }
    }
    for (index, declaration) in script.declarations.enumerated() {
      let isLast = index == script.declarations.count - 1
      switch declaration {
      case .param(let param): compile(param)
      case .use: break
      case .test(let test): compile(test)
      case .resource(let resource):
        report(
          "a script cannot declare operations of the API", at: resource.name.range,
          label: "`resource` stands in the declarations of the API alone",
          hints: [
            "`api.get(\"/path\")`, `api.post(\"/path\", {…})` and the like reach what the API has besides"
          ])
      case .type(let type):
        report(
          "a script cannot declare a type", at: type.name.range,
          label: "`type` stands in the declarations of the API alone",
          hints: ["a record is written as it is: `{name: \"Ada\", plan: \"pro\"}`"])
      case .statement(let statement):
        if case .function = statement.kind { continue }
        hasValue = compileTopLevel(statement, isLast: isLast, result: result)
      }
    }
    let end = SourceRange(source.bytes.count, source.bytes.count)
    function.emit(.returnValue, result, end)
    finish(function, end)
    return hasValue
  }

  func finish(_ state: FunctionState, _ range: SourceRange) {
    if state.tooManyRegisters {
      report(
        "`\(state.prototype.name)` holds more than \(FunctionState.mostRegisters) values at once", at: range,
        hints: ["move a part of it into a function of its own"])
    }
    if state.tooLong {
      report("`\(state.prototype.name)` is too long", at: range, hints: ["cut it into functions"])
    }
  }

  private func compileTopLevel(_ statement: Statement, isLast: Bool, result: Int) -> Bool {
    let effectsBefore = effects.count
    mentionedFunctions = []
    usesBulk = nil
    allowsBulk = true
    let codeBefore = function.here
    var hasValue = false
    let marked = function.nextRegister
    // Room for the marks of a step, filled in once the statement's effects are known.
    let number = steps.count
    let mark = emitStepMark("__step_begin", number, statement.range)
    if isLast, case .expression(let expression) = statement.kind {
      _ = compile(expression, into: result)
      shareIfAliased(expression, result)
      hasValue = true
    } else {
      compile(statement)
    }
    allowsBulk = false
    var reached = Array(effects[effectsBefore...])
    for name in reachableFunctions(from: mentionedFunctions) {
      reached.append(contentsOf: functionEffects[name] ?? [])
      checkOrder(of: name, at: statement.range)
    }
    let writes = reached.contains { $0.effect != .read }
    if writes || usesBulk != nil {
      steps.append(
        CompiledStep(
          number: number, title: usesBulk ?? title(of: statement), range: statement.range,
          effects: unique(reached), isBulk: usesBulk != nil))
      if usesBulk == nil { _ = emitStepMark("__step_end", number, statement.range) }
      if usesBulk != nil { eraseMark(mark) }
    } else {
      eraseMark(mark)
    }
    if case .binding = statement.kind {} else { function.nextRegister = marked }
    _ = codeBefore
    return hasValue
  }

  /// A function reads a name whose line comes after the statement that can call it.
  private func checkOrder(of name: String, at range: SourceRange) {
    for global in (functionGlobals[name] ?? []).sorted() {
      guard let later = laterNames[global], later.start >= range.start else { continue }
      let line = source.position(of: later.start).line
      report(
        "`\(name)` uses `\(global)`, which has no value before line \(line)", at: range,
        hints: ["move line \(line) above this one"])
      return
    }
  }

  private func unique(_ uses: [EffectUse]) -> [EffectUse] {
    var seen = Set<EffectUse>()
    return uses.filter { seen.insert($0).inserted }
  }

  private func reachableFunctions(from names: Set<String>) -> [String] {
    var seen: [String] = []
    var known = Set<String>()
    var open = names.sorted()
    while let name = open.popLast() {
      if !known.insert(name).inserted { continue }
      seen.append(name)
      open.append(contentsOf: (functionCalls[name] ?? []).sorted())
    }
    return seen
  }

  private func title(of statement: Statement) -> String {
    let text = source.text(in: statement.range)
    let line = text.split(separator: "\n", omittingEmptySubsequences: true).first.map(String.init) ?? text
    return line.count > 60 ? String(line.prefix(59)) + "…" : line
  }

  /// `__step_begin(n)` in front of a statement; erased again where it turns out not to write.
  private func emitStepMark(_ name: String, _ number: Int, _ range: SourceRange) -> Range<Int> {
    guard environment.native(name) != nil, !options.isPrelude else { return 0..<0 }
    let start = function.here
    let register = function.allocate(2)
    function.emit(Instruction.wide(.loadInt, register + 1, number), range)
    function.emit(.callNative, register, 1, extras: [function.native(name)], range)
    function.nextRegister = register
    return start..<function.here
  }

  private func eraseMark(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    // A jump over it: cheaper than moving what follows, with its targets and ranges.
    function.prototype.code[range.lowerBound] = Instruction.long(.jump, range.count - 1)
  }

  /// Numbers for params and for those top-level names that functions and blocks mention, before anything
  /// is emitted: a function may use a `let` further down.
  private func declareTopLevelNames(_ script: Script) {
    for declaration in script.declarations {
      switch declaration {
      case .param(let param): _ = declareGlobal(param.name, isVariable: false)
      case .statement(let statement):
        if case .binding(_, let name, _) = statement.kind { laterNames[name.text] = name.range }
        if case .binding(let isVariable, let name, _) = statement.kind,
          options.keepsGlobals || captured.contains(name.text)
        {
          if functions[name.text] != nil {
            report("`\(name.text)` is declared twice", at: name.range)
          } else {
            _ = declareGlobal(name, isVariable: isVariable)
          }
        }
      default: break
      }
    }
    visible = Set(globals.keys)
  }

  private func compile(_ param: ParamDeclaration) {
    guard let number = globals[param.name.text]?.number else { return }
    visible.insert(param.name.text)
    parameters.append(
      CompiledParameter(
        name: param.name.text, type: param.type, hasDefault: param.defaultValue != nil,
        defaultText: param.defaultValue.map { source.text(in: $0.range) }, documentation: param.documentation,
        global: number, range: param.range))
    guard let value = param.defaultValue else { return }
    let register = function.allocate()
    emitGlobal(.getGlobal, register, number, param.range)
    let present = function.emitJump(.jumpIfPresent, register, param.range)
    _ = compile(value, into: register)
    emitGlobal(.setGlobal, register, number, param.range)
    function.patch(present)
    function.nextRegister = register
  }

  private func compile(_ use: UseDeclaration) {
    let name = use.moduleName
    guard let module = environment.module(name) else {
      report("there is no module `\(use.path)` here", at: use.range)
      unboundModules.insert(name)
      return
    }
    modules[name] = module
    effects.append(contentsOf: module.effects)
  }

  private func compile(_ test: TestDeclaration) {
    let name = "test \(test.title)"
    let prototype = Prototype(name: name, source: source)
    let outer = function
    function = FunctionState(prototype: prototype, parent: nil, isBlock: false)
    let before = effects.count
    compileTail(test.body)
    finish(function, test.range)
    function = outer
    effects.removeSubrange(before...)
    chunk.functions.append(prototype)
    tests.append(
      CompiledTest(title: test.title, function: name, documentation: test.documentation, range: test.range))
  }

  private func compileTopLevel(_ declaration: Function) {
    guard let known = functions[declaration.name.text] else { return }
    let outer = function
    let before = effects.count
    let outerMentions = mentionedFunctions
    mentionedFunctions = []
    mentionedGlobals = []
    function = FunctionState(prototype: chunk.functions[known.number], parent: nil, isBlock: false)
    compileFunctionBody(declaration)
    function = outer
    functionEffects[declaration.name.text] = Array(effects[before...])
    functionCalls[declaration.name.text] = mentionedFunctions
    functionGlobals[declaration.name.text] = mentionedGlobals
    mentionedFunctions = outerMentions
  }

  /// Parameters, defaults and body of a `fn`, into the current function.
  func compileFunctionBody(_ declaration: Function) {
    var seen = Set<String>()
    for parameter in declaration.parameters {
      if !seen.insert(parameter.name.text).inserted {
        report("the parameter `\(parameter.name.text)` stands there twice", at: parameter.name.range)
      }
      let register = function.allocate()
      function.prototype.parameters.append(
        Prototype.Parameter(name: parameter.name.text, hasDefault: parameter.defaultValue != nil))
      function.scopes[0][parameter.name.text] = Local(
        register: register, kind: .fixed, parameters: nil, range: parameter.name.range, isUsed: true)
    }
    for parameter in declaration.parameters {
      guard let value = parameter.defaultValue, let local = function.local(parameter.name.text) else {
        continue
      }
      let present = function.emitJump(.jumpIfPresent, local.register, value.range)
      _ = compile(value, into: local.register)
      function.patch(present)
    }
    compileTail(declaration.body)
    finish(function, declaration.name.range)
  }

  // MARK: Globals

  func declareGlobal(_ name: Name, isVariable: Bool, parameters: [Prototype.Parameter]? = nil) -> Int? {
    if let earlier = globals[name.text], !options.keepsGlobals || globalRanges[name.text] != nil {
      _ = earlier
      report("`\(name.text)` is declared twice", at: name.range, hints: ["a new name keeps both"])
      return nil
    }
    let number = chunk.firstGlobal + chunk.globals.count
    if number > Int(UInt16.max) {
      report("there are more than \(UInt16.max) top-level names", at: name.range)
      return nil
    }
    chunk.globals.append(name.text)
    globals[name.text] = GlobalBinding(number: number, isVariable: isVariable, parameters: parameters)
    globalRanges[name.text] = name.range
    return number
  }

  func emitGlobal(_ op: Opcode, _ register: Int, _ number: Int, _ range: SourceRange) {
    function.emit(Instruction.wide(op, register, number), range)
  }
}
