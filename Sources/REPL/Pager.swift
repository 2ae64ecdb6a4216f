import Glibc

/// Shows long text a screen at a time.
struct Pager {
  /// The shell command, nil for none.
  let command: String?

  /// `$PAGER`, or `less -FRX` where it is installed. An empty `PAGER` or `cat` means none.
  static func choose(environment: (String) -> String?, isInstalled: (String) -> Bool) -> Pager {
    if let chosen = environment("PAGER") {
      return Pager(command: chosen.trimmed.isEmpty || chosen == "cat" ? nil : chosen)
    }
    return Pager(command: isInstalled("less") ? "less -FRX" : nil)
  }

  /// Whether the text takes more rows than the screen has, the next prompt included.
  static func isLong(_ text: String, columns: Int, rows: Int) -> Bool {
    var used = 1
    for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
      // Bytes say enough for lines that surely fit; only others are measured.
      used +=
        line.count <= columns
        ? 1 : max(1, (CharacterWidth.of(String(Substring(line))) + columns - 1) / max(1, columns))
      if used > rows { return true }
    }
    return false
  }

  /// False if the pager could not be started; nothing is printed then. Waits until it ends.
  func show(_ text: String) -> Bool {
    guard let command else { return false }
    guard let ends = PipeEnds.open(blocking: true) else { return false }
    guard let child = ChildProcess.shell(command, input: ends.read) else {
      close(ends.read)
      close(ends.write)
      return false
    }
    close(ends.read)
    // A pager that was left early closes its end: EPIPE is no error.
    _ = TextFile.writeAll(text, to: ends.write)
    close(ends.write)
    return child.wait() != 127
  }
}

/// A program in the foreground of the terminal.
struct ChildProcess {
  private let id: pid_t

  /// Runs a command line with `/bin/sh`, with default signals. `input` becomes its standard input.
  static func shell(_ command: String, input: Int32? = nil) -> ChildProcess? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    let words = ["/bin/sh", "-c", command]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var id: pid_t = 0
    guard posix_spawn(&id, "/bin/sh", &actions, &attributes, &arguments, environ) == 0 else { return nil }
    return ChildProcess(id: id)
  }

  /// The exit status; 128 and the signal's number if one ended it.
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 {
      if errno != EINTR { return 127 }
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  /// Whether a program of that name is on the PATH.
  static func isInstalled(_ name: String) -> Bool {
    (Environment.value("PATH") ?? "").split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }
}
