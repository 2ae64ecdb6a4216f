import Glibc

/// 16 MiB that lie beside the runs, to be given up on a full disk: so that the outcomes in flight can
/// still be recorded.
public struct Ballast: Sendable {
  public static let size = 16 << 20
  let path: String

  public init(in directory: StateDirectory) { path = directory.ballast }

  /// Makes the file if it is not there. Real bytes: a sparse file would hold no place.
  public func lay() throws(JournalError) {
    var status = stat()
    if stat(path, &status) == 0, Int(status.st_size) >= Self.size { return }
    let descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .directory(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    let code = posix_fallocate(descriptor, 0, off_t(Self.size))
    guard code == 0 else {
      unlink(path)
      if code == ENOSPC { throw .diskFull(path: path) }
      throw .inputOutput(path: path, reason: String(cString: strerror(code)))
    }
  }

  public func release() { unlink(path) }
}
