import Glibc
import Terminal

/// The system's keyring, by way of `secret-tool`. The token goes through pipes, never through an argument.
struct Keyring {
  private let program: String?

  init(environment: [String: String]) {
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    program = folders.map { "\($0)/secret-tool" }.first { access($0, X_OK) == 0 }
  }

  var isThere: Bool { program != nil }

  /// False where there is no keyring, or it does not take it.
  func keep(_ token: String, of name: String) -> Bool {
    guard run(["store", "--label=Parlance: \(name)"] + attributes(name), input: token) != nil else {
      return false
    }
    // A keyring that forgets at once would be found out at the next start.
    return self.token(of: name) == token
  }

  func token(of name: String) -> String? {
    run(["lookup"] + attributes(name)).flatMap { $0.isEmpty ? nil : $0.trimmingWhiteSpace }
  }

  func forget(_ name: String) -> Bool { run(["clear"] + attributes(name)) != nil }

  private func attributes(_ name: String) -> [String] { ["service", "parlance", "workspace", name] }

  /// What it prints; nil where it fails. A keyring that is locked asks its owner, so there is time.
  private func run(_ words: [String], input: String = "") -> String? {
    guard let program else { return nil }
    var ends: [Int32] = [-1, -1, -1, -1]
    guard pipe(&ends) == 0 else { return nil }
    defer { for end in ends where end >= 0 { close(end) } }
    guard ends.withUnsafeMutableBufferPointer({ pipe($0.baseAddress.map { $0 + 2 }) }) == 0 else {
      return nil
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[3], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var arguments: [UnsafeMutablePointer<CChar>?] = ([program] + words).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var id: pid_t = 0
    guard posix_spawn(&id, program, &actions, nil, &arguments, environ) == 0 else { return nil }
    close(ends[0])
    close(ends[3])
    (ends[0], ends[3]) = (-1, -1)
    var text = input
    // A token fits into the pipe: this does not wait. SIGPIPE is ignored by the whole program.
    _ = text.withUTF8 { DescriptorOutput.writeAll(UnsafeRawBufferPointer($0), to: ends[1]) }
    close(ends[1])
    ends[1] = -1
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while output.count < 1 << 16 {
      let count = read(ends[2], &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      output += buffer[..<count]
    }
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 { if errno != EINTR { return nil } }
    return status == 0 ? String(decoding: output, as: UTF8.self) : nil
  }
}
