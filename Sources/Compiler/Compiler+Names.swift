import Bytecode
import Diagnostics
import Syntax

extension Compiler {
  /// What a name means here.
  enum Binding {
    case register(Int, Local.Kind)
    case capture(Int)
    case selfFunction
    case global(GlobalBinding)
    /// A top-level function of this source.
    case function(Int, [Prototype.Parameter])
    case module(ModuleInterface)
    case prelude(PreludeFunction)
    case native(Signature)
    case resource
    /// A `var` of the code around this block or function: out of its sight.
    case hiddenVariable
    case unknown
  }

  /// A script's own names win over the prelude, builtins and resources.
  func resolve(_ name: String) -> Binding {
    if let local = function.local(name) {
      function.markUsed(name)
      return .register(local.register, local.kind)
    }
    if function.selfName == name { return .selfFunction }
    switch capture(name, in: function) {
    case .found(let number): return .capture(number)
    case .variable: return .hiddenVariable
    case .none: break
    }
    if let global = globals[name], visible.contains(name) {
      if global.isVariable, function.parent != nil || function.prototype !== chunk.main {
        return .hiddenVariable
      }
      if functions[name] == nil {
        if laterNames[name] != nil { mentionedGlobals.insert(name) }
        return .global(global)
      }
    }
    if let known = functions[name] {
      mentionedFunctions.insert(name)
      return .function(known.number, known.parameters)
    }
    if let module = modules[name] { return .module(module) }
    if let global = environment.global(name) {
      if global.isVariable, function.prototype !== chunk.main { return .hiddenVariable }
      return .global(global)
    }
    if let prelude = environment.prelude(name) { return .prelude(prelude) }
    if let native = environment.native(name), options.isPrelude || !name.hasPrefix("__") {
      return .native(native)
    }
    if environment.isResource(name) { return .resource }
    return .unknown
  }

  private enum CaptureResult {
    case found(Int), variable, none
  }

  private func capture(_ name: String, in state: FunctionState) -> CaptureResult {
    if let known = state.captureNumbers[name] { return .found(known) }
    guard let parent = state.parent else { return .none }
    let capture: Prototype.Capture
    if let local = parent.local(name) {
      if local.kind == .variable { return .variable }
      parent.markUsed(name)
      capture = .register(local.register)
    } else if parent.selfName == name {
      capture = .enclosing
    } else {
      switch self.capture(name, in: parent) {
      case .found(let number): capture = .capture(number)
      case let other: return other
      }
    }
    state.prototype.captures.append(capture)
    state.captureNumbers[name] = state.prototype.captures.count - 1
    return .found(state.prototype.captures.count - 1)
  }

  func reportUnknown(_ name: String, at range: SourceRange, isAssigned: Bool = false) {
    if unboundModules.contains(name) { return }
    if let later = laterNames[name], later.start > range.start {
      let line = source.position(of: later.start).line
      report(
        "`\(name)` is used before its line", at: range,
        hints: ["it is declared on line \(line): move that line up"])
      return
    }
    if name == "test" {
      report(
        "a test has a title", at: range,
        hints: ["write `test \"what it shows\" { … }`, at the top of the script"])
      return
    }
    if !isAssigned, let advice = ForeignName.advice(name) {
      report("there is nothing called `\(name)` here", at: range, hints: [advice])
      return
    }
    var known = Array(globals.keys) + Array(functions.keys) + environment.knownNames()
    var state: FunctionState? = function
    while let current = state {
      for scope in current.scopes { known.append(contentsOf: scope.keys) }
      state = current.parent
    }
    let near = Spelling.nearest(name, in: known.sorted())
    report(
      "there is nothing called `\(name)` here", at: range, label: near.map { "did you mean `\($0)`?" },
      hints: isAssigned ? ["`let \(name) = …` declares it, `var \(name) = …` if it is to change"] : [])
  }

  func reportHiddenVariable(_ name: String, at range: SourceRange) {
    report(
      "`\(name)` is a `var`, and a block or function sees only what is fixed", at: range,
      hints: [
        "copy it first: `let fixed = \(name)`",
        "what a block counts comes back as its value: `sum`, `count_by`, `reduce`",
      ])
  }

  /// A name where a value is expected.
  func compileName(_ name: String, into target: Int?, _ range: SourceRange) -> Int {
    switch resolve(name) {
    case .register(let register, _):
      guard let target, target != register else { return register }
      function.emit(.move, target, register, range)
      return target
    case .capture(let number):
      let register = target ?? function.allocate()
      function.emit(.getCapture, register, number, range)
      return register
    case .selfFunction:
      let register = target ?? function.allocate()
      function.emit(.getSelf, register, range)
      return register
    case .global(let global):
      let register = target ?? function.allocate()
      emitGlobal(.getGlobal, register, global.number, range)
      return register
    case .function:
      let register = target ?? function.allocate()
      loadFunction(name, into: register, range)
      return register
    case .resource:
      if let native = environment.resourceSequence(name) {
        noteEffect(native, .read)
        let register = function.allocate()
        function.emit(.callNative, register, 0, extras: [function.native(native)], range)
        function.nextRegister = register
        return moved(register, to: target, range)
      }
      report(
        "`\(name)` alone is not a sequence", at: range,
        hints: [
          "call one of its operations: "
            + environment.operationNames(name).prefix(8).map { "`\(name).\($0)`" }.joined(separator: ", ")
        ])
    case .prelude, .native:
      report(
        "`\(name)` is a function, not a value", at: range,
        hints: ["call it, `\(name)(…)`, or wrap it in a block, `{ \(name)(it) }`"])
    case .module:
      report(
        "`\(name)` is a module, not a value", at: range, hints: ["name something inside it: `\(name).…`"])
    case .hiddenVariable: reportHiddenVariable(name, at: range)
    case .unknown: reportUnknown(name, at: range)
    }
    return moved(function.allocate(), to: target, range)
  }

  /// A top-level function as a value.
  func loadFunction(_ name: String, into register: Int, _ range: SourceRange) {
    guard let known = functions[name] else { return }
    let child = function.child(chunk.functions[known.number])
    function.emit(Instruction.wide(.makeFunction, register, child), range)
  }

  /// Ends an expression whose value lies in a fresh register.
  func moved(_ register: Int, to target: Int?, _ range: SourceRange) -> Int {
    guard let target else {
      function.nextRegister = max(function.nextRegister, register + 1)
      return register
    }
    if target != register { function.emit(.move, target, register, range) }
    return target
  }

  func noteEffect(_ operation: String, _ effect: Signature.Effect?) {
    guard let effect else { return }
    effects.append(EffectUse(operation: operation, effect: effect))
  }
}
