import HTTP

extension Destination {
  /// Where its API is; nil for a sandbox of this process, which is somewhere once it was started.
  var base: BaseURL? {
    switch self {
    case .live(let region): BaseURL.region(region)
    case .address(let base): base
    case .workspace(let profile): profile.base
    case .sandbox: nil
    }
  }

  /// How a client talks to it. `console` shows what `--trace` and the like ask for; nil: nothing is sent.
  func client(
    at base: BaseURL, _ options: ClientOptions, _ tokens: TokenSource, showing console: Console?
  ) throws(Problem) -> ClientConfiguration {
    var configuration = ClientConfiguration(base: base) { try tokens.token(refused: $0) }
    configuration.userAgent = "parlance/\(Tool.version)"
    if case .workspace(let profile) = self, let version = profile.version { configuration.version = version }
    options.apply(to: &configuration)
    if let console, let watch = try RequestWatch(options.watch, console, configuration) {
      configuration.trace = { watch.saw($0) }
    }
    return configuration
  }
}
