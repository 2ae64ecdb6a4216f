import Runs

/// Something that has no place in a script: a flag, a file, a server. One message, what to do, and the exit
/// code.
struct Problem: Error {
  /// One sentence without a full stop.
  var message: String
  var hints: [String]
  var exit: ExitCode

  init(_ message: String, hints: [String] = [], exit: ExitCode) {
    self.message = message
    self.hints = hints
    self.exit = exit
  }
}
