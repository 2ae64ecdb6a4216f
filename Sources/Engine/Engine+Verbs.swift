import Bytecode
import Compiler
import Diagnostics
import Machine
import Stdlib
import Syntax

/// Verbs of resources that the language can say itself: `stdlib/verbs/contacts.parl` holds those of `contacts`,
/// a function each. Each is compiled alone and when it is first mentioned, so that what it can reach counts for
/// the scripts that mention it and for no others.
extension Engine {
  /// Names of verbs of a resource of the API, in the order of their file; found without parsing.
  func ownVerbs(_ resource: String) -> [String] {
    guard api?.isResource(resource) == true else { return [] }
    if let known = verbNames[resource] { return known }
    let names = verbText(resource).map(Engine.functionNames(in:)) ?? []
    verbNames[resource] = names
    return names
  }

  private func verbText(_ resource: String) -> String? {
    let path = "verbs/\(resource).parl"
    return Stdlib.files.first { $0.path == path }?.text
  }

  func verb(_ resource: String, _ name: String) -> PreludeFunction? {
    let full = "\(resource).\(name)"
    if let known = verbs[full] { return known }
    guard ownVerbs(resource).contains(name), !verbsLoading.contains(full),
      let text = verbText(resource)
    else { return nil }
    verbsLoading.insert(full)
    defer { verbsLoading.remove(full) }
    loadWholePrelude()
    let source = SourceText(name: "verbs/\(resource).parl", text: text)
    let parsed = Parser.parse(source)
    guard let declaration = parsed.script.declarations.first(where: { Engine.name(of: $0) == name }),
      case .statement(let statement) = declaration, case .function(let function) = statement.kind
    else {
      preludeDiagnostics.append(contentsOf: parsed.diagnostics.map { ($0, source) })
      return nil
    }
    let script = compile(
      prelude: Script(declarations: [declaration], documentation: nil), source, parsed.diagnostics)
    guard let loaded = load(compiled: script, source), let binding = script.globals[name],
      loaded.functions[name] != nil
    else { return nil }
    var signature = Engine.signature(of: function, statement.documentation ?? "", source)
    signature.name = full
    signature.effect = script.effects.map(\.effect).max() ?? .read
    let verb = PreludeFunction(
      global: binding.number, signature: signature, isLazyStage: false, effects: script.effects)
    verbs[full] = verb
    return verb
  }

  private static func name(of declaration: Declaration) -> String? {
    guard case .statement(let statement) = declaration, case .function(let function) = statement.kind else {
      return nil
    }
    return function.name.text
  }

  /// What calling a global function of ours can do; nil for one that is none of the verbs.
  public func verbEffect(ofGlobal number: Int) -> Signature.Effect? {
    verbs.values.first { $0.global == number }?.signature.effect
  }

  /// Number of the first global that is a script's own.
  public static var firstOwnGlobal: Int { firstScriptGlobal }
}
