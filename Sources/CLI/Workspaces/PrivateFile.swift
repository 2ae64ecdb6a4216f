import Glibc
import Terminal

/// Files that nobody else may read: mode 0600, in a folder of mode 0700.
enum PrivateFile {
  struct Failure: Error, Equatable {
    var path: String
    var reason: String

    init(_ path: String, errno number: Int32) {
      self.path = path
      reason = String(cString: strerror(number))
    }

    init(_ path: String, _ reason: String) {
      self.path = path
      self.reason = reason
    }

    var problem: Problem {
      Problem(
        "`\(path)`: \(reason)", hints: reason.contains("others") ? ["chmod 600 \(path)"] : [], exit: .refused)
    }
  }

  /// The whole file; nil where there is none. A secret is not taken from a file that others can read: it has been
  /// read, or will be.
  static func read(_ path: String, isSecret: Bool = true, atMost limit: Int = 1 << 20) throws(Failure)
    -> [UInt8]?
  {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw Failure(path, errno: errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure(path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(path, "it is no file") }
    if isSecret, status.st_mode & 0o077 != 0 {
      throw Failure(path, "others can read it, and it holds a token")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(path, errno: errno)
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      if bytes.count > limit { throw Failure(path, "it is larger than \(limit >> 10) KiB") }
    }
  }

  /// Writes the whole file, or leaves the old one as it was.
  static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    let temporary = path + ".new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw Failure(path, errno: errno) }
    let isWritten =
      bytes.withUnsafeBytes { DescriptorOutput.writeAll($0, to: descriptor) == nil } && fsync(descriptor) == 0
    let number = errno
    close(descriptor)
    guard isWritten else {
      unlink(temporary)
      throw Failure(path, errno: number)
    }
    guard rename(temporary, path) == 0 else { throw Failure(path, errno: errno) }
  }

  /// Makes a folder and those above it that lack, for the owner alone.
  static func makeFolder(_ path: String) throws(Failure) {
    var made = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      made += (made.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
      if mkdir(made, 0o700) != 0, errno != EEXIST { throw Failure(path, errno: errno) }
    }
  }
}
