import Testing

@testable import Terminal

@Suite struct CSVWriterTests {
  @Test func quotesWhatMustBe() {
    var writer = CSVWriter()
    writer.row(["id", "name", "note"])
    writer.row(["1", "Ada, Ltd", "says \"hi\""])
    writer.row(["2", "line\nbreak", nil])
    writer.row([" spaced ", "日本", ""])
    #expect(
      writer.text
        == "id,name,note\r\n1,\"Ada, Ltd\",\"says \"\"hi\"\"\"\r\n2,\"line\nbreak\",\r\n\" spaced \",日本,\r\n")
  }

  @Test func oneEmptyFieldIsNoEmptyLine() {
    var writer = CSVWriter(lineEnd: "\n")
    writer.row([""])
    writer.row([nil])
    writer.row(["x"])
    #expect(writer.text == "\"\"\n\"\"\nx\n")
  }

  @Test func quotesAroundCRLF() {
    #expect(CSVWriter.quoted("a\r\nb") == "\"a\r\nb\"")
    #expect(CSVWriter.quoted("a\rb") == "\"a\rb\"")
    #expect(CSVWriter.quoted("\"\r\n\"") == "\"\"\"\r\n\"\"\"")
    #expect(CSVWriter.quoted("a;b\tc") == "a;b\tc")
  }

  @Test func whatIsWrittenReadsBack() {
    let pieces = ["a", ",", "\"", "\r\n", "\n", "\r", " ", "é", "😀", ""]
    var state: UInt64 = 4
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    var writer = CSVWriter()
    var rows: [[String]] = []
    for _ in 0..<300 {
      let row = (0..<1 + random(4)).map { _ in
        (0..<random(6)).map { _ in pieces[random(pieces.count)] }.joined()
      }
      rows.append(row)
      writer.row(row)
    }
    #expect(read(writer.take()) == rows)
    #expect(writer.text.isEmpty)
  }

  /// A strict reader of RFC 4180.
  private func read(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field = String.UnicodeScalarView()
    var quoted = false
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      if quoted {
        if scalar != "\"" {
          field.append(scalar)
        } else if index < scalars.count, scalars[index] == "\"" {
          field.append("\"")
          index += 1
        } else {
          quoted = false
        }
      } else if scalar == "\"" {
        quoted = true
      } else if scalar == "," || scalar == "\r" {
        row.append(String(field))
        field = String.UnicodeScalarView()
        if scalar == "\r" {
          index += 1
          rows.append(row)
          row = []
        }
      } else {
        field.append(scalar)
      }
    }
    return rows
  }
}
