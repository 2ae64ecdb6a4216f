/// What a value is. The order matters: from `string` to `host` the bits are an address on the heap, and
/// what lies behind `host` never reaches a script.
public enum Tag: UInt8, Sendable {
  case null, bool, int, float, time, duration
  case string, list, record, range, function, sequence
  /// The state of an iteration; lives in loops and in the prelude only.
  case iterator
  /// A thing of the host's that the heap keeps alive.
  case host
  /// The mark of an argument that was left out.
  case absent
  /// The mark behind the last item of an iteration.
  case end
  /// The mark of a native that waits: its fiber is suspended.
  case pending
  /// A global whose line has not run yet.
  case undefined
}

/// A value of the language: a tag and 64 bits, trivially copyable. The heap's collector finds values on
/// fiber stacks, in globals and in other objects; a Swift variable does not keep one alive past the next
/// safe point (`Heap`).
@frozen public struct Value {
  public var tag: Tag
  public var bits: UInt64

  @inlinable @inline(__always) public init(tag: Tag, bits: UInt64) {
    self.tag = tag
    self.bits = bits
  }

  @inlinable public static var null: Value { Value(tag: .null, bits: 0) }
  @inlinable public static var absent: Value { Value(tag: .absent, bits: 0) }
  @inlinable public static var end: Value { Value(tag: .end, bits: 0) }
  @inlinable public static var pending: Value { Value(tag: .pending, bits: 0) }
  @inlinable public static var undefined: Value { Value(tag: .undefined, bits: 0) }
  @inlinable @inline(__always) public static func bool(_ value: Bool) -> Value {
    Value(tag: .bool, bits: value ? 1 : 0)
  }
  @inlinable @inline(__always) public static func int(_ value: Int64) -> Value {
    Value(tag: .int, bits: UInt64(bitPattern: value))
  }
  @inlinable public static func int(_ value: Int) -> Value { .int(Int64(value)) }
  /// The caller sees to it that the number is finite.
  @inlinable @inline(__always) public static func float(_ value: Double) -> Value {
    Value(tag: .float, bits: value.bitPattern)
  }
  /// Milliseconds since 1970 in UTC.
  @inlinable public static func time(_ milliseconds: Int64) -> Value {
    Value(tag: .time, bits: UInt64(bitPattern: milliseconds))
  }
  /// Milliseconds.
  @inlinable public static func duration(_ milliseconds: Int64) -> Value {
    Value(tag: .duration, bits: UInt64(bitPattern: milliseconds))
  }
  @inlinable @inline(__always) static func object(_ tag: Tag, _ object: UnsafeMutableRawPointer) -> Value {
    Value(tag: tag, bits: UInt64(UInt(bitPattern: object)))
  }

  @inlinable @inline(__always) public var asInt: Int64 { Int64(bitPattern: bits) }
  @inlinable @inline(__always) public var asDouble: Double { Double(bitPattern: bits) }
  @inlinable @inline(__always) public var isTrue: Bool { tag == .bool && bits == 1 }
  @inlinable @inline(__always) public var isNull: Bool { tag == .null }
  @inlinable public var isAbsent: Bool { tag == .absent }
  /// The bits are an address on the heap.
  @inlinable @inline(__always) public var isObject: Bool {
    tag.rawValue &- Tag.string.rawValue <= Tag.host.rawValue &- Tag.string.rawValue
  }
  /// Both as doubles, where both are numbers.
  @inline(__always) static func numbers(_ left: Value, _ right: Value) -> (Double, Double)? {
    // The tags `int` and `float` differ in their last bit alone.
    guard (left.tag.rawValue ^ Tag.int.rawValue) | (right.tag.rawValue ^ Tag.int.rawValue) <= 1 else {
      return nil
    }
    return (
      left.tag == .int ? Double(left.asInt) : left.asDouble,
      right.tag == .int ? Double(right.asInt) : right.asDouble
    )
  }
  /// A sequence or iterator that has this slot.
  @inline(__always) func hasSlot(_ slot: Int) -> Bool {
    (tag == .sequence || tag == .iterator) && slot < object.count
  }
  /// Only for values with `isObject`.
  @inlinable @inline(__always) var object: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: UInt(bits)).unsafelyUnwrapped
  }
}

extension Tag {
  /// The word for it in messages.
  public var word: String {
    switch self {
    case .null: "null"
    case .bool: "a bool"
    case .int: "an int"
    case .float: "a float"
    case .time: "a time"
    case .duration: "a duration"
    case .string: "a text"
    case .list: "a list"
    case .record: "a record"
    case .range: "a range"
    case .function: "a function"
    case .sequence: "a sequence"
    case .host: "a look-up or set"
    case .iterator: "an internal object"
    case .absent: "a missing argument"
    case .end, .pending, .undefined: "an internal mark"
    }
  }
}
