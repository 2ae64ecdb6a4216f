import Glibc

/// Where runs are kept: a file a run, a lock a workspace, the ballast.
public struct StateDirectory: Sendable, Equatable {
  public let path: String

  public init(path: String) { self.path = path }

  /// `$PARLANCE_STATE`, else `$XDG_STATE_HOME/parlance/runs`, else `~/.local/state/parlance/runs`. nil
  /// without any of them.
  public static func find(in environment: [String: String]) -> StateDirectory? {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let own = value("PARLANCE_STATE") { return StateDirectory(path: own) }
    if let state = value("XDG_STATE_HOME") { return StateDirectory(path: state + "/parlance/runs") }
    return value("HOME").map { StateDirectory(path: $0 + "/.local/state/parlance/runs") }
  }

  /// Makes the directory (mode 0700) and its parents, and refuses what cannot keep a journal.
  public func prepare() throws(JournalError) {
    var made = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: true) {
      made += (made.isEmpty && !path.hasPrefix("/") ? "" : "/") + part
      if mkdir(made, 0o700) != 0, errno != EEXIST {
        throw .directory(path: path, reason: String(cString: strerror(errno)))
      }
    }
    guard access(path, W_OK | X_OK) == 0 else {
      throw .directory(path: path, reason: String(cString: strerror(errno)))
    }
    if let system = MountTable.current()?.type(of: path), MountTable.network.contains(system) {
      throw .network(path: path, system: system)
    }
  }

  public func journal(of run: String) -> String { "\(path)/\(run).run" }
  public func control(of run: String) -> String { "\(path)/\(run).control" }
  /// A workspace id comes from the API: what is not plain in it does not get into a file name.
  public func lock(of workspace: String) -> String {
    let plain = workspace.utf8.allSatisfy {
      ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x7a) || ($0 >= 0x41 && $0 <= 0x5a)
        || $0 == 0x5f || $0 == 0x2d
    }
    let name = plain ? workspace : String(Fingerprint(of: [workspace]).bits, radix: 16)
    return "\(path)/workspace-\(name).lock"
  }
  var ballast: String { "\(path)/ballast" }

  /// Ids of the runs that lie here, oldest first.
  public func runs() throws(JournalError) -> [String] {
    guard let directory = opendir(path) else {
      if errno == ENOENT { return [] }
      throw .directory(path: path, reason: String(cString: strerror(errno)))
    }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasSuffix(".run") else { continue }
      let id = String(name.dropLast(4))
      if RunID.isValid(id) { found.append(id) }
    }
    return found.sorted()
  }
}
