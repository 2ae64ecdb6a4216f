/// A value of the language, outside of the engine: a copy that stays as it is.
public indirect enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  /// Always finite.
  case float(Double)
  case string(String)
  /// Milliseconds since 1970, in UTC.
  case time(milliseconds: Int64)
  /// Milliseconds.
  case duration(milliseconds: Int64)
  case list([Value])
  /// Fields in their order.
  case record([Field])
  /// What has no form outside of the engine, as it prints: a function, a sequence that was not read.
  case opaque(String)

  public struct Field: Hashable, Sendable {
    public var name: String
    public var value: Value

    public init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// The field of a record; nil where there is none, or where this is no record.
  public subscript(name: String) -> Value? {
    guard case .record(let fields) = self else { return nil }
    return fields.first { $0.name == name }?.value
  }
}

extension Value: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .float(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral items: Value...) { self = .list(items) }
  public init(dictionaryLiteral fields: (String, Value)...) {
    self = .record(fields.map { Field($0.0, $0.1) })
  }
}
