import Glibc
import HTTP
import Runs
import Sandbox

/// A copy of a workspace, served to one script by this process and gone with it unless a file was named.
final class WorkspaceCopy {
  /// Whose copy it is.
  let account: String
  /// Where it stays; nil: it ends here.
  let kept: String?
  /// It was read through the API, and has what an API tells.
  let isPulled: Bool
  private let original: Destination
  private let server: SandboxServer
  private let port: Int
  private let folder: String?
  private var limit: Int?
  private var share = 1.0
  private var readRequests = 0

  init(_ context: CommandContext, _ extent: CopyExtent, unless isInterrupted: @escaping () -> Bool)
    throws(Problem)
  {
    let arguments = context.arguments
    original = try Destination.choose(arguments, environment: context.environment)
    kept = arguments.value("copy-to")
    if let kept, SandboxFile.exists(kept) {
      throw Problem(
        "\(kept) is there already", hints: ["--copy-to takes the name of a file that is still to be made"],
        exit: .usage)
    }
    let folder = try kept == nil ? WorkspaceCopy.folder(context.environment) : nil
    self.folder = folder
    let path = kept ?? "\(folder ?? "")/copy.sandbox"
    let records = try context.number("copy-records", in: 1...SandboxPullCommand.mostContacts)
    do {
      if let data = arguments.value("copy-of") {
        for option in ["workspace", "sandbox", "base-url"] where arguments.has(option) {
          throw UsageError.excludeEachOther("copy-of", option).problem
        }
        account = data
        isPulled = false
        try SandboxFile.copy(data, to: path)
      } else if let base = original.base {
        account = original.account
        isPulled = true
        let pull = WorkspacePull(
          try WorkspacePull(original, at: base, context, limit: records, withParts: extent.withParts),
          only: extent, unless: isInterrupted)
        let made = try pull.make(path, pseudonyms: arguments.has("copy-pseudonyms") ? Pseudonyms() : nil)
        context.console.note(
          "the copy holds \(try SandboxFileCommand.text(made)); what the script cannot reach is not in it")
        made.close()
        readRequests = pull.statistics.attempts
        limit = pull.statistics.limit
        share = pull.statistics.share
      } else {
        guard case .sandbox(let seed, _) = original else {
          throw Problem("there is no workspace", exit: .usage)
        }
        account = original.account
        isPulled = false
        try SandboxFile.seed(path, Workbench.sandboxConfiguration(seed)).close()
      }
      var configuration = SandboxConfiguration()
      configuration.location = .file(path: path)
      // It is to be done soon; the limit of the workspace is told as a time.
      configuration.rateLimit = SandboxConfiguration.RateLimit(requests: 1_000_000, seconds: 10)
      server = try SandboxServer(configuration: configuration)
      port = try server.start()
      try server.waitUntilReady()
    } catch {
      WorkspaceCopy.remove(folder)
      throw SandboxFileCommand.problem(error)
    }
  }

  /// Its owner calls it before the process ends.
  func close() {
    server.stop()
    WorkspaceCopy.remove(folder)
  }

  deinit { close() }

  /// An engine on the copy. No token of the workspace goes there.
  func workbench(_ context: CommandContext) throws(Problem) -> Workbench {
    var environment = context.environment
    for name in ["INTERCOM_ACCESS_TOKEN", "INTERCOM_ACCESS_TOKEN_FILE"] { environment[name] = nil }
    let workbench = Workbench(
      context.console, destination: .address(try Destination.address("http://127.0.0.1:\(port)")),
      environment: environment, options: try ClientOptions(context.arguments, protection: .open),
      zone: try original.zone(environment: context.environment))
    workbench.signer = context.arguments.value("as")
    Signals.install(interruptFlag: workbench.engine.machine.interruptFlag)
    context.console.onCutOff = { [weak workbench] in workbench?.engine.interrupt() }
    return workbench
  }

  // MARK: What is said of it

  var whatStaysTrue: String {
    if isPulled {
      return "Nothing was written to \(account): it got \(readRequests) requests, and all of them were reads."
    }
    if case .sandbox(let seed, _) = original, account == original.account {
      return "This was a sandbox of the seed \(seed); nothing else was touched."
    }
    return "\(account) is as it was: this was a copy of it."
  }

  var limitText: String { "at \(Int(share * 100)) % of its limit of \(limit ?? 0) in 10 seconds" }

  /// So many requests at the original's own limit; nil where it named none.
  func minutes(for requests: Int) -> String? {
    guard let limit, requests > 0 else { return nil }
    let seconds = Double(requests) * 10 / max(1, Double(limit) * share)
    return seconds < 60 ? "\(max(1, Int(seconds.rounded(.up)))) s" : "\(Int((seconds / 60).rounded(.up))) min"
  }

  // MARK: The folder

  private static func folder(_ environment: [String: String]) throws(Problem) -> String {
    let base = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    let path = "\(base)/parlance-copy-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    // People's records: for nobody else's eyes.
    guard mkdir(path, 0o700) == 0 else {
      throw Problem(
        "the copy cannot be kept in \(base): \(String(cString: strerror(errno)))",
        hints: ["TMPDIR names another folder, --copy-to a file"], exit: .refused)
    }
    return path
  }

  private static func remove(_ folder: String?) {
    guard let folder else { return }
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink("\(folder)/copy.sandbox\(suffix)") }
    rmdir(folder)
  }
}
