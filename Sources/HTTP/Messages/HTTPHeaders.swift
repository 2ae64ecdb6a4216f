/// The header block of an answer, looked up by name without regard to case.
public struct HTTPHeaders: Sendable {
  /// The lines as received, without the status line, each ended by CR LF.
  let raw: [UInt8]

  init(raw: [UInt8]) { self.raw = raw }

  public init(_ pairs: [(name: String, value: String)] = []) {
    raw = Array(pairs.map { "\($0.name): \($0.value)\r\n" }.joined().utf8)
  }

  /// The first value of that name, trimmed.
  public subscript(name: String) -> String? {
    var name = name
    return name.withUTF8 { wanted in
      raw.withUnsafeBufferPointer { raw in
        var start = 0
        while start < raw.count {
          let end = raw[start...].firstIndex(of: 0x0A) ?? raw.count
          let colon = start + wanted.count
          if colon < end, raw[colon] == 0x3A, Self.matches(wanted, raw, at: start) {
            return Self.text(raw[(colon + 1)..<end])
          }
          start = end + 1
        }
        return nil
      }
    }
  }

  private static func matches(
    _ wanted: UnsafeBufferPointer<UInt8>, _ raw: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Bool {
    for index in 0..<wanted.count where lowered(raw[start + index]) != lowered(wanted[index]) { return false }
    return true
  }

  /// Every name and value, in the order received.
  public var all: [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    forEachLine { line in
      guard let colon = line.firstIndex(of: 0x3A) else { return }
      pairs.append((Self.text(line[..<colon]), Self.text(line[line.index(after: colon)...])))
    }
    return pairs
  }

  private func forEachLine(_ body: (ArraySlice<UInt8>) -> Void) {
    var start = raw.startIndex
    while start < raw.endIndex {
      let end = raw[start...].firstIndex(of: 0x0A) ?? raw.endIndex
      body(raw[start..<end])
      start = end + 1
    }
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }

  private static func text(_ bytes: some RandomAccessCollection<UInt8>) -> String {
    var slice = bytes[...]
    while let last = slice.last, last == 0x20 || last == 0x09 || last == 0x0D { slice.removeLast() }
    while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
    return String(decoding: slice, as: UTF8.self)
  }
}
