import Syntax

/// Collects the names that blocks, functions and tests mention: a top-level `let` of such a name has to
/// be a global, all others live in registers.
struct CapturedNames {
  private(set) var names = Set<String>()
  private var depth = 0

  mutating func visit(_ declaration: Declaration) {
    switch declaration {
    case .statement(let statement): visit(statement)
    case .test(let test):
      depth += 1
      visit(test.body)
      depth -= 1
    case .param(let param):
      if let value = param.defaultValue { visit(value) }
    case .use, .resource, .type: break
    }
  }

  private mutating func visit(_ body: Body) {
    for statement in body.statements { visit(statement) }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .binding(_, _, let value): visit(value)
    case .function(let function):
      depth += 1
      for parameter in function.parameters {
        if let value = parameter.defaultValue { visit(value) }
      }
      visit(function.body)
      depth -= 1
    case .forIn(_, let items, let body):
      visit(items)
      visit(body)
    case .whileLoop(let condition, let body):
      visit(condition)
      visit(body)
    case .returnValue(let value):
      if let value { visit(value) }
    case .assign(let target, _, let value):
      mention(target.name.text)
      for case .index(let index) in target.steps { visit(index) }
      visit(value)
    case .expression(let expression): visit(expression)
    case .breakLoop, .continueLoop: break
    }
  }

  private mutating func mention(_ name: String) {
    if depth > 0 { names.insert(name) }
  }

  private mutating func visit(_ call: Call) {
    if let head = call.path.first { mention(head.text) }
    for argument in call.arguments { visit(argument.value) }
    if let block = call.block {
      depth += 1
      visit(block.body)
      depth -= 1
    }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .literal, .item: break
    case .interpolation(let parts):
      for case .expression(let part) in parts { visit(part) }
    case .name(let name): mention(name)
    case .member(let base, _): visit(base)
    case .index(let base, let index):
      visit(base)
      visit(index)
    case .list(let items):
      for item in items { visit(item) }
    case .record(let entries):
      for entry in entries {
        switch entry {
        case .spread(let value), .field(_, let value): visit(value)
        case .computed(let key, let value):
          visit(key)
          visit(value)
        }
      }
    case .call(let call): visit(call)
    case .pipe(let left, let call):
      visit(left)
      visit(call)
    case .not(let value), .negate(let value): visit(value)
    case .binary(_, let left, let right):
      // Long flat chains lean to the left: walked in a loop, so that they cannot exhaust the stack.
      visit(right)
      var rest = left
      while case .binary(_, let inner, let last) = rest.kind {
        visit(last)
        rest = inner
      }
      visit(rest)
    case .ifElse(let value):
      visit(value.condition)
      visit(value.then)
      if let otherwise = value.otherwise { visit(otherwise) }
    case .tryCatch(let value):
      visit(value.body)
      visit(value.handler)
    }
  }
}
