import JSON

/// Where the next page begins: the sort value and the id of the last record, and the page's number, as
/// Base64 of a JSON array. Pages are key sets: what changes its sort value in between moves.
struct PageCursor: Equatable {
  enum SortValue: Equatable {
    /// Also what stands for "none": records without the sorted field come last.
    case int(Int64)
    case text(String)

    static let none = SortValue.int(-1)
  }

  var sortValue: SortValue
  var id: String
  /// The number of the page that the cursor leads to.
  var page: Int64
  /// Ids of conversations and tickets are numbers in cursors.
  var idIsNumber: Bool

  var text: String {
    var out = JSONOutput()
    out.raw("[")
    switch sortValue {
    case .int(let value): out.int(value)
    case .text(let value): out.string(value)
    }
    out.raw(",")
    if idIsNumber { out.raw(id.utf8) } else { out.string(id) }
    out.raw(",")
    out.int(page)
    out.raw("]")
    return Base64.encode(out.bytes)
  }

  init(sortValue: SortValue, id: String, page: Int64, idIsNumber: Bool) {
    self.sortValue = sortValue
    self.id = id
    self.page = page
    self.idIsNumber = idIsNumber
  }

  /// Nil if the text is no cursor of the sandbox's making.
  init?(_ text: String) {
    guard let bytes = Base64.decode(text), let value = try? JSONValue.parse(bytes),
      let items = value.arrayValue, items.count == 3, let page = items[2].intValue, page > 1
    else { return nil }
    switch items[0] {
    case .int(let number): sortValue = .int(number)
    case .string(let text): sortValue = .text(text)
    default: return nil
    }
    switch items[1] {
    case .int(let number):
      id = String(number)
      idIsNumber = true
    case .string(let text):
      id = text
      idIsNumber = false
    default: return nil
    }
    self.page = page
  }
}

enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let rest = bytes.count - index
      let first = Int(bytes[index])
      let second = rest > 1 ? Int(bytes[index + 1]) : 0
      let third = rest > 2 ? Int(bytes[index + 2]) : 0
      let group = first << 16 | second << 8 | third
      out.append(alphabet[group >> 18 & 63])
      out.append(alphabet[group >> 12 & 63])
      out.append(rest > 1 ? alphabet[group >> 6 & 63] : 0x3D)
      out.append(rest > 2 ? alphabet[group & 63] : 0x3D)
      index += 3
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Takes both alphabets, with or without padding; nil if it is no Base64.
  static func decode(_ text: String) -> [UInt8]? {
    var out: [UInt8] = []
    var bits = 0
    var count = 0
    for byte in text.utf8 {
      let value: Int
      switch byte {
      case 0x41...0x5A: value = Int(byte) - 0x41
      case 0x61...0x7A: value = Int(byte) - 0x61 + 26
      case 0x30...0x39: value = Int(byte) - 0x30 + 52
      case 0x2B, 0x2D: value = 62
      case 0x2F, 0x5F: value = 63
      case 0x3D: continue
      default: return nil
      }
      bits = (bits << 6 | value) & 0xFF_FFFF
      count += 6
      if count >= 8 {
        count -= 8
        out.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    return out
  }
}
