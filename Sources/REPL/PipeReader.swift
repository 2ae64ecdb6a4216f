import Glibc

/// Reads a script from a pipe: all of it, before the first statement runs.
public enum PipeReader {
  public enum Failure: Error, Equatable {
    case unreadable(errno: Int32)
    case tooLong(limit: Int)
    case notText(offset: Int)
  }

  /// The whole input as text. `limit` is in bytes: a script larger than that is data by mistake.
  public static func readAll(descriptor: Int32 = STDIN_FILENO, limit: Int = 64 << 20) throws(Failure)
    -> String
  {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(errno: errno)
      }
      if count == 0 { break }
      bytes.append(contentsOf: buffer.prefix(count))
      if bytes.count > limit { throw .tooLong(limit: limit) }
    }
    return try text(of: bytes)
  }

  static func text(of bytes: [UInt8]) throws(Failure) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var decoder = UTF8ScalarDecoder()
    decoder.append(bytes)
    while decoder.next() != nil, !decoder.sawInvalid {}
    throw .notText(offset: decoder.invalidOffset ?? bytes.count)
  }
}
