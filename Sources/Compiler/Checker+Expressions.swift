import Bytecode
import Diagnostics
import Syntax

extension Checker {
  /// Looks an expression through and says what is known of its value.
  @discardableResult
  func infer(_ expression: Expression) -> StaticType {
    switch expression.kind {
    case .literal(let literal):
      if case .string(let text) = literal { checkText(text, expression.range) }
      return type(of: literal)
    case .interpolation(let parts):
      for part in parts {
        switch part {
        case .text(let text): checkText(text, expression.range)
        case .expression(let value): infer(value)
        }
      }
      return .text
    case .name(let name): return inferName(name)
    case .item: return inferItem(expression.range)
    case .member(let base, let name): return inferMember(base, name)
    case .index(let base, let index):
      let owner = infer(base)
      infer(index)
      return inferIndex(owner, index)
    case .list(let items): return .list(inferItems(items))
    case .record(let entries): return inferRecord(entries)
    case .call(let call): return inferCall(call, piped: nil, expression.range)
    case .pipe(let left, let call): return inferCall(call, piped: left, expression.range)
    case .not(let value):
      checkCondition(value, infer(value), of: "not")
      return .bool
    case .negate(let value):
      let type = infer(value)
      return type.kind == .number || type == .duration ? type : .unknown
    case .binary(let op, let left, let right): return inferBinary(op, left, right, expression.range)
    case .ifElse(let condition): return inferIf(condition)
    case .tryCatch(let attempt): return inferTry(attempt)
    }
  }

  private func type(of literal: Literal) -> StaticType {
    switch literal {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .float: .float
    case .string: .text
    case .duration: .duration
    case .time: .time
    }
  }

