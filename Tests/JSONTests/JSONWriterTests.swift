import Testing

@testable import JSON

@Suite struct JSONWriterTests {
  @Test func writesParts() {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("a")
    writer.beginArray()
    writer.int(1)
    writer.int(-1)
    writer.int(0)
    writer.int(.max)
    writer.int(.min)
    writer.endArray()
    writer.key("b")
    writer.null()
    writer.key("c")
    writer.beginArray()
    writer.bool(true)
    writer.bool(false)
    writer.beginObject()
    writer.endObject()
    writer.string("x")
    writer.endArray()
    writer.endObject()
    #expect(
      writer.string
        == #"{"a":[1,-1,0,9223372036854775807,-9223372036854775808],"b":null,"c":[true,false,{},"x"]}"#)
    #expect(writer.bytes.count == writer.count)
  }

  @Test(arguments: [
    (0.0, "0.0"), (-0.0, "-0.0"), (1.0, "1.0"), (0.1, "0.1"), (1.5, "1.5"), (3.0, "3.0"), (1e16, "1e16"),
    (123456.789, "123456.789"), (.leastNonzeroMagnitude, "5e-324"),
    (1.7976931348623157e308, "1.7976931348623157e308"), (1e-7, "1e-7"), (-2.5e-10, "-2.5e-10"),
    (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
  ]) func writesDoubles(value: Double, expected: String) {
    var writer = JSONWriter()
    writer.double(value)
    #expect(writer.string == expected)
  }

  @Test func escapesOnlyWhatMustBe() {
    #expect(JSONValue.string("é/日😀\u{7F}\u{2028}'").text() == "\"é/日😀\u{7F}\u{2028}'\"")
    #expect(JSONValue.string("\"\\\u{8}\t\n\u{C}\r").text() == #""\"\\\b\t\n\f\r""#)
    #expect(JSONValue.string("\0\u{1}\u{B}\u{E}\u{1F}").text() == #""\u0000\u0001\u000b\u000e\u001f""#)
    // At each place of an eight-byte word.
    for before in 0..<20 {
      for special in ["\"", "\\", "\n", "\u{1F}"] {
        for after in [0, 1, 9] {
          let text = String(repeating: "a", count: before) + special + String(repeating: "é", count: after)
          let value = JSONValue.string(text)
          #expect((try? JSONValue.parse(value.serialized())) == value)
          #expect(value.serialized().count == text.utf8.count + (special == "\u{1F}" ? 7 : 3))
        }
      }
    }
  }

  @Test func everyByteBelowASpaceIsEscaped() throws {
    let all = String(String.UnicodeScalarView((0..<0x80).compactMap { Unicode.Scalar($0) }))
    let text = JSONValue.string(all).serialized()
    #expect(!text.contains { $0 < 0x20 })
    #expect(try JSONValue.parse(text).stringValue == all)
    let hard = String(repeating: "\u{1}", count: 1000)
    #expect(JSONValue.string(hard).serialized().count == 6002)
  }

  @Test func writesLines() {
    var writer = JSONWriter()
    for index in 0..<3 {
      writer.value(["n": .int(Int64(index))])
      writer.lineBreak()
    }
    #expect(writer.string == "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n")
    writer.removeAll()
    writer.string("again")
    #expect(writer.string == "\"again\"")
  }

  @Test func keepsRawValues() {
    var writer = JSONWriter(indentation: 1)
    writer.beginArray()
    Array("{\"a\":1}".utf8).withUnsafeBufferPointer { writer.raw($0) }
    writer.int(2)
    writer.endArray()
    #expect(writer.string == "[\n {\"a\":1},\n 2\n]")
  }

  @Test func largeTextsGrowTheBuffer() throws {
    let value = JSONValue.array((0..<20_000).map { ["id": .int($0), "name": .string("name \($0)")] })
    #expect(try JSONValue.parse(value.serialized()) == value)
  }
}
