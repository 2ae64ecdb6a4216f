extension APICatalogue {
  /// The fields by which the server can search records of a type, those of the records inside
  /// included (`location.country`). Empty for a type that is never searched.
  public func searchFields(of type: String) -> [SearchField] {
    guard let record = recordType(type) else { return [] }
    return searchFields(of: record, path: [], wirePrefix: "", visited: [type])
  }

  private func searchFields(
    of record: RecordType, path: [String], wirePrefix: String, visited: Set<String>
  ) -> [SearchField] {
    var found: [SearchField] = []
    for field in record.fields {
      let fieldPath = path + [field.name]
      if let search = field.search {
        found.append(
          SearchField(
            path: fieldPath, wireName: wirePrefix + (search.wireName ?? field.wire),
            type: field.type, kind: search.kind, words: search.words, doubt: search.doubt,
            keyedByID: search.keyedByID, onlySearch: field.onlySearch,
            computed: field.computed.map { path + $0 }, rest: field.rest, function: field.function))
      } else if case .object(let name) = field.type, !visited.contains(name),
        let inner = recordType(name)
      {
        found += searchFields(
          of: inner, path: fieldPath, wirePrefix: wirePrefix + field.wire + ".",
          visited: visited.union([name]))
      }
    }
    return found
  }
}
