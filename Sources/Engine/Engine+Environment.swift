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

  public func zoneOffsetMinutes(local milliseconds: Int64) -> Int? {
    // An instant near the local time; then the offsets on either side of a change of clocks.
    let guess = configuration.zone(milliseconds)
    var found: [Int] = []
    for offset in Set([
      guess, configuration.zone(milliseconds - 86_400_000), configuration.zone(milliseconds + 86_400_000),
    ]).sorted()
    where configuration.zone(milliseconds - Int64(offset) * 60_000) == offset {
      found.append(offset)
    }
    return found.count == 1 ? found[0] : nil
  }
}
