import Bytecode
import Diagnostics
import Syntax

extension Checker {
  func inferCall(_ call: Call, piped: Expression?, _ range: SourceRange) -> StaticType {
    guard let head = call.path.first else { return .unknown }
    let source = piped.map { infer($0) }
    var path = call.path
    if path.count == 3, head.text == "api", use("api") == nil { path.removeFirst() }
    if path.count == 2, let first = path.first, let name = path.last,
      call.path.count == 3 || use(first.text) == nil && !isForeign(first.text)
    {
      return inferOperation(first, name, call, piped: piped, source)
    }
    let types = inferArguments(call)
    let isOwn = use(head.text) != nil
    if !isOwn { foreignNames.insert(head.text) }
    let given = zip(call.arguments, types).first { $0.0.label == nil }?.1
    let subject = source ?? given ?? .unknown
    let root = piped ?? call.arguments.first { $0.label == nil }?.value
    guard path.count == 1, !isOwn else {
      _ = inferBlock(call, [])
      return .unknown
    }
    if environment.prelude(head.text) != nil {
      let value = inferBlock(call, items(of: head.text, subject), rootedIn: root)
      checkConditionBlock(call, head.text, value)
      return result(of: head.text, subject, call, value)
    }
    _ = inferBlock(call, [])
    guard let native = environment.native(head.text) else { return .unknown }
    checkNative(native, call, types, piped: piped, source)
    if native.name == "find_all" {
      let place = piped == nil ? 1 : 0
      if call.arguments.indices.contains(place) { checkPattern(call.arguments[place].value) }
    }
    if head.text == "rows", case .file(let columns) = subject { return .list(.row(columns)) }
    return plain(native.result)
  }

  /// Arguments of a builtin that say of which kind they must be.
  private func checkNative(
    _ native: Signature, _ call: Call, _ types: [StaticType], piped: Expression?, _ source: StaticType?
  ) {
    var given: [(Expression, StaticType, Signature.Parameter?)] = []
    var next = 0
    func parameter() -> Signature.Parameter? {
      defer { next += 1 }
      return native.parameters.indices.contains(next)
        && !(native.isVariadic && next == native.parameters.count - 1)
        ? native.parameters[next] : nil
    }
    if let piped, let source { given.append((piped, source, parameter())) }
    for (argument, type) in zip(call.arguments, types) {
      if let label = argument.label {
        given.append((argument.value, type, native.parameters.first { $0.name == label.text }))
      } else {
        given.append((argument.value, type, parameter()))
      }
    }
    for (expression, type, parameter) in given {
      guard let parameter, let wanted = StaticType.Kind(parameter.type) else { continue }
      guard let kind = type.kind, kind != wanted else { continue }
      report(
        .badBuiltinArgument(native.name, parameter.name, wanted: wanted.words, given: type.words),
        at: expression.range, severity: isDeclared(expression) ? .error : .warning)
    }
  }

  private func inferArguments(_ call: Call) -> [StaticType] {
    call.arguments.map { infer($0.value) }
  }

  private func plain(_ result: String) -> StaticType {
    switch result {
    case "string": .text
    case "int": .int
    case "float": .float
    case "bool": .bool
    case "time": .time
    case "duration": .duration
    default: .unknown
    }
  }

  // MARK: Stages

  /// The types of what a stage gives its block.
  private func items(of stage: String, _ subject: StaticType) -> [StaticType] {
    switch stage {
    case "reduce": [.unknown, subject.item]
    case "map", "filter", "flat_map", "take_while", "drop_while", "unique", "each", "count", "any", "all",
      "find", "sum", "mean", "min", "max", "percentile", "sort_by", "top", "group_by", "count_by", "index_by",
      "bulk":
      [subject.item]
    default: []
    }
  }

