/// Encoding and decoding of instruction words.
public enum Instruction {
  @inlinable public static func abc(_ op: Opcode, _ a: Int, _ b: Int = 0, _ c: Int = 0) -> UInt32 {
    UInt32(op.rawValue) | UInt32(UInt8(truncatingIfNeeded: a)) << 8
      | UInt32(UInt8(truncatingIfNeeded: b)) << 16 | UInt32(UInt8(truncatingIfNeeded: c)) << 24
  }

  @inlinable public static func wide(_ op: Opcode, _ a: Int, _ bx: Int) -> UInt32 {
    UInt32(op.rawValue) | UInt32(UInt8(truncatingIfNeeded: a)) << 8
      | UInt32(UInt16(truncatingIfNeeded: bx)) << 16
  }

  @inlinable public static func long(_ op: Opcode, _ ax: Int) -> UInt32 {
    UInt32(op.rawValue) | UInt32(truncatingIfNeeded: ax) << 8
  }

  /// A jump over 24 bits reaches this far either way.
  public static let longReach = 1 << 23 - 1
  public static let wideReach = Int(Int16.max)
}

extension UInt32 {
  @inlinable @inline(__always) public var opcodeByte: UInt8 { UInt8(truncatingIfNeeded: self) }
  @inlinable @inline(__always) public var a: Int { Int(UInt8(truncatingIfNeeded: self >> 8)) }
  @inlinable @inline(__always) public var b: Int { Int(UInt8(truncatingIfNeeded: self >> 16)) }
  @inlinable @inline(__always) public var c: Int { Int(self >> 24) }
  @inlinable @inline(__always) public var bx: Int { Int(self >> 16) }
  @inlinable @inline(__always) public var sbx: Int { Int(Int32(bitPattern: self) >> 16) }
  @inlinable @inline(__always) public var sax: Int { Int(Int32(bitPattern: self) >> 8) }
  @inlinable @inline(__always) public var signed: Int { Int(Int32(bitPattern: self)) }
}
