import Bytecode
import Diagnostics
import Syntax

/// An argument on its way into a register.
enum ArgumentSource {
  case expression(Expression)
  case block(Block, SourceRange)
  /// A value that lies in a register already.
  case register(Int, SourceRange)

  var range: SourceRange {
    switch self {
    case .expression(let expression): expression.range
    case .block(_, let range), .register(_, let range): range
    }
  }

  /// A block only makes a function: it changes nothing.
  var mayAssign: Bool {
    if case .expression(let expression) = self { expression.mayAssign } else { false }
  }
}

extension Compiler {
  func compileCall(_ call: Call, piped: Expression?, into wanted: Int?, _ range: SourceRange) -> Int {
    var target = wanted
    // Who gives a target counts on the registers behind it being free again.
    let marked = function.nextRegister
    defer { if wanted != nil { function.nextRegister = marked } }
    let outerBulk = allowsBulk
    let mayBulk = allowsBulk
    // What is piped may be a pipeline; arguments and blocks may not hold a `bulk`.
    defer { allowsBulk = outerBulk }

    var given: [(label: Name?, source: ArgumentSource)] = []
    if let piped {
      if case .pipe = piped.kind {
        // Stages one after the other in one register: a pipeline of any length needs no more.
        allowsBulk = false
        let outerStage = lazyStage
        lazyStage = nil
        let place = compile(piped, into: nil)
        given.append((nil, .register(place, piped.range)))
        if target == nil { target = place }
        lazyStage = outerStage
        allowsBulk = outerBulk
      } else {
        given.append((nil, .expression(piped)))
      }
    }
    var labelled: [(label: Name?, source: ArgumentSource)] = []
    for argument in call.arguments {
      if argument.label == nil {
        given.append((nil, .expression(argument.value)))
      } else {
        labelled.append((argument.label, .expression(argument.value)))
      }
    }
    if let block = call.block { given.append((nil, .block(block, block.body.range))) }
    given.append(contentsOf: labelled)

    let name = call.path[0]
    if call.path.count == 1 {
      if options.isPrelude, name.text.hasPrefix("__"),
        let result = compileIntrinsic(name.text, given, into: target, range)
      {
        return result
      }
      if name.text == "bulk" { checkBulk(given, mayBulk, name.range) }
      allowsBulk = false
      return compileNamedCall(name, given, into: target, range)
    }
    allowsBulk = false
    var path = call.path
    if path[0].text == "api",
      path.count == 3 || (path.count == 2 && environment.operation("api", path[1].text) == nil)
    {
      if case .unknown = resolve("api") {
        path.removeFirst()
      } else if case .resource = resolve("api") {
        path.removeFirst()
      }
    }
    guard path.count == 2 else {
      report(
        "there are no methods: `.` looks inside, `|` passes on", at: range,
        hints: ["write `x | \(path.last?.text ?? "f")(…)`"])
      return target ?? function.allocate()
    }
    return compilePathCall(path[0], path[1], given, hidden: call.path.count == 2, into: target, range)
  }

  private func checkBulk(
    _ given: [(label: Name?, source: ArgumentSource)], _ allowed: Bool, _ range: SourceRange
  ) {
    if !allowed {
      report(
        "`bulk` stands only as a statement of its own at the top of a script, or after `let x =`", at: range,
        hints: ["a condition goes into the items (`filter`), shared work into a `fn` that the block calls"])
    }
    for item in given {
      if item.label == nil, case .expression(let expression) = item.source,
        case .literal(.string(let title)) = expression.kind
      {
        usesBulk = title
        return
      }
    }
    usesBulk = usesBulk ?? "bulk"
  }

