import Compiler
import Diagnostics
import Machine
import Syntax

/// Why a module cannot be read: one sentence without a full stop.
public struct ModuleFailure: Error {
  public var message: String
  public var hints: [String]

  public init(_ message: String, hints: [String] = []) {
    self.message = message
    self.hints = hints
  }
}

extension Engine {
  /// Reads a module: the path as `use` has it, and the name of the source that uses it.
  public typealias ModuleLoader = (_ path: String, _ user: String) throws(ModuleFailure) -> SourceText

  /// Loads what a script uses and binds it, before the script is compiled. A module's top level runs at once:
  /// it holds functions and fixed values only.
  func bindModules(of script: Script, _ source: SourceText, chain: [String] = []) -> [Diagnostic] {
    modules = [:]
    var found: [Diagnostic] = []
    for case .use(let use) in script.declarations {
      do throws(ModuleFailure) {
        guard let moduleLoader else { throw ModuleFailure("there are no modules here") }
        let module = try moduleLoader(use.path, source.name)
        modules[use.moduleName] = try load(module, chain: chain + [source.name])
      } catch {
        found.append(Diagnostic(.error, error.message, at: use.range, hints: error.hints))
      }
    }
    return found
  }

  private func load(_ source: SourceText, chain: [String]) throws(ModuleFailure) -> ModuleInterface {
    if chain.contains(source.name) {
      throw ModuleFailure(
        "modules use each other in a cycle: \((chain.dropFirst() + [source.name]).joined(separator: " uses "))"
      )
    }
    if let known = loadedModules[source.name] { return known }
    let outer = modules
    defer { modules = outer }
    let parsed = Parser.parse(source)
    var diagnostics = parsed.diagnostics + bindModules(of: parsed.script, source, chain: chain)
    for declaration in parsed.script.declarations {
      switch declaration {
      case .use, .resource, .type, .test: break
      case .param(let param):
        diagnostics.append(Diagnostic(.error, "a module has no parameters", at: param.range))
      case .statement(let statement):
        switch statement.kind {
        case .function, .binding(isVariable: false, _, _): break
        default:
          diagnostics.append(
            Diagnostic(
              .error, "a module holds functions and `let`s; what does something stands in the script",
              at: statement.range))
        }
      }
    }
    if !diagnostics.contains(where: { $0.severity == .error }) {
      var options = Compiler.Options()
      options.keepsGlobals = true
      options.firstGlobal = nextGlobal
      let compiled = Compiler.compile(parsed.script, source: source, environment: self, options: options)
      diagnostics += compiled.diagnostics
      if compiled.isRunnable {
        do throws(RuntimeError) {
          let loaded = try machine.load(compiled.chunk)
          nextGlobal = compiled.chunk.firstGlobal + compiled.chunk.globals.count
          if let error = machine.runAtOnce(loaded) { throw error }
        } catch {
          throw ModuleFailure("the module \(source.name) fails: \(error.message)", hints: error.hints)
        }
        let interface = ModuleInterface(names: compiled.globals, effects: compiled.effects)
        loadedModules[source.name] = interface
        return interface
      }
    }
    guard let first = diagnostics.first(where: { $0.severity == .error }) else {
      throw ModuleFailure("the module \(source.name) cannot be loaded")
    }
    let place = source.position(of: first.range.start)
    throw ModuleFailure(
      "in the module \(source.name):\(place.line):\(place.column): \(first.message)",
      hints: (first.label.map { [$0] } ?? []) + first.hints)
  }
}
