import Bytecode

/// A function of the host's: a row in a table of builtins, or an API operation.
public final class Native {
  /// Throws a `RuntimeError`; untyped, as closures infer it so.
  public typealias Body = (inout NativeCall) throws -> Value

  public let signature: Signature
  let body: Body

  public var name: String { signature.name }

  public init(_ signature: Signature, _ body: @escaping Body) {
    self.signature = signature
    self.body = body
  }

  /// Runs it from another native that stands in for it.
  public func run(_ call: inout NativeCall) throws -> Value { try body(&call) }
}

/// The arguments of one call of a native, and the machine it runs in. Arguments left out are `absent`.
/// Values in it stay alive until the native returns: nothing is collected meanwhile.
public struct NativeCall {
  public let machine: Machine
  public let fiber: Fiber
  let base: UnsafeMutablePointer<Value>
  public let count: Int

  public subscript(index: Int) -> Value {
    index < count ? base[index] : .absent
  }

  /// The fiber waits: `Machine.resume(_:with:)` goes on with it. To be returned by the native at once.
  public func suspend() -> Value { .pending }
}
