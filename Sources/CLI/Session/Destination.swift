import Diagnostics
import HTTP
import Runs

/// The workspace that a command works on, decided from flags, environment and logins before anything is opened.
enum Destination {
  /// A workspace inside this process, gone with it.
  case sandbox(seed: String, isDefault: Bool)
  /// Intercom itself, by region, with the token of the environment.
  case live(region: String)
  /// An address of the user's: a sandbox server, a proxy.
  case address(BaseURL)
  /// One that somebody logged in to.
  case workspace(WorkspaceProfile)

  static func choose(_ arguments: ParsedArguments, environment: [String: String]) throws(Problem)
    -> Destination
  {
    let ways = ["sandbox", "base-url", "workspace"].filter { arguments.has($0) }
    if ways.count > 1 { throw UsageError.excludeEachOther(ways[0], ways[1]).problem }
    if let name = arguments.value("workspace") { return .workspace(try profile(name, environment)) }
    if let text = arguments.value("base-url") { return .address(try address(text)) }
    if let seed = arguments.value("sandbox") {
      let name = seed.isEmpty ? "demo" : seed
      guard ["demo", "empty"].contains(name) || Int(name).map({ (1...10_000_000).contains($0) }) ?? false
      else {
        throw UsageError.badValue(option: "sandbox", seed, wanted: "demo, empty, or a number of contacts")
          .problem
      }
      return .sandbox(seed: name, isDefault: false)
    }
    let isGiven = ["INTERCOM_ACCESS_TOKEN", "INTERCOM_ACCESS_TOKEN_FILE"].contains {
      environment[$0]?.isEmpty == false
    }
    guard isGiven else {
      let contents = try contents(environment)
      if let profile = contents.standard.flatMap({ contents[$0] }) { return .workspace(profile) }
      return .sandbox(seed: "demo", isDefault: true)
    }
    let region = environment["INTERCOM_REGION"].flatMap { $0.isEmpty ? nil : $0 } ?? "us"
    guard BaseURL.region(region) != nil else {
      throw Problem("INTERCOM_REGION is `\(region)`", hints: ["there are us, eu and au"], exit: .usage)
    }
    return .live(region: region)
  }

  static func address(_ text: String) throws(Problem) -> BaseURL {
    do throws(BaseURL.Invalid) { return try BaseURL(text) } catch {
      throw Problem("--base-url: \(error.message)", exit: .usage)
    }
  }

  private static func contents(_ environment: [String: String]) throws(Problem) -> WorkspaceShelf.Contents {
    do throws(PrivateFile.Failure) {
      return try WorkspaceShelf.find(in: environment)?.contents() ?? .init()
    } catch {
      throw error.problem
    }
  }

  private static func profile(_ name: String, _ environment: [String: String]) throws(Problem)
    -> WorkspaceProfile
  {
    let contents = try contents(environment)
    if let profile = contents[name] { return profile }
    throw Problem.noWorkspace(name, contents)
  }

  /// A workspace that nobody else sees and that ends with the process: there is nothing to journal for.
  var isEphemeral: Bool {
    if case .sandbox = self { true } else { false }
  }

  /// `PARLANCE_PROTECTION` serves where there is no login to say it, such as in a CI job.
  func protection(_ arguments: ParsedArguments, environment: [String: String]) throws(Problem) -> Protection {
    if arguments.has("read-only") { return .readOnly }
    if case .workspace(let profile) = self { return profile.protection }
    if isEphemeral { return .open }
    guard let word = environment["PARLANCE_PROTECTION"], !word.isEmpty else { return .ask }
    guard let protection = Protection(rawValue: word) else {
      throw Problem(
        "PARLANCE_PROTECTION is `\(word)`", hints: ["there are read-only, ask and open"], exit: .usage)
    }
    return protection
  }

  /// The IANA name of the zone in which scripts read and show times: `PARLANCE_ZONE`, else the login's; nil: UTC.
  /// One that the machine has no rules for is refused: a literal would mean another time without a word.
  func zone(environment: [String: String]) throws(Problem) -> String? {
    let said = environment["PARLANCE_ZONE"].flatMap { $0.isEmpty ? nil : $0 }
    var name = said
    var owner = "PARLANCE_ZONE"
    if case .workspace(let profile) = self, said == nil {
      name = profile.zone
      owner = "the time zone of \(profile.name)"
    }
    guard let name else { return nil }
    guard LocalZone.isKnown(name) else {
      throw Problem(
        "\(owner) is `\(name)`, which this machine does not know",
        hints: [
          said == nil ? "install the package tzdata, or set PARLANCE_ZONE" : "a name such as Europe/Dublin"
        ], exit: .usage)
    }
    return name
  }

  func tokenSource(environment: [String: String]) -> TokenSource {
    if isEphemeral { return TokenSource(.anything) }
    if case .workspace(let profile) = self {
      guard let shelf = WorkspaceShelf.find(in: environment) else { return TokenSource(.none) }
      return TokenSource(.workspace(profile, shelf))
    }
    if let token = environment["INTERCOM_ACCESS_TOKEN"], !token.isEmpty { return TokenSource(.value(token)) }
    if let path = environment["INTERCOM_ACCESS_TOKEN_FILE"], !path.isEmpty { return TokenSource(.file(path)) }
    if case .address(let base) = self, base.isLoopback { return TokenSource(.anything) }
    return TokenSource(.none)
  }
}

extension Problem {
  static func noWorkspace(_ name: String, _ contents: WorkspaceShelf.Contents) -> Problem {
    let known = contents.profiles.map(\.name)
    return Problem(
      "there is no workspace called `\(name)`",
      hints: [
        Spelling.nearest(name, in: known).map { "did you mean `\($0)`?" }
          ?? (known.isEmpty
            ? "`parlance login` logs in to one" : "there are " + known.joined(separator: ", "))
      ], exit: .usage)
  }
}
