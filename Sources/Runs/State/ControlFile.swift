import Glibc

/// How another terminal speaks to a running run: a small file beside the journal, which has one writer only.
/// Each word has a number; the run polls twice a second and obeys what is new.
public struct ControlFile: Sendable {
  let path: String

  public init(run: String, in directory: StateDirectory) { path = directory.control(of: run) }

  /// Puts the command down, in one step, for the run to find.
  public func write(_ command: ControlCommand) throws(JournalError) {
    let number = (read()?.number ?? 0) + 1
    let text = Array("\(number) \(Self.word(command))\n".utf8)
    let draft = path + ".new"
    let descriptor = open(draft, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .directory(path: path, reason: String(cString: strerror(errno))) }
    let written = Glibc.write(descriptor, text, text.count)
    close(descriptor)
    guard written == text.count, rename(draft, path) == 0 else {
      throw .inputOutput(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// The latest command and its number; nil if there is none or it is not one.
  public func read() -> (number: Int, command: ControlCommand)? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = Array(repeating: UInt8(0), count: 64)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let words = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n").first?
      .split(separator: " ").map(String.init)
    guard let words, words.count >= 2, let number = Int(words[0]),
      let command = Self.command(Array(words.dropFirst()))
    else { return nil }
    return (number, command)
  }

  /// From the words of the command line: `pause`, `resume`, `stop`, `rate 60`.
  public static func command(_ words: [String]) -> ControlCommand? {
    switch (words.first, words.count) {
    case ("pause", 1): .pause
    case ("resume", 1): .resume
    case ("stop", 1): .stop
    case ("rate", 2): Int(words[1]).flatMap { (0...100_000).contains($0) ? .rate($0) : nil }
    default: nil
    }
  }

  private static func word(_ command: ControlCommand) -> String {
    switch command {
    case .pause: "pause"
    case .resume: "resume"
    case .stop: "stop"
    case .rate(let perMinute): "rate \(perMinute)"
    }
  }
}