  private func result(
    of stage: String, _ subject: StaticType, _ call: Call, _ block: StaticType?
  ) -> StaticType {
    let item = subject.item
    switch stage {
    case "filter", "take", "drop", "take_while", "drop_while", "unique", "cache", "sort_by":
      return subject.stage(of: item)
    case "map": return subject.stage(of: block ?? .unknown)
    case "flat_map": return subject.stage(of: block?.item ?? .unknown)
    case "chunk": return subject.stage(of: .list(item))
    case "enumerate": return subject.stage(of: .record(["index": .int, "item": item]))
    case "first", "last", "one", "find", "min", "max": return item
    case "collect", "reverse", "top": return .list(item)
    case "group_by": return .list(.record(["key": block ?? .unknown, "items": .list(item)]))
    case "count_by": return .list(.record(["key": block ?? .unknown, "count": .int]))
    case "count": return .int
    case "any", "all", "is_empty": return .bool
    case "join": return .text
    default: return .unknown
    }
  }

  private func checkConditionBlock(_ call: Call, _ stage: String, _ value: StaticType?) {
    let asks = ["filter", "take_while", "drop_while", "count", "any", "all", "find"]
    guard asks.contains(stage), let value, let last = call.block?.body.statements.last,
      case .expression(let expression) = last.kind
    else { return }
    checkCondition(expression, value, of: stage)
  }

  /// Looks a call's block through. The type of its value; nil where there is no block.
  private func inferBlock(
    _ call: Call, _ items: [StaticType], rootedIn root: Expression? = nil
  ) -> StaticType? {
    guard let block = call.block else { return nil }
    var frame = Frame(kind: .block)
    if block.parameters.isEmpty { frame.item = items.last ?? .unknown }
    frame.isRootedInItem = root.map(startsAtItem) ?? true
    let (value, looked) = inFrame(frame) { () -> StaticType in
      for (index, name) in block.parameters.enumerated() {
        declare(name, .other, items.indices.contains(index) ? items[index] : .unknown)
      }
      return inScope { check(block.body) }
    }
    noteNested(looked)
    return looked.returns ? .unknown : value
  }

  /// Two blocks inside each other that both speak of `it`, where the inner goes through something else
  /// than the outer's item: whoever reads it takes one for the other.
  private func noteNested(_ inner: Frame) {
    guard depth == .everything, let use = inner.firstUse, inner.item != nil, !inner.isRootedInItem,
      let outer = frames.last, outer.kind == .block, outer.item != nil, outer.firstUse != nil
    else { return }
    report(.twoItems, at: use, severity: .warning)
  }

  /// Whether what a block goes through is read from the item around it: `.tags | any { … }`.
  private func startsAtItem(_ expression: Expression) -> Bool {
    var rest = expression
    while true {
      switch rest.kind {
      case .item: return true
      case .member(let base, _), .index(let base, _), .pipe(let base, _): rest = base
      case .binary(.coalesce, let left, _): rest = left
      case .call(let call):
        // `tags.uses(it) | …`: what an argument says of the item leads on from it.
        return call.arguments.contains { startsAtItem($0.value) }
      default: return false
      }
    }
  }

  // MARK: Operations

  private func inferOperation(
    _ resource: Name, _ name: Name, _ call: Call, piped: Expression?, _ source: StaticType?
  ) -> StaticType {
    guard let operation = types?.declaredOperation(resource.text, name.text) else {
      _ = inferArguments(call)
      _ = inferBlock(call, [])
      return .unknown
    }
    let full = "\(resource.text).\(name.text)"
    var next = 0
    if let piped, let source, let first = operation.parameters.first {
      check(source, piped, first, full)
      next = 1
    }
    for argument in call.arguments {
      let type = infer(argument.value)
      if let label = argument.label {
        if let parameter = operation.parameters.first(where: { $0.name == label.text }) {
          check(type, argument.value, parameter, full)
        }
      } else if operation.parameters.indices.contains(next) {
        check(type, argument.value, operation.parameters[next], full)
        next += 1
      }
    }
    var item = StaticType.unknown
    for parameter in operation.parameters {
      if case .filter(of: let type) = parameter.type { item = .searched(type) }
    }
    let value = inferBlock(call, [item])
    if case .searched(let type) = item {
      checkConditionBlock(call, "filter", value)
      if case .expression(let expression)? = call.block?.body.statements.last?.kind {
        checkSearch(expression, of: type)
      }
    }
    return StaticType(operation.result)
  }

