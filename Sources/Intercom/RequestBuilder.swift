import Catalogue
import HTTP
import JSON
import Machine

/// What a call needs once every name in it has been looked up.
struct ResolvedCall {
  var operation: APIOperation
  /// By the parameter's name, as the wire wants them.
  var arguments: [String: JSONValue]
  /// The order in which they were given.
  var order: [String]
  /// The teammate who signs, where the operation asks for one.
  var signer: String?
}

/// From a call to a request: path, query and body as the declaration has them.
struct RequestBuilder {
  let call: ResolvedCall

  private var operation: APIOperation { call.operation }

  /// The request without what a page adds to it.
  func request() throws(RuntimeError) -> HTTPRequest {
    var query: [(name: String, value: String)] = []
    let body = try self.body(&query)
    var request = HTTPRequest(
      method, try path(), query: query, body: nil, operation: operation.qualifiedName,
      requestClass: requestClass)
    if !body.isEmpty { request.body = JSONValue.object(body).serialized() }
    if let accept = operation.accept { request.headers.append(("Accept", accept)) }
    if case .nothing = operation.result { request.allowsEmptyAnswer = true }
    return request
  }

  private var method: HTTPMethod {
    switch operation.method {
    case .get: .get
    case .post: .post
    case .put: .put
    case .delete: .delete
    }
  }

  /// Whether a second send could do harm, by the first settle rule that holds.
  private var requestClass: RequestClass {
    if operation.effect == .read { return .read }
    for rule in operation.settle {
      let holds = rule.conditions.allSatisfy { condition in
        guard let given = call.arguments[condition.parameter], !given.isNull else { return false }
        return condition.values.isEmpty || condition.values.contains(given.stringValue ?? "")
      }
      guard holds else { continue }
      return rule.settleClass == .key || rule.settleClass == .redo ? .idempotentWrite : .otherWrite
    }
    return .otherWrite
  }

  private func path() throws(RuntimeError) -> String {
    var path = ""
    for part in operation.path.parts {
      switch part {
      case .text(let text): path += text
      case .parameter(let name):
        let text = RequestBuilder.text(call.arguments[name] ?? .null)
        // A dot segment would lead to another address.
        guard !text.isEmpty, text != ".", text != ".." else {
          throw RuntimeError(
            "`\(operation.qualifiedName)` needs an id for `\(name)`, not \"\(text)\"", code: "argument")
        }
        path += HTTPRequest.encode(segment: text)
      }
    }
    return path
  }

  /// The body without filter, sort and page; parameters of the query go there.
  func body(_ query: inout [(name: String, value: String)]) throws(RuntimeError) -> JSONObject {
    var body = JSONValue.object(JSONObject())
    for parameter in operation.parameters {
      switch parameter.place {
      case .path, .filter, .sort, .pageSize: continue
      case .query, .body: break
      }
      var value = call.arguments[parameter.name]
      if value == nil, parameter.defaultValue == .signer, let signer = call.signer {
        value = parameter.sendsNumber ? Int64(signer).map { .int($0) } ?? .string(signer) : .string(signer)
      }
      guard var value, isSent(parameter.name) else { continue }
      if parameter.place == .query {
        if !value.isNull { query.append((parameter.wire.joined(separator: "."), RequestBuilder.text(value))) }
        continue
      }
      if let first = parameter.wire.first, operation.listedFields.contains(first), parameter.wire.count > 1,
        case .array(let items) = value
      {
        let rest = Array(parameter.wire.dropFirst())
        value = .array(
          items.map { item in
            var entry = JSONValue.object(JSONObject())
            RequestBuilder.put(item, at: rest[...], in: &entry)
            return entry
          })
        RequestBuilder.put(value, at: [first], in: &body)
      } else {
        RequestBuilder.put(value, at: parameter.wire[...], in: &body)
      }
    }
    for fixed in operation.fixedFields {
      let value: JSONValue =
        switch fixed.value {
        case .text(let text): .string(text)
        case .bool(let value): .bool(value)
        case .null: .null
        case .signer: call.signer.map { .string($0) } ?? .null
        case .nobody: .string("0")
        }
      if operation.method == .get {
        query.append((fixed.wire.joined(separator: "."), RequestBuilder.text(value)))
      } else {
        RequestBuilder.put(value, at: fixed.wire[...], in: &body)
      }
    }
    guard case .object(var object) = body else { return JSONObject() }
    for name in operation.listedFields {
      if let value = object[name], value.arrayValue == nil { object[name] = .array([value]) }
    }
    return object
  }

  /// A parameter that only serves a search's condition is not sent by itself.
  private func isSent(_ name: String) -> Bool {
    !operation.fixedFilters.contains { $0.parameter == name }
  }

  /// Puts a value at a path; an object given for a place that has fields already is joined with it.
  static func put(_ value: JSONValue, at path: ArraySlice<String>, in target: inout JSONValue) {
    guard let first = path.first else {
      if case .object(var old) = target, case .object(let new) = value {
        for (key, item) in new { old[key] = item }
        target = .object(old)
      } else {
        target = value
      }
      return
    }
    var object = target.objectValue ?? JSONObject()
    var inner = object[first] ?? .object(JSONObject())
    if path.count == 1, inner.objectValue == nil || value.objectValue == nil {
      inner = value
    } else {
      put(value, at: path.dropFirst(), in: &inner)
    }
    object[first] = inner
    target = .object(object)
  }

  /// As it stands in a path or query.
  static func text(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .int(let number): String(number)
    case .bool(let flag): flag ? "true" : "false"
    case .double(let number): number.description
    case .null: ""
    case .array(let items): items.map { text($0) }.joined(separator: ",")
    case .object: value.text()
    }
  }
}
