import Testing

@testable import Terminal

@Suite struct TextWidthTests {
  @Test(arguments: [
    ("", 0), ("a", 1), ("hello", 5), ("é", 1), ("e\u{301}", 1), ("ß", 1), ("日本語", 6), ("ｱ", 1), ("Ａ", 2),
    ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("Привет", 6), ("Ελλάδα", 6), ("שלום", 4), ("مرحبا", 5),
    ("น้ำ", 2), ("नि", 2), ("தமிழ்", 4), ("Ⓜ️", 2), ("q\u{300}\u{301}\u{302}", 1), ("か\u{3099}", 2), ("…", 1),
    ("—", 1), ("─", 1),
    ("█", 1),
    ("€", 1), ("\u{AD}", 1), ("\u{A0}", 1), ("\u{3000}", 2), ("\u{200B}", 0), ("\u{200D}", 0),
    ("\u{FEFF}", 0),
    ("😀", 2), ("👍🏽", 2), ("👩‍👩‍👧‍👦", 2), ("🏳️‍🌈", 2), ("🇬🇧", 2), ("🇬🇧🇫🇷", 4), ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 2), ("❤", 1), ("❤️", 2),
    ("☺️", 2), ("©", 1), ("©️", 2), ("1️⃣", 2), ("⌚", 2), ("✅", 2), ("✔", 1), ("🫨", 2), ("👩🏾‍🚀", 2), ("a😀b", 4),
    ("\n", 0), ("\t", 0), ("\u{1B}", 0), ("\u{7F}", 0), ("\u{85}", 0), ("\r\n", 0), ("\u{2028}", 0), ("𠀀", 2),
    ("\u{E000}", 1), ("naïve café", 10),
  ]) func counts(text: String, expected: Int) {
    #expect(TextWidth.columns(of: text) == expected)
    #expect(TextWidth.columns(of: "x" + text.prefix(0) + "y") == 2)
    #expect(TextWidth.columns(of: text[...]) == expected)
  }

  @Test func theFastPathAgrees() {
    for value in UInt8(0x20)..<0x7F {
      let character = Character(Unicode.Scalar(value))
      #expect(TextWidth.columns(of: character) == 1)
      #expect(TextWidth.columns(of: String(repeating: character, count: 9)) == 9)
    }
  }

  @Test func wideRangesAreInOrder() {
    let bounds = TextWidth.wideRanges
    #expect(bounds.count % 2 == 0)
    for index in stride(from: 0, to: bounds.count, by: 2) {
      #expect(bounds[index] <= bounds[index + 1])
      if index > 0 { #expect(bounds[index] > bounds[index - 1] + 1) }
    }
    // The bounds themselves, and their neighbours.
    #expect(TextWidth.columns(of: "\u{FF01}") == 2)
    #expect(TextWidth.columns(of: "\u{FF60}") == 2)
    #expect(TextWidth.columns(of: "\u{FF61}") == 1)
    #expect(TextWidth.columns(of: "\u{3FFFD}") == 2)
  }

  @Test func everyScalarHasAWidth() {
    for value in stride(from: UInt32(0), through: 0x10FFFF, by: 7) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect((0...2).contains(TextWidth.columns(of: Character(scalar))))
    }
  }

  @Test(arguments: [
    ("hello", 5, "hello"), ("hello", 9, "hello"), ("hello", 4, "hel…"), ("hello", 1, "…"), ("hello", 0, ""),
    ("hello", -3, ""), ("", 3, ""), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"),
    ("日本語", 3, "日…"), ("日本語", 2, "…"), ("日本語", 1, "…"), ("cafe\u{301}s", 5, "cafe\u{301}s"),
    ("cafe\u{301}s", 4, "caf…"), ("a😀b😀", 5, "a😀b…"), ("👩‍👩‍👧‍👦x", 2, "…"), ("é", 1, "é"),
  ]) func truncates(text: String, columns: Int, expected: String) {
    let cut = TextWidth.truncate(text, to: columns)
    #expect(cut == expected)
    #expect(TextWidth.columns(of: cut) <= max(0, columns))
  }

  @Test(arguments: [
    ("ab", 4, TextAlignment.left, "ab  "), ("ab", 4, .right, "  ab"), ("abcd", 4, .left, "abcd"),
    ("abcde", 4, .left, "abc…"), ("日本語", 5, .left, "日本…"), ("日本語", 4, .left, "日… "),
    ("日本語", 4, .right, " 日…"),
    ("", 2, .left, "  "), ("x", 0, .left, ""),
  ]) func pads(text: String, columns: Int, alignment: TextAlignment, expected: String) {
    #expect(TextWidth.pad(text, to: columns, alignment: alignment) == expected)
  }

  @Test func makesControlsVisible() {
    #expect(TextWidth.visible("plain") == "plain")
    #expect(TextWidth.visible("a\nb\tc\r\nd\re") == "a b c d e")
    #expect(TextWidth.visible("\u{1B}[31mred\u{7}") == "␛[31mred␇")
    #expect(TextWidth.visible("x\u{7F}\u{9B}y") == "x␡\u{FFFD}y")
    #expect(TextWidth.visible("a\u{202E}b\u{2066}c") == "abc")
    #expect(TextWidth.visible("naïve 👩‍👧") == "naïve 👩‍👧")
  }
}
