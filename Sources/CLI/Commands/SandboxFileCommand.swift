import HTTP
import JSON
import Runs
import Sandbox

/// `parlance sandbox seed` and `reset`: sandboxes as files, without a server.
enum SandboxFileCommand {
  static func seed(_ context: CommandContext) throws(Problem) -> ExitCode {
    try context.noOperands("sandbox seed")
    let path = try file(context, "sandbox seed")
    var configuration = try SandboxServeCommand.seed(context)
    configuration.rateLimit = nil
    if let zone = configuration.timeZone, TimeZoneRule.named(zone) == nil {
      throw Problem("\(SandboxError.unknownTimeZone(zone))".withoutFullStop, exit: .usage)
    }
    do {
      let made = try SandboxFile.seed(path, configuration)
      context.console.note("\(path) holds \(text(made))")
      return .done
    } catch {
      throw problem(error)
    }
  }

  static func reset(_ context: CommandContext) throws(Problem) -> ExitCode {
    try context.noOperands("sandbox reset")
    if context.arguments.has("base-url") {
      _ = try SandboxControl(context).call(.post, "/_sandbox/reset")
      context.console.note("the sandbox is as its seed made it")
      return .done
    }
    let path = try file(context, "sandbox reset")
    do {
      let sandbox = try SandboxFile.open(path)
      try sandbox.reset()
      context.console.note("\(path) is as its seed made it")
      return .done
    } catch {
      throw problem(error)
    }
  }

  /// The file that `--data` names.
  static func file(_ context: CommandContext, _ command: String) throws(Problem) -> String {
    guard let path = context.arguments.value("data"), !path.isEmpty else {
      let other =
        command == "sandbox seed" || command == "sandbox pull" ? "" : ", or --base-url of one that is served"
      throw Problem("`parlance \(command)` needs --data FILE\(other)", exit: .usage)
    }
    return path
  }

  static func text(_ file: SandboxFile) -> String {
    file.counts.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
  }

  static func problem(_ error: any Error) -> Problem {
    if let problem = error as? Problem { return problem }
    return Problem("\(error)".withoutFullStop, exit: .refused)
  }
}

/// A word to a sandbox that is served, at the address that `--base-url` gives.
struct SandboxControl {
  private let client: Client
  private let base: BaseURL

  init(_ context: CommandContext) throws(Problem) {
    let text = context.arguments.value("base-url") ?? ""
    do throws(BaseURL.Invalid) { base = try BaseURL(text) } catch {
      throw Problem("--base-url: \(error.message)", exit: .usage)
    }
    guard base.isLoopback else {
      throw Problem("\(base.origin) is no sandbox: sandboxes are on this machine", exit: .usage)
    }
    client = Client(ClientConfiguration(base: base) { _ in "sandbox" })
  }

  func call(_ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = []) throws(Problem)
    -> JSONValue
  {
    let request = HTTPRequest(
      method, path, query: query, body: method == .post ? Array("{}".utf8) : nil, requestClass: .read)
    switch client.perform(request) {
    case .failure(let failure):
      throw Problem(failure.message(for: request).withoutFullStop, exit: .refused)
    case .success(let response):
      guard response.status == 200, let value = try? JSONValue.parse(response.body) else {
        let message = (try? JSONValue.parse(response.body))?["errors"]?[0]?["message"]?.stringValue
        throw Problem(
          message.map(\.withoutFullStop) ?? "\(base.origin) answered \(response.status): it is no sandbox",
          exit: .refused)
      }
      return value
    }
  }
}
