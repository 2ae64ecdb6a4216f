import Builtins
import Machine

/// Files that scripts of tests write.
final class MemoryFiles: FileAccess {
  var files: [String: [UInt8]] = [:]

  func read(_ path: String) throws(RuntimeError) -> [UInt8] {
    guard let bytes = files[path] else { throw RuntimeError("there is no file \"\(path)\"", code: "file") }
    return bytes
  }

  func list(_ path: String) throws(RuntimeError) -> [String] { files.keys.sorted() }

  func write(_ bytes: [UInt8], to path: String) throws(RuntimeError) { files[path] = bytes }
}
