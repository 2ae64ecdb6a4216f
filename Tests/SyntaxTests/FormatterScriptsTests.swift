import Diagnostics
import Foundation
import Syntax
import Testing

/// The formatter over every script that lies here: what it writes means the same, holds the same comments, and
/// stays as it is when it is formatted again.
struct FormatterScriptsTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let scripts: [URL] = ["Tests/Scripts", "stdlib"].flatMap { folder -> [URL] in
    let found = FileManager.default.enumerator(
      at: root.appending(path: folder), includingPropertiesForKeys: nil)
    return (found?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "parl" }
  }

  private func comments(_ text: String) -> [String] {
    let source = SourceText(name: "x", text: text)
    return Lexer.tokens(of: source).filter { $0.kind == .comment || $0.kind == .documentation }.map {
      source.text(in: $0.range).trimmingCharacters(in: .whitespaces.union(["\r"]))
    }
  }

  @Test func thereAreScripts() { #expect(FormatterScriptsTests.scripts.count > 800) }

  @Test func everyScriptKeepsItsTreeAndItsComments() throws {
    for url in FormatterScriptsTests.scripts {
      guard let text = String(data: try Data(contentsOf: url), encoding: .utf8),
        // Some are there to be too large or too deep for the trees that the tests print.
        text.utf8.count < 100_000, !url.path.contains("/limits/")
      else { continue }
      let once = Formatter.format(SourceText(name: "x", text: text))
      let name = url.lastPathComponent
      if Parser.parse(SourceText(name: "x", text: text)).hasErrors {
        #expect(once == text, "\(name) has errors and was changed")
        continue
      }
      #expect(SExpression.of(once) == SExpression.of(text), "\(name) means something else")
      #expect(comments(once) == comments(text), "\(name) lost a comment")
      #expect(
        Formatter.format(SourceText(name: "x", text: once)) == once, "\(name) changes when formatted again")
    }
  }
}
