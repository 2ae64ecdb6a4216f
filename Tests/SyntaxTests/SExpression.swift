import Diagnostics

@testable import Syntax

/// Prints trees as grammar-cases.json writes them. Literals come out as they stand in the source.
struct SExpression {
  let source: SourceText

  static func of(_ text: String, repl: Bool = false) -> String {
    let source = SourceText(name: "case", text: text)
    let result = repl ? Parser.parseREPLLine(source) : Parser.parse(source)
    return SExpression(source: source).script(result.script)
  }

  func script(_ script: Script) -> String {
    script.declarations.map(declaration).joined(separator: "\n")
  }

  func declaration(_ declaration: Declaration) -> String {
    switch declaration {
    case .param(let param):
      let value = param.defaultValue.map { " = \(expression($0))" } ?? ""
      return "(param \(param.name.text) \(type(param.type))\(value))"
    case .use(let use): return "(use \"\(use.path)\")"
    case .test(let test): return "(test \"\(test.title)\" \(body(test.body)))"
    case .resource(let resource):
      let of = resource.recordType.map { " of \($0.text)" } ?? ""
      let operations = resource.operations.map { " " + operation($0) }.joined()
      return "(resource \(resource.name.text)\(of)\(operations))"
    case .type(let declaration):
      let fields = declaration.fields.map { field($0) + clauses($0.clauses) }.joined(separator: "; ")
      return "(type \(declaration.name.text) [\(fields)])"
    case .statement(let statement): return self.statement(statement)
    }
  }

  private func operation(_ operation: OperationDeclaration) -> String {
    let result = operation.result.map { " -> \(type($0))" } ?? ""
    let parameters = operation.parameters.map(field).joined(separator: " ")
    return "(\(operation.effect.text) \(operation.name.text) [\(parameters)]\(result) \(operation.method) "
      + "\"\(operation.path)\"\(clauses(operation.clauses)))"
  }

  private func field(_ field: FieldDeclaration) -> String {
    "\(field.name.text):\(type(field.type))" + (field.defaultValue.map { "=\(literal($0))" } ?? "")
  }

  private func literal(_ literal: Literal) -> String {
    switch literal {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .float(let value): "\(value)"
    case .string(let value): "\"\(value)\""
    case .duration(let value): "\(value)ms"
    case .time(let value): "\(value)"
    }
  }

  private func clauses(_ clauses: [Clause]) -> String {
    clauses.map { clause in
      switch clause.value {
      case .none: " \(clause.name.text)"
      case .text(let text): " \(clause.name.text)=\"\(text)\""
      case .int(let value): " \(clause.name.text)=\(value)"
      case .word(let word, let words):
        " \(clause.name.text)=\(word)" + (words.isEmpty ? "" : "(\(words.joined(separator: " ")))")
      }
    }.joined()
  }

  func type(_ type: TypeReference) -> String {
    let kind =
      switch type.kind {
      case .named(let name, let argument): name + (argument.map { "<\(self.type($0))>" } ?? "")
      case .choice(let choices): choices.map { "\"\($0)\"" }.joined(separator: "|")
      case .file(let columns): "file(\(columns.joined(separator: " ")))"
      }
    return kind + (type.isOptional ? "?" : "")
  }

  func statement(_ statement: Statement) -> String {
    switch statement.kind {
    case .binding(let isVariable, let name, let value):
      return "(\(isVariable ? "var" : "let") \(name.text) \(expression(value)))"
    case .function(let function):
      let parameters = function.parameters.map { parameter in
        parameter.name.text + (parameter.defaultValue.map { "=\(expression($0))" } ?? "")
      }
      let content =
        function.isExpressionBody
        ? function.body.statements.map(self.statement).joined() : body(function.body)
      return "(fn \(function.name.text) [\(parameters.joined(separator: " "))] \(content))"
    case .forIn(let name, let items, let body):
      return "(for \(name.text) \(expression(items)) \(self.body(body)))"
    case .whileLoop(let condition, let body): return "(while \(expression(condition)) \(self.body(body)))"
    case .returnValue(let value): return "(return" + (value.map { " \(expression($0))" } ?? "") + ")"
    case .breakLoop: return "(break)"
    case .continueLoop: return "(continue)"
    case .assign(let target, let assignment, let value):
      let steps = target.steps.map { step in
        switch step {
        case .member(let name): ".\(name.text)"
        case .index(let key): "[\(expression(key))]"
        }
      }
      return "(\(assignment.rawValue) \(target.name.text)\(steps.joined()) \(expression(value)))"
    case .expression(let value): return expression(value)
    }
  }

  func body(_ body: Body) -> String { "{" + body.statements.map(statement).joined(separator: "; ") + "}" }

  func expression(_ expression: Expression) -> String {
    switch expression.kind {
    case .literal(let value):
      if case .string(let text) = value { return "\"\(text)\"" }
      return source.text(in: expression.range).filter { $0 != "(" && $0 != ")" }
    case .interpolation(let parts):
      let content = parts.map { part in
        switch part {
        case .text(let text): text
        case .expression(let value): "\\(\(self.expression(value)))"
        }
      }
      return "\"\(content.joined())\""
    case .name(let name): return name
    case .item: return "it"
    case .member(let inner, let name): return "\(self.expression(inner)).\(name.text)"
    case .index(let inner, let key): return "\(self.expression(inner))[\(self.expression(key))]"
    case .list(let items): return "[\(items.map(self.expression).joined(separator: " "))]"
    case .record(let entries): return "<\(entries.map(entry).joined(separator: " "))>"
    case .call(let call): return self.call(call)
    case .pipe(let left, let stage):
      let isBare = stage.arguments.isEmpty && stage.block == nil
      let right = isBare ? stage.path.map(\.text).joined(separator: ".") : call(stage)
      return "(| \(self.expression(left)) \(right))"
    case .not(let operand): return "(not \(self.expression(operand)))"
    case .negate(let operand): return "(- \(self.expression(operand)))"
    case .binary(let binary, let left, let right):
      let name = binary.rawValue.split(separator: " ").joined(separator: "-")
      return "(\(name) \(self.expression(left)) \(self.expression(right)))"
    case .ifElse(let value):
      var text = "(if \(self.expression(value.condition)) \(body(value.then))"
      if let otherwise = value.otherwise {
        let isChain = source.bytes[otherwise.range.start] != UInt8(ascii: "{")
        text += " " + (isChain ? otherwise.statements.map(statement).joined() : body(otherwise))
      }
      return text + ")"
    case .tryCatch(let value):
      return "(try \(body(value.body)) \(value.name.text) \(body(value.handler)))"
    }
  }

  private func entry(_ entry: RecordEntry) -> String {
    switch entry {
    case .spread(let value): "...\(expression(value))"
    case .field(let name, let value): "\(source.text(in: name.range)):\(expression(value))"
    case .computed(let key, let value): "\(expression(key)):\(expression(value))"
    }
  }

  private func call(_ call: Call) -> String {
    var parts = [call.path.map(\.text).joined(separator: ".")]
    parts += call.arguments.map { ($0.label.map { "\($0.text):" } ?? "") + expression($0.value) }
    if let block = call.block {
      let names = block.parameters.isEmpty ? "it" : block.parameters.map(\.text).joined(separator: " ")
      parts.append("{\(names) -> \(block.body.statements.map(statement).joined(separator: "; "))}")
    }
    return "(\(parts.joined(separator: " ")))"
  }
}
