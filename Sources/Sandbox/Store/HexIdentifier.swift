/// The public id of a contact, company or segment: 24 hex digits, made of the time of creation, a number
/// of the workspace and the record's own number. The record's number can be read back out of it, so that
/// the store needs no index of ids.
struct HexIdentifier {
  /// Ten hex digits.
  private let workspace: UInt64

  enum Family: UInt64 { case contact = 1, company = 2, segment = 3 }

  init(seed: UInt64, family: Family) {
    var randomness = Randomness(seed, stream: 0xFACE_0000 + family.rawValue)
    workspace = randomness.next() & 0xFF_FFFF_FFFF
  }

  /// Records are numbered in 24 bits.
  static let limit: Int64 = 0xFF_FFFF

  func text(_ number: Int64, createdAt: Int64) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(24)
    Self.append(UInt64(truncatingIfNeeded: createdAt) & 0xFFFF_FFFF, width: 8, to: &digits)
    Self.append(workspace, width: 10, to: &digits)
    Self.append(UInt64(truncatingIfNeeded: number) & 0xFF_FFFF, width: 6, to: &digits)
    return String(decoding: digits, as: UTF8.self)
  }

  /// The number in an id of this family; nil if it cannot be one. Whether the record is there, and bears
  /// this very id, is the store's to say.
  func number(_ text: String) -> Int64? {
    let digits = text.utf8
    guard digits.count == 24 else { return nil }
    var middle: UInt64 = 0
    var number: Int64 = 0
    for (index, digit) in digits.enumerated() {
      let value: UInt8
      switch digit {
      case 0x30...0x39: value = digit - 0x30
      case 0x61...0x66: value = digit - 0x61 + 10
      default: return nil
      }
      if index >= 18 {
        number = number << 4 | Int64(value)
      } else if index >= 8 {
        middle = middle << 4 | UInt64(value)
      }
    }
    return middle == workspace ? number : nil
  }

  private static func append(_ value: UInt64, width: Int, to digits: inout [UInt8]) {
    var shift = (width - 1) * 4
    while shift >= 0 {
      let nibble = UInt8(value >> UInt64(shift) & 15)
      digits.append(nibble < 10 ? 0x30 + nibble : 0x61 + nibble - 10)
      shift -= 4
    }
  }
}
