import Diagnostics

/// The `##` comments of a file, by the tokens that they stand next to.
struct Documentation {
  /// Comments on lines of their own, by the index of the token that follows.
  private var before: [Int: [Comment]] = [:]
  /// Comments at the end of a line, by the index of the token that precedes.
  private var behind: [Int: String] = [:]

  private struct Comment {
    var text: String
    /// An empty line lies between this comment and what follows.
    var isApart: Bool
  }

  init(_ comments: [Lexer.DocumentationComment], bytes: [UInt8], tokens: [Token]) {
    for (index, comment) in comments.enumerated() {
      var text = bytes[comment.range.start..<comment.range.end].dropFirst(2)
      if text.first == UInt8(ascii: " ") { text = text.dropFirst() }
      while let last = text.last, last == 0x20 || last == 0x09 || last == 0x0D { text = text.dropLast() }
      let string = String(decoding: text, as: UTF8.self)
      if !comment.startsLine {
        behind[comment.nextToken - 1] = string
        continue
      }
      var end = comment.nextToken < tokens.count ? tokens[comment.nextToken].start : bytes.count
      if index + 1 < comments.count, comments[index + 1].startsLine {
        end = min(end, comments[index + 1].range.start)
      }
      let isApart = Documentation.hasEmptyLine(bytes[comment.range.end..<max(comment.range.end, end)])
      before[comment.nextToken, default: []].append(Comment(text: string, isApart: isApart))
    }
  }

  /// Two line breaks with nothing but white space between.
  private static func hasEmptyLine(_ gap: ArraySlice<UInt8>) -> Bool {
    var breaks = 0
    for byte in gap {
      switch byte {
      case 0x0A:
        breaks += 1
        if breaks == 2 { return true }
      case 0x20, 0x09, 0x0D: break
      default: breaks = 0
      }
    }
    return false
  }

  /// What documents the tokens from `first` to `last`: the comments right before, one at the end of
  /// the first line, one behind the last token.
  func of(_ tokens: [Token], from first: Int, to last: Int) -> String? {
    if before.isEmpty, behind.isEmpty { return nil }
    let trailing = trailing(tokens, from: first, to: last)
    // Above the first declaration stands the script's own, unless it has no other.
    if first == 0, trailing != nil { return trailing }
    return joined([leading(first), trailing])
  }

  /// The comment at the very top.
  func ofScript(_ tokens: [Token], of first: Declaration?) -> String? {
    guard let comments = before[0] else { return nil }
    // The first group counts, as what follows an empty line documents the declaration.
    let end = comments.firstIndex { $0.isApart } ?? comments.count - 1
    return joined(comments[...end].map { $0.text })
  }

  private func leading(_ first: Int) -> String? {
    guard let comments = before[first], comments.last?.isApart == false else { return nil }
    let start = (comments.dropLast().lastIndex { $0.isApart }).map { $0 + 1 } ?? 0
    return joined(comments[start...].map { $0.text })
  }

  private func trailing(_ tokens: [Token], from first: Int, to last: Int) -> String? {
    if behind.isEmpty { return nil }
    if let text = behind[last] { return text }
    var index = first
    while index < last, !tokens[index + 1].startsLine { index += 1 }
    return behind[index]
  }

  private func joined(_ parts: [String?]) -> String? {
    let present = parts.compactMap { $0 }
    return present.isEmpty ? nil : present.joined(separator: "\n")
  }
}
