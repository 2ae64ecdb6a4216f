import Catalogue
import Engine

/// What stands dimmed behind the line: the signature of the call that is open, or what the word does. Looks at the
/// catalogue and the builtins alone, so that typing opens no workspace.
struct LineHint {
  private let engine: Engine
  private let catalogue = APICatalogue.standard

  init(_ engine: Engine) { self.engine = engine }

  func hint(_ line: String, _ cursor: Int) -> String? {
    let before = Array(line.prefix(cursor))
    guard BracketScanner.scan(before).textStart == nil else { return nil }
    if let call = OpenCall(before), let text = signature(call.path) { return text }
    let word = String(before.reversed().prefix { OpenCall.isWord($0) || $0 == "." }.reversed())
    guard word.count > 1, word.first != "." else { return nil }
    // A name that is only the beginning of others is most likely not finished.
    if word.contains(".") { return signature(word) }
    guard let signature = engine.native(word) ?? engine.prelude(word)?.signature, !word.hasPrefix("__") else {
      return nil
    }
    return LanguageHelp.call(signature)
      + (signature.documentation.isEmpty ? "" : "  \(signature.documentation.firstLine)")
  }

  private func signature(_ path: String) -> String? {
    let parts = path.split(separator: ".").map(String.init)
    let words = parts.first == "api" ? Array(parts.dropFirst()) : parts
    if words.count == 2, catalogue.index.resource(words[0]) != nil {
      return catalogue.operations(words[0], words[1]).first.map { OperationPage.call($0) }
    }
    guard parts.count == 1, !path.hasPrefix("__") else { return nil }
    return (engine.native(path) ?? engine.prelude(path)?.signature).map { LanguageHelp.call($0) }
  }
}
