import HTTP
import JSON
import Runs
import Terminal

/// `parlance workspaces [use NAME | protect NAME MODE]` and `parlance logout [NAME]`.
enum WorkspacesCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    let words = context.arguments.operands
    let shelf = try shelf(context)
    do throws(PrivateFile.Failure) {
      var contents = try shelf.contents()
      switch (words.first, words.count) {
      case (nil, _): return list(contents, context)
      case ("use", 2):
        guard let profile = contents[words[1]] else { return fail(.noWorkspace(words[1], contents), context) }
        contents.standard = profile.name
        try shelf.save(contents)
        context.console.note("commands work on \(profile.name) from now on")
        return .done
      case ("protect", 3):
        guard let index = contents.profiles.firstIndex(where: { $0.name == words[1] }) else {
          return fail(.noWorkspace(words[1], contents), context)
        }
        guard let protection = Protection(rawValue: words[2]) else {
          return fail(
            Problem(
              "`\(words[2])` is no protection", hints: ["there are read-only, ask and open"], exit: .usage),
            context)
        }
        contents.profiles[index].protection = protection
        try shelf.save(contents)
        context.console.note("\(words[1]) is \(protection.rawValue) from now on")
        return .done
      default:
        return fail(
          Problem(
            "`parlance workspaces` does not know what to do with `\(words.joined(separator: " "))`",
            hints: ["use NAME, or protect NAME read-only|ask|open"], exit: .usage), context)
      }
    } catch {
      throw error.problem
    }
  }

  static func logout(_ context: CommandContext) throws(Problem) -> ExitCode {
    let words = context.arguments.operands
    if words.count > 1 { throw UsageError.tooManyOperands(command: "logout", words[1]).problem }
    let shelf = try shelf(context)
    do throws(PrivateFile.Failure) {
      var contents = try shelf.contents()
      guard let name = words.first ?? context.arguments.value("workspace") ?? contents.standard else {
        return fail(
          Problem(
            "you are not logged in",
            hints: contents.profiles.isEmpty ? [] : ["say from where: parlance logout NAME"], exit: .usage),
          context)
      }
      guard let profile = contents[name] else { return fail(.noWorkspace(name, contents), context) }
      try shelf.forget(profile)
      contents.profiles.removeAll { $0.name == name }
      if contents.standard == name { contents.standard = nil }
      try shelf.save(contents)
      context.console.note(
        "the token of \(name) is gone from this machine; in Intercom it is good until it is revoked there")
      return .done
    } catch {
      throw error.problem
    }
  }

  /// A line each, for the REPL.
  static func lines(_ environment: [String: String]) -> [String] {
    guard let contents = try? WorkspaceShelf.find(in: environment)?.contents() else { return [] }
    return contents.profiles.map { profile in
      let place = profile.region ?? profile.base.origin
      return
        "\(profile.name) (\(place), \(profile.protection.rawValue)): parlance --workspace \(profile.name)"
    }
  }

  private static func fail(_ problem: Problem, _ context: CommandContext) -> ExitCode {
    context.report.show(problem)
  }

  private static func shelf(_ context: CommandContext) throws(Problem) -> WorkspaceShelf {
    guard let shelf = WorkspaceShelf.find(in: context.environment) else {
      throw Problem(
        "there is nowhere that logins are kept", hints: ["set HOME or PARLANCE_CONFIG"], exit: .refused)
    }
    return shelf
  }

  private static func list(_ contents: WorkspaceShelf.Contents, _ context: CommandContext) -> ExitCode {
    if context.arguments.has("json") {
      let entries = contents.profiles.map { profile -> JSONValue in
        guard var object = profile.json.objectValue else { return profile.json }
        object["default"] = .bool(profile.name == contents.standard)
        return .object(object)
      }
      context.console.print(JSONValue.array(entries).text(indentation: 2))
      return .done
    }
    guard !contents.profiles.isEmpty else {
      context.console.note("no workspaces; `parlance login` logs in to one")
      return .done
    }
    let layout = TableLayout(
      columns: [
        .init("name"), .init("workspace"), .init("where"), .init("protection"), .init("token"), .init("as"),
        .init(""),
      ],
      width: TerminalDevice.standardOutput.columns(environment: context.environment))
    let rows = contents.profiles.map { profile in
      [
        profile.name, [profile.title, profile.id].compactMap { $0 }.joined(separator: ", "),
        profile.region ?? profile.base.origin, profile.protection.rawValue, profile.keeper.rawValue,
        profile.admin ?? "", profile.name == contents.standard ? "default" : "",
      ]
    }
    for line in layout.table(rows).lines { context.console.print(line) }
    return .done
  }
}
