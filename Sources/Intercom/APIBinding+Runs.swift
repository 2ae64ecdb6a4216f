import Catalogue
import JSON
import Machine

/// What a run needs to hand values back to a script without a request.
extension APIBinding {
  /// The machine's number of a record type, 0 for a type that is not declared.
  public func typeNumber(of name: String) -> UInt32 {
    catalogue.recordType(name) == nil ? 0 : types.number(of: name)
  }

  /// An answer's body, kept as text, as the operation's result.
  public func value(ofBody body: String, _ operation: APIOperation) -> Value {
    guard case .value(let type) = operation.result, let value = try? reader.read(Array(body.utf8)) else {
      return .null
    }
    reader.assign(types.number(of: type), to: value)
    return value
  }
}
