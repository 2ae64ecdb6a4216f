import Builtins
import Bytecode
import Compiler
import Machine

extension Engine: CompilerEnvironment {
  public func native(_ name: String) -> Signature? {
    name.contains(".") ? nil : machine.native(named: name)?.signature
  }

  public func prelude(_ name: String) -> PreludeFunction? {
    name.hasPrefix("__") ? nil : loadedPrelude(name)
  }

  public func module(_ name: String) -> ModuleInterface? { modules[name] }

  public func isResource(_ name: String) -> Bool { api?.isResource(name) ?? false }

  public func operation(_ resource: String, _ name: String) -> Callable? {
    if let verb = verb(resource, name) { return .prelude(verb) }
    return api?.operation(resource, name).map { .native("\(resource).\(name)", $0) }
  }

  public func operationNames(_ resource: String) -> [String] {
    (api?.operationNames(resource) ?? []) + ownVerbs(resource)
  }

  public func resourceSequence(_ name: String) -> String? { api?.resourceSequence(name) }

  public var types: TypeNames? { api?.typeNames }

  public func patternFault(_ pattern: String) -> PatternFault? {
    PatternCache.fault(pattern).map { PatternFault($0.message, hints: $0.hints) }
  }

  public func global(_ name: String) -> GlobalBinding? { lineGlobals[name] }

  public func knownNames() -> [String] {
    lineGlobals.keys.sorted() + preludeIndex.keys.filter { !$0.hasPrefix("__") }.sorted()
      + machine.nativeNames.filter { !$0.hasPrefix("__") && !$0.contains(".") } + (api?.resourceNames ?? [])
  }

  public func zoneOffset(local milliseconds: Int64) -> ZoneOffset {
    // The offsets on either side of a change of clocks; a day is longer than any such change.
    let before = configuration.zone(milliseconds - 86_400_000)
    let after = configuration.zone(milliseconds + 86_400_000)
    let guess = configuration.zone(milliseconds)
    let found = Set([before, guess, after]).sorted(by: >).filter {
      configuration.zone(milliseconds - Int64($0) * 60_000) == $0
    }
    switch found.count {
    case 0: return .skipped(before: before, after: after)
    case 1: return .one(found[0])
    default: return .twice(first: found[0], second: found[1])
    }
  }
}
