import JSON

/// JSON text that is put together piece by piece, without a tree in between.
struct JSONOutput {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// Text that is JSON already.
  mutating func raw(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func raw(_ text: some Collection<UInt8>) { bytes.append(contentsOf: text) }

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  mutating func int(_ value: Int64) {
    if value >= 0 && value < 10 { return bytes.append(UInt8(0x30 + value)) }
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func bool(_ value: Bool) { value ? raw("true") : raw("false") }

  mutating func int(_ value: Int64?) {
    if let value { int(value) } else { raw("null") }
  }

  mutating func string(_ value: String?) {
    if let value { string(value) } else { raw("null") }
  }

  /// Quotes and escapes.
  mutating func string(_ value: String) {
    bytes.append(0x22)
    var text = value
    text.withUTF8 { utf8 in
      var start = 0
      for index in 0..<utf8.count {
        let byte = utf8[index]
        if byte >= 0x20 && byte != 0x22 && byte != 0x5C { continue }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
        escape(byte)
        start = index + 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
    }
    bytes.append(0x22)
  }

  // MARK: Members: `key` is the comma, the quoted key and the colon

  mutating func member(_ key: StaticString, _ value: String?) {
    raw(key)
    string(value)
  }

  mutating func member(_ key: StaticString, _ value: Int64?) {
    raw(key)
    int(value)
  }

  mutating func member(_ key: StaticString, _ value: Bool) {
    raw(key)
    bool(value)
  }

  mutating func member(_ key: StaticString, _ value: JSONValue) {
    raw(key)
    raw(value.serialized())
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(0x5C)
    switch byte {
    case 0x22, 0x5C: bytes.append(byte)
    case 0x0A: bytes.append(0x6E)
    case 0x0D: bytes.append(0x72)
    case 0x09: bytes.append(0x74)
    default:
      raw("u00")
      let digits: StaticString = "0123456789abcdef"
      bytes.append(digits.utf8Start[Int(byte >> 4)])
      bytes.append(digits.utf8Start[Int(byte & 15)])
    }
  }
}
