import Glibc
import Runs
import Sandbox

/// `parlance sandbox serve`: a workspace for any client, until a signal ends it.
enum SandboxServeCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    try context.noOperands("sandbox serve")
    let arguments = context.arguments
    for option in ["workspace", "sandbox", "base-url"] where arguments.has(option) {
      throw Problem(
        "`parlance sandbox serve` is itself the workspace: `--\(option)` says nothing here", exit: .usage)
    }
    var configuration = try seed(context)
    configuration.port = UInt16(try context.number("port", in: 0...65_535) ?? 0)
    if let path = arguments.value("data") { configuration.location = .file(path: path) }
    if let region = arguments.value("region") { configuration.region = region }
    if arguments.has("no-rate-limit") { configuration.rateLimit = nil }
    if let requests = try context.number("rate-limit", in: 1...1_000_000_000) {
      if arguments.has("no-rate-limit") {
        throw UsageError.excludeEachOther("no-rate-limit", "rate-limit").problem
      }
      configuration.rateLimit = SandboxConfiguration.RateLimit(requests: requests, seconds: 10)
    }
    configuration.token = arguments.value("token")
    do throws(SandboxError) {
      for spec in arguments.values("fault") { configuration.faults.append(try FaultSpec(parsing: spec)) }
    } catch {
      throw Problem("--fault: \(error)".withoutFullStop, exit: .usage)
    }
    return try serve(configuration, context)
  }

  /// What a sandbox is made of, out of the flags that say so.
  static func seed(_ context: CommandContext) throws(Problem) -> SandboxConfiguration {
    let arguments = context.arguments
    var configuration = SandboxConfiguration()
    switch arguments.value("seed") {
    case nil, "demo": configuration.seed = .demo
    case "empty": configuration.seed = .empty
    case let other?: throw UsageError.badValue(option: "seed", other, wanted: "demo or empty").problem
    }
    if let contacts = try context.number("contacts", in: 0...10_000_000) {
      if arguments.has("seed") { throw UsageError.excludeEachOther("seed", "contacts").problem }
      configuration.seed = .synthetic(contacts: contacts)
    }
    if let number = try context.number("seed-number", in: 0...Int.max) {
      configuration.seedNumber = UInt64(number)
    }
    // To the end of the year 9999.
    if let seconds = try context.number("clock", in: 0...253_402_300_799) {
      configuration.clock = .fixed(Int64(seconds))
    }
    if let zone = arguments.value("timezone") { configuration.timeZone = zone }
    return configuration
  }

  private static func serve(_ configuration: SandboxConfiguration, _ context: CommandContext) throws(Problem)
    -> ExitCode
  {
    // Blocked before any thread starts, so that none but `sigwait` gets them.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let server: SandboxServer
    let port: Int
    do {
      server = try SandboxServer(configuration: configuration)
      port = try server.start()
    } catch SandboxError.cannotListen(let port, let reason) where reason.contains("in use") {
      throw Problem(
        "port \(port) of 127.0.0.1 is in use already", hints: ["another --port, or none for a free one"],
        exit: .usage)
    } catch {
      throw Problem("\(error)".withoutFullStop, exit: .usage)
    }
    context.console.print("http://127.0.0.1:\(port)")
    context.console.flush()
    do { try server.waitUntilReady() } catch {
      server.stop()
      throw Problem("\(error)".withoutFullStop, exit: .usage)
    }
    context.console.note(
      "The sandbox accepts \(configuration.token == nil ? "any token" : "the one token given"). Ctrl-C ends it."
    )
    var received: Int32 = 0
    sigwait(&signals, &received)
    server.stop()
    // Asked to end, it ended: that is no failure.
    return .done
  }
}

extension String {
  /// Messages of other modules are sentences; ours carry no full stop.
  var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
