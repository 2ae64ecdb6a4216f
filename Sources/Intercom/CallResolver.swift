import Catalogue
import JSON
import Machine

/// Looks up what a call only names: records by name, and the teammate who signs.
struct CallResolver {
  let binding: APIBinding

  struct Answer {
    var call: ResolvedCall
    /// The search's condition, fixed ones included.
    var search: JSONValue?
    /// The condition is about a record that does not exist.
    var isEmpty = false
  }

  /// Calls back at once where nothing has to be asked for. `insists`: every condition must reach the server.
  func resolve(
    _ operation: APIOperation, _ arguments: BoundArguments, query: SearchQuery? = nil, insists: Bool = false,
    _ done: @escaping (Result<Answer, RuntimeError>) -> Void
  ) {
    guard let query, query.hasAttributes else { return look(operation, arguments, query, done) }
    attributes(of: operation) { known in
      var unknown: String?
      let settled = query.settled { attribute in
        let found = known.name(of: attribute)
        if found == nil { unknown = attribute.name }
        return found
      }
      if insists, let unknown {
        return done(
          .failure(
            RuntimeError(
              "the server's search cannot take the condition on the attribute `\(unknown)`", code: "search",
              hints: [APIMessages.useFilter])))
      }
      look(operation, arguments, settled, done)
    }
  }

  /// The workspace's own attributes; none where they cannot be read: then the conditions stay here.
  private func attributes(of operation: APIOperation, _ done: @escaping (SearchAttribute.Known) -> Void) {
    let isTicket = operation.resource == "tickets"
    binding.directory.records(of: isTicket ? "ticket_type" : "data_attribute") { records in
      done(SearchAttribute.Known(attributes: isTicket ? [] : records, ticketTypes: isTicket ? records : []))
    }
  }

  private func look(
    _ operation: APIOperation, _ arguments: BoundArguments, _ query: SearchQuery?,
    _ done: @escaping (Result<Answer, RuntimeError>) -> Void
  ) {
    var wanted = arguments.lookups
    let tolerated = query?.lookups ?? []
    if needsSigner(operation, arguments), let signer = binding.signer { wanted.append(("admin", signer)) }
    find((tolerated + wanted)[...], tolerated.count, [:]) { result in
      switch result {
      case .failure(let error): done(.failure(error))
      case .success(let found):
        guard needsSigner(operation, arguments) else {
          return done(.success(answer(operation, arguments, query, found, signer: nil)))
        }
        if let signer = binding.signer {
          let id = found[Key(type: "admin", text: signer)]?.id
          return done(.success(answer(operation, arguments, query, found, signer: id)))
        }
        binding.me { done($0.map { answer(operation, arguments, query, found, signer: $0.id) }) }
      }
    }
  }

  struct Key: Hashable {
    var type: String
    var text: String
  }

  private func find(
    _ wanted: ArraySlice<(type: String, text: String)>, _ tolerated: Int, _ found: [Key: Directory.Entry],
    _ done: @escaping (Result<[Key: Directory.Entry], RuntimeError>) -> Void
  ) {
    guard let first = wanted.first else { return done(.success(found)) }
    binding.directory.find(first.type, first.text) { result in
      switch result {
      // A filter's record that does not exist is no error: nothing bears it.
      case .failure(let error) where tolerated > 0 && error.code == "not_found" && error.status == nil:
        find(wanted.dropFirst(), tolerated - 1, found, done)
      case .failure(let error): done(.failure(error))
      case .success(let entry):
        var found = found
        found[Key(type: first.type, text: first.text)] = entry
        find(wanted.dropFirst(), tolerated - 1, found, done)
      }
    }
  }

  private func needsSigner(_ operation: APIOperation, _ arguments: BoundArguments) -> Bool {
    operation.fixedFields.contains { $0.value == .signer }
      || operation.parameters.contains { $0.defaultValue == .signer && arguments[$0.name] == nil }
  }

  private func answer(
    _ operation: APIOperation, _ arguments: BoundArguments, _ query: SearchQuery?,
    _ found: [Key: Directory.Entry], signer: String?
  ) -> Answer {
    func json(_ part: BoundArguments.Part, _ parameter: Parameter?) -> JSONValue {
      switch part {
      case .json(let json): return json
      case .list(let items): return .array(items.map { json($0, parameter) })
      case .lookup(let type, let text, let wantsName):
        guard let entry = found[Key(type: type, text: text)] else { return .string(text) }
        if wantsName { return .string(entry.name ?? text) }
        if parameter?.sendsNumber == true, let number = Int64(entry.id) { return .int(number) }
        return .string(entry.id)
      }
    }
    var values: [String: JSONValue] = [:]
    for (name, part) in arguments.parts { values[name] = json(part, operation.parameter(name)) }
    let call = ResolvedCall(
      operation: operation, arguments: values, order: arguments.parts.map(\.name), signer: signer)
    var parts: [SearchQuery] = operation.fixedFilters.compactMap { filter in
      guard let value = values[filter.parameter] else { return nil }
      let name = searchName(operation, filter.field)
      return .leaf(field: name, operator: "=", .json(value))
    }
    if let query {
      guard let known = query.without({ found[Key(type: $0, text: $1)] == nil }) else {
        return Answer(call: call, search: nil, isEmpty: true)
      }
      parts.append(known)
    }
    guard !parts.isEmpty else { return Answer(call: call, search: nil) }
    let search = SearchQuery.and(parts).packed.json { found[Key(type: $0, text: $1)]?.id }
    return Answer(call: call, search: search)
  }

  private func searchName(_ operation: APIOperation, _ field: String) -> String {
    guard case .sequence(.object(let type)) = operation.result,
      let known = binding.catalogue.searchFields(of: type).first(where: { $0.path == [field] })
    else { return field }
    return known.wireName
  }
}
