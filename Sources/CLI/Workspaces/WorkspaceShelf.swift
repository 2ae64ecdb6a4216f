import Glibc
import JSON

/// The workspaces that somebody logged in to, in `workspaces.json`, and their tokens beside it or in the system's
/// keyring. No token stands in `workspaces.json`.
struct WorkspaceShelf {
  let folder: String
  let keyring: Keyring

  /// `$PARLANCE_CONFIG`, else `$XDG_CONFIG_HOME/parlance`, else `~/.config/parlance`; nil without any of them.
  static func find(in environment: [String: String]) -> WorkspaceShelf? {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let folder =
      value("PARLANCE_CONFIG") ?? value("XDG_CONFIG_HOME").map { $0 + "/parlance" }
      ?? value("HOME").map { $0 + "/.config/parlance" }
    return folder.map { WorkspaceShelf(folder: $0, keyring: Keyring(environment: environment)) }
  }

  struct Contents: Equatable {
    var profiles: [WorkspaceProfile] = []
    /// The one that is used where nobody says which.
    var standard: String?

    subscript(name: String) -> WorkspaceProfile? { profiles.first { $0.name == name } }
  }

  private var file: String { folder + "/workspaces.json" }

  func contents() throws(PrivateFile.Failure) -> Contents {
    guard let bytes = try PrivateFile.read(file, isSecret: false) else { return Contents() }
    guard let json = try? JSONValue.parse(bytes), let entries = json["workspaces"]?.arrayValue else {
      throw PrivateFile.Failure(file, "it is no list of workspaces; move it away and log in again")
    }
    var contents = Contents()
    for entry in entries {
      guard let profile = WorkspaceProfile(entry) else {
        throw PrivateFile.Failure(
          file, "an entry in it cannot be read: \(entry["name"]?.text() ?? "no name")")
      }
      contents.profiles.append(profile)
    }
    contents.standard = json["default"]?.stringValue.flatMap { contents[$0]?.name }
    return contents
  }

  func save(_ contents: Contents) throws(PrivateFile.Failure) {
    try PrivateFile.makeFolder(folder)
    let json: JSONValue = [
      "default": contents.standard.map { .string($0) } ?? .null,
      "workspaces": .array(contents.profiles.map(\.json)),
    ]
    try PrivateFile.write(json.serialized(indentation: 2) + [0x0A], to: file)
  }

  // MARK: Tokens

  func token(of profile: WorkspaceProfile) throws(PrivateFile.Failure) -> String? {
    switch profile.keeper {
    case .keyring: return keyring.token(of: profile.name)
    case .file: return try WorkspaceShelf.token(inFile: tokenFile(profile.name))
    }
  }

  /// A token from a file that only its owner can read; nil where there is none.
  static func token(inFile path: String) throws(PrivateFile.Failure) -> String? {
    guard let bytes = try PrivateFile.read(path, atMost: 64 << 10) else { return nil }
    return String(decoding: bytes, as: UTF8.self).trimmingWhiteSpace
  }

  /// Keeps a token in the keyring, or in a file where there is none.
  func keep(_ token: String, of name: String, inFile: Bool) throws(PrivateFile.Failure)
    -> WorkspaceProfile.Keeper
  {
    if !inFile, keyring.keep(token, of: name) {
      unlink(tokenFile(name))
      return .keyring
    }
    try PrivateFile.makeFolder(folder + "/tokens")
    try PrivateFile.write(Array(token.utf8) + [0x0A], to: tokenFile(name))
    return .file
  }

  func forget(_ profile: WorkspaceProfile) throws(PrivateFile.Failure) {
    switch profile.keeper {
    case .keyring:
      guard keyring.forget(profile.name) else {
        throw PrivateFile.Failure("the keyring", "it does not let go of the token of \(profile.name)")
      }
    case .file:
      guard unlink(tokenFile(profile.name)) == 0 || errno == ENOENT else {
        throw PrivateFile.Failure(tokenFile(profile.name), errno: errno)
      }
    }
  }

  private func tokenFile(_ name: String) -> String { "\(folder)/tokens/\(name)" }
}

extension String {
  /// Without white space at both ends.
  var trimmingWhiteSpace: String {
    var slice = self[...]
    while slice.first?.isWhitespace == true { slice.removeFirst() }
    while slice.last?.isWhitespace == true { slice.removeLast() }
    return String(slice)
  }
}
