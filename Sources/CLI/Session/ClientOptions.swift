import HTTP

/// What flags say about the client, read before anything is opened.
struct ClientOptions {
  var share: Double?
  var caFile: String?
  var deadlines = Deadlines()
  var protection = Protection.ask
  var watch = RequestWatch.Wishes()

  init() {}

  init(_ arguments: ParsedArguments, protection: Protection) throws(Problem) {
    self.protection = protection
    share = try ClientOptions.share(arguments)
    caFile = try ClientOptions.caFile(arguments)
    deadlines = try ClientOptions.deadlines(arguments)
    watch = try RequestWatch.Wishes(arguments)
  }

  func apply(to configuration: inout ClientConfiguration) {
    if let share { configuration.share = share }
    configuration.caFile = caFile
    configuration.deadlines = deadlines
    configuration.protection = protection
  }

  private static func share(_ arguments: ParsedArguments) throws(Problem) -> Double? {
    guard let text = arguments.value("budget") else { return nil }
    let digits = text.hasSuffix("%") ? String(text.dropLast()) : ""
    guard let percent = Int(digits), (1...100).contains(percent) else {
      throw UsageError.badValue(option: "budget", text, wanted: "a share from 1% to 100%").problem
    }
    return Double(percent) / 100
  }

  private static func caFile(_ arguments: ParsedArguments) throws(Problem) -> String? {
    guard let path = arguments.value("ca-file") else { return nil }
    let bytes = try ScriptFile.bytes(ofFile: path)
    // libcurl would say no more than that the certificate cannot be verified.
    guard bytes.firstRange(of: Array("-----BEGIN CERTIFICATE-----".utf8)) != nil else {
      throw Problem("--ca-file: `\(path)` holds no certificate in PEM form", exit: .usage)
    }
    return path
  }

  /// `connect=5s,stall=20s,total=3m`, each of them or some.
  private static func deadlines(_ arguments: ParsedArguments) throws(Problem) -> Deadlines {
    var deadlines = Deadlines()
    guard let text = arguments.value("deadlines") else { return deadlines }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", maxSplits: 1)
      let milliseconds = words.count == 2 ? ParameterValue.milliseconds(String(words[1])) : nil
      let seconds = milliseconds.map { Double($0) / 1_000 } ?? 0
      guard seconds > 0 else { throw wrong(text) }
      switch words[0] {
      case "connect": deadlines.connect = seconds
      case "stall": deadlines.stall = seconds
      case "total": deadlines.total = seconds
      default: throw wrong(text)
      }
    }
    return deadlines
  }

  private static func wrong(_ text: String) -> Problem {
    UsageError.badValue(option: "deadlines", text, wanted: "connect=10s,stall=30s,total=90s, or some of them")
      .problem
  }
}
