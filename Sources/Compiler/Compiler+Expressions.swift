import Bytecode
import Diagnostics
import Syntax

extension Compiler {
  /// Emits an expression. Its value lies in `target` if one is given, else in the register that is
  /// returned: a local's own, or a fresh one at the top.
  func compile(_ expression: Expression, into target: Int?) -> Int {
    let range = expression.range
    switch expression.kind {
    case .literal(let literal):
      let register = target ?? function.allocate()
      load(literal, into: register, range)
      return register
    case .interpolation(let parts):
      return compileInterpolation(parts, into: target, range)
    case .name(let name):
      return compileName(name, into: target, range)
    case .item:
      guard let item = function.item else {
        report("there is no item here", at: range)
        return target ?? function.allocate()
      }
      guard let target, target != item else { return item }
      function.emit(.move, target, item, range)
      return target
    case .member(let base, let name):
      return compileMember(base, name, into: target, range)
    case .index(let base, let index):
      let register = target ?? function.allocate()
      let marked = function.nextRegister
      let holder = operand(base, before: index)
      let place = compile(index, into: nil)
      function.emit(.getIndex, register, holder, place, extras: [0, 0], range)
      function.nextRegister = marked
      return register
    case .list(let items):
      return compileList(items, into: target, range)
    case .record(let entries):
      return compileRecord(entries, into: target, range)
    case .call(let call):
      return compileCall(call, piped: nil, into: target, range)
    case .pipe(let left, let call):
      return compileCall(call, piped: left, into: target, range)
    case .not(let value):
      let register = target ?? function.allocate()
      let marked = function.nextRegister
      let operand = compile(value, into: nil)
      function.emit(.not, register, operand, range)
      function.nextRegister = marked
      return register
    case .negate(let value):
      let register = target ?? function.allocate()
      let marked = function.nextRegister
      let operand = compile(value, into: nil)
      function.emit(.negate, register, operand, range)
      function.nextRegister = marked
      return register
    case .binary(let op, let left, let right):
      return compileBinary(op, left, right, into: target, range)
    case .ifElse(let value):
      let register = target ?? function.allocate()
      compileIf(value, into: register, wantsValue: true, range)
      return register
    case .tryCatch(let value):
      return compileTry(value, into: target, range)
    }
  }

  func load(_ literal: Literal, into register: Int, _ range: SourceRange) {
    switch literal {
    case .null: function.emit(.loadNull, register, range)
    case .bool(let value): function.emit(value ? .loadTrue : .loadFalse, register, range)
    case .int(let value) where value >= Int64(Int16.min) && value <= Int64(Int16.max):
      function.emit(Instruction.wide(.loadInt, register, Int(value)), range)
    default:
      guard let constant = constant(of: literal, range) else {
        function.emit(.loadNull, register, range)
        return
      }
      loadConstant(constant, into: register, range)
    }
  }

  func loadConstant(_ constant: Constant, into register: Int, _ range: SourceRange) {
    let index = function.constant(constant)
    if index > Int(UInt16.max) {
      // Once: all that follow are as many too many.
      if !function.tooManyConstants {
        function.tooManyConstants = true
        report(
          "there are too many different values in `\(function.prototype.name)`", at: range,
          hints: ["read large data from a file parameter"])
      }
      return
    }
    function.emit(Instruction.wide(.loadConstant, register, index), range)
  }

  func constant(of literal: Literal, _ range: SourceRange) -> Constant? {
    switch literal {
    case .null, .bool: return nil
    case .int(let value): return .int(value)
    case .float(let value): return .float(value)
    case .string(let value): return .string(value)
    case .duration(let value): return .duration(value)
    case .time(let literal):
      let local = literal.localMilliseconds
      if let offset = literal.offsetMinutes { return .time(local - Int64(offset) * 60_000) }
      switch environment.zoneOffset(local: local) {
      case .one(let offset): return .time(local - Int64(offset) * 60_000)
      case .twice(let first, let second):
        report(
          "the zone has this local time twice, as its clocks go back", at: range,
          hints: ["write which is meant: \(withOffset(first, range)) or \(withOffset(second, range))"])
      case .skipped(let before, let after):
        report(
          "the zone skips this local time, as its clocks go forward", at: range,
          hints: ["write which is meant: \(withOffset(before, range)) or \(withOffset(after, range))"])
      }
      return .time(local)
    }
  }

