import HTTP
import Runs

/// The workspace that a command works on, decided from flags and environment before anything is opened.
enum Destination {
  /// A workspace inside this process, gone with it.
  case sandbox(seed: String, isDefault: Bool)
  /// Intercom itself, by region.
  case live(region: String)
  /// An address of the user's: a sandbox server, a proxy.
  case address(BaseURL)

  static func choose(_ arguments: ParsedArguments, environment: [String: String]) throws(Problem)
    -> Destination
  {
    let ways = ["sandbox", "base-url", "workspace"].filter { arguments.has($0) }
    if ways.count > 1 { throw UsageError.excludeEachOther(ways[0], ways[1]).problem }
    if arguments.has("workspace") {
      throw Problem(
        "`--workspace` is not there yet: workspaces come with `parlance login`",
        hints: ["for now: set INTERCOM_ACCESS_TOKEN (and INTERCOM_REGION), or use --sandbox"], exit: .usage)
    }
    if let text = arguments.value("base-url") {
      do throws(BaseURL.Invalid) { return .address(try BaseURL(text)) } catch {
        throw Problem("--base-url: \(error.message)", exit: .usage)
      }
    }
    if let seed = arguments.value("sandbox") {
      let name = seed.isEmpty ? "demo" : seed
      guard ["demo", "empty"].contains(name) || Int(name).map({ (1...10_000_000).contains($0) }) ?? false
      else {
        throw UsageError.badValue(option: "sandbox", seed, wanted: "demo, empty, or a number of contacts")
          .problem
      }
      return .sandbox(seed: name, isDefault: false)
    }
    guard environment["INTERCOM_ACCESS_TOKEN"]?.isEmpty == false else {
      return .sandbox(seed: "demo", isDefault: true)
    }
    let region = environment["INTERCOM_REGION"].flatMap { $0.isEmpty ? nil : $0 } ?? "us"
    guard BaseURL.region(region) != nil else {
      throw Problem("INTERCOM_REGION is `\(region)`", hints: ["there are us, eu and au"], exit: .usage)
    }
    return .live(region: region)
  }

  /// A workspace that nobody else sees and that ends with the process: there is nothing to journal for.
  var isEphemeral: Bool {
    if case .sandbox = self { true } else { false }
  }
}
