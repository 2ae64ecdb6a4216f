import Catalogue
import Glibc
import JSON

/// The catalogue as one JSON value.
struct CatalogueDocument {
  let catalogue: APICatalogue

  init(_ catalogue: APICatalogue) { self.catalogue = catalogue }

  static func fail() { exit(1) }

  var json: JSONValue {
    let types = catalogue.allRecordTypes()
    let searched = Set(
      catalogue.allResources().flatMap { $0.operations }
        .compactMap { $0.filterParameter?.type.recordType })
    return [
      "resources": list(catalogue.allResources().map { resource($0) }),
      "types": list(types.map { recordType($0) }),
      "search": list(
        types.map { $0.name }.filter { searched.contains($0) }.map { name in
          ["type": .string(name), "fields": list(catalogue.searchFields(of: name).map { searchField($0) })]
        }),
    ]
  }

  private func list(_ items: [JSONValue]) -> JSONValue { .array(items) }

  private func texts(_ items: [String]) -> JSONValue { .array(items.map { .string($0) }) }

  private func text(_ item: String?) -> JSONValue { item.map { .string($0) } ?? .null }

  private func number(_ item: Int?) -> JSONValue { item.map { .int(Int64($0)) } ?? .null }

  private func resource(_ resource: Resource) -> JSONValue {
    [
      "name": .string(resource.name),
      "type": text(resource.recordType),
      "operations": list(resource.operations.map { operation($0) }),
    ]
  }

  private func operation(_ operation: APIOperation) -> JSONValue {
    [
      "name": .string(operation.qualifiedName),
      "official": text(operation.officialName),
      "effect": .string(operation.effect.rawValue),
      "method": .string(operation.method.rawValue),
      "path": .string(operation.path.text),
      "parameters": list(operation.parameters.map { parameter($0) }),
      "fixed": list(operation.fixedFields.map { fixed($0) }),
      "requirements": list(operation.requirements.map { texts($0.parameters) }),
      "listed": texts(operation.listedFields),
      "result": result(operation.result),
      "items": texts(operation.items),
      "paging": text(operation.paging?.style.rawValue),
      "page_size": number(operation.paging?.defaultPageSize),
      "page_max": number(operation.paging?.maxPageSize),
      "settle": texts(operation.settle.map { $0.settleClass.rawValue }),
      "undo": texts(operation.inverse?.verbs ?? []),
      "examples": texts(operation.examples),
    ]
  }

  private func parameter(_ parameter: Parameter) -> JSONValue {
    [
      "name": .string(parameter.name),
      "type": type(parameter.type),
      "required": .bool(parameter.isRequired),
      "filled": .bool(parameter.defaultValue != nil),
      "place": .string(parameter.place.rawValue),
      "wire": texts(parameter.wire),
      "number": .bool(parameter.sendsNumber),
    ]
  }

  private func fixed(_ field: FixedField) -> JSONValue {
    let value: JSONValue =
      switch field.value {
      case .text(let text): .string(text)
      case .bool(let bool): .bool(bool)
      case .null: .null
      case .signer: "me"
      case .nobody: "0"
      }
    return ["wire": texts(field.wire), "value": value]
  }

  private func result(_ result: APIOperation.Result) -> JSONValue {
    switch result {
    case .nothing: .null
    case .value(let value): type(value)
    case .sequence(let element): ["kind": "sequence", "of": type(element)]
    }
  }

  private func type(_ type: FieldType) -> JSONValue {
    switch type {
    case .choice(let words): ["kind": "choice", "words": texts(words)]
    case .list(let element): ["kind": "list", "of": self.type(element)]
    case .object(let name): ["kind": "object", "of": .string(name)]
    case .id(let name): ["kind": "id", "of": .string(name)]
    case .reference(let name): ["kind": "ref", "of": .string(name)]
    case .name(let name): ["kind": "name", "of": .string(name)]
    case .filter(let name): ["kind": "filter", "of": .string(name)]
    default: ["kind": .string("\(type)")]
    }
  }

  private func recordType(_ type: RecordType) -> JSONValue {
    [
      "name": .string(type.name),
      "fields": list(
        type.fields.map { field in
          [
            "name": .string(field.name),
            "wire": .string(field.wire),
            "type": self.type(field.type),
            "optional": .bool(field.isOptional),
            "inside": text(field.inside),
            "number": .bool(field.sendsNumber),
            "only_search": .bool(field.onlySearch),
          ]
        }),
    ]
  }

  private func searchField(_ field: SearchField) -> JSONValue {
    [
      "field": .string(field.wireName),
      "kind": .string(field.kind.rawValue),
      "operators": texts(field.kind.operators.map { $0.rawValue }),
    ]
  }
}
