import Foundation
import Sandbox

/// The demo workspace in a file, filled once: tests that change it take a copy each.
package final class SeededWorkspace: @unchecked Sendable {
  /// For all tests of the process; its folder goes with the process.
  package static let shared: SeededWorkspace = {
    atexit { try? FileManager.default.removeItem(at: SeededWorkspace.shared.folder) }
    return SeededWorkspace(TestWorkspace.configuration)
  }()

  /// One whose records are as old as they say by the machine's clock.
  package static let ofToday: SeededWorkspace = {
    atexit { try? FileManager.default.removeItem(at: SeededWorkspace.ofToday.folder) }
    return SeededWorkspace(SandboxConfiguration())
  }()

  private let configuration: SandboxConfiguration

  private init(_ configuration: SandboxConfiguration) { self.configuration = configuration }

  private let lock = NSLock()
  private let folder = FileManager.default.temporaryDirectory.appending(path: "seeded-\(UUID().uuidString)")
  private var isFilled = false
  private var copies = 0

  /// Takes a store away, with what SQLite keeps beside it: hundreds of copies would fill a disk.
  package static func remove(_ path: String) {
    for end in ["", "-wal", "-shm", "-journal"] { try? FileManager.default.removeItem(atPath: path + end) }
  }

  /// A file of its own for who asks.
  package func copy() throws -> String {
    lock.lock()
    defer { lock.unlock() }
    let original = folder.appending(path: "original.db")
    if !isFilled {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      var configuration = configuration
      configuration.location = .file(path: original.path())
      let server = try SandboxServer(configuration: configuration)
      _ = try server.start()
      try server.waitUntilReady()
      server.stop()
      isFilled = true
    }
    copies += 1
    let copy = folder.appending(path: "copy-\(copies).db")
    try FileManager.default.copyItem(at: original, to: copy)
    return copy.path()
  }
}
