/// A refusal in the API's own words: status and one entry of an `error.list`.
struct APIError: Error, Equatable {
  let status: Int
  let code: String
  let message: String
  var field: String?

  init(_ status: Int, _ code: String, _ message: String, field: String? = nil) {
    self.status = status
    self.code = code
    self.message = message
    self.field = field
  }

  /// The body: `error.list` with the request's id.
  func body(requestID: String) -> [UInt8] {
    var out = JSONOutput(capacity: 160)
    out.raw(#"{"type":"error.list","request_id":"#)
    out.string(requestID)
    out.raw(#","errors":[{"code":"#)
    out.string(code)
    out.raw(#","message":"#)
    out.string(message)
    if let field {
      out.raw(#","field":"#)
      out.string(field)
    }
    out.raw("}]}")
    return out.bytes
  }
}
