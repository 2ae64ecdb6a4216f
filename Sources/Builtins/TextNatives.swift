import Bytecode
import Machine

/// Functions over texts. Null stays null.
public enum TextNatives {
  public static func add(to table: inout NativeTable, patterns: PatternCache) {
    addShapes(to: &table)
    addParts(to: &table, patterns: patterns)
    addMeanings(to: &table)
  }

  /// A row whose first argument is a text, or null, which gives null.
  private static func text(
    _ table: inout NativeTable, _ name: String, more: [Signature.Parameter] = [], result: String = "string",
    _ documentation: String, example: String, _ body: @escaping (NativeCall, String) throws -> Value
  ) {
    table.add(name, [.required("text", "string")] + more, result: result, documentation, example: example) {
      call in
      guard let text = try call.optionalText(0, name) else { return .null }
      return try body(call, text)
    }
  }

  private static func addShapes(to table: inout NativeTable) {
    text(&table, "lower", "The text in lower case.", example: "lower(\"Ann@ACME.com\")") { call, text in
      call.machine.string(text.lowercased())
    }
    text(&table, "upper", "The text in upper case.", example: "upper(\"vip\")") { call, text in
      call.machine.string(text.uppercased())
    }
    text(&table, "trim", "The text without white space at its ends.", example: "trim(\"  a b \")") {
      call, text in
      let scalars = text.unicodeScalars
      guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
        let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
      else { return call.machine.string("") }
      return call.machine.string(String(scalars[first...last]))
    }
    text(
      &table, "cut", more: [.required("length", "int")],
      "At most so many characters; what is cut off shows as `…`, which counts.", example: "cut(\"abcdef\", 4)"
    ) { call, text in
      let length = try call.int(1, "cut")
      guard length >= 1 else { throw RuntimeError("`cut` needs a length of 1 or more, not \(length)") }
      // Each character has a byte at least, so most texts need no counting.
      if text.utf8.count <= length { return call[0] }
      guard let end = text.index(text.startIndex, offsetBy: Int(length), limitedBy: text.endIndex),
        end < text.endIndex
      else { return call[0] }
      return call.machine.string(text[..<text.index(before: end)] + "…")
    }
    text(
      &table, "plain", "The text of an HTML body: without tags, entities read, blocks on lines of their own.",
      example: "plain(\"<p>Hi <b>you</b></p>\")"
    ) { call, text in call.machine.string(PlainText.of(text)) }
  }

