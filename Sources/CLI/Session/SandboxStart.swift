import Glibc
import Sandbox

/// Starts a sandbox on a thread of its own, so that a prompt need not wait for it and the first question finds it.
final class SandboxStart: @unchecked Sendable {
  private let configuration: SandboxConfiguration
  private var thread: pthread_t?
  // Written by the thread before it ends, read after it was joined.
  private var result: Result<(SandboxServer, Int), any Error>?

  init(_ configuration: SandboxConfiguration) {
    self.configuration = configuration
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<SandboxStart>.fromOpaque(context).takeRetainedValue().start() }
        return nil
      }, context)
    if code == 0 {
      self.thread = thread
    } else {
      Unmanaged<SandboxStart>.fromOpaque(context).release()
    }
  }

  private func start() {
    result = Result {
      let server = try SandboxServer(configuration: configuration)
      return (server, try server.start())
    }
  }

  /// The server and its port; waits for them.
  func finish() throws -> (SandboxServer, Int) {
    if let thread { pthread_join(thread, nil) }
    thread = nil
    if result == nil { start() }
    guard let result else { throw SandboxError.alreadyStarted }
    return try result.get()
  }
}
