import HTTP
import JSON
import Runs

/// `parlance login [NAME]`: keeps a workspace's token once the API has accepted it.
enum LoginCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    let arguments = context.arguments
    for option in ["workspace", "sandbox"] where arguments.has(option) {
      throw Problem(
        "`parlance login` makes a workspace: `--\(option)` says nothing here",
        hints: ["parlance login NAME"], exit: .usage)
    }
    if arguments.operands.count > 1 {
      throw UsageError.tooManyOperands(command: "login", arguments.operands[1]).problem
    }
    guard let shelf = WorkspaceShelf.find(in: context.environment) else {
      throw Problem(
        "there is nowhere to keep a login", hints: ["set HOME or PARLANCE_CONFIG"], exit: .refused)
    }
    let given = arguments.operands.first
    if let given, !WorkspaceProfile.isName(given) { throw notAName(given) }
    let protection = try self.protection(arguments)
    let places = try places(arguments)
    let options = try ClientOptions(arguments, protection: .readOnly)
    let token = try readToken(context)
    let found = try ask(places, token, options, context)
    guard let name = given ?? found.title.flatMap(WorkspaceProfile.name(from:)) else {
      throw Problem("the workspace needs a name", hints: ["parlance login NAME"], exit: .usage)
    }
    do throws(PrivateFile.Failure) {
      var contents = try shelf.contents()
      let old = contents[name]
      let keeper = try shelf.keep(token, of: name, inFile: arguments.has("file"))
      if let old, old.keeper != keeper { try shelf.forget(old) }
      let profile = WorkspaceProfile(
        name: name, base: found.place.base, region: found.place.region,
        protection: protection ?? old?.protection ?? .ask,
        version: arguments.value("api-version") ?? old?.version, id: found.id, title: found.title,
        admin: found.admin, zone: found.zone, keeper: keeper)
      contents.profiles.removeAll { $0.name == name }
      contents.profiles.append(profile)
      contents.standard = contents.standard ?? name
      try shelf.save(contents)
      context.console.note(welcome(profile, shelf, isStandard: contents.standard == name))
      return .done
    } catch {
      throw error.problem
    }
  }

  private static func welcome(_ profile: WorkspaceProfile, _ shelf: WorkspaceShelf, isStandard: Bool)
    -> String
  {
    let title = profile.title.map { " (\($0))" } ?? ""
    let place = profile.region ?? profile.base.origin
    let keeper =
      profile.keeper == .keyring
      ? "in the keyring" : "in a file that only you can read, \(shelf.folder)/tokens/\(profile.name)"
    var text =
      "Logged in to \(profile.name)\(title), \(place), as \(profile.admin ?? "nobody in particular").\n"
    text += "The token lies \(keeper). Protection: \(profile.protection.rawValue).\n"
    if let zone = profile.zone { text += "Times without an offset are in \(zone).\n" }
    text +=
      isStandard
      ? "Commands work on it from now on."
      : "`--workspace \(profile.name)` works on it; `parlance workspaces use \(profile.name)` for good."
    return text
  }

  static func notAName(_ text: String) -> Problem {
    Problem(
      "`\(text)` is no name for a workspace", hints: ["small letters, digits, - and _, at most 40"],
      exit: .usage)
  }

  private static func protection(_ arguments: ParsedArguments) throws(Problem) -> Protection? {
    guard let word = arguments.value("protection") else { return nil }
    guard let protection = Protection(rawValue: word) else {
      throw UsageError.badValue(option: "protection", word, wanted: "read-only, ask or open").problem
    }
    return protection
  }

  // MARK: The token

  private static func readToken(_ context: CommandContext) throws(Problem) -> String {
    CoreDumps.forbid()
    let text = HiddenInput.read("Access token (not shown): ", context.console)
    guard let token = text?.trimmingWhiteSpace, !token.isEmpty else {
      throw Problem(
        "there is no token",
        hints: [
          "type it, or pipe it in: parlance login < FILE", "it is never an argument: others can see those",
        ],
        exit: .usage)
    }
    return token
  }

  // MARK: Whose it is

  private struct Place {
    var base: BaseURL
    var region: String?
  }

  private struct Found {
    var place: Place
    var id: String?
    var title: String?
    var admin: String?
    var zone: String?
  }

  /// Where to ask. Without a word from the user: the regions in turn, since a token is good in one.
  private static func places(_ arguments: ParsedArguments) throws(Problem) -> [Place] {
    if let text = arguments.value("base-url") {
      if arguments.has("region") { throw UsageError.excludeEachOther("base-url", "region").problem }
      return [Place(base: try Destination.address(text))]
    }
    if let word = arguments.value("region") {
      guard let base = BaseURL.region(word) else {
        throw UsageError.badValue(option: "region", word, wanted: "us, eu or au").problem
      }
      return [Place(base: base, region: word)]
    }
    return [Place(base: .us, region: "us"), Place(base: .eu, region: "eu"), Place(base: .au, region: "au")]
  }

  private static func ask(
    _ places: [Place], _ token: String, _ options: ClientOptions, _ context: CommandContext
  ) throws(Problem) -> Found {
    var refusal: Problem?
    for place in places {
      var configuration = ClientConfiguration(base: place.base) { _ in token }
      configuration.userAgent = "parlance/\(Tool.version)"
      options.apply(to: &configuration)
      if let watch = try RequestWatch(options.watch, context.console, configuration) {
        configuration.trace = { watch.saw($0) }
      }
      let request = HTTPRequest(.get, "/me", operation: "admins.me", requestClass: .read)
      switch Client(configuration).perform(request) {
      case .failure(let failure): throw Problem(failure.message(for: request), exit: .refused)
      case .success(let response) where response.isSuccess: return try found(response, place)
      case .success(let response):
        let error = APIError(response)
        let why = error.message ?? error.code ?? "no reason given"
        refusal = Problem(
          "\(place.base.host) answers \(response.status): \(why)",
          hints: response.status == 401
            ? ["copy the token again, or name its region: --region us, eu or au"] : [], exit: .refused)
        guard response.status == 401 else { break }
      }
    }
    throw refusal ?? Problem("no answer", exit: .refused)
  }

  private static func found(_ response: HTTPResponse, _ place: Place) throws(Problem) -> Found {
    guard let json = try? JSONValue.parse(response.body), json.objectValue != nil else {
      throw Problem("\(place.base.host) does not answer like the API", exit: .refused)
    }
    let app = json["app"]
    var found = Found(
      place: place, id: app?["id_code"]?.stringValue, title: app?["name"]?.stringValue,
      admin: json["name"]?.stringValue ?? json["email"]?.stringValue,
      zone: app?["timezone"]?.stringValue)
    // One host may pass a token of another region on; what is asked there directly is answered sooner.
    if place.region != nil, let region = app?["region"]?.stringValue?.lowercased(),
      let base = BaseURL.region(region)
    {
      found.place = Place(base: base, region: region)
    }
    return found
  }
}
