import REPL

/// Where the engine's lines go: to the terminal at once, or together, so that the pager can have them.
final class CollectedOutput {
  /// More than this is no page to read: it goes out as it comes.
  private static let most = 4 << 20

  private let sink: any OutputSink
  private var text: String?

  init(_ sink: any OutputSink) { self.sink = sink }

  func line(_ line: String) {
    guard text != nil else { return sink.write(line + "\n") }
    text?.append(line)
    text?.append("\n")
    if let whole = text, whole.utf8.count > CollectedOutput.most {
      sink.write(whole)
      text = nil
    }
  }

  /// From here on lines wait.
  func collect() { text = "" }

  /// What has waited; nil for nothing. Lines go out at once again.
  func take() -> String? {
    defer { text = nil }
    return text.flatMap { $0.isEmpty ? nil : $0 }
  }
}
