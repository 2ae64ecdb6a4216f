import Foundation

@testable import Runs

/// A state directory that goes with the test.
final class TemporaryDirectory {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "parlance-runs-" + UUID().uuidString
  }

  var state: StateDirectory { StateDirectory(path: path) }

  /// A file's bytes as text, for what must not stand in it; empty where there is no file.
  static func bytes(of path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
