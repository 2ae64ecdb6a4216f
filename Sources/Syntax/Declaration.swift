import Diagnostics

/// A whole source file.
public struct Script: Sendable {
  public var declarations: [Declaration]
  /// The `##` comment at the very top that belongs to no declaration (a title and a description),
  /// or that of the first declaration.
  public var documentation: String?

  public init(declarations: [Declaration], documentation: String?) {
    self.declarations = declarations
    self.documentation = documentation
  }
}

public enum Declaration: Sendable {
  case param(ParamDeclaration)
  case use(UseDeclaration)
  case test(TestDeclaration)
  case resource(ResourceDeclaration)
  case type(TypeDeclaration)
  case statement(Statement)
}

public struct ParamDeclaration: Sendable {
  public var name: Name
  public var type: TypeReference
  public var defaultValue: Expression?
  public var documentation: String?
  public var range: SourceRange

  public init(
    name: Name, type: TypeReference, defaultValue: Expression?, documentation: String?,
    range: SourceRange
  ) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
    self.documentation = documentation
    self.range = range
  }
}

public struct UseDeclaration: Sendable {
  public var path: String
  public var range: SourceRange

  public init(path: String, range: SourceRange) {
    self.path = path
    self.range = range
  }
}

extension UseDeclaration {
  /// What the module is called in the script: `helpers` for `use "lib/helpers.parl"`.
  public var moduleName: String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.hasSuffix(".parl") ? String(file.dropLast(5)) : file
  }
}

public struct TestDeclaration: Sendable {
  public var title: String
  public var body: Body
  public var documentation: String?
  public var range: SourceRange

  public init(title: String, body: Body, documentation: String? = nil, range: SourceRange) {
    self.title = title
    self.body = body
    self.documentation = documentation
    self.range = range
  }
}

/// `resource tickets of ticket { … }`
public struct ResourceDeclaration: Sendable {
  public var name: Name
  public var recordType: Name?
  public var operations: [OperationDeclaration]
  public var documentation: String?
  public var range: SourceRange

  public init(
    name: Name, recordType: Name?, operations: [OperationDeclaration], documentation: String?,
    range: SourceRange
  ) {
    self.name = name
    self.recordType = recordType
    self.operations = operations
    self.documentation = documentation
    self.range = range
  }
}

public struct OperationDeclaration: Sendable {
  /// `read`, `write`, `destroy` or `outward`.
  public var effect: Name
  public var name: Name
  public var parameters: [FieldDeclaration]
  public var result: TypeReference?
  /// `GET`, `POST`, `PUT` or `DELETE`.
  public var method: String
  public var path: String
  public var clauses: [Clause]
  public var documentation: String?
  public var range: SourceRange

  public init(
    effect: Name, name: Name, parameters: [FieldDeclaration], result: TypeReference?,
    method: String, path: String, clauses: [Clause], documentation: String?, range: SourceRange
  ) {
    self.effect = effect
    self.name = name
    self.parameters = parameters
    self.result = result
    self.method = method
    self.path = path
    self.clauses = clauses
    self.documentation = documentation
    self.range = range
  }
}

/// `type ticket { id: id<ticket> … }`
public struct TypeDeclaration: Sendable {
  public var name: Name
  public var fields: [FieldDeclaration]
  public var documentation: String?
  public var range: SourceRange

  public init(
    name: Name, fields: [FieldDeclaration], documentation: String?, range: SourceRange
  ) {
    self.name = name
    self.fields = fields
    self.documentation = documentation
    self.range = range
  }
}

/// A field of a type (with clauses) or a parameter of an operation (without).
public struct FieldDeclaration: Sendable {
  public var name: Name
  public var type: TypeReference
  public var defaultValue: Literal?
  public var clauses: [Clause]
  public var documentation: String?

  public init(
    name: Name, type: TypeReference, defaultValue: Literal?, clauses: [Clause],
    documentation: String?
  ) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
    self.clauses = clauses
    self.documentation = documentation
  }
}

/// `"a" | "b"`, `list<tag>?`, `int`
public struct TypeReference: Sendable, Hashable {
  public indirect enum Kind: Sendable, Hashable {
    case named(String, argument: TypeReference?)
    /// A type argument may name columns: `file(email, plan)` keeps them here.
    case choice([String])
    case file(columns: [String])
  }

  public var kind: Kind
  public var isOptional: Bool
  public var range: SourceRange

  public init(_ kind: Kind, isOptional: Bool, range: SourceRange) {
    self.kind = kind
    self.isOptional = isOptional
    self.range = range
  }
}

/// `items "tickets"`, `undo update(earlier)`, `search eq`, `max 150`
public struct Clause: Sendable, Hashable {
  public enum Value: Sendable, Hashable {
    case none
    case text(String)
    case int(Int64)
    case word(String, [String])
  }

  public var name: Name
  public var value: Value

  public init(name: Name, value: Value) {
    self.name = name
    self.value = value
  }
}