  private func compileNamedCall(
    _ name: Name, _ given: [(label: Name?, source: ArgumentSource)], into target: Int?, _ range: SourceRange
  ) -> Int {
    switch resolve(name.text) {
    case .function(let number, let parameters):
      let register = function.allocate()
      let count = placeArguments(
        given, parameters.map { Signature.Parameter($0.name, optional: $0.hasDefault) }, false, name.text,
        register, range)
      function.emit(.callStatic, register, count, extras: [number], range)
      return endCall(register, into: target, range)
    case .prelude(let prelude):
      noteEffect(name.text, prelude.signature.effect)
      return compilePreludeCall(prelude, name.text, given, into: target, range)
    case .native(let signature):
      if name.text == "expect", let register = compileExpectation(given, into: target, range) {
        return register
      }
      noteEffect(name.text, signature.effect)
      return compileNativeCall(name.text, signature, given, into: target, range)
    case .global(let binding):
      let register = function.allocate()
      emitGlobal(.getGlobal, register, binding.number, name.range)
      let count: Int
      if let parameters = binding.parameters {
        count = placeArguments(
          given, parameters.map { Signature.Parameter($0.name, optional: $0.hasDefault) }, false, name.text,
          register, range)
      } else {
        count = placeDynamic(given, name, register)
      }
      function.emit(.call, register, count, 0, range)
      return endCall(register, into: target, range)
    case .register, .capture, .selfFunction:
      let register = function.allocate()
      let known = function.local(name.text)?.parameters
      _ = compileName(name.text, into: register, name.range)
      let count: Int
      if let known {
        count = placeArguments(
          given, known.map { Signature.Parameter($0.name, optional: $0.hasDefault) }, false, name.text,
          register,
          range)
      } else {
        count = placeDynamic(given, name, register)
      }
      function.emit(.call, register, count, 0, range)
      return endCall(register, into: target, range)
    case .resource:
      report(
        "`\(name.text)` is a resource, not a function", at: name.range,
        hints: [
          "call one of its operations: \(environment.operationNames(name.text).prefix(6).map { "`\(name.text).\($0)`" }.joined(separator: ", "))"
        ])
    case .module:
      report("`\(name.text)` is a module, not a function", at: name.range)
    case .hiddenVariable: reportHiddenVariable(name.text, at: name.range)
    case .unknown: reportUnknown(name.text, at: name.range)
    }
    for item in given { compileLoosely(item.source) }
    return moved(function.allocate(), to: target, range)
  }

  /// Finds what is wrong in the arguments of a call that goes nowhere.
  private func compileLoosely(_ source: ArgumentSource) {
    let marked = function.nextRegister
    let register = function.allocate()
    place(source, into: register, isGuarded: false)
    function.nextRegister = marked
  }

  private func compilePathCall(
    _ head: Name, _ name: Name, _ given: [(label: Name?, source: ArgumentSource)], hidden: Bool,
    into target: Int?,
    _ range: SourceRange
  ) -> Int {
    let binding = hidden ? resolve(head.text) : (environment.isResource(head.text) ? .resource : .unknown)
    switch binding {
    case .resource:
      guard let callable = environment.operation(head.text, name.text) else {
        reportNoOperation(head.text, name)
        break
      }
      switch callable {
      case .native(let native, let signature): noteEffect(native, signature.effect)
      case .prelude(let verb): for use in verb.effects { noteEffect(use.operation, use.effect) }
      }
      if let lazyStage, let effect = callable.signature.effect, effect != .read {
        report(
          "`\(lazyStage)` reads when somebody asks, so its block may not write", at: range,
          hints: ["use `each { … }`, a `for` loop, or `bulk \"name\" { … }`"])
      }
      switch callable {
      case .native(let native, let signature):
        return compileNativeCall(native, signature, given, into: target, range)
      case .prelude(let prelude):
        return compilePreludeCall(prelude, "\(head.text).\(name.text)", given, into: target, range)
      }
    case .module(let module):
      guard let found = module.names[name.text] else {
        report(
          "the module `\(head.text)` has no `\(name.text)`", at: name.range,
          label: Spelling.nearest(name.text, in: module.names.keys.sorted()).map { "did you mean `\($0)`?" })
        break
      }
      let register = function.allocate()
      emitGlobal(.getGlobal, register, found.number, name.range)
      let count: Int
      if let parameters = found.parameters {
        count = placeArguments(
          given, parameters.map { Signature.Parameter($0.name, optional: $0.hasDefault) }, false,
          "\(head.text).\(name.text)", register, range)
      } else {
        count = placeDynamic(given, name, register)
      }
      function.emit(.call, register, count, 0, range)
      return endCall(register, into: target, range)
    case .unknown:
      reportUnknown(head.text, at: head.range)
    case .hiddenVariable:
      reportHiddenVariable(head.text, at: head.range)
    default:
      if environment.isResource(head.text), environment.operation(head.text, name.text) != nil {
        report(
          "`\(head.text)` is a name of this script here, and hides the resource", at: head.range,
          hints: ["`api.\(head.text).\(name.text)(…)` reaches the resource"])
      } else if hidden, isFunction(binding) {
        report(
          "`\(head.text)` is a function, and `.\(name.text)` looks into a value",
          at: SourceRange(name.range.start - 1, name.range.end),
          hints: ["call it in parentheses first: `(items | \(head.text)).\(name.text)`"])
      } else {
        report(
          "there are no methods: `.` looks inside, `|` passes on",
          at: SourceRange(name.range.start - 1, name.range.end),
          hints: ["write `\(head.text) | \(name.text)(…)`"])
      }
    }
    for item in given { compileLoosely(item.source) }
    return moved(function.allocate(), to: target, range)
  }

  private func isFunction(_ binding: Binding) -> Bool {
    switch binding {
    case .prelude, .native, .function: true
    default: false
    }
  }

