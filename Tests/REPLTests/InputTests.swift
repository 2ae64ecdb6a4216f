import Testing

@testable import REPL

@Suite struct InputPolicyTests {
  private func decide(_ input: Bool, _ output: Bool, _ environment: [String: String]) -> InputPolicy {
    InputPolicy.decide(inputIsTerminal: input, outputIsTerminal: output) { environment[$0] }
  }

  @Test func followsWhatItIsConnectedTo() {
    #expect(decide(false, true, ["TERM": "xterm"]) == .script)
    #expect(decide(true, true, ["TERM": "xterm"]) == .editing(colour: true))
    #expect(decide(true, true, ["TERM": "xterm", "NO_COLOR": "1"]) == .editing(colour: false))
    #expect(decide(true, true, ["TERM": "xterm", "NO_COLOR": ""]) == .editing(colour: true))
    #expect(decide(true, true, ["TERM": "dumb"]) == .plain)
    #expect(decide(true, true, [:]) == .plain)
    #expect(decide(true, false, ["TERM": "xterm"]) == .plain)
  }
}

@Suite struct UTF8ScalarDecoderTests {
  private func decode(_ bytes: [UInt8]) -> [Unicode.Scalar] {
    var decoder = UTF8ScalarDecoder()
    var result: [Unicode.Scalar] = []
    // A byte at a time, as a slow line brings them.
    for byte in bytes {
      decoder.append([byte])
      while let scalar = decoder.next() { result.append(scalar) }
    }
    return result
  }

  @Test func readsTextInAnyPieces() {
    let text = "aé語🎉\u{0}\u{7F}\u{10FFFF}"
    #expect(decode(Array(text.utf8)) == Array(text.unicodeScalars))
  }

  @Test(arguments: [
    [0x80], [0xC0, 0xAF], [0xFF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
  ])
  func replacesWhatIsNotText(_ bytes: [UInt8]) {
    let scalars = decode(bytes + [0x61])
    #expect(scalars.first == "\u{FFFD}")
    #expect(scalars.last == "a")
  }

  @Test func saysWhereAScriptStopsBeingText() {
    #expect(throws: PipeReader.Failure.notText(offset: 3)) {
      try PipeReader.text(of: [0x61, 0xC3, 0xA9, 0xFF])
    }
    #expect(throws: PipeReader.Failure.notText(offset: 2)) { try PipeReader.text(of: [0x61, 0xC3]) }
  }
}

@Suite struct InputGeometryTests {
  private func end(_ text: String, columns: Int = 10) -> [Int] {
    let place = InputGeometry.end(of: text.unicodeScalars, prompt: "> ", columns: columns)
    return [place.row, place.column]
  }

  @Test func followsWrapsWideCharactersAndNewLines() {
    #expect(end("") == [0, 2])
    #expect(end("1234567") == [0, 9])
    #expect(end("12345678") == [1, 0])
    #expect(end("1234567語") == [1, 2], "a wide character is not cut")
    #expect(end("語語語語") == [1, 0])
    #expect(end("a\nbc") == [1, 2])
    #expect(end("e\u{301}") == [0, 3])
    #expect(end("\u{1}") == [0, 4], "drawn as ^A")
    #expect(end("\t", columns: 20) == [0, 8])
  }
}

@Suite struct PastedTextTests {
  @Test(arguments: [
    ("a\r\nb\rc\n", "a\nb\nc"), ("a\u{1B}[2Jb", "a[2Jb"), ("a\tb\u{0}\u{7F}\u{9B}", "a  b"), ("\n\n", ""),
    ("a\n\nb", "a\n\nb"),
  ])
  func isCleaned(_ pasted: String, _ expected: String) {
    #expect(PastedText.clean(pasted.unicodeScalars) == expected)
  }
}
