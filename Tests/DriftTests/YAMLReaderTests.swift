import JSON
import Testing

@testable import Drift

/// What descriptions are written in, and what is refused rather than guessed.
@Suite struct YAMLReaderTests {
  private func read(_ text: String) throws -> String { try YAMLReader.read(text).text() }

  @Test(arguments: [
    ("a: 1\nb: two\n", #"{"a":1,"b":"two"}"#),
    ("---\na:\n- x\n- y: 1\n  z: 2\nb:\n  - - 1\n    - 2\n", #"{"a":["x",{"y":1,"z":2}],"b":[[1,2]]}"#),
    ("'a': ~\n\"b\": \"x\\n\\u00e9\\\"\"\n200: true\n", #"{"a":null,"b":"x\né\"","200":true}"#),
    ("a: some words\n  go on\n\n  here # but not this\nb: c\n", #"{"a":"some words go on\nhere","b":"c"}"#),
    ("a: \"one\n  two\\\n  three\"\nb: 'it''s'\n", #"{"a":"one twothree","b":"it's"}"#),
    (
      "a: |\n  one\n   two\n\n  three\nb: |-\n  x\nc: |2+\n    y\n\n",
      #"{"a":"one\n two\n\nthree\n","b":"x","c":"  y\n\n"}"#
    ),
    ("a: >\n  one\n  two\n\n  three\n", #"{"a":"one two\nthree\n"}"#),
    (
      "a: []\nb: {}\nc: [1, 'x, y', {d: e}]\nd: [1,\n  2]\n",
      #"{"a":[],"b":{},"c":[1,"x, y",{"d":"e"}],"d":[1,2]}"#
    ),
    (
      "a:\n  # a remark\n  b: 1\nc: http://x.example/y#z\nd: 1.5\ne: 1e3\nf: -7\ng: 1.2.3\n",
      #"{"a":{"b":1},"c":"http://x.example/y#z","d":1.5,"e":1000.0,"f":-7,"g":"1.2.3"}"#
    ),
    // A variation selector joins the last digit of the escape.
    ("a: \"\\U0001F39F\u{FE0F}\"\n", "{\"a\":\"\u{1F39F}\u{FE0F}\"}"),
    ("a:\nb:\n- 1\n", #"{"a":null,"b":[1]}"#),
    ("- a: |\n    x\n  b: 2\n-\n  c: 3\n", #"[{"a":"x\n","b":2},{"c":3}]"#),
    ("\"/me\":\r\n  get: x\r\n", #"{"/me":{"get":"x"}}"#),
  ])
  func reads(_ text: String, _ json: String) throws {
    #expect(try read(text) == json)
  }

  @Test(arguments: [
    ("a: &x 1\n", 1), ("a: *x\n", 1), ("a: !!str 1\n", 1), ("a: \"x\n", 1), ("a: [1, 2\n", 1),
    ("a: 1\n   b: 2\n", 2),
    ("\ta: 1\n", 1), ("a: \"\\q\"\n", 1), ("a: 1\nb\n", 2), ("a: [1 2, {x}]\n", 1),
  ])
  func refuses(_ text: String, _ line: Int) {
    do {
      _ = try YAMLReader.read(text)
      Issue.record("\(text) is read as \((try? read(text)) ?? "")")
    } catch {
      #expect(error.line == line, "\(text): \(error)")
    }
  }

  @Test func nothingEndsTheProcess() {
    let text = "a:\n- b: |2-\n    x\n  c: [1, {d: \"e\\u00e9\"}]\n'f''g': >\n  h\n- ? i\n"
    let bytes = Array(text.utf8)
    for index in bytes.indices {
      for change: UInt8 in [0x20, 0x0A, 0x22, 0x5B, 0x7B, 0x3A, 0x2D, 0xFF] {
        var mutant = bytes
        mutant[index] = change
        _ = try? YAMLReader.read(String(decoding: mutant, as: UTF8.self))
        _ = try? YAMLReader.read(String(decoding: bytes[..<index], as: UTF8.self))
      }
    }
    #expect(throws: DescriptionError.self) {
      try YAMLReader.read((0..<400).map { String(repeating: " ", count: $0) + "a:\n" }.joined())
    }
    #expect(throws: DescriptionError.self) {
      try YAMLReader.read("a: " + String(repeating: "[", count: 5_000))
    }
  }
}