  /// The literal as it was written, with an offset behind it.
  private func withOffset(_ minutes: Int, _ range: SourceRange) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let size = abs(minutes)
    let written = source.text(in: range)
    let clock = written.contains("T") ? "" : "T00:00"
    return "`\(written)\(clock)\(minutes < 0 ? "-" : "+")\(two(size / 60)):\(two(size % 60))`"
  }

  private func compileInterpolation(_ parts: [TextPart], into target: Int?, _ range: SourceRange) -> Int {
    let register = target ?? function.allocate()
    let marked = function.nextRegister
    // A later part may change what an earlier one shows.
    let assigns = parts.contains { part in
      if case .expression(let expression) = part { expression.mayAssign } else { false }
    }
    // Long texts go in runs, so that they do not need a register a part.
    var first = true
    var rest = parts[...]
    while !rest.isEmpty {
      let run = rest.prefix(40)
      rest = rest.dropFirst(40)
      let start = function.allocate(run.count + (first ? 0 : 1))
      var place = start
      if !first {
        function.emit(.move, place, register, range)
        place += 1
      }
      for part in run {
        switch part {
        case .text(let text): loadConstant(.string(text), into: place, range)
        case .expression(let expression):
          _ = compile(expression, into: place)
          if assigns { shareIfAliased(expression, place) }
        }
        place += 1
      }
      function.emit(.concatenate, register, start, place - start, range)
      function.nextRegister = marked
      first = false
    }
    return register
  }

  private func compileMember(_ base: Expression, _ name: Name, into target: Int?, _ range: SourceRange) -> Int
  {
    if case .name(let head) = base.kind {
      switch resolve(head) {
      case .module(let module):
        guard let binding = module.names[name.text] else {
          report(
            "the module `\(head)` has no `\(name.text)`", at: name.range,
            label: Spelling.nearest(name.text, in: module.names.keys.sorted()).map { "did you mean `\($0)`?" }
          )
          return target ?? function.allocate()
        }
        let register = target ?? function.allocate()
        emitGlobal(.getGlobal, register, binding.number, range)
        return register
      case .resource:
        // `api.tags` reaches what a name of the script hides.
        if head == "api", environment.resourceSequence(name.text) != nil,
          let native = environment.resourceSequence(name.text)
        {
          noteEffect(native, .read)
          let register = function.allocate()
          function.emit(.callNative, register, 0, extras: [function.native(native)], range)
          function.nextRegister = register
          return moved(register, to: target, range)
        }
        // `tags.list` without a call: an operation without arguments reads well so.
        if let operation = environment.operation(head, name.text) {
          if operation.signature.parameters.contains(where: { !$0.isOptional }) {
            let full = "\(head).\(name.text)"
            report(
              "`\(full)` is an operation, not a value", at: range,
              hints: ["call it, `\(full)(…)`, or wrap it in a block, `{ \(full)(it) }`"])
            return target ?? function.allocate()
          }
          return compileCall(
            Call(path: [Name(head, base.range), name], arguments: [], block: nil, range: range), piped: nil,
            into: target, range)
        }
        reportNoOperation(head, name)
        return target ?? function.allocate()
      default: break
      }
    }
    let register = target ?? function.allocate()
    let marked = function.nextRegister
    if case .index(let list, let index) = base.kind {
      let holder = operand(list, before: index)
      let place = compile(index, into: nil)
      // A failure of the field's points at its name, which the instruction's other words stand for.
      function.emit(Instruction.abc(.getItemField, register, holder, place), base.range)
      function.emit(UInt32(truncatingIfNeeded: function.constant(.string(name.text))), name.range)
      for _ in 0..<3 { function.emit(0, name.range) }
      function.nextRegister = marked
      return register
    }
    let holder = compile(base, into: nil)
    function.emit(
      .getField, register, holder, extras: [function.constant(.string(name.text)), 0], name.range)
    function.nextRegister = marked
    return register
  }

  func reportNoOperation(_ resource: String, _ name: Name) {
    let known = environment.operationNames(resource)
    report(
      "`\(resource)` has no operation `\(name.text)`", at: name.range,
      label: Spelling.nearest(name.text, in: known).map { "did you mean `\(resource).\($0)`?" },
      hints: [fieldOfItems(resource, name.text) ?? "`help \(resource)` lists them"])
  }

  /// `contacts.email`, `contacts.count()`, `contacts.all`: the items or the sequence have what the resource
  /// has not.
  private func fieldOfItems(_ resource: String, _ name: String) -> String? {
    if environment.resourceSequence(resource) != nil {
      if ["all", "items", "every", "each_one"].contains(name) { return "`\(resource)` alone is all of them" }
      if environment.prelude(name) != nil { return "`\(resource) | \(name)` passes them on" }
    }
    guard let types = environment.types, case .record(let type) = types.itemType(of: resource),
      types.field(name, of: type) != nil
    else { return nil }
    return "`\(resource) | map { .\(name) }` reads it from each"
  }

  private func compileList(_ items: [Expression], into target: Int?, _ range: SourceRange) -> Int {
    let register = target ?? function.allocate()
    let marked = function.nextRegister
    var rest = items[...]
    var first = true
    repeat {
      let run = rest.prefix(50)
      rest = rest.dropFirst(50)
      let part = first && rest.isEmpty ? register : function.allocate()
      let start = run.isEmpty ? part : function.nextRegister
      for item in run {
        let place = function.allocate()
        _ = compile(item, into: place)
        shareIfAliased(item, place)
      }
      function.emit(.makeList, part, start, run.count, range)
      if part != register {
        if first {
          function.emit(.move, register, part, range)
        } else {
          function.emit(.appendTo, register, part, range)
        }
      }
      function.nextRegister = marked
      first = false
    } while !rest.isEmpty
    return register
  }

  private func compileRecord(_ entries: [RecordEntry], into target: Int?, _ range: SourceRange) -> Int {
    let register = target ?? function.allocate()
    let marked = function.nextRegister
    var names: [String] = []
    var plain: [(Name, Expression)] = []
    var rest = entries[...]
    // The fields up to the first spread, computed key or repetition are made in one go.
    while let entry = rest.first, case .field(let name, let value) = entry, !names.contains(name.text),
      names.count < 40
    {
      names.append(name.text)
      plain.append((name, value))
      rest = rest.dropFirst()
    }
    // Built aside: an entry may read the variable that the record goes to.
    let built = rest.isEmpty ? register : function.allocate()
    let start = plain.isEmpty ? built : function.nextRegister
    for (_, value) in plain {
      let place = function.allocate()
      _ = compile(value, into: place)
      shareIfAliased(value, place)
    }
    function.emit(.makeRecord, built, start, extras: [function.constant(.keys(names))], range)
    for entry in rest {
      let inner = function.nextRegister
      switch entry {
      case .spread(let value):
        let other = compile(value, into: nil)
        function.emit(.spread, built, other, value.range)
      case .field(let name, let value):
        let other = compile(value, into: nil)
        shareIfAliased(value, other)
        function.emit(
          .setField, built, other, extras: [function.constant(.string(name.text)), 0], name.range)
      case .computed(let key, let value):
        let place = function.allocate()
        _ = compile(key, into: place)
        let other = compile(value, into: nil)
        shareIfAliased(value, other)
        function.emit(.setIndex, built, place, other, key.range)
      }
      function.nextRegister = inner
    }
    if built != register { function.emit(.move, register, built, range) }
    function.nextRegister = marked
    return register
  }

  // MARK: Control

  func compileIf(_ value: IfExpression, into target: Int?, wantsValue: Bool, _ range: SourceRange) {
    var current = value
    var ends: [Int] = []
    let outerBulk = allowsBulk
    allowsBulk = false
    defer { allowsBulk = outerBulk }
    // `else if` chains in a loop: they may be long.
    while true {
      let marked = function.nextRegister
      let exits = compileCondition(current.condition, jumpIf: false)
      function.nextRegister = marked
      if wantsValue { _ = compileBody(current.then, into: target) } else { compileLoopBody(current.then) }
      guard let otherwise = current.otherwise else {
        if wantsValue, let target {
          ends.append(function.emitJump(.jump, range))
          for jump in exits { function.patch(jump) }
          function.emit(.loadNull, target, range)
        } else {
          for jump in exits { function.patch(jump) }
        }
        break
      }
      ends.append(function.emitJump(.jump, range))
      for jump in exits { function.patch(jump) }
      if otherwise.statements.count == 1, case .expression(let inner) = otherwise.statements[0].kind,
        case .ifElse(let next) = inner.kind
      {
        current = next
        continue
      }
      if wantsValue { _ = compileBody(otherwise, into: target) } else { compileLoopBody(otherwise) }
      break
    }
    for jump in ends { function.patch(jump) }
  }

  private func compileTry(_ value: TryExpression, into target: Int?, _ range: SourceRange) -> Int {
    let register = target ?? function.allocate()
    let marked = function.nextRegister
    let start = function.here
    // Through a register of its own: a variable keeps its value if the body fails half-way.
    let result = function.allocate()
    _ = compileBody(value.body, into: result)
    let end = function.here
    function.emit(.move, register, result, range)
    let done = function.emitJump(.jump, range)
    let handler = function.here
    let error = function.allocate()
    function.prototype.handlers.append(
      Prototype.Handler(start: start, end: end, target: handler, register: error))
    function.scopes.append([
      value.name.text: Local(
        register: error, kind: .fixed, parameters: nil, range: value.name.range, isUsed: true)
    ])
    _ = compileBody(value.handler, into: register)
    function.scopes.removeLast()
    function.patch(done)
    function.nextRegister = marked
    // The verifier wants handlers to point at an instruction: an empty handler body still has its `loadNull`.
    return register
  }
}

extension TimeLiteral {
  /// Milliseconds since 1970 as if the local time were UTC.
  var localMilliseconds: Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return Int64(days) * 86_400_000 + Int64(hour) * 3_600_000 + Int64(minute) * 60_000 + Int64(milliseconds)
  }
}
