import Diagnostics
import Syntax

extension DeclarationLoader {
  mutating func load(_ source: OperationDeclaration, of resource: String) -> APIOperation? {
    guard let effect = Effect(rawValue: source.effect.text) else {
      report(.unknownEffect(source.effect.text), at: source.effect.range)
      return nil
    }
    guard let method = RequestMethod(rawValue: source.method) else {
      report(.unknownMethod(source.method), at: source.name.range)
      return nil
    }
    guard let path = PathTemplate(source.path) else {
      report(.path(source.path), at: source.name.range)
      return nil
    }
    if !isTrusted { checkEffect(effect, method: method, path: path, at: source.effect.range) }

    let (text, examples) = splitDocumentation(source.documentation)
    if isTrusted, text.isEmpty { report(.undocumented(source.name.text), at: source.name.range) }
    var draft = OperationDraft(
      operation: APIOperation(
        resource: resource, name: source.name.text, effect: effect, method: method, path: path,
        parameters: [], result: .nothing, items: [], fixedFields: [], listedFields: [],
        requirements: [], refusals: [], fixedFilters: [], outcomes: [], settle: [],
        reopens: nil, keepsNothing: false, isAll: false, documentation: text, examples: examples))
    draft.operation.parameters = parameters(of: source, path: path, method: method)
    draft.operation.result = result(source.result)
    read(source.clauses, into: &draft)
    finish(&draft, source: source)
    return draft.operation
  }

  private mutating func checkEffect(
    _ effect: Effect, method: RequestMethod, path: PathTemplate, at range: SourceRange
  ) {
    let allowed: Effect =
      switch method {
      case .get: .read
      case .post where path.text.hasSuffix("/search"): .read
      case .post, .put: .write
      case .delete: .destroy
      }
    if effect < allowed {
      report(
        .effectBelowMethod(
          effect: effect.rawValue, method: method.rawValue, allowed: allowed.rawValue), at: range)
    }
  }

  /// Lines that start with `>` are examples, the others the text.
  private func splitDocumentation(_ documentation: String?) -> (String, [String]) {
    var text: [Substring] = []
    var examples: [String] = []
    for line in (documentation ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
      let bare = line.drop { $0 == " " }
      if bare.hasPrefix("> ") {
        examples.append(String(bare.dropFirst(2)))
      } else {
        text.append(line)
      }
    }
    while text.last?.isEmpty == true { text.removeLast() }
    return (text.joined(separator: "\n"), examples)
  }

  private mutating func result(_ reference: TypeReference?) -> APIOperation.Result {
    guard let reference else { return .nothing }
    if case .named("sequence", argument: let argument?) = reference.kind {
      return .sequence(type(argument, in: .result))
    }
    return .value(type(reference, in: .result))
  }

  private mutating func parameters(
    of source: OperationDeclaration, path: PathTemplate, method: RequestMethod
  ) -> [Parameter] {
    let inPath = Set(path.parameterNames)
    let isPaged = source.clauses.contains { $0.name.text == "page_max" || $0.name.text == "page_size" }
    var parameters: [Parameter] = []
    for field in source.parameters {
      let name = field.name.text
      if parameters.contains(where: { $0.name == name }) {
        report(.duplicateParameter(name), at: field.name.range)
        continue
      }
      let type = type(field.type, in: .parameter)
      let place: Parameter.Place =
        if inPath.contains(name) {
          .path
        } else if case .filter = type {
          .filter
        } else if case .sort = type {
          .sort
        } else if name == "per_page", isPaged {
          .pageSize
        } else {
          method == .get ? .query : .body
        }
      if place == .path, field.type.isOptional {
        report(.optionalPathParameter(name), at: field.name.range)
      }
      if let value = field.defaultValue, !fits(value, type, isOptional: field.type.isOptional) {
        report(.defaultValue(parameter: name, type: "\(type)"), at: field.name.range)
      }
      parameters.append(
        Parameter(
          name: name, type: type, isOptional: field.type.isOptional,
          defaultValue: field.defaultValue.map { .literal($0) }, place: place, wire: [name],
          sendsNumber: false))
    }
    for name in path.parameterNames where !parameters.contains(where: { $0.name == name }) {
      report(.unboundPathParameter(name, path: path.text), at: source.name.range)
    }
    return parameters
  }

