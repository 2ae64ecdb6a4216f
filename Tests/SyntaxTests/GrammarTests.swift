import Diagnostics
import Foundation
import Syntax
import Testing

/// The cases of Fixtures/grammar-cases.json, one test case each.
struct GrammarTests {
  struct Fixture: Decodable {
    var good: [Good]
    var bad: [Bad]
    var repl: [Line]
    var json: [String]
  }

  struct Good: Decodable, CustomTestStringConvertible {
    var source: String
    var tree: String?
    var testDescription: String { source }
  }

  struct Bad: Decodable, CustomTestStringConvertible {
    var source: String
    /// In characters.
    var offset: Int
    var message: String
    var testDescription: String { source }
  }

  struct Line: Decodable, CustomTestStringConvertible {
    var line: String
    var means: String
    var testDescription: String { line }
  }

  static let fixture: Fixture = {
    guard let url = Bundle.module.url(forResource: "Fixtures/grammar-cases", withExtension: "json"),
      let data = try? Data(contentsOf: url), let fixture = try? JSONDecoder().decode(Fixture.self, from: data)
    else { return Fixture(good: [], bad: [], repl: [], json: []) }
    return fixture
  }()

  @Test func theFixtureIsThere() {
    let fixture = Self.fixture
    #expect(fixture.good.count + fixture.bad.count + fixture.repl.count + fixture.json.count == 195)
  }

  @Test(arguments: fixture.good) func good(_ example: Good) {
    let result = parse(SourceText(name: "case", text: example.source))
    #expect(result.diagnostics == [])
    if let tree = example.tree { #expect(SExpression.of(example.source) == tree) }
  }

  @Test(arguments: fixture.bad) func bad(_ example: Bad) throws {
    let result = parse(SourceText(name: "case", text: example.source))
    let error = try #require(result.diagnostics.first)
    let before = Array(example.source.utf8).prefix(error.range.start)
    #expect(String(decoding: before, as: UTF8.self).count == example.offset)
    let words = ([error.message, error.label ?? ""] + error.hints).joined(separator: "\n")
    #expect(words.contains(example.message))
    #expect(result.diagnostics.count == 1)
  }

  @Test(arguments: fixture.repl) func replLine(_ example: Line) {
    let means =
      switch REPLLine(example.line) {
      case .empty: ""
      case .command(let name, let argument):
        "(command \(name)" + (argument.isEmpty ? "" : " \(argument)") + ")"
      case .pipeFromLast(let text), .source(let text): SExpression.of(text, repl: true)
      }
    #expect(means == example.means)
  }

  @Test(arguments: fixture.json) func json(_ text: String) {
    let result = parse(SourceText(name: "case", text: text))
    #expect(!result.hasErrors)
    #expect(result.script.declarations.count == 1)
  }
}
