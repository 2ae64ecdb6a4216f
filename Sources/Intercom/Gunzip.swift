import CZlib

/// Unpacks what came as a gzip file. (https://www.zlib.net/manual.html#Advanced)
enum Gunzip {
  /// The bytes as they are where they are no gzip file; nil where the file is broken, cut off, or holds more
  /// than `most` bytes.
  static func unpacked(_ bytes: [UInt8], most: Int) -> [UInt8]? {
    guard bytes.starts(with: [0x1F, 0x8B]) else { return bytes }
    var stream = z_stream()
    // 15 bits of window, and 16: a gzip header in place of zlib's own.
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return nil
    }
    defer { inflateEnd(&stream) }
    var input = bytes
    return input.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(clamping: source.count)
      var output: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 64 << 10)
      while true {
        var written = 0
        let code = piece.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          let code = inflate(&stream, Z_NO_FLUSH)
          written = target.count - Int(stream.avail_out)
          return code
        }
        output += piece[..<written]
        guard output.count <= most else { return nil }
        switch code {
        case Z_STREAM_END:
          // A file may be several, one behind the other.
          guard stream.avail_in > 0 else { return output }
          guard inflateReset(&stream) == Z_OK else { return nil }
        case Z_OK where written > 0 || stream.avail_in > 0: continue
        default: return nil
        }
      }
    }
  }
}
