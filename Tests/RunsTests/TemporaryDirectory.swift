import Foundation

@testable import Runs

/// A state directory that goes with the test.
final class TemporaryDirectory {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "parlance-runs-" + UUID().uuidString
  }

  var state: StateDirectory { StateDirectory(path: path) }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
