import CEdit
import Glibc

/// How many columns text takes as libedit counts it, which is what decides where the cursor is.
enum CharacterWidth {
  static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value >= 32, scalar.value < 127 { return 1 }
    prepare()
    return max(0, Int(cedit_width(Int32(bitPattern: scalar.value))))
  }

  /// Sets the locale, once: without a UTF-8 one libedit would count bytes, and no character had a width.
  static func prepare() { _ = hasLocale }

  private static let hasLocale: Bool = {
    if setlocale(LC_CTYPE, "") != nil, let codes = nl_langinfo(Int32(CODESET)),
      String(cString: codes) == "UTF-8"
    {
      return true
    }
    return setlocale(LC_CTYPE, "C.UTF-8") != nil
  }()

  static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + of($1) } }

  /// As much of the text as fits, with `…` where something is cut.
  static func cut(_ text: String, to columns: Int) -> String {
    guard of(text) > columns else { return text }
    guard columns > 0 else { return "" }
    var result = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      used += of(scalar)
      if used > columns - 1 { break }
      result.append(scalar)
    }
    return String(result) + "…"
  }
}

/// Where on the screen the line stands, in rows below the prompt's first: the terms on which libedit draws.
struct InputGeometry: Equatable {
  /// The row and column after the last character drawn.
  private(set) var row = 0
  private(set) var column = 0
  private let columns: Int

  init(columns: Int) { self.columns = max(1, columns) }

  /// The place after the prompt and `text`.
  static func end(of text: some Sequence<Unicode.Scalar>, prompt: String, columns: Int) -> InputGeometry {
    var place = InputGeometry(columns: columns)
    for scalar in prompt.unicodeScalars { place.add(scalar) }
    for scalar in text { place.add(scalar) }
    return place
  }

  /// Where a character of this width is drawn: a wide one that does not fit in the row begins the next.
  func start(ofWidth width: Int) -> (row: Int, column: Int) {
    column + width > columns ? (row + 1, 0) : (row, column)
  }

  mutating func add(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\n":
      row += 1
      column = 0
    case "\t":
      repeat { advance(1) } while column % 8 != 0
    case _ where scalar.value < 32 || scalar.value == 127:
      advance(1)
      advance(1)
    default:
      advance(CharacterWidth.of(scalar))
    }
  }

  /// A wide character that does not fit in the row goes to the next as a whole.
  private mutating func advance(_ width: Int) {
    if column + width > columns {
      row += 1
      column = 0
    }
    column += width
    if column >= columns {
      row += 1
      column = 0
    }
  }
}
