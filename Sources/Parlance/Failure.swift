import Diagnostics
import Machine

/// Why a script did not run to its end, or what a host function refuses.
public struct Failure: Error, Sendable {
  public enum Kind: String, Sendable {
    /// The script's text is wrong; nothing ran.
    case refused
    /// An error that the script did not catch.
    case error
    /// A limit: steps, memory, depth or time.
    case limit
    /// `Interrupter.interrupt()`.
    case interrupt
  }

  public var kind: Kind
  /// One sentence without a full stop.
  public var message: String
  /// What a script reads as `e.code`.
  public var code: String
  /// What to do instead.
  public var hints: [String]
  /// Everything that is wrong with the text, where that is the reason.
  public var findings: [Finding] = []
  /// As `parlance run` would show it: the place, the line with carets, the calls.
  public var rendered: String

  /// A host function's own: scripts can catch it.
  public init(_ message: String, code: String = "error", hints: [String] = []) {
    kind = .error
    self.message = message
    self.code = code
    self.hints = hints
    rendered = message
  }

  init(_ findings: [Diagnostic], in source: SourceText) {
    let errors = findings.filter { $0.severity == .error }
    kind = .refused
    message = errors.first?.message ?? "the script cannot run"
    code = "refused"
    hints = errors.first?.hints ?? []
    self.findings = findings.map { Finding($0, in: source) }
    rendered = Renderer().render(errors, in: source)
  }

  init(_ error: RuntimeError) {
    kind =
      switch error.kind {
      case .limit: .limit
      case .interrupt: .interrupt
      case .error, .api, .uncatchable, .skip: .error
      }
    message = error.message
    code = error.code
    hints = error.hints
    rendered = Failure.text(error)
  }

  var runtimeError: RuntimeError { RuntimeError(message, code: code, hints: hints) }

  private static func text(_ error: RuntimeError) -> String {
    let frames = error.trace.filter { !$0.isInternal }
    guard let place = frames.first else { return error.message }
    var diagnostic = Diagnostic(
      .error, error.message, at: place.range, label: error.label, hints: error.hints)
    diagnostic.notes = error.notes
    var text = Renderer().render(diagnostic, in: place.source)
    if frames.count > 1 {
      for frame in frames.prefix(12) {
        text +=
          "  at \(frame.source.name):\(frame.source.position(of: frame.range.start).line) in \(frame.function)\n"
      }
    }
    return text
  }
}

/// Something wrong, or likely wrong, with a script's text.
public struct Finding: Hashable, Sendable {
  public enum Severity: String, Sendable { case error, warning }

  public var severity: Severity
  public var message: String
  /// The nearest right thing, where there is one.
  public var label: String?
  public var hints: [String]
  /// From 1; columns count characters.
  public var line: Int
  public var column: Int

  init(_ diagnostic: Diagnostic, in source: SourceText) {
    severity = diagnostic.severity == .error ? .error : .warning
    message = diagnostic.message
    label = diagnostic.label
    hints = diagnostic.hints
    let place = source.position(of: diagnostic.range.start)
    line = place.line
    column = place.column
  }
}
