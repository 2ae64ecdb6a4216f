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
    let pull = try WorkspacePull(
      destination, at: base, context, limit: limit, withParts: context.arguments.has("parts"))
    let isOpen = context.arguments.has("keep-names")
    do {
      let made = try pull.make(path, pseudonyms: isOpen ? nil : Pseudonyms())
      context.console.note("\(path) holds \(try SandboxFileCommand.text(made))")
      if !isOpen {
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
  static let mostContacts = 16_000_000
}
