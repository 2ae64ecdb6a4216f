import Glibc
import Terminal

/// Text in files, with the errno of what failed.
public enum TextFile {
  public struct Failure: Error, Equatable {
    public var path: String
    /// Nil: the file is not UTF-8 text.
    public var errno: Int32?

    /// The system's words for it.
    public var reason: String {
      guard let errno else { return "it is not UTF-8 text" }
      var buffer = [CChar](repeating: 0, count: 256)
      guard strerror_r(errno, &buffer, buffer.count) == 0 else { return "error \(errno)" }
      return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  static func read(_ path: String) throws(Failure) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(path: path, errno: Glibc.errno) }
    defer { close(descriptor) }
    do throws(PipeReader.Failure) {
      return try PipeReader.readAll(descriptor: descriptor)
    } catch {
      switch error {
      case .unreadable(let code): throw Failure(path: path, errno: code)
      case .tooLong: throw Failure(path: path, errno: EFBIG)
      case .notText: throw Failure(path: path, errno: nil)
      }
    }
  }

  /// Writes beside it and renames, so that no reader sees half a file.
  static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(Failure) {
    let draft = path + ".\(getpid()).part"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Failure(path: path, errno: Glibc.errno) }
    var failed = writeAll(text, to: descriptor)
    if close(descriptor) != 0, failed == nil { failed = Glibc.errno }
    if failed == nil, rename(draft, path) != 0 { failed = Glibc.errno }
    if let failed {
      unlink(draft)
      throw Failure(path: path, errno: failed)
    }
  }

  static func append(_ text: String, to path: String, mode: mode_t) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Failure(path: path, errno: Glibc.errno) }
    defer { close(descriptor) }
    // A file that somebody else made readable for all is closed again.
    fchmod(descriptor, mode)
    if let failed = writeAll(text, to: descriptor) { throw Failure(path: path, errno: failed) }
  }

  /// Makes the folders that the path needs, for this user alone.
  static func makeFolders(above path: String) throws(Failure) {
    var index = path.startIndex
    while let slash = path[index...].dropFirst().firstIndex(of: "/") {
      let folder = String(path[..<slash])
      if mkdir(folder, 0o700) != 0, Glibc.errno != EEXIST, Glibc.errno != EISDIR {
        throw Failure(path: folder, errno: Glibc.errno)
      }
      index = slash
    }
  }

  /// Nil, or the errno. `descriptor` may be a terminal that takes a part at a time.
  static func writeAll(_ text: String, to descriptor: Int32) -> Int32? {
    var copy = text
    return copy.withUTF8 { DescriptorOutput.writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    bytes.withUnsafeBytes { DescriptorOutput.writeAll($0, to: descriptor) }
  }
}