  private static func addParts(to table: inout NativeTable, patterns: PatternCache) {
    text(
      &table, "split", more: [.required("by", "string")], result: "list<string>",
      "The parts between each `by`, literally.", example: "split(\"a,b,c\", \",\")"
    ) { call, text in
      _ = try call.text(1, "split")
      let by = call.machine.utf8(call[1])
      guard !by.isEmpty else {
        throw RuntimeError("`split` needs something to split by, not an empty text")
      }
      let bytes = call.machine.utf8(call[0])
      var parts: [Value] = []
      var start = 0
      while let hit = ByteSearch.find(by, in: bytes, from: start) {
        if parts.count & 0xFFF == 0xFFF { try call.machine.checkWork(holding: parts.count) }
        parts.append(call.machine.string(UnsafeBufferPointer(rebasing: bytes[start..<hit])))
        start = hit + by.count
      }
      parts.append(call.machine.string(UnsafeBufferPointer(rebasing: bytes[start...])))
      return call.machine.list(parts)
    }
    text(
      &table, "replace", more: [.required("what", "string"), .required("with", "string")],
      "The text with every `what` replaced, literally.", example: "replace(\"a.b\", \".\", \"-\")"
    ) { call, text in
      _ = try call.text(1, "replace")
      _ = try call.text(2, "replace")
      let what = call.machine.utf8(call[1])
      guard !what.isEmpty else {
        throw RuntimeError("`replace` needs something to replace, not an empty text")
      }
      return try replace(call, what, call.machine.utf8(call[2]))
    }
    text(
      &table, "find_all", more: [.required("pattern", "string")], result: "list<string>",
      "Every part that matches a pattern, from left to right.", example: "find_all(\"a1b22\", '[0-9]+')"
    ) { call, text in
      let pattern = try patterns.pattern(try call.text(1, "find_all"))
      let machine = call.machine
      let bytes = machine.utf8(call[0])
      var search = PatternSearch(pattern, bytes)
      var found: [Value] = []
      while let hit = try search.next(machine) {
        found.append(machine.string(UnsafeBufferPointer(rebasing: bytes[hit])))
        if found.count & 0x3FF == 0 { try machine.checkWork(holding: found.count) }
      }
      return machine.list(found)
    }
    text(&table, "digits", "The digits 0 to 9 of a text alone.", example: "digits(\"+49 (0) 89-12\")") {
      call, text in
      call.machine.string(String(decoding: text.utf8.filter { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self))
    }
  }

  private static func replace(
    _ call: NativeCall, _ what: UnsafeBufferPointer<UInt8>, _ with: UnsafeBufferPointer<UInt8>
  ) throws -> Value {
    let bytes = call.machine.utf8(call[0])
    var hits: [Int] = []
    var start = 0
    while let hit = ByteSearch.find(what, in: bytes, from: start) {
      if hits.count & 0xFFF == 0xFFF { try call.machine.checkWork(holding: hits.count) }
      hits.append(hit)
      start = hit + what.count
    }
    if hits.isEmpty { return call[0] }
    // At most 2^31 bytes by 2^31 hits: the product fits.
    let size = bytes.count + hits.count * (with.count - what.count)
    try call.machine.checkRoom(size)
    var out: [UInt8] = []
    out.reserveCapacity(size)
    start = 0
    for hit in hits {
      out.append(contentsOf: bytes[start..<hit])
      out.append(contentsOf: with)
      start = hit + what.count
    }
    out.append(contentsOf: bytes[start...])
    return out.withUnsafeBufferPointer { call.machine.string($0) }
  }

  private static func addMeanings(to table: inout NativeTable) {
    text(
      &table, "host", "The host of a URL or an e-mail address; null where there is none.",
      example: "host(\"https://www.acme.com/x?y=1\")"
    ) { call, text in
      guard let host = hostName(text) else { return .null }
      return call.machine.string(host)
    }
    text(
      &table, "is_card_number", result: "bool",
      "Whether the text is a payment card's number: 13 to 19 digits whose check digit is right.",
      example: "is_card_number(\"4242 4242 4242 4242\")"
    ) { call, text in .bool(isCardNumber(text)) }
  }

  /// Between the scheme (or the `@`) and what follows, in lower case, without a port.
  static func hostName(_ text: String) -> String? {
    var rest = Substring(text)
    if let scheme = ByteSearch.offset(of: "://", in: rest) { rest = rest[scheme...] }
    rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "\\" }
    if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    if rest.first == "[" {
      guard let end = rest.firstIndex(of: "]") else { return nil }
      return String(rest[...end])
    }
    rest = rest.prefix { $0 != ":" }
    let isName = rest.allSatisfy { !$0.isWhitespace } && rest.contains(".")
    return isName || rest == "localhost" ? rest.lowercased() : nil
  }

  /// Spaces and dashes may stand between the digits, nothing else anywhere.
  static func isCardNumber(_ text: String) -> Bool {
    var digits: [Int] = []
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39:
        if digits.count == 19 { return false }
        digits.append(Int(byte - 0x30))
      case 0x20, 0x2D: continue
      default: return false
      }
    }
    guard digits.count >= 13 else { return false }
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() {
      let value = place % 2 == 0 ? digit : digit * 2
      sum += value > 9 ? value - 9 : value
    }
    return sum % 10 == 0
  }
}

extension ByteSearch {
  /// Where the text behind the first `part` begins.
  fileprivate static func offset(of part: String, in text: Substring) -> Substring.Index? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index...].hasPrefix(part) { return text.index(index, offsetBy: part.count) }
      index = text.index(after: index)
    }
    return nil
  }
}
