import Glibc

/// The history on disk: mode 0600, a line an entry, oldest first; a backslash and a new line inside an entry
/// are written `\\` and `\n`. Several shells may append to one file.
public struct HistoryFile: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// `$XDG_STATE_HOME/parlance/history`, by default under `~/.local/state`. Nil without a home.
  public static func standardPath(environment: (String) -> String?) -> String? {
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/parlance/history" }
    guard let home = environment("HOME"), !home.isEmpty else { return nil }
    return home + "/.local/state/parlance/history"
  }

  /// The entries; none if there is no file. A file that grew far beyond the limit is written anew.
  public func load() -> [String] {
    guard let text = try? TextFile.read(path) else { return [] }
    let lines = text.utf8.split(separator: 0x0A)
    let kept = lines.suffix(History.limit).map { HistoryFile.unescape(String(Substring($0))) }
    if lines.count > History.limit * 2 {
      let whole = kept.map { HistoryFile.escape($0) + "\n" }.joined()
      try? TextFile.write(whole, to: path, mode: 0o600)
    }
    return kept
  }

  /// Appends an entry; one write, so that two shells do not mix their lines.
  public func append(_ entry: String) throws(TextFile.Failure) {
    try TextFile.makeFolders(above: path)
    try TextFile.append(HistoryFile.escape(entry) + "\n", to: path, mode: 0o600)
  }

  static func escape(_ entry: String) -> String {
    var result = ""
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func unescape(_ line: String) -> String {
    guard line.utf8.contains(0x5C) else { return line }
    var result = ""
    var escaped = false
    for scalar in line.unicodeScalars {
      if escaped {
        result.unicodeScalars.append(scalar == "n" ? "\n" : scalar == "r" ? "\r" : scalar)
        escaped = false
      } else if scalar == "\\" {
        escaped = true
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
