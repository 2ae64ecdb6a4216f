import Bytecode
import Diagnostics
import Syntax

extension Checker {
  /// The type of the body's value.
  func check(_ body: Body) -> StaticType {
    var value = StaticType.null
    for (index, statement) in body.statements.enumerated() {
      value = check(statement)
      if index < body.statements.count - 1 { checkUnused(statement, value) }
    }
    findUnreachable(body.statements)
    return value
  }

  /// The type of the statement's value where it is a body's last one.
  @discardableResult
  func check(_ statement: Statement) -> StaticType {
    switch statement.kind {
    case .binding(let isVariable, let name, let value):
      let type = infer(value)
      // What a variable holds may change.
      if scopes.count == 1 {
        pass(name, type: isVariable ? .unknown : type)
      } else {
        declare(name, isVariable ? .variable : .binding, isVariable ? .unknown : type)
      }
    case .function(let function): check(function)
    case .forIn(let name, let items, let body):
      let type = infer(items)
      inScope {
        declare(name, .other, type.item)
        inScope { checkLoop(body) }
      }
    case .whileLoop(let condition, let body):
      checkCondition(condition, infer(condition), of: "while")
      inScope { checkLoop(body) }
    case .returnValue(let value):
      if let value { infer(value) }
      if let last = frames.indices.last { frames[last].returns = true }
      return .unknown
    case .breakLoop, .continueLoop: break
    case .assign(let target, _, let value):
      _ = use(target.name.text)
      for case .index(let index) in target.steps { infer(index) }
      infer(value)
    case .expression(let expression): return infer(expression)
    }
    return .null
  }

  /// Nobody takes the value of a loop's body.
  private func checkLoop(_ body: Body) {
    let value = check(body)
    if let last = body.statements.last { checkUnused(last, value) }
  }

  private func check(_ function: Function) {
    if scopes.count > 1 { declare(function.name, .function, .unknown) }
    let place = scopes[scopes.count - 1][function.name.text]
    inFrame(Frame(kind: .function, function: place)) {
      for parameter in function.parameters {
        if let value = parameter.defaultValue { infer(value) }
        declare(parameter.name, .other, .unknown)
      }
      inScope { _ = check(function.body) }
    }
  }

  // MARK: What is never reached

  /// Says of the first statement after one that always leaves that it is never reached.
  func findUnreachable(_ statements: [Statement]) {
    guard depth == .everything, statements.count > 1 else { return }
    for index in statements.indices.dropLast() {
      guard let word = leaving(statements[index]) else { continue }
      let line = source.position(of: statements[index].range.start).line
      report(.unreachable(after: word, line: line), at: statements[index + 1].range, severity: .warning)
      return
    }
  }

  /// The word by which a statement always leaves what stands around it; nil where it can go on.
  private func leaving(_ statement: Statement) -> String? {
    switch statement.kind {
    case .returnValue: "return"
    case .breakLoop: "break"
    case .continueLoop: "continue"
    case .expression(let expression): leaving(expression)
    case .whileLoop(let condition, let body): isEndless(condition, body) ? "while" : nil
    default: nil
    }
  }

  private func leaving(_ expression: Expression) -> String? {
    switch expression.kind {
    case .call(let call):
      guard call.path.count == 1, let name = call.path.first?.text, name == "raise" || name == "skip",
        scopes.allSatisfy({ $0[name] == nil })
      else { return nil }
      return name
    case .ifElse(let condition):
      guard let otherwise = condition.otherwise, let word = leaving(condition.then),
        leaving(otherwise) != nil
      else { return nil }
      return word
    default: return nil
    }
  }

  private func leaving(_ body: Body) -> String? {
    for statement in body.statements {
      if let word = leaving(statement) { return word }
    }
    return nil
  }
}
