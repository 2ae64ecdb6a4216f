import Diagnostics
import Syntax

/// What declarations may refer to beside themselves.
struct DeclarationScope: Sendable {
  var knowsType: @Sendable (String) -> Bool
  /// The names of a resource's operations; nil for an unknown resource.
  var operations: @Sendable (String) -> [String]?
  /// The resource whose records are of a type.
  var resourceOfType: @Sendable (String) -> String?
}

/// What one file declares.
struct LoadedDeclarations: Sendable {
  var resources: [Resource] = []
  var types: [RecordType] = []
  var diagnostics: [Diagnostic] = []
}

/// Turns syntax into the model and finds everything that is wrong with it in one go.
struct DeclarationLoader {
  let scope: DeclarationScope
  /// Shipped declarations may call a DELETE a write; a script's may not claim less than the method.
  let isTrusted: Bool
  var diagnostics: [Diagnostic] = []
  /// What operations are looked up in unless a clause names another resource.
  var currentResource: String?

  init(scope: DeclarationScope, isTrusted: Bool) {
    self.scope = scope
    self.isTrusted = isTrusted
  }

  mutating func load(_ script: Script) -> LoadedDeclarations {
    var loaded = LoadedDeclarations()
    for declaration in script.declarations {
      switch declaration {
      case .resource(let resource): loaded.resources.append(load(resource))
      case .type(let type): loaded.types.append(load(type))
      default: break
      }
    }
    loaded.diagnostics = diagnostics
    return loaded
  }

  mutating func load(_ declaration: ResourceDeclaration) -> Resource {
    if let type = declaration.recordType, !scope.knowsType(type.text) {
      report(.unknownType(type.text), at: type.range)
    }
    if isTrusted, (declaration.documentation ?? "").isEmpty {
      report(.undocumented(declaration.name.text), at: declaration.name.range)
    }
    currentResource = declaration.name.text
    var operations: [APIOperation] = []
    for source in declaration.operations {
      guard let operation = load(source, of: declaration.name.text) else { continue }
      for other in operations where other.name == operation.name {
        if !differInRecord(other, operation) {
          report(.duplicateOperation(operation.name), at: source.name.range)
          break
        }
      }
      if operation.isAll, let other = operations.first(where: { $0.isAll }) {
        report(.secondAll(other.name), at: source.name.range)
      }
      operations.append(operation)
    }
    return Resource(
      name: declaration.name.text, recordType: declaration.recordType?.text,
      operations: operations, documentation: declaration.documentation)
  }

  /// Whether the type of some record argument tells the two apart.
  private func differInRecord(_ left: APIOperation, _ right: APIOperation) -> Bool {
    zip(left.parameters, right.parameters).contains { one, other in
      one.type.namesRecord && other.type.namesRecord && one.isRequired && other.isRequired
        && one.type.recordType != other.type.recordType
    }
  }

  mutating func report(_ fault: DeclarationFault, at range: SourceRange) {
    diagnostics.append(fault.diagnostic(at: range))
  }
}
