import Bytecode
import Catalogue
import HTTP
import JSON
import Machine

/// `api.get`, `.post`, `.put`, `.delete`: what the declarations lack.
enum RawCall {
  static let names = ["get", "post", "put", "delete"]

  static func method(_ name: String) -> RequestMethod? {
    switch name {
    case "get": .get
    case "post": .post
    case "put": .put
    case "delete": .delete
    default: nil
    }
  }
}

extension APIBinding {
  /// Anything but GET counts as write, destroy and outward at once.
  func registerRaw(_ name: String) -> Signature? {
    guard let method = RawCall.method(name) else { return nil }
    let isRead = method == .get
    let signature = Signature(
      "api.\(name)",
      [
        Signature.Parameter("path", "string"),
        Signature.Parameter(isRead ? "query" : "body", "map?", optional: true),
      ],
      effect: isRead ? .read : .destroy, result: "any",
      documentation: isRead
        ? "Asks for any address of the API." : "Sends anything to any address of the API.",
      example: isRead ? "api.get(\"/me\")" : "")
    add(signature) { [unowned self] call in
      guard call[0].tag == .string, let path = PathTemplate(machine.text(of: call[0])),
        path.parameterNames.isEmpty,
        !path.text.contains("..")
      else {
        throw RuntimeError(
          "`\(signature.name)` needs a path such as \"/contacts\", not \(machine.short(call[0]))",
          code: "argument")
      }
      var given = JSONObject()
      if !call[1].isAbsent, !call[1].isNull {
        guard case .object(let object) = try machine.json(of: call[1]) else {
          throw RuntimeError("`\(signature.name)` needs a record, not \(call[1].tag.word)", code: "argument")
        }
        given = object
      }
      guard let operation = rawOperation(name, method, path) else {
        throw RuntimeError(
          "`\(signature.name)` is not there: the declarations cannot be read", kind: .uncatchable)
      }
      var request = try RequestBuilder(
        call: ResolvedCall(operation: operation, arguments: [:], order: [], signer: nil)
      ).request()
      request.allowsEmptyAnswer = true
      if isRead {
        request.query = given.map { ($0.key, RequestBuilder.text($0.value)) }
      } else if !call[1].isAbsent {
        request.body = JSONValue.object(given).serialized()
      }
      return try OperationRun(self, operation, call.fiber).start(request, arguments: given)
    }
    return signature
  }

  /// An operation that nobody declared: a request as a script wrote it.
  private func rawOperation(_ name: String, _ method: RequestMethod, _ path: PathTemplate) -> APIOperation? {
    guard var operation = catalogue.operations("admins", "me").first else { return nil }
    operation.resource = "api"
    operation.name = name
    operation.effect = method == .get ? .read : .destroy
    operation.method = method
    operation.path = path
    operation.result = .value(.any)
    operation.officialName = nil
    return operation
  }
}
