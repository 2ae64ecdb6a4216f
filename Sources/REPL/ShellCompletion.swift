import Glibc

/// Completion of the shell's own words; all else is the session's.
enum ShellCompletion {
  static func answer(_ statement: String, _ cursor: Int, session: any REPLSession) -> CompletionAnswer {
    guard statement.first == ":" else { return session.complete(line: statement, cursor: cursor) }
    let before = String(statement.prefix(cursor))
    guard let space = before.firstIndex(where: \.isWhitespace) else {
      let word = before.dropFirst()
      let found = ShellCommand.allCases.filter { $0.rawValue.hasPrefix(word) }
      return CompletionAnswer(
        replacing: 0..<cursor,
        candidates: found.map { .init(":" + $0.rawValue + ($0.takes.isEmpty ? "" : " "), .command, $0.about) }
      )
    }
    guard let command = ShellCommand(word: String(before[..<space].dropFirst())) else {
      return .nothing(at: cursor)
    }
    if command.takesFile {
      let typed = before[space...].drop(while: \.isWhitespace)
      let files = FolderListing.completing(String(typed))
      return CompletionAnswer(
        replacing: cursor - typed.count..<cursor, candidates: files.map { .init($0, .file) })
    }
    return session.complete(line: statement, cursor: cursor)
  }
}

/// Names of files that begin with a path.
enum FolderListing {
  static func completing(_ path: String) -> [String] {
    let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let folder = String(path[..<cut])
    let start = path[cut...]
    guard let listing = opendir(folder.isEmpty ? "." : Shell.expandingHome(folder)) else { return [] }
    defer { closedir(listing) }
    var found: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let hidden = name.hasPrefix(".") && !start.hasPrefix(".")
      guard name.hasPrefix(start), !hidden, name != ".", name != ".." else { continue }
      found.append(folder + name + (entry.pointee.d_type == UInt8(DT_DIR) ? "/" : ""))
    }
    return found.sorted()
  }
}