  /// `${name}` in a text: another language's interpolation, which is plain text here.
  private func checkText(_ text: String, _ range: SourceRange) {
    guard depth == .everything, let start = text.firstRange(of: "${") else { return }
    let name = text[start.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    guard !name.isEmpty, text[name.endIndex...].first == "}" else { return }
    report(.dollarBrace(String(name)), at: range, severity: .warning)
  }

  private func inferName(_ name: String) -> StaticType {
    if let own = use(name) { return own.kind == .variable ? .unknown : own.type }
    foreignNames.insert(name)
    guard !isForeign(name), let types, environment.resourceSequence(name) != nil else { return .unknown }
    return .sequence(StaticType(types.itemType(of: name)))
  }

  /// A name that wins over the API's without being declared here: an earlier line's, a module's, a builtin.
  func isForeign(_ name: String) -> Bool {
    environment.global(name) != nil || environment.module(name) != nil || environment.prelude(name) != nil
      || environment.native(name) != nil
  }

  private func inferItem(_ range: SourceRange) -> StaticType {
    guard let last = frames.indices.last else { return .unknown }
    if frames[last].firstUse == nil { frames[last].firstUse = range }
    return frames[last].item ?? .unknown
  }

  private func inferItems(_ items: [Expression]) -> StaticType {
    guard let first = items.first else { return .unknown }
    var type = infer(first)
    for item in items.dropFirst() { type = type.joined(infer(item)) }
    return type
  }

  private func inferRecord(_ entries: [RecordEntry]) -> StaticType {
    var fields: [String: StaticType] = [:]
    var isClosed = true
    for entry in entries {
      switch entry {
      case .field(let name, let value):
        let type = infer(value)
        if fields.updateValue(type, forKey: name.text) != nil, isClosed {
          report(.duplicateKey(name.text), at: name.range, severity: .warning)
        }
      case .computed(let key, let value):
        infer(key)
        infer(value)
        isClosed = false
      case .spread(let value):
        infer(value)
        // What a spread brings may be there to be replaced.
        fields = [:]
        isClosed = false
      }
    }
    return isClosed ? .record(fields) : .unknown
  }

  // MARK: Fields

  private func inferMember(_ base: Expression, _ name: Name) -> StaticType {
    let owner = infer(base)
    let range = SourceRange(max(0, name.range.start - 1), name.range.end)
    switch owner {
    case .declared(let type), .searched(let type):
      guard let types else { return .unknown }
      var isSearch = false
      if case .searched = owner { isSearch = true }
      guard let field = types.field(name.text, of: type) else {
        let known = types.fieldNames(of: type)
        if known.isEmpty { return .unknown }
        report(
          .unknownField(
            name.text, type: type, near: Spelling.nearest(name.text, in: known),
            outer: outerOwner(of: name.text, base)),
          at: range, severity: .error)
        return .unknown
      }
      if field.isSearchOnly, !isSearch {
        report(.searchOnlyField(name.text, type: type, advice: field.advice), at: range, severity: .error)
        return .unknown
      }
      declaredMembers.insert(name.range.start)
      // What lies inside may be the search's alone, too.
      if isSearch, case .record(let inner) = field.type { return .searched(inner) }
      return StaticType(field.type)
    case .record(let fields):
      if let type = fields[name.text] { return type }
      let known = fields.keys.sorted()
      report(
        .missingKey(name.text, near: Spelling.nearest(name.text, in: known), known: known), at: range,
        severity: .warning)
      return .unknown
    case .row(let columns):
      if !columns.contains(name.text), let near = Spelling.nearest(name.text, in: columns) {
        report(.missingColumn(name.text, near: near), at: range, severity: .warning)
      }
      return .text
    case .list(let item), .sequence(let item):
      // `contacts.email`: the compiler has said that there is no such operation.
      if case .name(let resource) = base.kind, environment.isResource(resource), use(resource) == nil {
        return .unknown
      }
      // `[…].x` in a script of its own values may be there to fail; what the API gave never is.
      let isAPI = item.isDeclared
      let isStage = environment.prelude(name.text) != nil
      report(
        .fieldOfMany(name.text, owner, isStage: isStage), at: range, severity: isAPI ? .error : .warning)
      return .unknown
    default: return .unknown
    }
  }

  /// The record type of a block further out whose item has the field, where the inner `it` has not.
  private func outerOwner(of field: String, _ base: Expression) -> String? {
    guard case .item = base.kind else { return nil }
    for frame in frames.dropLast().reversed() {
      guard frame.kind == .block else { return nil }
      if case .declared(let type)? = frame.item, types?.field(field, of: type) != nil { return type }
    }
    return nil
  }

  private func inferIndex(_ owner: StaticType, _ index: Expression) -> StaticType {
    switch (owner, index.kind) {
    case (.list(let item), .literal(.int)): item
    case (.list, .binary(.range, _, _)): owner
    case (.declared(let type), .literal(.string(let name))):
      types?.field(name, of: type).map { StaticType($0.type) } ?? .unknown
    case (.record(let fields), .literal(.string(let name))): fields[name] ?? .unknown
    default: .unknown
    }
  }

  // MARK: Choices

  private func inferIf(_ first: IfExpression) -> StaticType {
    var condition = first
    var result: StaticType?
    var asked: [String: SourceRange] = [:]
    // `else if` chains in a loop: they may be long.
    while true {
      if isPure(condition.condition), depth == .everything {
        let text = source.text(in: condition.condition.range)
        if let earlier = asked[text] {
          let line = source.position(of: earlier.start).line
          report(.asksAgain(line: line), at: condition.condition.range, severity: .warning)
        }
        asked[text] = condition.condition.range
      }
      checkCondition(condition.condition, infer(condition.condition), of: "if")
      let value = inScope { check(condition.then) }
      result = result.map { $0.joined(value) } ?? value
      guard let otherwise = condition.otherwise else { return result?.joined(.null) ?? .unknown }
      if otherwise.statements.count == 1, case .expression(let only)? = otherwise.statements.first?.kind,
        case .ifElse(let next) = only.kind
      {
        condition = next
        continue
      }
      let last = inScope { check(otherwise) }
      return result?.joined(last) ?? last
    }
  }

  private func inferTry(_ attempt: TryExpression) -> StaticType {
    let value = inScope { check(attempt.body) }
    if case .sequence = value, let last = attempt.body.statements.last,
      case .expression(let expression) = last.kind
    {
      report(.triesNothing, at: expression.range, severity: .warning)
    }
    let handled = inScope {
      declare(attempt.name, .other, .unknown)
      return inScope { check(attempt.handler) }
    }
    return value.joined(handled)
  }

  /// A condition is a bool; `null` counts as false.
  func checkCondition(_ expression: Expression, _ type: StaticType, of word: String) {
    guard let kind = type.kind, kind != .bool else { return }
    report(
      .notABool(type.words, of: word, isNumber: kind == .number), at: expression.range,
      severity: isDeclared(expression) ? .error : .warning)
  }

  /// Whether the expression reads a field that the API declares.
  func isDeclared(_ expression: Expression) -> Bool {
    guard case .member(_, let name) = expression.kind else { return false }
    return declaredMembers.contains(name.range.start)
  }
}

extension StaticType {
  var isDeclared: Bool {
    switch self {
    case .declared, .searched, .choice, .id: true
    default: false
    }
  }
}
