import Glibc

/// One writing run a workspace on this machine: flock(2) on a file of the workspace's id. The kernel frees
/// it with the process, so a dead holder's lock is simply taken over. It guards one machine only; nothing
/// in the journal relies on it.
public final class WorkspaceLock {
  private let descriptor: Int32

  /// Takes the lock for a run, or says who has it.
  public init(workspace: String, run: String, in directory: StateDirectory) throws(JournalError) {
    let path = directory.lock(of: workspace)
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .directory(path: path, reason: String(cString: strerror(errno))) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      var name = Array(repeating: UInt8(0), count: 256)
      let count = pread(descriptor, &name, name.count, 0)
      close(descriptor)
      guard code == EWOULDBLOCK else {
        throw .inputOutput(path: path, reason: String(cString: strerror(code)))
      }
      let holder = String(decoding: name.prefix(max(0, count)), as: UTF8.self)
      throw .held(workspace: workspace, by: holder.isEmpty ? "another run" : holder)
    }
    // The name is for people; a failed write takes nothing from the lock.
    let text = Array("\(run) (process \(getpid()))".utf8)
    ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit { close(descriptor) }

  /// The name of who holds the workspace now; nil if nobody does.
  public static func holder(of workspace: String, in directory: StateDirectory) -> String? {
    do throws(JournalError) {
      _ = try WorkspaceLock(workspace: workspace, run: "nobody", in: directory)
      return nil
    } catch {
      if case .held(_, let by) = error { return by }
      return nil
    }
  }
}
