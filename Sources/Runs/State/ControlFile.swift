import Glibc

/// How another terminal speaks to a running run: a small file beside the journal, which has one writer only.
/// A line each word, with its number; the run looks four times a second and obeys what is new, in order. The last
/// sixteen words stay, so that a quick second one does not take the place of the first.
public struct ControlFile: Sendable {
  let path: String

  public init(run: String, in directory: StateDirectory) { path = directory.control(of: run) }

  /// Puts the command down, in one step, for the run to find.
  public func write(_ command: ControlCommand) throws(JournalError) {
    let earlier = words(after: 0)
    let number = (earlier.last?.number ?? 0) + 1
    let lines = earlier.suffix(Self.kept - 1) + [(number, command)]
    let text = Array(lines.map { "\($0.number) \(Self.word($0.command))\n" }.joined().utf8)
    let draft = path + ".new"
    let descriptor = open(draft, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .directory(path: path, reason: String(cString: strerror(errno))) }
    let written = Glibc.write(descriptor, text, text.count)
    close(descriptor)
    guard written == text.count, rename(draft, path) == 0 else {
      throw .inputOutput(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// Words with higher numbers than this, in order. A line that is not one is passed over.
  public func words(after last: Int) -> [(number: Int, command: ControlCommand)] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes = Array(repeating: UInt8(0), count: Self.kept * 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n").compactMap {
      line in
      let words = line.split(separator: " ").map(String.init)
      guard let number = words.first.flatMap({ Int($0) }), number > last,
        let command = Self.command(Array(words.dropFirst()))
      else { return nil }
      return (number, command)
    }
  }

  /// So many words stay in the file.
  private static let kept = 16

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
