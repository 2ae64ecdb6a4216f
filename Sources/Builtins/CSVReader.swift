/// Reads CSV as spreadsheets write it: commas, semicolons or tabs, quotes, any line ends, a mark at the start.
struct CSVReader {
  struct Fault: Error {
    /// Counted from 1.
    var line: Int
    var reason: String
  }

  private let bytes: [UInt8]
  private var at: Int
  private var line = 1
  private let separator: UInt8

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    separator = CSVReader.separator(bytes[at...])
  }

  /// What stands most often in the first line, outside quotes.
  private static func separator(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes {
      if byte == 0x22 { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == 0x0A || byte == 0x0D { break }
      counts[byte, default: 0] += 1
    }
    var best: UInt8 = 0x2C
    for candidate in [UInt8](arrayLiteral: 0x3B, 0x09)
    where counts[candidate, default: 0] > counts[best, default: 0] {
      best = candidate
    }
    return best
  }

  /// The next record and the line that it starts on; nil at the end. Empty lines are none.
  mutating func next() throws(Fault) -> (line: Int, fields: [String])? {
    while at < bytes.count, bytes[at] == 0x0A || bytes[at] == 0x0D {
      if bytes[at] == 0x0A { line += 1 }
      at += 1
    }
    guard at < bytes.count else { return nil }
    let first = line
    var fields: [String] = []
    while true {
      fields.append(try field())
      guard at < bytes.count else { break }
      if bytes[at] == separator {
        at += 1
        continue
      }
      break
    }
    return (first, fields)
  }

  private mutating func field() throws(Fault) -> String {
    guard at < bytes.count, bytes[at] == 0x22 else {
      let start = at
      while at < bytes.count, bytes[at] != separator, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
      return String(decoding: bytes[start..<at], as: UTF8.self)
    }
    let opened = line
    at += 1
    var text: [UInt8] = []
    while true {
      guard at < bytes.count else { throw Fault(line: opened, reason: "a quoted field is not closed") }
      let byte = bytes[at]
      at += 1
      if byte == 0x22 {
        if at < bytes.count, bytes[at] == 0x22 {
          at += 1
        } else {
          break
        }
      }
      if byte == 0x0A { line += 1 }
      text.append(byte)
    }
    guard at >= bytes.count || bytes[at] == separator || bytes[at] == 0x0A || bytes[at] == 0x0D else {
      throw Fault(line: line, reason: "text follows the closing quote of a field")
    }
    return String(decoding: text, as: UTF8.self)
  }
}
