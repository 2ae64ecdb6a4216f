/// Appends JSON to a buffer of its own: call the parts in order, the commas come by themselves.
///
/// Escapes only what must be: quotes, backslashes and control characters. Two values at the outermost level
/// are not kept apart; `lineBreak()` makes JSON lines. The caller balances `begin…` and `end…`.
public struct JSONWriter: ~Copyable {
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// In bytes.
  public private(set) var count = 0
  private let indentation: Int?
  private var depth = 0
  /// A value stands before, in the same container.
  private var needsComma = false
  /// A key stands before.
  private var afterKey = false

  /// With `indentation`, each item stands on a line of its own, so many spaces further in per level.
  public init(indentation: Int? = nil, capacity: Int = 256) {
    self.indentation = indentation.map { Swift.max(0, $0) }
    self.capacity = Swift.max(64, capacity)
    buffer = .allocate(capacity: self.capacity)
  }

  deinit { buffer.deallocate() }

  // MARK: Results

  public var bytes: [UInt8] { Array(UnsafeBufferPointer(start: buffer, count: count)) }
  public var string: String {
    String(decoding: UnsafeBufferPointer(start: buffer, count: count), as: UTF8.self)
  }

  public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    body(UnsafeBufferPointer(start: buffer, count: count))
  }

  /// Forgets the text and keeps the memory.
  public mutating func removeAll() {
    count = 0
    depth = 0
    needsComma = false
    afterKey = false
  }

  // MARK: Values

  public mutating func null() {
    beginValue()
    append("null")
  }

  public mutating func bool(_ value: Bool) {
    beginValue()
    append(value ? "true" : "false")
  }

  public mutating func int(_ value: Int64) {
    beginValue()
    reserve(20)
    if value < 0 { put(0x2D) }
    var magnitude = value.magnitude
    // Digits from the back: 19 hold every Int64.
    var digits = 1
    var bound = magnitude
    while bound >= 10 {
      bound /= 10
      digits += 1
    }
    var place = buffer + count + digits
    repeat {
      place -= 1
      place.pointee = 0x30 + UInt8(truncatingIfNeeded: magnitude % 10)
      magnitude /= 10
    } while magnitude > 0
    count += digits
  }

  /// JSON has no infinities and no NaN: they become `null`.
  public mutating func double(_ value: Double) {
    guard value.isFinite else { return null() }
    beginValue()
    var text = JSONWriter.text(of: value)
    text.withUTF8 { append($0) }
  }

  /// The shortest digits that read back as the same double, always with a point or an exponent: `1e-7`, where
  /// Swift has `1e-07`, and `1e16`.
  public static func text(of value: Double) -> String {
    let text = value.description
    guard let mark = text.utf8.firstIndex(of: 0x65) else { return text }
    var exponent = text[text.index(after: mark)...]
    let isNegative = exponent.first == "-"
    if isNegative || exponent.first == "+" { exponent.removeFirst() }
    while exponent.count > 1, exponent.first == "0" { exponent.removeFirst() }
    return text[...mark] + (isNegative ? "-" : "") + exponent
  }

  /// `utf8` must be valid UTF-8.
  public mutating func string(_ utf8: UnsafeBufferPointer<UInt8>) {
    beginValue()
    quote(utf8)
  }

  public mutating func string(_ value: String) {
    beginValue()
    var value = value
    value.withUTF8 { quote($0) }
  }

  /// A value that is JSON already.
  public mutating func raw(_ json: UnsafeBufferPointer<UInt8>) {
    beginValue()
    append(json)
  }

  // MARK: Containers

  public mutating func beginArray() { begin(0x5B) }
  public mutating func endArray() { end(0x5D) }
  public mutating func beginObject() { begin(0x7B) }
  public mutating func endObject() { end(0x7D) }

  public mutating func key(_ utf8: UnsafeBufferPointer<UInt8>) {
    beginValue()
    quote(utf8)
    colon()
  }

  public mutating func key(_ key: String) {
    beginValue()
    var key = key
    key.withUTF8 { quote($0) }
    colon()
  }

  /// Ends a line of JSON lines.
  public mutating func lineBreak() {
    append(0x0A)
    needsComma = false
  }

  private mutating func colon() {
    append(0x3A)
    if indentation != nil { append(0x20) }
    afterKey = true
  }

  private mutating func begin(_ bracket: UInt8) {
    beginValue()
    append(bracket)
    depth += 1
    needsComma = false
  }

  private mutating func end(_ bracket: UInt8) {
    depth = Swift.max(0, depth - 1)
    // Empty containers stay on their line.
    if needsComma { breakLine() }
    append(bracket)
    needsComma = true
  }

  private mutating func beginValue() {
    if afterKey {
      afterKey = false
    } else if depth > 0 {
      if needsComma { append(0x2C) }
      breakLine()
    }
    needsComma = true
  }

  private mutating func breakLine() {
    guard let indentation else { return }
    append(0x0A)
    // Far in, the indentation stops growing: the text would become quadratic.
    let spaces = Swift.min(depth, 100) * indentation
    reserve(spaces)
    (buffer + count).initialize(repeating: 0x20, count: spaces)
    count += spaces
  }

  // MARK: Bytes

  private mutating func reserve(_ more: Int) {
    if capacity - count < more { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let larger = Swift.max(capacity * 2, count + more)
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    copy.moveInitialize(from: buffer, count: count)
    buffer.deallocate()
    buffer = copy
    capacity = larger
  }

  /// Into reserved memory.
  private mutating func put(_ byte: UInt8) {
    buffer[count] = byte
    count += 1
  }

  private mutating func append(_ byte: UInt8) {
    reserve(1)
    put(byte)
  }

  private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress else { return }
    reserve(bytes.count)
    (buffer + count).initialize(from: base, count: bytes.count)
    count += bytes.count
  }

  private mutating func append(_ text: StaticString) {
    append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func quote(_ utf8: UnsafeBufferPointer<UInt8>) {
    // Room for the text unescaped: runs between escapes need no further check.
    reserve(utf8.count + 2)
    put(0x22)
    if let base = utf8.baseAddress {
      let end = base + utf8.count
      var p = base
      while p < end {
        let stop = JSONWriter.skipPlain(p, end)
        let run = stop - p
        (buffer + count).initialize(from: p, count: run)
        count += run
        p = stop
        if p < end {
          // An escape has six bytes at most; then what is left must still fit, with the quote.
          reserve(6 + (end - p))
          escape(p.pointee)
          p += 1
        }
      }
    }
    append(0x22)
  }

  private mutating func escape(_ byte: UInt8) {
    put(0x5C)
    switch byte {
    case 0x22, 0x5C: put(byte)
    case 0x08: put(0x62)
    case 0x09: put(0x74)
    case 0x0A: put(0x6E)
    case 0x0C: put(0x66)
    case 0x0D: put(0x72)
    default:
      put(0x75)
      put(0x30)
      put(0x30)
      put(0x30 + byte >> 4)
      put(byte & 15 < 10 ? 0x30 + byte & 15 : 0x61 + (byte & 15) - 10)
    }
  }

  /// The first byte that must be escaped.
  private static func skipPlain(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var p = start
    while end - p >= 8 {
      let word = JSONBytes.word(p)
      // Below 0x20: subtracting borrows into the high bit (false only above a true one).
      let control = (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080
      let stops =
        control | JSONBytes.zeroBytes(word ^ 0x2222_2222_2222_2222)
        | JSONBytes.zeroBytes(word ^ 0x5C5C_5C5C_5C5C_5C5C)
      if stops != 0 { return p + stops.trailingZeroBitCount >> 3 }
      p += 8
    }
    while p < end, p.pointee >= 0x20, p.pointee != 0x22, p.pointee != 0x5C { p += 1 }
    return p
  }
}
