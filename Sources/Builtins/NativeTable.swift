import Bytecode
import Machine

/// Rows of natives: name, parameters, one line of documentation, function.
public struct NativeTable {
  public var natives: [Native] = []

  public init() {}

  public mutating func add(
    _ name: String, _ parameters: [Signature.Parameter], variadic: Bool = false, result: String = "any",
    _ documentation: String, example: String = "", _ body: @escaping Native.Body
  ) {
    natives.append(
      Native(
        Signature(
          name, parameters, variadic: variadic, result: result, documentation: documentation, example: example
        ),
        body))
  }
}

/// What builtins need of their host.
public struct BuiltinHost {
  /// Lines of `print`, without the line break.
  public var output: (String) -> Void
  /// Lines of `warn`.
  public var warning: (String) -> Void
  /// Milliseconds since 1970: the start of the run or statement, the same for its whole duration.
  public var now: () -> Int64
  /// Columns of the terminal that tables may take.
  public var columns: () -> Int

  /// What `rows`, `text`, `files` and `save` reach; nil for an engine without files.
  public var files: FileAccess?
  /// The secret of `fingerprint`; empty where there is none.
  public var fingerprintKey: () -> [UInt8]

  public init(
    output: @escaping (String) -> Void, warning: @escaping (String) -> Void, now: @escaping () -> Int64,
    columns: @escaping () -> Int = { 80 }, files: FileAccess? = nil,
    fingerprintKey: @escaping () -> [UInt8] = { [] }
  ) {
    self.output = output
    self.warning = warning
    self.now = now
    self.columns = columns
    self.files = files
    self.fingerprintKey = fingerprintKey
  }
}

extension Signature.Parameter {
  public static func required(_ name: String, _ type: String = "any") -> Self { Self(name, type) }
  public static func optional(_ name: String, _ type: String = "any") -> Self {
    Self(name, type, optional: true)
  }
}
