import HTTP
import JSON
import Sandbox

/// Reads a workspace into a sandbox file. The client that it reads with refuses every write.
struct WorkspacePull {
  private var reader: WorkspaceReader
  private let console: Console

  init(
    _ destination: Destination, at base: BaseURL, _ context: CommandContext, limit: Int?, withParts: Bool
  ) throws(Problem) {
    let options = try ClientOptions(context.arguments, protection: .readOnly)
    let settings = try destination.client(
      at: base, options, destination.tokenSource(environment: context.environment), showing: context.console)
    console = context.console
    reader = WorkspaceReader(
      client: Client(settings), voice: ConsoleVoice(console, asks: false), limit: limit, withParts: withParts)
  }

  /// Only what is in there; whatever interrupts it leaves no file.
  init(_ pull: WorkspacePull, only extent: CopyExtent, unless isInterrupted: @escaping () -> Bool) {
    self = pull
    reader.extent = extent
    reader.isInterrupted = isInterrupted
    Signals.wake(reader.client.waker.writeEnd)
  }

  var statistics: ClientStatistics { reader.client.statistics }

  func make(_ path: String, pseudonyms: Pseudonyms?) throws -> SandboxFile {
    var reader = reader
    let me = try reader.get("/me")
    var configuration = SandboxConfiguration()
    configuration.seed = .empty
    if let zone = me["app"]?["timezone"]?.stringValue {
      if TimeZoneRule.named(zone) != nil {
        configuration.timeZone = zone
      } else {
        console.complain(
          "warning: the sandbox does not know the time zone \(zone): days are those of UTC")
      }
    }
    return try SandboxFile.pull(path, configuration, pseudonyms: pseudonyms) { records in
      try reader.read(into: records)
    }
  }
}
