import Glibc

/// A script of a batch file.
struct ProbeScript {
  var name: String
  var bytes: [UInt8]
}

enum ScriptFile {
  static func scripts(_ path: String) -> [ProbeScript] {
    let bytes = read(path)
    var scripts: [ProbeScript] = []
    var at = 0
    while at < bytes.count, let end = bytes[at...].firstIndex(of: 0x0A) {
      let words = String(decoding: bytes[at..<end], as: UTF8.self).split(separator: " ")
      guard words.count == 3, words[0] == "@@", let count = Int(words[2]), end + 1 + count <= bytes.count
      else {
        break
      }
      scripts.append(ProbeScript(name: String(words[1]), bytes: Array(bytes[(end + 1)..<(end + 1 + count)])))
      at = end + 1 + count
    }
    return scripts
  }

  static func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count <= 0 { return bytes }
      bytes.append(contentsOf: buffer[0..<count])
    }
  }
}
