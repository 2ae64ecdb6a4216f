import Bytecode
import Diagnostics
import Syntax

/// Finds what cannot work, or is likely wrong, in a script that the compiler understood: fields that no
/// record of the type has, comparisons that never hold, code that is never reached, names nobody uses.
///
/// It knows types where the text says them, and says nothing where it does not: no finding is a guess.
public final class Checker {
  public enum Depth: Sendable {
    /// What cannot work: found before anything runs.
    case errors
    /// Also what is likely wrong: for who asks.
    case everything
  }

  let source: SourceText
  let environment: CompilerEnvironment
  let types: TypeNames?
  let depth: Depth
  private(set) var findings: [Diagnostic] = []

  /// Every name that was declared, in the order of the text.
  var names: [DeclaredName] = []
  /// Scopes from the outside in: the place in `names`.
  var scopes: [[String: Int]] = [[:]]
  /// Blocks and functions around the place that is looked at.
  var frames: [Frame] = [Frame(kind: .script)]
  /// Parts of a chain of `and` or `or` that has been looked through as a whole.
  var chained = Set<SourceRange>()
  /// First names of calls and paths that are no script's own: modules among them.
  var foreignNames = Set<String>()
  /// Where the names of fields stand that the API declares.
  var declaredMembers = Set<Int>()

  struct DeclaredName {
    enum Kind { case binding, variable, function, parameter, other }
    var name: Name
    var kind: Kind
    var type: StaticType
    var isTopLevel: Bool
    /// The declaration has been passed. A function may use a name from further down.
    var isPassed: Bool
    var isUsed = false
  }

  struct Frame {
    enum Kind { case script, function, block }
    var kind: Kind
    /// What `it` is; nil where there is no `it`.
    var item: StaticType?
    /// Where `it` was first used.
    var firstUse: SourceRange?
    /// What the block goes through comes from the item of the block around it.
    var isRootedInItem = false
    /// A `return` stands somewhere in it: its value is not the last statement's alone.
    var returns = false
    /// The function whose body this is: what it calls itself does not make it used.
    var function: Int?
  }

  private init(
    _ source: SourceText, _ environment: CompilerEnvironment, _ depth: Depth
  ) {
    self.source = source
    self.environment = environment
    types = environment.types
    self.depth = depth
  }

