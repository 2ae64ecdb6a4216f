import Testing

@testable import Diagnostics

struct SourceTextTests {
  @Test func positionsCountScalarsFromOne() {
    let source = SourceText(name: "a", text: "ab\näöc\r\n\nd")
    #expect(source.position(of: 0) == (1, 1))
    #expect(source.position(of: 3) == (2, 1))
    #expect(source.position(of: 7) == (2, 3))
    #expect(source.position(of: 1_000) == (4, 2))
    #expect(source.position(of: -1) == (1, 1))
    #expect(source.line(2) == "äöc")
    #expect(source.line(3) == "")
    #expect(source.line(99) == "")
    #expect(source.start(ofLine: 4) == 11)
  }

  @Test func aByteOrderMarkIsNoColumn() {
    let source = SourceText(name: "a", text: "\u{FEFF}ab")
    #expect(source.position(of: 3) == (1, 1))
    #expect(source.position(of: 4) == (1, 2))
  }

  @Test(
    arguments: [
      ([0x61, 0xFF], 1), ([0xC3], 0), ([0xC0, 0x80], 0), ([0xE0, 0x80, 0x80], 0),
      ([0x61, 0xED, 0xA0, 0x80], 1),
      ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0xE2, 0x82], 0),
      ([0xE2, 0x82, 0x41], 0),
      ([0x80], 0), ([0xC3, 0xA9, 0xF0, 0x9F, 0x98], 2),
    ] as [([UInt8], Int)])
  func whatIsNotUTF8HasAPlace(_ bytes: [UInt8], _ offset: Int) {
    guard case .failure(let diagnostic) = SourceText.validating(name: "x", bytes: bytes) else {
      Issue.record("accepted \(bytes)")
      return
    }
    #expect(diagnostic.range == SourceRange(offset, offset + 1))
    #expect(diagnostic.message.contains("not a text file"))
  }

  @Test func utf16IsRecognised() {
    guard case .failure(let diagnostic) = SourceText.validating(name: "x", bytes: [0xFF, 0xFE, 0x61, 0])
    else {
      Issue.record("accepted")
      return
    }
    #expect(diagnostic.hints == ["it looks like UTF-16; save it as UTF-8"])
  }

  @Test(arguments: ["", "abc", "é", "名前", "😀", "\u{10FFFF}", "\u{D7FF}\u{E000}"])
  func textIsAccepted(_ text: String) throws {
    let source = try SourceText.validating(name: "x", bytes: Array(text.utf8)).get()
    #expect(String(decoding: source.bytes, as: UTF8.self) == text)
  }
}
