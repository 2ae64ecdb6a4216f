import HTTP
import JSON
import Runs
import Sandbox

/// `parlance sandbox pull`: a live workspace's records in a sandbox file, to rehearse on.
enum SandboxPullCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    try context.noOperands("sandbox pull")
    let path = try SandboxFileCommand.file(context)
    let limit = try context.number("limit", in: 1...mostContacts)
    let destination = try Destination.choose(context.arguments, environment: context.environment)
    guard let base = destination.base else {
      throw Problem(
        "there is no workspace to pull from",
        hints: [
          "`parlance login` logs in to one; --workspace, INTERCOM_ACCESS_TOKEN (with INTERCOM_REGION) and --base-url name one"
        ], exit: .usage)
    }
    // Nothing that this sends is a write: the client holds it to that.
    let options = try ClientOptions(context.arguments, protection: .readOnly)
    let settings = try destination.client(
      at: base, options, destination.tokenSource(environment: context.environment), showing: context.console)
    var reader = WorkspaceReader(
      client: Client(settings), console: context.console, limit: limit,
      withParts: context.arguments.has("parts"))
    let me = try reader.get("/me")
    var configuration = SandboxConfiguration()
    configuration.seed = .empty
    if let zone = me["app"]?["timezone"]?.stringValue {
      if TimeZoneRule.named(zone) != nil {
        configuration.timeZone = zone
      } else {
        context.console.complain(
          "warning: the sandbox does not know the time zone \(zone): days are those of UTC")
      }
    }
    let pseudonyms = context.arguments.has("keep-names") ? nil : Pseudonyms()
    do {
      let made = try SandboxFile.pull(path, configuration, pseudonyms: pseudonyms) { records in
        try reader.read(into: records)
      }
      context.console.note("\(path) holds \(try SandboxFileCommand.text(made))")
      if pseudonyms != nil {
        context.console.note(
          "Names, emails, phones and companies are pseudonyms; custom attributes and what else was written are as they were."
        )
      }
      return .done
    } catch {
      throw SandboxFileCommand.problem(error)
    }
  }

  /// Ids have room for so many.
  private static let mostContacts = 16_000_000
}