  /// An argument against its declaration.
  private func check(
    _ type: StaticType, _ value: Expression, _ parameter: DeclaredOperation.Parameter, _ operation: String
  ) {
    func refuse(_ wanted: String, hint: String? = nil, near: String? = nil) {
      report(
        .badArgument(
          operation, parameter.name, wanted: wanted, given: given(type, value), near: near, hint: hint),
        at: value.range, severity: .error)
    }
    if type == .null {
      if parameter.isRequired, parameter.type != .unknown { refuse(wanted(parameter.type)) }
      return
    }
    if case .choice(let words) = parameter.type, case .literal(.string(let text)) = value.kind {
      if !words.contains(text) {
        refuse(wanted(parameter.type), near: Spelling.nearest(text, in: words).map { "\"\($0)\"" })
      }
      return
    }
    switch parameter.type {
    case .id(of: let target), .reference(of: let target):
      switch type {
      case .declared(let other) where other != target:
        // A record may be a reference to another: then its key is that one's id.
        if !isReference(other, to: target) { refuse(wanted(parameter.type)) }
      case .id(let other) where other != target && types?.fieldNames(of: other).isEmpty == false:
        refuse(wanted(parameter.type))
      case .list, .sequence:
        refuse(
          wanted(parameter.type),
          hint: "`first` gives one; `each { \(operation)(it) }` takes one after the other")
      default:
        if let kind = type.kind, ![.text, .number, .record].contains(kind) { refuse(wanted(parameter.type)) }
      }
    case .string, .choice:
      if let kind = type.kind, kind != .text {
        refuse(
          wanted(parameter.type),
          hint: kind == .number ? "a number becomes a text inside one: \"\\(x)\"" : nil)
      }
    case .int: if let kind = type.kind, kind != .number { refuse(wanted(parameter.type)) }
    case .float: if let kind = type.kind, kind != .number { refuse(wanted(parameter.type)) }
    case .bool: if let kind = type.kind, kind != .bool { refuse(wanted(parameter.type)) }
    case .time:
      if let kind = type.kind, kind != .time {
        refuse(
          wanted(parameter.type),
          hint: kind == .duration
            ? "`now() + 1d` is a time" : kind == .text ? "`time(x)` reads one from a text" : nil)
      }
    case .duration: if let kind = type.kind, kind != .duration { refuse(wanted(parameter.type)) }
    case .list, .sequence, .record, .map, .filter, .unknown: break
    }
  }

  private func isReference(_ type: String, to target: String) -> Bool {
    guard let types else { return true }
    for name in types.fieldNames(of: type) {
      if case .id(of: let other)? = types.field(name, of: type)?.type, other == target, name == "id" {
        return true
      }
    }
    return false
  }

  private func given(_ type: StaticType, _ value: Expression) -> String {
    switch value.kind {
    case .literal(.string), .literal(.int), .literal(.float), .literal(.bool), .literal(.duration):
      source.text(in: value.range)
    default: if case .id(let name) = type { "the id of \(StaticType.article(name))" } else { type.words }
    }
  }

  private func wanted(_ type: DeclaredType) -> String {
    switch type {
    case .string: "a text"
    case .int: "an int"
    case .float: "a number"
    case .bool: "true or false"
    case .time: "a time such as @2026-01-31 or ago(7d)"
    case .duration: "a duration such as 90d"
    case .choice(let words): Finding.oneOf(words.map { "\"\($0)\"" })
    case .id(of: let name): "\(StaticType.article(name)), or its id"
    case .reference(of: let name): "\(StaticType.article(name)), its name or its id"
    case .list(let element): "a list, each item \(wanted(element))"
    case .sequence: "a sequence"
    case .record, .map: "a record"
    case .filter: "a block such as `{ .name == \"…\" }`"
    case .unknown: "a value"
    }
  }
}