  /// - Parameter keepsNames: names live on after the text (a REPL's line, a module): none is unused.
  public static func check(
    _ script: Script, source: SourceText, environment: CompilerEnvironment, depth: Depth,
    keepsNames: Bool = false
  ) -> [Diagnostic] {
    let checker = Checker(source, environment, depth)
    checker.check(script, keepsNames: keepsNames)
    checker.findings.sort { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) }
    return checker.findings
  }

  func report(_ finding: Finding, at range: SourceRange, severity: Diagnostic.Severity) {
    guard severity == .error || depth == .everything else { return }
    findings.append(finding.diagnostic(severity, at: range))
  }

  // MARK: The script

  private func check(_ script: Script, keepsNames: Bool) {
    var runs = false
    for declaration in script.declarations {
      switch declaration {
      case .param(let param):
        declare(param.name, .parameter, type(of: param.type), isPassed: false)
      case .statement(let statement):
        switch statement.kind {
        case .binding(let isVariable, let name, _):
          declare(name, isVariable ? .variable : .binding, .unknown, isPassed: false)
        case .function(let function): declare(function.name, .function, .unknown, isPassed: true)
        case .expression, .forIn, .whileLoop, .assign: runs = true
        case .returnValue, .breakLoop, .continueLoop: break
        }
      case .test, .use, .resource, .type: break
      }
    }
    var statements: [Statement] = []
    var last: Statement?
    for case .statement(let statement) in script.declarations { last = statement }
    for declaration in script.declarations {
      switch declaration {
      case .param(let param):
        if let value = param.defaultValue { infer(value) }
        pass(param.name)
      case .test(let test):
        inFrame(Frame(kind: .function)) {
          let type = check(test.body)
          if let last = test.body.statements.last { checkUnused(last, type, isTest: true) }
        }
      case .statement(let statement):
        statements.append(statement)
        let type = check(statement)
        // The value of the last statement is printed where a script comes from a pipe.
        if statement.range != last?.range { checkUnused(statement, type) }
      case .use, .resource, .type: break
      }
    }
    findUnreachable(statements)
    // A file of declarations alone is there for other scripts.
    if !keepsNames, runs {
      findUnused()
      findUnusedModules(script)
    }
  }

  private func findUnused() {
    guard depth == .everything else { return }
    for entry in names where !entry.isUsed && !entry.name.text.hasPrefix("_") {
      switch entry.kind {
      case .binding: report(.unusedBinding(entry.name.text), at: entry.name.range, severity: .warning)
      case .function: report(.unusedFunction(entry.name.text), at: entry.name.range, severity: .warning)
      case .parameter: report(.unusedParameter(entry.name.text), at: entry.name.range, severity: .warning)
      case .variable, .other: break
      }
    }
  }

  private func findUnusedModules(_ script: Script) {
    guard depth == .everything else { return }
    for case .use(let use) in script.declarations where !foreignNames.contains(use.moduleName) {
      report(.unusedModule(use.moduleName), at: use.range, severity: .warning)
    }
  }

  // MARK: Names

  func declare(_ name: Name, _ kind: DeclaredName.Kind, _ type: StaticType, isPassed: Bool = true) {
    let isTopLevel = scopes.count == 1
    if !isTopLevel, depth == .everything, let outer = scopes[0][name.text], names[outer].isPassed {
      report(
        .hidesOuterName(name.text, line: source.position(of: names[outer].name.range.start).line),
        at: name.range, severity: .warning)
    }
    scopes[scopes.count - 1][name.text] = names.count
    names.append(
      DeclaredName(name: name, kind: kind, type: type, isTopLevel: isTopLevel, isPassed: isPassed))
  }

  /// The declaration of a top-level name has been passed.
  func pass(_ name: Name, type: StaticType? = nil) {
    guard let place = scopes[scopes.count - 1][name.text] else { return }
    names[place].isPassed = true
    if let type { names[place].type = type }
  }

  /// A name of the script's own; nil where the name is a resource's, a builtin's or nobody's.
  func use(_ name: String) -> DeclaredName? {
    for scope in scopes.reversed() {
      guard let place = scope[name] else { continue }
      // `let contacts = contacts | …`: on the right side the name is still what it was before.
      if !names[place].isPassed, !frames.contains(where: { $0.kind == .function }) { return nil }
      if !frames.contains(where: { $0.function == place }) { names[place].isUsed = true }
      return names[place]
    }
    return nil
  }

  func inScope<Result>(_ body: () -> Result) -> Result {
    scopes.append([:])
    defer { scopes.removeLast() }
    return body()
  }

  @discardableResult
  func inFrame<Result>(_ frame: Frame, _ body: () -> Result) -> (result: Result, frame: Frame) {
    frames.append(frame)
    let result = inScope(body)
    return (result, frames.removeLast())
  }

  private func type(of reference: TypeReference) -> StaticType {
    switch reference.kind {
    case .choice(let words): return .choice(words)
    case .named("string", argument: nil): return .text
    case .named("int", argument: nil): return .int
    case .named("float", argument: nil): return .float
    case .named("bool", argument: nil): return .bool
    case .named("time", argument: nil): return .time
    case .named("duration", argument: nil): return .duration
    case .named("list", argument: let argument?): return .list(type(of: argument))
    case .named(let name, argument: nil):
      // A teammate, a tag: given by its name, but a record once the script runs.
      return types.map { $0.fieldNames(of: name).isEmpty ? .unknown : .declared(name) } ?? .unknown
    case .file(let columns): return .file(columns)
    default: return .unknown
    }
  }
}
