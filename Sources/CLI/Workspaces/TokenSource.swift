import Glibc
import HTTP

/// Where the token of a client comes from. Read when the first request is sent, and again when the server refuses
/// it: a file or a keyring may hold a newer one by then.
final class TokenSource {
  enum Kind {
    /// For a sandbox that takes any.
    case anything
    /// `INTERCOM_ACCESS_TOKEN`.
    case value(String)
    /// `INTERCOM_ACCESS_TOKEN_FILE`.
    case file(String)
    case workspace(WorkspaceProfile, WorkspaceShelf)
    case none
  }

  private let kind: Kind
  private var known: String?

  init(_ kind: Kind) { self.kind = kind }

  /// What was read so far, for filters.
  var secrets: [String] {
    switch kind {
    case .value(let token): [token]
    default: known.map { [$0] } ?? []
    }
  }

  func token(refused: String?) throws -> String? {
    if let known, known != refused { return known }
    switch kind {
    case .anything: return "sandbox"
    case .none: return nil
    case .value(let token): known = token
    case .file(let path):
      known = try WorkspaceShelf.token(inFile: path)
      guard known != nil else { throw PrivateFile.Failure(path, "there is no such file") }
    case .workspace(let profile, let shelf): known = try shelf.token(of: profile)
    }
    CoreDumps.forbid()
    return known
  }
}

extension PrivateFile.Failure: CustomStringConvertible {
  var description: String { "\(path): \(reason)" }
}

/// A process that holds a token leaves no memory behind when it crashes.
enum CoreDumps {
  static func forbid() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    // Where dumps go to a program instead of a file the limit says nothing; this leaves nothing to dump.
    let descriptor = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = write(descriptor, "0", 1)
    close(descriptor)
  }
}
