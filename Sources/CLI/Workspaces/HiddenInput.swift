import Glibc
import Terminal

/// Reads a line that must not be seen.
enum HiddenInput {
  /// From a terminal without showing it, else the first line of stdin; nil at the end of input.
  static func read(_ prompt: String, _ console: Console) -> String? {
    guard TerminalDevice.standardInput.isTerminal else { return line() }
    var settings = termios()
    guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return line() }
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    console.talk(prompt)
    // With the default action a Ctrl-C in between would leave a terminal that shows nothing.
    let before = (signal(SIGINT, SIG_IGN), signal(SIGTERM, SIG_IGN))
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
      signal(SIGINT, before.0)
      signal(SIGTERM, before.1)
      console.talk("\n")
    }
    return line()
  }

  /// No longer than a token can be; not buffered, so that nothing of it stays in memory of the library's.
  private static func line() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while bytes.count < 64 << 10 {
      let count = Glibc.read(STDIN_FILENO, &byte, 1)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self) }
      if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }
}