  private func compilePreludeCall(
    _ prelude: PreludeFunction, _ name: String, _ given: [(label: Name?, source: ArgumentSource)],
    into target: Int?, _ range: SourceRange
  ) -> Int {
    let register = function.allocate()
    emitGlobal(.getGlobal, register, prelude.global, range)
    let outerStage = lazyStage
    if prelude.isLazyStage { lazyStage = name }
    let count = placeArguments(
      given, prelude.signature.parameters, prelude.signature.isVariadic, name, register, range)
    lazyStage = outerStage
    function.emit(.call, register, count, 0, range)
    return endCall(register, into: target, range)
  }

  private func compileNativeCall(
    _ native: String, _ signature: Signature, _ given: [(label: Name?, source: ArgumentSource)],
    into target: Int?,
    _ range: SourceRange
  ) -> Int {
    let register = function.allocate()
    let count = placeArguments(given, signature.parameters, signature.isVariadic, native, register, range)
    function.emit(.callNative, register, count, extras: [function.native(native)], range)
    return endCall(register, into: target, range)
  }

  private func endCall(_ register: Int, into target: Int?, _ range: SourceRange) -> Int {
    function.nextRegister = register + 1
    if let target {
      if target != register { function.emit(.move, target, register, range) }
      function.nextRegister = register
      return target
    }
    return register
  }

  /// Puts arguments into the registers behind `register`, in the callee's order. Returns their number.
  private func placeArguments(
    _ given: [(label: Name?, source: ArgumentSource)], _ parameters: [Signature.Parameter],
    _ isVariadic: Bool,
    _ name: String, _ register: Int, _ range: SourceRange
  ) -> Int {
    var slots = [ArgumentSource?](repeating: nil, count: parameters.count)
    var extra: [ArgumentSource] = []
    var next = 0
    // A misspelt name is one mistake, not two.
    var isMisnamed = false
    for item in given {
      if let label = item.label {
        guard let index = parameters.firstIndex(where: { $0.name == label.text }) else {
          report(
            "`\(name)` has no argument `\(label.text)`", at: label.range,
            label: Spelling.nearest(label.text, in: parameters.map(\.name)).map { "did you mean `\($0):`?" },
            hints: parameters.isEmpty ? ["it takes no arguments"] : ["it takes \(describe(parameters))"])
          compileLoosely(item.source)
          isMisnamed = true
          continue
        }
        if slots[index] != nil {
          report("`\(name)` gets `\(label.text)` twice", at: label.range)
          continue
        }
        slots[index] = item.source
        continue
      }
      while next < parameters.count, slots[next] != nil || parameters[next].isNamedOnly { next += 1 }
      if isVariadic, next >= parameters.count - 1 {
        extra.append(item.source)
      } else if next < parameters.count {
        slots[next] = item.source
        next += 1
      } else {
        let most = parameters.filter { !$0.isNamedOnly }.count
        report(
          "`\(name)` takes \(most == 0 ? "no arguments" : most == 1 ? "one argument" : "\(most) arguments")",
          at: item.source.range, hints: parameters.isEmpty ? [] : ["they are \(describe(parameters))"])
        compileLoosely(item.source)
      }
    }
    let isGuarded = given.contains { $0.source.mayAssign }
    var missing = 0
    for (index, parameter) in parameters.enumerated() {
      if isVariadic, index == parameters.count - 1 { break }
      let place = function.allocate()
      if let source = slots[index] {
        self.place(source, into: place, isGuarded: isGuarded)
      } else if parameter.isOptional {
        function.emit(.loadAbsent, place, range)
      } else if !isMisnamed {
        missing += 1
        // Each names all that there are.
        guard missing <= 8 else { continue }
        report(
          "`\(name)` needs an argument `\(parameter.name)`", at: range,
          hints: ["it takes \(describe(parameters))"])
      }
    }
    if isVariadic {
      let place = function.allocate()
      compileVariadic(extra, into: place, range)
      return parameters.count
    }
    return parameters.count
  }

  private func compileVariadic(_ items: [ArgumentSource], into place: Int, _ range: SourceRange) {
    let marked = function.nextRegister
    let start = function.nextRegister
    let isGuarded = items.contains { $0.mayAssign }
    for item in items {
      let register = function.allocate()
      self.place(item, into: register, isGuarded: isGuarded)
    }
    function.emit(.makeList, place, items.isEmpty ? place : start, items.count, range)
    function.nextRegister = marked
  }

  private func placeDynamic(
    _ given: [(label: Name?, source: ArgumentSource)], _ name: Name, _ register: Int
  ) -> Int {
    let isGuarded = given.contains { $0.source.mayAssign }
    var count = 0
    for item in given {
      if let label = item.label {
        report(
          "`\(name.text)` is a value here: its arguments have places, not names", at: label.range)
      }
      let place = function.allocate()
      self.place(item.source, into: place, isGuarded: isGuarded)
      count += 1
    }
    return count
  }

