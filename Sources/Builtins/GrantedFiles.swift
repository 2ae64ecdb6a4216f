import Machine

#if canImport(Glibc)
  import Glibc
  private let systemRead = Glibc.read
  private let systemWrite = Glibc.write
#else
  import Darwin
  private let systemRead = Darwin.read
  private let systemWrite = Darwin.write
#endif

/// Reads what was given as a parameter, and writes below one folder.
public final class GrantedFiles: FileAccess {
  /// In bytes: a file that is read lies in memory whole.
  public static let largest = 1 << 30

  private var granted = Set<String>()
  /// Where results are written: the folder that the script was started in.
  private let folder: String

  public init(folder: String = ".") { self.folder = folder }

  /// Lets scripts read a file, or the files of a folder: what the caller named on the command line.
  public func grant(_ path: String) { granted.insert(path) }

  private func fail(_ path: String, _ reason: String, _ hint: String? = nil) -> RuntimeError {
    RuntimeError("the file \"\(path)\" \(reason)", code: "file", hints: hint.map { [$0] } ?? [])
  }

  private func isGranted(_ path: String) -> Bool {
    if granted.contains(path) { return true }
    // A file right inside a folder that was given.
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return false }
    let name = path[path.utf8.index(after: slash)...]
    return name != ".." && name != "." && granted.contains(String(path[..<slash]))
  }

  public func read(_ path: String) throws(RuntimeError) -> [UInt8] {
    guard isGranted(path) else {
      throw fail(path, "was not given to this script", "take it as a parameter: `param people: file(email)`")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw fail(path, "cannot be opened: \(GrantedFiles.reason(errno))") }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else {
      throw fail(path, "cannot be read: \(GrantedFiles.reason(errno))")
    }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw fail(path, "is no ordinary file") }
    guard facts.st_size <= GrantedFiles.largest else { throw fail(path, "is larger than 1 GB") }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= GrantedFiles.largest {
      let count = systemRead(descriptor, &chunk, chunk.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw fail(path, "cannot be read: \(GrantedFiles.reason(errno))")
      }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }

  public func list(_ folder: String) throws(RuntimeError) -> [String] {
    var path = folder
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard granted.contains(folder) || granted.contains(path) else {
      throw fail(folder, "was not given to this script", "take the folder as a parameter")
    }
    granted.insert(path)
    guard let stream = opendir(path) else {
      throw fail(folder, "cannot be listed: \(GrantedFiles.reason(errno))")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
        String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(".") { continue }
      var facts = stat()
      let full = path + "/" + name
      if stat(full, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG { names.append(full) }
    }
    return names.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
  }

  public func write(_ bytes: [UInt8], to path: String) throws(RuntimeError) {
    if !granted.contains(path) {
      guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
        throw fail(
          path, "lies outside the folder that this script may write to",
          "name it without `/` at the front and without `..`")
      }
    }
    let target = granted.contains(path) || folder == "." ? path : folder + "/" + path
    // Beside the target, so that the rename stays within one file system.
    let temporary = target + ".\(getpid()).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw fail(path, "cannot be written: \(GrantedFiles.reason(errno))") }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        systemWrite(descriptor, raw.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 {
        let number = errno
        if number == EINTR { continue }
        close(descriptor)
        unlink(temporary)
        throw fail(path, "cannot be written: \(GrantedFiles.reason(number))")
      }
      written += count
    }
    let isSafe = fsync(descriptor) == 0
    let number = errno
    guard close(descriptor) == 0, isSafe, rename(temporary, target) == 0 else {
      let reason = GrantedFiles.reason(isSafe ? errno : number)
      unlink(temporary)
      throw fail(path, "cannot be written: \(reason)")
    }
  }

  private static func reason(_ number: Int32) -> String {
    switch number {
    case ENOENT: "there is no such file or folder"
    case EACCES, EPERM: "this user may not"
    case ENOSPC, EDQUOT: "the disk is full"
    case EISDIR: "it is a folder"
    case ENOTDIR: "a part of its path is no folder"
    case EEXIST: "a half-written one is there"
    default: String(cString: strerror(number))
    }
  }
}
