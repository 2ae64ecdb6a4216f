import Diagnostics
import Machine
import Runs
import Terminal

/// Every error's way to the reader, and to an exit code.
struct Report {
  private let console: Console

  init(_ console: Console) { self.console = console }

  private var renderer: Renderer { Renderer(usesColor: console.errorStyle.isColored) }

  func show(_ problem: Problem) -> ExitCode {
    console.complain(text(problem))
    return problem.exit
  }

  func show(_ diagnostics: [Diagnostic], in source: SourceText) {
    if !diagnostics.isEmpty { console.complain(renderer.render(diagnostics, in: source)) }
  }

  /// Shows a run's error and says what it means for the exit code.
  func show(_ error: RuntimeError) -> ExitCode {
    if error.kind != .interrupt { console.complain(text(error)) }
    return Report.exitCode(of: error)
  }

  static func exitCode(of error: RuntimeError) -> ExitCode {
    switch error.kind {
    case .interrupt: .interrupted
    case .uncatchable where error.code == "refused_write": .refused
    case .uncatchable where error.code == "unknown_outcome": .unknown
    default: .scriptError
    }
  }

  // MARK: As text

  func text(_ problem: Problem) -> String {
    let style = console.errorStyle
    var lines = [style.paint("error", .bold, .red) + style.paint(": " + problem.message, .bold)]
    lines += problem.hints.map { "  = help: \($0)" }
    return lines.joined(separator: "\n")
  }

  /// The error at the first place that is the script's own, then the lines that called it.
  func text(_ error: RuntimeError) -> String {
    let frames = error.trace.filter { !$0.isInternal && $0.source.name != ValueOutput.sourceName }
    guard let place = frames.first else {
      return text(Problem(error.message, hints: error.notes + error.hints, exit: .scriptError))
    }
    var diagnostic = Diagnostic(
      .error, error.message, at: place.range, label: error.label, hints: error.hints)
    diagnostic.notes = error.notes
    var text = renderer.render(diagnostic, in: place.source)
    // A block's frame and the line that it stands in are often one place.
    var shown: [String] = []
    for frame in frames {
      let line = frame.source.position(of: frame.range.start).line
      shown.append("\(frame.source.name):\(line) in \(frame.function)")
    }
    if shown.count > 1 {
      text += Report.folded(shown).map { "  at \($0)\n" }.joined()
    }
    return text
  }

  private static let mostFrames = 12

  /// Frames as they are, runs of one frame and what is in the middle of a deep recursion counted.
  static func folded(_ frames: [String]) -> [String] {
    var lines: [(text: String, count: Int)] = []
    for frame in frames {
      if let last = lines.last, last.text == frame {
        lines[lines.count - 1].count += 1
      } else {
        lines.append((frame, 1))
      }
    }
    var texts = lines.map { $0.count == 1 ? $0.text : "\($0.text), \($0.count) times" }
    if texts.count > mostFrames {
      let left = texts.count - mostFrames
      texts.replaceSubrange((mostFrames / 2)..<(mostFrames / 2 + left), with: ["… \(left) more"])
    }
    return texts
  }
}