  private func fits(_ value: Literal, _ type: FieldType, isOptional: Bool) -> Bool {
    switch (value, type) {
    case (.null, _): isOptional
    case (.bool, .bool), (.int, .int), (.int, .float), (.float, .float), (.string, .string),
      (.duration, .duration), (.time, .time), (_, .any):
      true
    case (.string(let text), .choice(let words)): words.contains(text)
    case (.string, .id), (.string, .reference), (.string, .name): true
    default: false
    }
  }

  /// What can be judged only when all clauses are known.
  private mutating func finish(_ draft: inout OperationDraft, source: OperationDeclaration) {
    var operation = draft.operation
    if draft.pagingStyle == nil,
      source.clauses.contains(where: {
        ["page_size", "page_max", "total", "cap", "beyond", "idle", "cut"].contains($0.name.text)
      })
    {
      report(.sequenceWithoutPaging, at: source.name.range)
    }
    if let style = draft.pagingStyle {
      operation.paging = Paging(
        style: style, end: draft.pagingEnd ?? .nextURL, defaultPageSize: draft.pageSize,
        maxPageSize: draft.pageMax, totalCount: draft.totalCount ?? .none, cap: draft.cap,
        beyond: draft.beyond, idleSeconds: draft.idle, cut: draft.cut)
    }
    if case .sequence = operation.result {
      if operation.paging == nil { report(.sequenceWithoutPaging, at: source.name.range) }
      if operation.items.isEmpty { report(.sequenceWithoutItems, at: source.name.range) }
    } else if operation.paging != nil || !operation.items.isEmpty {
      report(.pagingWithoutSequence, at: source.name.range)
    }
    operation.settle = draft.settleRules()
    if operation.isAll,
      let needed = operation.parameters.first(where: {
        $0.isRequired && $0.place != .filter
      })
    {
      report(.allNeedsArguments(needed.name), at: source.name.range)
    }
    if operation.target == nil, operation.effect != .read {
      operation.target =
        operation.parameters.first { $0.place == .path && $0.type.namesRecord }?.name
    }
    let setsFields = setsFields(operation)
    for index in operation.parameters.indices {
      let parameter = operation.parameters[index]
      if let path = draft.sets[parameter.name] {
        operation.parameters[index].sets = path
      } else if setsFields, parameter.place == .body, parameter.name != draft.signerName,
        parameter.name != operation.target, operation.target != nil
      {
        operation.parameters[index].sets = parameter.wire
      }
    }
    checkWires(operation, at: source)
    draft.operation = operation
  }

  /// Whether body fields become fields of the target: an operation whose outcome is seen by reading
  /// the target itself, or that is taken back by the values before.
  private func setsFields(_ operation: APIOperation) -> Bool {
    if case .earlier = operation.inverse?.arguments { return true }
    return operation.settle.contains {
      $0.settleClass == .set && $0.lookUp?.resource == operation.resource && $0.lookUp?.field == nil
    }
  }

  /// Two parameters that cannot both be given may share a place, others may not.
  private mutating func checkWires(_ operation: APIOperation, at source: OperationDeclaration) {
    let placed = operation.parameters.filter { $0.place == .body || $0.place == .query }
    for (index, parameter) in placed.enumerated() {
      if let other = placed[..<index].first(where: {
        $0.wire == parameter.wire && $0.place == parameter.place
      }) {
        report(.duplicateWire(parameter.name, other: other.name), at: source.name.range)
      }
      if let fixed = operation.fixedFields.first(where: { $0.wire == parameter.wire }) {
        report(
          .duplicateWire(parameter.name, other: fixed.wire.joined(separator: ".")),
          at: source.name.range)
      }
    }
  }
}
