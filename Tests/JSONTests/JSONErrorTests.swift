import Testing

@testable import JSON

@Suite struct JSONErrorTests {
  @Test(arguments: [
    ("[1,\n 2,\n  x]", "line 3, column 3: expected a value, found `x`"),
    ("", "line 1, column 1: the text ends where a value is expected"),
    ("[1 2]", "line 1, column 4: expected a `,` or `]`, found `2`"),
    ("{\"a\" 1}", "line 1, column 6: expected a `:`, found `1`"),
    ("{\"a\":1,}", "line 1, column 8: expected a key, found `}`; drop the comma before it"),
    ("[1,]", "line 1, column 4: expected a value, found `]`; drop the comma before it"),
    ("[\"日本\", y]", "line 1, column 8: expected a value, found `y`"),
    ("['a']", "line 1, column 2: expected a value or `]`, found `'`; JSON strings stand in double quotes"),
    ("{a: 1}", "line 1, column 2: expected a key or `}`, found `a`; keys stand in double quotes"),
    ("1e999", "line 1, column 1: this number is too large for a float; write it as a string"),
    ("[012]", "line 1, column 2: a number does not start with 0; drop the zeros, or write it as a string"),
    ("\"a\\q\"", "line 1, column 4: expected one of `\" \\ / b f n r t u` after `\\`, found `q`"),
    ("tru", "line 1, column 4: the text ends where `true` is expected"),
    ("1 1", "line 1, column 3: expected the end of the text, found `1`"),
    ("[1 // one\n]", "line 1, column 4: expected a `,` or `]`, found `/`; JSON has no comments"),
    ("\"abc", "line 1, column 5: the text ends where the closing `\"` is expected"),
    ("-", "line 1, column 2: the text ends where a digit is expected"),
    ("\u{1}", "line 1, column 1: expected a value, found byte 0x01"),
    ("\u{FEFF}1", "line 1, column 1: expected a value, found byte 0xEF; drop the byte order mark"),
  ]) func says(text: String, expected: String) throws {
    let error = #expect(throws: JSONError.self) { try JSONValue.parse(text) }
    #expect(error?.description == expected)
  }

  @Test func countsBytes() {
    let error = #expect(throws: JSONError.self) { try JSONValue.parse("[\"é\",\n?]") }
    #expect(error?.offset == 7)
    #expect(error?.line == 2)
    #expect(error?.column == 1)
    let broken = #expect(throws: JSONError.self) {
      try JSONValue.parse([0x5B, 0x22, 0x61, 0xFF, 0x22, 0x5D])
    }
    #expect(broken?.reason == .invalidUTF8)
    #expect(broken?.offset == 3)
  }
}
