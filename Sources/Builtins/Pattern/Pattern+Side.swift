/// What assertions ask of the character on one side of a place in a text, a bit each.
enum Side {
  /// There is none.
  static let edge: UInt8 = 1
  static let lineBreak: UInt8 = 2
  static let word: UInt8 = 4

  static func of(_ character: UInt32) -> UInt8 {
    (character == 0x0A ? lineBreak : 0) | (CharacterSet.isWord(character) ? word : 0)
  }
}

extension Pattern.Assertion {
  func holds(before: UInt8, after: UInt8) -> Bool {
    switch self {
    case .textStart: before & Side.edge != 0
    case .textEnd: after & Side.edge != 0
    case .lineStart: before & (Side.edge | Side.lineBreak) != 0
    case .lineEnd: after & (Side.edge | Side.lineBreak) != 0
    case .wordBoundary: before & Side.word != after & Side.word
    case .notWordBoundary: before & Side.word == after & Side.word
    }
  }

  /// The bits of what stands before that it looks at.
  var asksBefore: UInt8 {
    switch self {
    case .textStart: Side.edge
    case .lineStart: Side.edge | Side.lineBreak
    case .wordBoundary, .notWordBoundary: Side.word
    case .textEnd, .lineEnd: 0
    }
  }
}
