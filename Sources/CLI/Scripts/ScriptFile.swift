import Diagnostics
import Engine
import Glibc
import Stdlib
import Terminal

/// Finds scripts and reads their bytes.
struct ScriptFile {
  /// More is data by mistake.
  static let largest = 64 << 20

  let environment: [String: String]

  /// A file by its path, or a runbook by its name: on PARLANCE_PATH first, then those that ship.
  func load(_ name: String) throws(Problem) -> SourceText {
    if name == "-" {
      return try ScriptFile.source("<stdin>", ScriptFile.bytes(of: STDIN_FILENO, name: "stdin"))
    }
    if ScriptFile.exists(name) { return try ScriptFile.read(name) }
    if !name.contains("/") {
      for folder in folders {
        for file in ["\(folder)/\(name)", "\(folder)/\(name).parl"] where ScriptFile.exists(file) {
          return try ScriptFile.read(file)
        }
      }
      let word = name.hasSuffix(".parl") ? String(name.dropLast(5)) : name
      if let file = Stdlib.file("runbooks/\(word).parl") {
        return SourceText(name: "runbooks/\(word).parl", text: file.text)
      }
    }
    throw missing(name)
  }

  /// A runbook and where it lies; nil for those that ship.
  struct Runbook {
    var name: String
    var path: String?
    var source: SourceText?
  }

  /// Every runbook, those of PARLANCE_PATH first; a name that is there twice counts once.
  func runbooks() -> [Runbook] {
    var found: [Runbook] = []
    func add(_ runbook: Runbook) {
      if !found.contains(where: { $0.name == runbook.name }) { found.append(runbook) }
    }
    for folder in folders {
      for file in ScriptFile.listing(folder) where file.hasSuffix(".parl") {
        let path = "\(folder)/\(file)"
        add(Runbook(name: String(file.dropLast(5)), path: path, source: try? ScriptFile.read(path)))
      }
    }
    for file in Stdlib.files where file.path.hasPrefix("runbooks/") {
      let source = SourceText(name: file.path, text: file.text)
      add(Runbook(name: String(file.path.dropFirst(9).dropLast(5)), path: nil, source: source))
    }
    return found
  }

  private var folders: [String] {
    (environment["PARLANCE_PATH"] ?? "").split(separator: ":").map(String.init)
  }

  private func missing(_ name: String) -> Problem {
    let slash = name.lastIndex(of: "/")
    let folder = slash.map { String(name[...$0]) } ?? ""
    let file = slash.map { String(name[name.index(after: $0)...]) } ?? name
    var names = ScriptFile.listing(folder.isEmpty ? "." : folder).filter { $0.hasSuffix(".parl") }
    if folder.isEmpty { names += runbooks().map(\.name) }
    if !folder.isEmpty, !ScriptFile.exists(folder) {
      return Problem("there is no folder `\(folder.dropLast())`", exit: .usage)
    }
    let what = name.contains("/") || name.hasSuffix(".parl") ? "file" : "file or runbook"
    return Problem(
      "there is no \(what) `\(name)`",
      hints: [
        Spelling.nearest(file, in: names).map { "did you mean `\(folder)\($0)`?" }
          ?? (what == "file"
            ? "the path starts from \(ScriptFile.currentFolder)" : "`parlance runbooks` lists the runbooks")
      ], exit: .usage)
  }

  // MARK: Modules

  /// What a script names by `use`: a file, from the script's own folder on.
  static func module(_ path: String, usedBy user: String) throws(ModuleFailure) -> SourceText {
    let folder = user.lastIndex(of: "/").map { String(user[...$0]) } ?? ""
    let file = path.hasPrefix("/") ? path : folder + path
    do throws(Problem) { return try read(file) } catch {
      throw ModuleFailure(error.message, hints: error.hints)
    }
  }

  // MARK: Files

  static func read(_ path: String) throws(Problem) -> SourceText { try source(path, bytes(ofFile: path)) }

  static func bytes(ofFile path: String) throws(Problem) -> [UInt8] {
    var status = stat()
    guard stat(path, &status) == 0 else { throw unreadable(path, errno) }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw Problem("`\(path)` is a folder, not a file", exit: .usage)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    return try bytes(of: descriptor, name: path)
  }

  static func bytes(of descriptor: Int32, name: String) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw unreadable(name, errno)
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
      if bytes.count > largest {
        throw Problem("`\(name)` is larger than \(largest >> 20) MiB: no script is", exit: .usage)
      }
    }
  }

  /// Bytes as a script, or why they are none.
  static func source(_ name: String, _ bytes: [UInt8]) throws(Problem) -> SourceText {
    if isBinary(bytes) {
      throw Problem(
        "`\(name)` is no script: it holds binary data", hints: ["a script is a text file in UTF-8"],
        exit: .scriptError)
    }
    switch SourceText.validating(name: name, bytes: bytes) {
    case .success(let source): return source
    case .failure(let diagnostic):
      // The bytes cannot be shown, so there is no excerpt; the line says where.
      let start = diagnostic.range.start
      let line = bytes[..<min(start, bytes.count)].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
      throw Problem("\(name):\(line): \(diagnostic.message)", hints: diagnostic.hints, exit: .scriptError)
    }
  }

  /// Known beginnings of what is no text, or many control characters early on.
  private static func isBinary(_ bytes: [UInt8]) -> Bool {
    let magic: [[UInt8]] = [
      [0x7F, 0x45, 0x4C, 0x46], [0x1F, 0x8B], [0x50, 0x4B, 3, 4], [0x89, 0x50, 0x4E, 0x47],
    ]
    if magic.contains(where: { bytes.starts(with: $0) }) { return true }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return false }
    let head = bytes.prefix(4096)
    let controls = head.count { $0 < 9 || ($0 > 13 && $0 < 27) }
    return controls > 1 && controls * 20 > head.count
  }

  private static func unreadable(_ path: String, _ code: Int32) -> Problem {
    Problem("`\(path)` cannot be read: \(words(code))", exit: .usage)
  }

  /// The system's words for an errno.
  static func words(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .lowercased()
  }

  static func exists(_ path: String) -> Bool { !path.isEmpty && access(path, F_OK) == 0 }

  private static var currentFolder: String {
    guard let path = getcwd(nil, 0) else { return "the current folder" }
    defer { free(path) }
    return String(cString: path)
  }

  static func listing(_ folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.sorted()
  }

  /// Writes beside the file and renames, so that no reader sees half of it. Keeps the file's mode.
  static func write(_ bytes: [UInt8], to path: String) throws(Problem) {
    var status = stat()
    let mode: mode_t = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o644
    let draft = "\(path).\(getpid()).part"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Problem("`\(path)` cannot be written: \(words(errno))", exit: .usage) }
    var isWhole = bytes.withUnsafeBytes { DescriptorOutput.writeAll($0, to: descriptor) == nil }
    var code = errno
    if close(descriptor) != 0, isWhole { (isWhole, code) = (false, errno) }
    if isWhole, rename(draft, path) != 0 { (isWhole, code) = (false, errno) }
    guard isWhole else {
      unlink(draft)
      throw Problem("`\(path)` cannot be written: \(words(code))", exit: .usage)
    }
  }
}
