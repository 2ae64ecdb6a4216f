/// The layout of heap objects. All begin with a header of 16 bytes:
///
///     0 mark   1 kind (a Tag; 0 = free)   2 flags   3 size class (255: large)
///     4 aux    record: shape; string: symbol + 1 once interned; function: unused
///     8 count  string: bytes; list: items; record, function, slots: values
///    12 extra  string: hash (0 = not yet known); list: capacity; record: capacity; host: index
///
/// and go on with bytes (string) or values (16 bytes each). A function's first value holds the address of
/// its `LoadedCode`; a record of shape 0 has one value, the reference of its `RecordTable`.
typealias Object = UnsafeMutableRawPointer

enum ObjectFlag {
  /// The list or record is stored in more than one place: who changes it copies it first.
  static let shared: UInt8 = 1
  /// Text of ASCII without a carriage return: characters are bytes.
  static let ascii: UInt8 = 2
  /// `ascii` has been looked at.
  static let asciiKnown: UInt8 = 4
}

extension UnsafeMutableRawPointer {
  static let headerSize = 16

  @inline(__always) var mark: UInt8 {
    get { load(fromByteOffset: 0, as: UInt8.self) }
    nonmutating set { storeBytes(of: newValue, toByteOffset: 0, as: UInt8.self) }
  }
  @inline(__always) var kind: UInt8 {
    get { load(fromByteOffset: 1, as: UInt8.self) }
    nonmutating set { storeBytes(of: newValue, toByteOffset: 1, as: UInt8.self) }
  }
  @inline(__always) var flags: UInt8 {
    get { load(fromByteOffset: 2, as: UInt8.self) }
    nonmutating set { storeBytes(of: newValue, toByteOffset: 2, as: UInt8.self) }
  }
  @inline(__always) var sizeClass: UInt8 {
    get { load(fromByteOffset: 3, as: UInt8.self) }
    nonmutating set { storeBytes(of: newValue, toByteOffset: 3, as: UInt8.self) }
  }
  @inline(__always) var aux: UInt32 {
    get { load(fromByteOffset: 4, as: UInt32.self) }
    nonmutating set { storeBytes(of: newValue, toByteOffset: 4, as: UInt32.self) }
  }
  @inline(__always) var count32: UInt32 {
    get { load(fromByteOffset: 8, as: UInt32.self) }
    nonmutating set { storeBytes(of: newValue, toByteOffset: 8, as: UInt32.self) }
  }
  @inline(__always) var extra: UInt32 {
    get { load(fromByteOffset: 12, as: UInt32.self) }
    nonmutating set { storeBytes(of: newValue, toByteOffset: 12, as: UInt32.self) }
  }
  @inline(__always) var count: Int { Int(count32) }
  @inline(__always) var isShared: Bool { flags & ObjectFlag.shared != 0 }
  @inline(__always) func setShared() { flags |= ObjectFlag.shared }
  /// The values behind the header.
  @inline(__always) var slots: UnsafeMutablePointer<Value> {
    (self + UnsafeMutableRawPointer.headerSize).assumingMemoryBound(to: Value.self)
  }
  /// The bytes of a string.
  @inline(__always) var utf8: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: UnsafePointer((self + UnsafeMutableRawPointer.headerSize).assumingMemoryBound(to: UInt8.self)),
      count: count)
  }
  @inline(__always) var mutableBytes: UnsafeMutablePointer<UInt8> {
    (self + UnsafeMutableRawPointer.headerSize).assumingMemoryBound(to: UInt8.self)
  }
}
