import Bytecode
import Catalogue

/// The declarations as the checker asks for them.
extension APIBinding: TypeNames {
  public var typeNames: TypeNames? { self }

  public func fieldNames(of type: String) -> [String] {
    catalogue.recordType(type)?.fields.filter { !$0.isOnlySearched }.map(\.name) ?? []
  }

  public func field(_ name: String, of type: String) -> DeclaredField? {
    guard let field = catalogue.recordType(type)?.field(name) else { return nil }
    return DeclaredField(
      declared(field.type), isSearchOnly: field.isOnlySearched,
      advice: field.isOnlySearched ? APIMessages.onlySearched(field, of: type, catalogue) : nil)
  }

  public func declaredOperation(_ resource: String, _ name: String) -> DeclaredOperation? {
    let operations = catalogue.operations(resource, name)
    guard !operations.isEmpty else { return nil }
    let merged = MergedSignature(operations)
    let parameters = merged.signature.parameters.enumerated().map { index, parameter in
      var types: Set<DeclaredType> = []
      for chosen in operations.indices {
        let own = operations[chosen].parameters
        for position in own.indices where merged.place(of: position, in: chosen) == index {
          types.insert(declared(own[position].type))
        }
      }
      // Where the record's type decides, only the call can tell.
      let type = types.count == 1 ? types.first ?? .unknown : .unknown
      return DeclaredOperation.Parameter(parameter.name, type, isRequired: !parameter.isOptional)
    }
    var results: Set<DeclaredType> = []
    for operation in operations {
      switch operation.result {
      case .nothing: results.insert(.unknown)
      case .value(let type): results.insert(declared(type))
      case .sequence(let type): results.insert(.sequence(declared(type)))
      }
    }
    return DeclaredOperation(
      parameters: parameters, result: results.count == 1 ? results.first ?? .unknown : .unknown)
  }

  public func itemType(of resource: String) -> DeclaredType {
    guard case .sequence(let type)? = catalogue.resource(resource)?.all?.result else { return .unknown }
    return declared(type)
  }

  public func searchTakes(_ way: [String], _ comparison: String, of type: String) -> Bool {
    let fields = catalogue.searchFields(of: type)
    if way.count == 2, fields.contains(where: { $0.kind == .attribute && $0.path == [way[0]] }) {
      // Which attributes there are, and of which type, only the workspace knows.
      return comparison != "matches"
    }
    guard let field = fields.first(where: { $0.path == way }) else { return false }
    let isNumber = [.time, .duration, .int, .float].contains(field.type)
    switch comparison {
    case "==": return field.kind.operators.contains(.equal)
    case "!=": return field.kind.operators.contains(.notEqual)
    case "in": return field.kind.operators.contains(.oneOf)
    case "not in": return field.kind.operators.contains(.noneOf)
    case "<", ">": return isNumber
    // Records have no such time: nothing could leave out what `<` may include.
    case "<=", ">=": return isNumber && (field.isReadable || field.kind.operators.contains(.lessOrEqual))
    case "contains", "not contains", "starts_with", "ends_with":
      return [.text, .token].contains(field.kind) && field.words.isEmpty
    default: return false
    }
  }

  private func declared(_ type: FieldType) -> DeclaredType {
    switch type {
    case .string: .string
    case .int: .int
    case .float: .float
    case .bool: .bool
    case .time: .time
    case .duration: .duration
    case .choice(let words): .choice(words)
    case .id(let name): .id(of: name)
    case .reference(let name), .name(let name): .reference(of: name)
    case .list(let element): .list(declared(element))
    case .object(let name): .record(name)
    case .map: .map
    case .filter(let name): .filter(of: name)
    case .any, .record, .bytes, .sort: .unknown
    }
  }
}