  /// - Parameter isGuarded: A later argument may change what this one is.
  private func place(_ source: ArgumentSource, into register: Int, isGuarded: Bool) {
    let marked = function.nextRegister
    switch source {
    case .expression(let expression):
      _ = compile(expression, into: register)
      if isGuarded { shareIfAliased(expression, register) }
    case .block(let block, let range):
      compileBlock(block, into: register, range)
    case .register(let other, let range):
      if other != register { function.emit(.move, register, other, range) }
    }
    function.nextRegister = max(marked, register + 1)
  }

  func describe(_ parameters: [Signature.Parameter]) -> String {
    let needed = parameters.filter { !$0.isOptional }.map { "`\($0.name)`" }
    let optional = parameters.filter(\.isOptional).map { "`\($0.name)`" }
    guard !optional.isEmpty else { return needed.joined(separator: ", ") }
    // An operation may have dozens.
    var shown = optional.prefix(8).joined(separator: ", ")
    if optional.count > 8 { shown += " and \(optional.count - 8) more" }
    return needed.isEmpty ? "by choice \(shown)" : needed.joined(separator: ", ") + " and by choice " + shown
  }

  // MARK: Blocks

  func compileBlock(_ block: Block, into register: Int, _ range: SourceRange) {
    let prototype = Prototype(name: "block", source: source)
    let outer = function
    function = FunctionState(prototype: prototype, parent: outer, isBlock: true)
    if block.parameters.isEmpty {
      function.item = function.allocate()
      prototype.parameters = [Prototype.Parameter(name: "it", hasDefault: true)]
    } else {
      for name in block.parameters {
        let place = function.allocate()
        prototype.parameters.append(Prototype.Parameter(name: name.text, hasDefault: false))
        function.scopes[0][name.text] = Local(
          register: place, kind: .fixed, parameters: nil, range: name.range, isUsed: true)
      }
    }
    compileTail(block.body)
    finish(function, range)
    if block.parameters.count <= 1, block.body.statements.count == 1,
      case .expression(let expression) = block.body.statements[0].kind
    {
      prototype.tree = tree(of: expression, item: block.parameters.first?.text)
    }
    function = outer
    outer.emit(Instruction.wide(.makeFunction, register, outer.child(prototype)), range)
  }

  // MARK: The prelude's own instructions

  private func compileIntrinsic(
    _ name: String, _ given: [(label: Name?, source: ArgumentSource)], into target: Int?, _ range: SourceRange
  ) -> Int? {
    func operand(_ index: Int) -> Int {
      guard index < given.count, case .expression(let expression) = given[index].source else {
        report("`\(name)` needs its arguments", at: range)
        return 0
      }
      return compile(expression, into: nil)
    }
    func slot(_ index: Int) -> Int {
      guard index < given.count, case .expression(let expression) = given[index].source,
        case .literal(.int(let value)) = expression.kind
      else {
        report("`\(name)` needs a slot number", at: range)
        return 0
      }
      return Int(value)
    }
    let opcode: Opcode
    switch name {
    case "__iter": opcode = .iterate
    case "__next": opcode = .advance
    case "__slot":
      let register = target ?? function.allocate()
      let marked = function.nextRegister
      function.emit(.getSlot, register, operand(0), slot(1), range)
      function.nextRegister = marked
      return register
    case "__set":
      let register = target ?? function.allocate()
      let marked = function.nextRegister
      let object = operand(0)
      let value = operand(2)
      function.emit(.setSlot, object, value, slot(1), range)
      function.nextRegister = marked
      return register
    case "__ended":
      let register = target ?? function.allocate()
      let marked = function.nextRegister
      let value = operand(0)
      let jump = function.emitJump(.jumpIfEnd, value, range)
      function.emit(.loadFalse, register, range)
      let done = function.emitJump(.jump, range)
      function.patch(jump)
      function.emit(.loadTrue, register, range)
      function.patch(done)
      function.nextRegister = marked
      return register
    case "__absent":
      let register = target ?? function.allocate()
      let marked = function.nextRegister
      let value = operand(0)
      let jump = function.emitJump(.jumpIfPresent, value, range)
      function.emit(.loadTrue, register, range)
      let done = function.emitJump(.jump, range)
      function.patch(jump)
      function.emit(.loadFalse, register, range)
      function.patch(done)
      function.nextRegister = marked
      return register
    case "__missing":
      let register = target ?? function.allocate()
      function.emit(.loadAbsent, register, range)
      return register
    default: return nil
    }
    let register = target ?? function.allocate()
    let marked = function.nextRegister
    function.emit(opcode, register, operand(0), 0, range)
    function.nextRegister = marked
    return register
  }
}
