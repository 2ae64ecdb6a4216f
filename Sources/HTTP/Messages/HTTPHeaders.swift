import CCurl

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
    withValue(of: name) { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes of the first value of that name, trimmed.
  func withValue<Result>(of name: String, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
    var name = name
    return name.withUTF8 { wanted in
      raw.withUnsafeBytes { all in
        guard let start = all.baseAddress, let first = wanted.baseAddress else { return nil }
        var value = ccurl_span()
        guard ccurl_header(start, all.count, first, wanted.count, &value) != 0 else { return nil }
        return body(UnsafeRawBufferPointer(start: value.start, count: value.count))
      }
    }
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

  private static func text(_ bytes: some RandomAccessCollection<UInt8>) -> String {
    var slice = bytes[...]
    while let last = slice.last, last == 0x20 || last == 0x09 || last == 0x0D { slice.removeLast() }
    while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
    return String(decoding: slice, as: UTF8.self)
  }
}
