import JSON

/// The `query` of a search, read and checked for its shape.
indirect enum SearchQuery {
  case filter(SearchFilter)
  case all([SearchQuery])
  case any([SearchQuery])

  /// Groups within groups.
  static let depthLimit = 2
  static let filterLimit = 15

  init(_ value: JSONValue?) throws(APIError) {
    guard let value, !value.isNull else { throw .missing("query") }
    self = try Self.read(value, depth: 1)
  }

  private static func read(_ value: JSONValue, depth: Int) throws(APIError) -> SearchQuery {
    guard let object = value.objectValue else {
      throw .invalid("A query must be an object with field, operator and value", field: "query")
    }
    guard let name = object["operator"]?.stringValue else { throw .missing("operator") }
    switch name.uppercased() {
    case "AND": return .all(try group(object, depth: depth))
    case "OR": return .any(try group(object, depth: depth))
    default: break
    }
    guard let op = SearchOperator(rawValue: name.uppercased()) else {
      throw .invalid("'\(name)' is not an operator", field: "operator")
    }
    guard let field = object["field"]?.stringValue else { throw .missing("field") }
    guard let value = object["value"] else { throw .missing("value") }
    return .filter(SearchFilter(field: field, op: op, value: value))
  }

  private static func group(_ object: JSONObject, depth: Int) throws(APIError) -> [SearchQuery] {
    guard depth <= depthLimit else {
      throw .invalid("A query may not be nested deeper than \(depthLimit) levels", field: "query")
    }
    guard let members = object["value"]?.arrayValue else {
      throw .invalid("The value of AND and OR must be a list of filters", field: "value")
    }
    guard !members.isEmpty else { throw .invalid("A group must have a filter", field: "value") }
    guard members.count <= filterLimit else {
      throw .invalid("A group may not have more than \(filterLimit) filters", field: "value")
    }
    var queries: [SearchQuery] = []
    for member in members { queries.append(try read(member, depth: depth + 1)) }
    return queries
  }
}

struct SearchFilter {
  let field: String
  let op: SearchOperator
  let value: JSONValue
}
