import Catalogue
import Diagnostics
import HTTP
import Machine

/// The prose of everything that the binding refuses or reports.
enum APIMessages {
  static func article(_ type: String) -> String {
    let words = type.map { $0 == "_" ? " " : String($0) }.joined()
    return (words.first.map { "aeiou".contains($0) } ?? false ? "an " : "a ") + words
  }

  /// How to ask for a field that records do not have.
  static func onlySearched(_ field: Field, of type: String, _ catalogue: APICatalogue) -> String {
    if let function = field.function {
      return "the search alone has it: `\(function)(it, …)` asks for it"
    }
    guard let resource = catalogue.resourceName(ofType: type) else {
      return "the search alone has it: the block of a `search` may ask for it"
    }
    if case .list = field.type {
      return "the search alone has it: `\(resource).search { … in .\(field.name) }`"
    }
    return "the search alone has it: `\(resource).search { .\(field.name) == … }`"
  }

  static let useFilter = "use `filter`: it asks the server for what it can, and does the rest here"

  static func oneOf(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  static func wanted(_ type: FieldType) -> String {
    switch type {
    case .string: "a text"
    case .int: "an int"
    case .float: "a number"
    case .bool: "true or false"
    case .time: "a time such as @2026-01-31 or ago(7d)"
    case .duration: "a duration such as 90d"
    case .choice(let words): oneOf(words.map { "\"\($0)\"" })
    case .id(let name): "\(article(name)), or its id"
    case .reference(let name), .name(let name): "\(article(name)), its name or its id"
    case .list(let element): "a list, each item \(wanted(element))"
    case .object, .record, .map: "a record"
    case .filter: "a block such as { .name == \"…\" }"
    case .sort: "a field's name, or {field: \"…\", descending: true}"
    case .any, .bytes: "a value"
    }
  }

  static func badArgument(
    _ operation: String, _ parameter: String, _ type: FieldType, _ given: String, hints: [String] = [],
    label: String? = nil
  ) -> RuntimeError {
    RuntimeError(
      "`\(operation)` needs \(wanted(type)) for `\(parameter)`, not \(given)", code: "argument", label: label,
      hints: hints)
  }

  static func noSuch(_ type: String, _ text: String, near: String?, known: Int) -> RuntimeError {
    RuntimeError(
      "there is no \(type.map { $0 == "_" ? " " : String($0) }.joined()) called \"\(text)\", and none with that id",
      code: "not_found",
      label: near.map { "did you mean \"\($0)\"?" },
      hints: near.map { ["the nearest name is \"\($0)\""] } ?? (known == 0 ? ["the workspace has none"] : []))
  }

  static func ambiguous(_ type: String, _ text: String, ids: [String]) -> RuntimeError {
    RuntimeError(
      "there is more than one \(type) called \"\(text)\"", code: "ambiguous",
      hints: ["say which one by its id: \(ids.prefix(5).joined(separator: ", "))"])
  }

  /// An answer that says no.
  static func refused(
    _ operation: String, _ request: HTTPRequest, _ response: HTTPResponse, _ error: APIError
  ) -> RuntimeError {
    var text = "\(operation): the API answers \(error.status)"
    if let code = error.code { text += " \(code)" }
    if let message = error.message { text += ": \(message)" }
    if let field = error.field { text += " (field \(field))" }
    while text.hasSuffix(".") { text.removeLast() }
    var result = RuntimeError(text, kind: .api, code: error.code ?? "http_\(error.status)")
    result.status = error.status
    result.operation = operation
    result.requestID = error.requestID
    if let advice = advice(error) { result.hints.append(advice) }
    for other in error.others.prefix(5) {
      if let message = other.message ?? other.code { result.hints.append("also: \(message)") }
    }
    var place = "\(request.method.rawValue) \(request.pathAlone)"
    if response.attempts > 1 { place += ", attempt \(response.attempts)" }
    if let id = error.requestID { place += ", request id \(id)" }
    result.hints.append(place)
    return result
  }

  private static func advice(_ error: APIError) -> String? {
    switch (error.status, error.code) {
    case (401, _):
      "the token is not accepted: log in again, or check INTERCOM_ACCESS_TOKEN and INTERCOM_REGION"
    case (403, "api_plan_restricted"): "the workspace's plan does not include this"
    case (403, _): "the token lacks the permission for this"
    case (404, _):
      "it may have been deleted, archived or merged into another one, or the id is of another workspace"
    case (409, _): "there is one like it already; the message may bear its id"
    case (429, _): "the API asks to wait"
    case (_, "scroll_exists"):
      "another scroll is open in this workspace; it ends a minute after its last request"
    case (400, _), (422, _): "what was sent does not fit; `help` on the operation lists what it takes"
    case (500..., _): "the fault is on the server's side; try again later"
    default: nil
    }
  }

  /// No answer.
  static func failed(_ operation: String, _ request: HTTPRequest, _ failure: HTTPFailure) -> RuntimeError {
    var text = failure.message(for: request)
    while text.hasSuffix(".") { text.removeLast() }
    var error = RuntimeError(
      text, kind: failure.isDefinite ? .api : .uncatchable, code: code(failure))
    error.operation = operation
    return error
  }

  private static func code(_ failure: HTTPFailure) -> String {
    switch failure {
    case .unreachable: "unreachable"
    case .timedOut: "timeout"
    case .tls: "tls"
    case .cutOff: "cut_off"
    case .connectionLost: "connection_lost"
    case .emptyAnswer, .garbled: "garbled"
    case .tooLarge, .headerFlood: "too_large"
    case .redirectRefused, .tooManyRedirects: "redirect"
    case .rateLimited: "rate_limit_exceeded"
    case .cancelled: "cancelled"
    case .unknownOutcome: "unknown_outcome"
    case .refused(.noToken): "no_token"
    case .refused(.readOnly): "refused_write"
    case .refused: "refused"
    case .library: "library"
    }
  }

  /// An answer of 2xx whose body is no JSON; a page of HTML comes from something in between.
  static func unreadable(_ operation: String, _ body: [UInt8], _ reason: String) -> RuntimeError {
    guard body.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") else { return unreadable(operation, reason) }
    let words = APIError.gist(of: body).map { ": \"\($0)\"" } ?? ""
    var error = unreadable(operation, "it is a page of HTML, not JSON\(words)")
    error.hints.append("a proxy or a login page may stand in between: check the network and the base address")
    return error
  }

  static func unreadable(_ operation: String, _ reason: String) -> RuntimeError {
    var error = RuntimeError(
      "\(operation): the answer cannot be read: \(reason)", kind: .api, code: "garbled")
    error.operation = operation
    return error
  }
}
