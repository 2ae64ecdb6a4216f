import Testing

@testable import JSON

/// What counts as JSON.
@Suite struct JSONReaderTests {
  static let valid: [(String, JSONValue)] = [
    ("null", nil), ("true", true), ("false", false), (" null", nil), ("null ", nil),
    ("\t\n\r null\r\n\t ", nil), ("0", 0), ("-0", 0), ("1", 1), ("-1", -1), ("10", 10), ("-10", -10),
    ("1234567890", 1_234_567_890), ("123456789012345678", 123_456_789_012_345_678),
    ("1234567890123456789", 1_234_567_890_123_456_789), ("9223372036854775807", .int(.max)),
    ("-9223372036854775808", .int(.min)), ("9223372036854775808", 9223372036854775808.0),
    ("-9223372036854775809", -9223372036854775809.0), ("18446744073709551616", 18446744073709551616.0),
    ("99999999999999999999", 99999999999999999999.0), ("100000000000000000000000", 1e23),
    ("0.0", 0.0), ("0.5", 0.5), ("-0.5", -0.5), ("1.0", 1.0), ("3.14159", 3.14159), ("1e0", 1.0),
    ("1E0", 1.0),
    ("1e+2", 100.0), ("1E+2", 100.0), ("1e-2", 0.01), ("1.5e3", 1500.0), ("0e0", 0.0), ("0e5", 0.0),
    ("0e99999999999999999999", 0.0), ("0.1", 0.1), ("0.3", 0.3), ("2.2250738585072014e-308", 0x1p-1022),
    ("5e-324", .double(.leastNonzeroMagnitude)), ("1e-400", 0.0), ("1e-99999999999999999999", 0.0),
    ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)),
    ("123456789.123456789", 123456789.123456789),
    ("0.000000000000000000000000000001", 1e-30), ("9007199254740993.0", 9007199254740992.0),
    ("9007199254740993.0000000001", 9007199254740994.0), ("1e22", 1e22), ("1e23", 1e23),
    ("7.2057594037927933e16", 72057594037927936.0),
    ("0.00000000000000000000000000000000000000000000000000000000000000000000000000000000001e83", 1.0),
    ("10000000000000000000000000000000000000000e-40", 1.0),
    ("179769313486231580793e288", .double(.greatestFiniteMagnitude)), ("0.1e1", 1.0),
    (#""""#, ""), (#""a""#, "a"), (#""ab cd""#, "ab cd"), (#""12345678""#, "12345678"),
    (#""123456789""#, "123456789"), (#""é""#, "é"), (#""日本語""#, "日本語"), (#""😀""#, "😀"), (#""a😀b""#, "a😀b"),
    (#""\"""#, "\""), (#""\\""#, "\\"), (#""\/""#, "/"), (#""/""#, "/"),
    (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
    (#""\u0041""#, "A"), (#""\u00e9""#, "é"), (#""\u00E9""#, "é"), (#""\u20ac""#, "€"), (#""\u0000""#, "\0"),
    (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00x""#, "😀x"), (#""\u0022""#, "\""), (#""\u005c""#, "\\"),
    (#""\u002f""#, "/"), (#""\uFFFF""#, "\u{FFFF}"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
    (#""\\u0041""#, "\\u0041"),
    (#""abcdefg\n""#, "abcdefg\n"), (#""abcdefgh\n""#, "abcdefgh\n"),
    (#""\nabcdefghijkl""#, "\nabcdefghijkl"),
    ("\"\u{7F}\"", "\u{7F}"), ("\"\u{FEFF}\"", "\u{FEFF}"), ("\"\u{2028}\"", "\u{2028}"),
    ("[]", []), ("[ ]", []), ("[\n]", []), ("[1]", [1]), ("[ 1 ]", [1]), ("[1,2]", [1, 2]),
    ("[1 , 2]", [1, 2]),
    ("[[]]", [[]]), ("[[],[]]", [[], []]), ("[null]", [nil]), ("[1,[2,[3,[4]]],5]", [1, [2, [3, [4]]], 5]),
    (#"["a",1,true,null,{}]"#, ["a", 1, true, nil, [:]]), ("[1.5,2e3]", [1.5, 2000.0]),
    ("[0,-0,-1]", [0, 0, -1]),
    ("{}", [:]), ("{ }", [:]), ("{\n}", [:]), (#"{"a":1}"#, ["a": 1]), (#"{ "a" : 1 }"#, ["a": 1]),
    (#"{"a":1,"b":2}"#, ["a": 1, "b": 2]), (#"{"a":{"b":{"c":null}}}"#, ["a": ["b": ["c": nil]]]),
    (#"{"":0}"#, ["": 0]), (#"{"a":[]}"#, ["a": []]), (#"{"a":[{}]}"#, ["a": [[:]]]),
    (#"{"\u0061":1}"#, ["a": 1]), (#"{"a\nb":1}"#, ["a\nb": 1]), (#"{"\"":1}"#, ["\"": 1]),
    (#"{"é":1}"#, ["é": 1]),
    (#"[{"a":1},{"a":2},{"a":3}]"#, [["a": 1], ["a": 2], ["a": 3]]),
    (#"[{"a":1,"b":2},{"b":3,"a":4},{"a":5}]"#, [["a": 1, "b": 2], ["b": 3, "a": 4], ["a": 5]]),
    (
      #"[{"abcdefgh":1},{"abcdefgh":2},{"abcdefghi":3},{"abcdefg":4}]"#,
      [["abcdefgh": 1], ["abcdefgh": 2], ["abcdefghi": 3], ["abcdefg": 4]]
    ),
    (#"[{"a\"b":1},{"a\"b":2}]"#, [["a\"b": 1], ["a\"b": 2]]),
    (#"[{"a\\":1},{"a\\":2}]"#, [["a\\": 1], ["a\\": 2]]),
  ]

  @Test(arguments: valid) func reads(text: String, expected: JSONValue) throws {
    #expect(try JSONValue.parse(text) == expected)
    // Also where the text goes on, so that both the middle and the end of the input are met.
    #expect(try JSONValue.parse("[" + text + ",\"a longer tail than eight bytes\"]")[0] == expected)
    #expect(try JSONValue.parse("{\"key\":" + text + "}")["key"] == expected)
    #expect(try JSONValue.parse("{\"key\"\n:\n" + text + "\n}")["key"] == expected)
  }

  static let invalid: [String] = [
    "", " ", "\n", "nul", "nulll", "n", "t", "tru", "truee", "f", "fals", "falsy", "True", "NULL", "None",
    "undefined",
    "nan", "NaN", "inf", "Infinity", "-Infinity", "+1", "-", "--1", "-a", "- 1", "01", "-01", "00", "007",
    "0x10", "1.",
    ".5", "-.5", "1.e5", "1e", "1e+", "1e-", "1e1.5", "1.5.5", "1,", "1 2", "1a", "1_000", "1e400", "-1e400",
    "1E400",
    "1e99999999999999999999", "0123.5", "1.2e", "0.e1", "0e", "0e+", "9e", "1٣",
    "\"", "\"a", "\"abcdefgh", "\"\\", "\"\\\"", "\"\\a\"", "\"\\x41\"", "\"\\'\"", "\"\\0\"", "\"\\u\"",
    "\"\\u1\"",
    "\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\uD83D\\u\"", "\"\\uD83D\\uZZZZ\"", "\"\\U0041\"",
    "\"\\ \"", "'a'",
    "\"a\" \"b\"", "\"a\"b", "a", "\\u0031", "“a”",
    "[", "]", "[1", "[1,", "[,", "[,1]", "[1,]", "[1,,2]", "[1 2]", "[1;2]", "[1:2]", "[1}", "[[]", "[]]",
    "[1]]", "[][]",
    "[\"a\"", "[\"a\",", "[\"a", "[nul]", "[tru]", "[1,\n]", "(1)", "[1)", "[-]", "[01]", "[1.]", "[.5]",
    "[+1]",
    "{", "}", "{]", "{\"a\"", "{\"a\"}", "{\"a\":", "{\"a\":}", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}",
    "{,\"a\":1}",
    "{\"a\":1,,\"b\":2}", "{\"a\" 1}", "{\"a\"::1}", "{\"a\":1 \"b\":2}", "{\"a\":1;\"b\":2}", "{a:1}",
    "{'a':1}", "{1:1}",
    "{null:1}", "{\"a\":1]", "{\"a\",\"b\"}", "{\"a\"=1}", "{\"a\":1}}", "{}{}", "{\"a\":1}x", "{\"a",
    "{\"a\\", "{\"",
    "{\"a\":01}", "{\"a\":.5}", "{\"a\":'b'}", "{[]:1}", "{\"a\":1,b:2}", "{\"a\":1,\"b\"}", "{\"a\":{}",
    "{{}}",
    "// c\n1", "1 // c", "/* c */ 1", "[1 /* c */]", "# c\n1", "\u{FEFF}1", "\u{A0}1", "1\u{2003}", "\u{B}1",
    "\u{C}1",
    "\0", "1\0", "[\0]", "[1]\0", "\u{7F}", "é", "[é]", "1é", "{\"a\":é}",
    // A key that was guessed from raw bytes must not swallow what is no key.
    "[{\"a\\\"b\":1},{\"a\"b\":1}]", "[{\"a\\\\\":1},{\"a\\\":1,\"b\":2}]", "[{\"ab\":1},{\"ab:1}]",
  ]

  @Test(arguments: invalid) func refuses(text: String) {
    #expect(throws: JSONError.self) { try JSONValue.parse(text) }
  }

  /// The reason does not depend on what follows: shorter texts fail, and inside other texts too.
  @Test(arguments: invalid) func refusesInside(text: String) {
    guard text != "", text != " ", text != "\n", text != "1,", text != "]", text != "[]]", text != "[1]]"
    else { return }
    #expect(throws: JSONError.self) { try JSONValue.parse("[0," + text + " , 1234567890]") }
  }

  @Test func thereAreEnoughTexts() {
    #expect(Self.valid.count + Self.invalid.count >= 250)
  }

  @Test func negativeZero() throws {
    #expect(try JSONValue.parse("-0") == .int(0))
    for text in ["-0.0", "-0e0", "-0.0e5", "-0.000"] {
      let value = try #require(try JSONValue.parse(text).doubleValue)
      #expect(value == 0 && value.sign == .minus, "\(text)")
    }
  }

  @Test func takesRawControlBytes() throws {
    for byte in UInt8(0)..<0x20 {
      let bytes = [0x22, 0x61, byte, 0x62, 0x22]
      #expect(try JSONValue.parse(bytes).stringValue?.utf8.elementsEqual([0x61, byte, 0x62]) == true)
    }
  }

  @Test(arguments: [
    (#""\uD83D""#, "\u{FFFD}"), (#""\uDE00""#, "\u{FFFD}"), (#""\uD83Dx""#, "\u{FFFD}x"),
    (#""\uD83D\u0041""#, "\u{FFFD}A"), (#""\uD83D\uD83D\uDE00""#, "\u{FFFD}😀"),
    (#""\uDE00\uD83D""#, "\u{FFFD}\u{FFFD}"),
    (#""\uD83D\n""#, "\u{FFFD}\n"), (#""\ud800\udbff""#, "\u{FFFD}\u{FFFD}"),
  ]) func replacesLoneSurrogates(text: String, expected: String) throws {
    #expect(try JSONValue.parse(text).stringValue == expected)
  }

  @Test func lastDuplicateWins() throws {
    let value = try JSONValue.parse(#"{"a":1,"b":2,"a":3,"c":4,"b":5,"\u0061":6}"#)
    #expect(value.text() == #"{"a":6,"b":5,"c":4}"#)
    #expect(try JSONValue.parse(#"[{"a":1,"a":2},{"a":1,"a":[3]}]"#).text() == #"[{"a":2},{"a":[3]}]"#)
    #expect(
      try JSONValue.parse(#"{"a":{"a":1},"b":{"a":2,"a":3},"a":{"b":4}}"#).text()
        == #"{"a":{"b":4},"b":{"a":3}}"#)
    let many = "{" + (0..<1000).map { "\"k\($0 % 300)\":\($0)" }.joined(separator: ",") + "}"
    let object = try #require(try JSONValue.parse(many).objectValue)
    #expect(object.count == 300)
    #expect(object["k0"] == 900)
    #expect(object["k299"] == 899)
    #expect(object.keys.first == "k0")
  }

  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC2], [0xE0, 0x80, 0x80],
      [0xE0, 0x9F, 0xBF], [0xE1, 0x80], [0xE1, 0x80, 0x41], [0xE1, 0x41, 0x80], [0xED, 0xA0, 0x80],
      [0xED, 0xBF, 0xBF],
      [0xEF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
      [0xF0, 0x9F, 0x98, 0x41],
      [0xF0, 0x9F, 0x41, 0x80], [0xF0, 0x41, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], [0xFE], [0xFF],
      [0xC3, 0xA9, 0xA9],
    ] as [[UInt8]]) func refusesBadUTF8(sequence: [UInt8])
  {
    // At each place of an eight-byte word, in values, in keys, and behind an escape.
    for before in 0..<10 {
      let filler = [UInt8](repeating: 0x61, count: before)
      for tail in [[], [UInt8](repeating: 0x62, count: 9)] {
        let text = filler + sequence + tail
        #expect(throws: JSONError.self) { try JSONValue.parse([0x22] + text + [0x22]) }
        #expect(throws: JSONError.self) { try JSONValue.parse([0x7B, 0x22] + text + Array("\":1}".utf8)) }
        #expect(throws: JSONError.self) { try JSONValue.parse([0x22, 0x5C, 0x6E] + text + [0x22]) }
      }
    }
  }

  @Test func takesEveryScalarWidth() throws {
    for scalar in [
      "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
    ] {
      for before in 0..<10 {
        let text = String(repeating: "a", count: before) + scalar + scalar + "tail"
        #expect(try JSONValue.parse("\"\(text)\"").stringValue == text)
      }
    }
  }

  @Test func everyBeginningIsRefused() throws {
    let samples = [
      #"{"type":"list","data":[{"id":"1","tags":["a","b"],"n":-12.5e3,"ok":true,"none":null,"é":"\u00e9\n"}],"x":false}"#,
      #"[[[{"a":{"b":[1,2,{"c":"\ud83d\ude00"}]}}]], "日本語", {"a":1,"a":2}, {}, []]"#,
      "[{\"key one\": 1.25, \"key two\": 2}, {\"key one\": 3, \"key two\": 4}, {\"key one\": 5, \"other\": 6}]",
    ]
    for sample in samples {
      let bytes = Array(sample.utf8)
      _ = try JSONValue.parse(bytes)
      for count in 0..<bytes.count {
        // A copy of the exact size, so that reading past it would be seen by an address checker.
        let beginning = Array(bytes[..<count])
        #expect(throws: JSONError.self) { try JSONValue.parse(beginning) }
      }
    }
  }

  @Test func readsDeepTextsWithoutRecursion() throws {
    var builder = DepthBuilder()
    let reader = JSONReader<DepthBuilder>()
    for (open, inner, close) in [("[", "", "]"), ("{\"a\":", "1", "}"), ("[{\"b\":", "null", "}]")] {
      let count = 10_000 / (open.count > 5 ? 2 : 1)
      let text = String(repeating: open, count: count) + inner + String(repeating: close, count: count)
      #expect(try reader.read(Array(text.utf8), with: &builder) >= 10_000)
      let deeper = "[" + text + "]"
      let error = #expect(throws: JSONError.self) { try reader.read(Array(deeper.utf8), with: &builder) }
      #expect(error?.reason == .tooDeep(limit: 10_000))
    }
    let error = #expect(throws: JSONError.self) {
      try JSONValue.parse(String(repeating: "[", count: 1_000_000))
    }
    #expect(error?.reason == .tooDeep(limit: JSONValue.maximumDepth))
  }

  @Test func treesOfTheGreatestDepthLive() throws {
    let text = String(repeating: "[{\"a\":", count: 500) + "1" + String(repeating: "}]", count: 500)
    let value = try JSONValue.parse(text)
    #expect(value.text() == text)
    #expect(value == (try JSONValue.parse(text)))
  }

  @Test func readerServesManyTexts() throws {
    let reader = JSONReader<JSONTreeBuilder>()
    var builder = JSONTreeBuilder()
    for round in 0..<300 {
      // Ever new keys: shapes run out, objects become maps, the reader starts afresh.
      let members = (0..<60).map { "\"key\(round * 60 + $0)\":{\"n\":\($0)}" }.joined(separator: ",")
      let value = try reader.read(Array("{\(members)}".utf8), with: &builder)
      #expect(value["key\(round * 60 + 59)"]?["n"] == 59)
      #expect(value.objectValue?.count == 60)
      #expect(throws: JSONError.self) {
        try reader.read(Array("[1,{\"a\":[\"x\",{\"b\":".utf8), with: &builder)
      }
    }
  }

  @Test func readsMaps() throws {
    let members = (0..<5000).map { "\"k\($0)\":{\"v\":[\($0)]}" }.joined(separator: ", ")
    let value = try JSONValue.parse("{\(members)}")
    #expect(value.objectValue?.count == 5000)
    for index in stride(from: 0, to: 5000, by: 97) {
      #expect(value["k\(index)"]?["v"]?[0] == .int(Int64(index)))
    }
    let objects = try JSONValue.parse(
      "[" + (0..<500).map { "{\"x\($0)\":\($0),\"y\":1}" }.joined(separator: ",") + "]")
    for index in 0..<500 { #expect(objects[index]?["x\(index)"] == .int(Int64(index))) }
  }

  @Test func stopsAtSafePoints() {
    var builder = DepthBuilder(pointsLeft: 3)
    let reader = JSONReader<DepthBuilder>()
    let error = #expect(throws: JSONError.self) {
      try reader.read(Array("[[1],[2],[3],[4],[5]]".utf8), with: &builder)
    }
    #expect(error?.reason == .stopped)
    #expect(builder.mostHeld == 4)
  }
}

/// Counts depth, and what the reader holds at safe points.
private struct DepthBuilder: JSONBuilder {
  var pointsLeft = Int.max
  var mostHeld = 0

  func null() -> Int { 0 }
  func bool(_ value: Bool) -> Int { 0 }
  func int(_ value: Int64) -> Int { 0 }
  func double(_ value: Double) -> Int { 0 }
  func string(_ utf8: UnsafeBufferPointer<UInt8>) -> Int { 0 }
  func key(_ utf8: UnsafeBufferPointer<UInt8>) -> Int { utf8.count }
  func shape(_ keys: UnsafeBufferPointer<Int>) -> Int { keys.count }
  func array(_ items: UnsafeMutableBufferPointer<Int>) -> Int { (items.max() ?? 0) + 1 }
  func object(_ shape: Int, _ values: UnsafeMutableBufferPointer<Int>) -> Int { (values.max() ?? 0) + 1 }
  func object(keys: UnsafeBufferPointer<Int>, _ values: UnsafeMutableBufferPointer<Int>) -> Int {
    (values.max() ?? 0) + 1
  }
  mutating func safePoint(live: UnsafeBufferPointer<Int>) -> Bool {
    mostHeld = Swift.max(mostHeld, live.count)
    pointsLeft -= 1
    return pointsLeft >= 0
  }
}
