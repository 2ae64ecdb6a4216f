import Glibc

/// One key from the terminal, without Enter.
enum KeyPress {
  /// What was typed before the question is no answer to it. Nil: the terminal is gone, or `isOver`, which is asked
  /// every 20 ms: a signal may reach another thread than this one.
  static func read(until isOver: () -> Bool) -> Character? {
    var earlier = termios()
    guard tcgetattr(STDIN_FILENO, &earlier) == 0 else { return nil }
    var raw = earlier
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    withUnsafeMutableBytes(of: &raw.c_cc) { characters in
      characters[Int(VMIN)] = 1
      characters[Int(VTIME)] = 0
    }
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else { return nil }
    defer { tcsetattr(STDIN_FILENO, TCSANOW, &earlier) }
    while !isOver() {
      var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      if poll(&waiting, 1, 20) > 0 { break }
    }
    guard !isOver() else { return nil }
    var byte: UInt8 = 0
    guard Glibc.read(STDIN_FILENO, &byte, 1) == 1, byte != 4 else { return nil }
    return Character(Unicode.Scalar(byte))
  }
}
