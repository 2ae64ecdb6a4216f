/// 64 bits by which a replay compares what is asked for with what was logged. FNV-1a: the same in every
/// process and on every machine, which Swift's own hashing is not.
public struct Fingerprint: Sendable, Hashable {
  public let bits: UInt64

  public init(bits: UInt64) { self.bits = bits }

  /// Of texts in order; their borders count.
  public init(of texts: [String]) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    for text in texts {
      for byte in text.utf8 { add(byte) }
      add(0xff)  // never a byte of UTF-8
    }
    bits = hash
  }
}
