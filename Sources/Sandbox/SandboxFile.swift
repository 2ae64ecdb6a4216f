import Glibc
import SQLite

/// A sandbox's store as a file, without a server in front of it.
public final class SandboxFile {
  public let path: String
  private let workspace: Workspace

  private init(_ path: String, _ workspace: Workspace) {
    self.path = path
    self.workspace = workspace
  }

  /// How many records of each kind it holds, by the name of the kind; looks at all of them.
  public func counts() throws -> [(kind: String, count: Int64)] {
    try [
      ("contacts", "contact"), ("companies", "company"), ("conversations", "conversation"),
      ("tickets", "ticket"),
    ].map { kind, table in (kind, try workspace.database.firstInteger("SELECT count(*) FROM \(table)") ?? 0) }
  }

  deinit { close() }

  public func close() { workspace.database.close() }

  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private static func prepared(_ path: String, _ configuration: SandboxConfiguration) throws -> Workspace {
    var configuration = configuration
    configuration.location = .file(path: path)
    let workspace = try Workspace(configuration)
    do { try workspace.prepare() } catch {
      workspace.database.close()
      throw error
    }
    return workspace
  }

  /// Opens one that is there.
  public static func open(_ path: String) throws -> SandboxFile {
    guard exists(path) else { throw SandboxError.store(path: path, reason: "it is not there") }
    return SandboxFile(path, try prepared(path, SandboxConfiguration()))
  }

  /// Makes one from a seed. The file must not be there yet.
  public static func seed(_ path: String, _ configuration: SandboxConfiguration) throws -> SandboxFile {
    guard !exists(path) else { throw SandboxError.store(path: path, reason: "it is there already") }
    return SandboxFile(path, try prepared(path, configuration))
  }

  /// Makes one that `body` fills with the records of a workspace. If it throws, there is no file.
  public static func pull(
    _ path: String, _ configuration: SandboxConfiguration, pseudonyms: Pseudonyms?,
    _ body: (WorkspaceImport) throws -> Void
  ) throws -> SandboxFile {
    guard !exists(path) else { throw SandboxError.store(path: path, reason: "it is there already") }
    var configuration = configuration
    configuration.location = .file(path: path)
    let workspace = try Workspace(configuration)
    do { try workspace.prepare(importing: pseudonyms, body) } catch {
      workspace.database.close()
      unlink(path)
      throw error
    }
    return SandboxFile(path, workspace)
  }

  /// All of it in another file, which must not be there yet. Refused while a server has it.
  public static func copy(_ path: String, to other: String) throws {
    guard !exists(other) else { throw SandboxError.store(path: other, reason: "it is there already") }
    let file = try open(path)
    let quoted = other.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    try file.workspace.database.execute("VACUUM INTO '\(quoted)'")
    chmod(other, 0o600)
  }

  /// Back to the state that its seed made; what requests it has seen stays known.
  public func reset() throws { try workspace.reset() }

  /// Requests after `number`, in order.
  public func requests(after number: Int64 = 0, limit: Int = 100_000) throws -> [LedgerEntry] {
    try Ledger(workspace.database, keptReads: workspace.configuration.ledgerReads).entries(
      after: number, limit: limit)
  }
}
