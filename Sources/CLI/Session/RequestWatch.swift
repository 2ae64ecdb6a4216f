import Glibc
import HTTP
import JSON

/// Shows and records the requests of a command: `--trace`, `--har FILE`.
final class RequestWatch {
  /// What the flags ask for.
  struct Wishes {
    /// More than the line of `--trace`.
    enum Detail: String, CaseIterable { case line = "", bodies, curl }

    var trace: Detail?
    var archive: String?

    init() {}

    init(_ arguments: ParsedArguments) throws(Problem) {
      archive = arguments.value("har")
      if let word = arguments.value("trace") {
        guard let detail = Detail(rawValue: word) else {
          throw UsageError.badValue(option: "trace", word, wanted: "nothing, =bodies or =curl").problem
        }
        trace = detail
      }
    }

    var isEmpty: Bool { trace == nil && archive == nil }
  }

  private let wishes: Wishes
  private let console: Console
  private let base: BaseURL
  private let version: String
  private let caFile: String?
  private var archive: Int32 = -1
  private var end: off_t = 0
  private var isFirst = true

  /// Nil where nothing is asked for. Opens the archive: a file that cannot be written is told before the first
  /// request.
  init?(_ wishes: Wishes, _ console: Console, _ configuration: ClientConfiguration) throws(Problem) {
    guard !wishes.isEmpty else { return nil }
    self.wishes = wishes
    self.console = console
    base = configuration.base
    version = configuration.version
    caFile = configuration.caFile
    if let path = wishes.archive { try openArchive(path) }
  }

  deinit { if archive >= 0 { close(archive) } }

  func saw(_ event: TraceEvent) {
    if archive >= 0 { record(event) }
    switch wishes.trace {
    case nil: break
    case .line: console.complain(event.line)
    case .bodies:
      console.complain(event.line)
      for (mark, body) in [(">", event.request.body ?? []), ("<", event.responseBody)] where !body.isEmpty {
        console.complain("  \(mark) \(RequestWatch.shown(body))")
      }
    case .curl:
      console.complain(event.line)
      console.complain(CurlCommand.render(event.request, base: base, version: version, caFile: caFile))
    }
  }

  private static let longestBody = 4_000

  /// A body on one line; what a terminal could take for a command is taken out.
  static func shown(_ body: [UInt8]) -> String {
    var text = ""
    for scalar in String(decoding: body.prefix(longestBody), as: UTF8.self).unicodeScalars {
      text.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
    }
    return body.count > longestBody ? text + "… (\(body.count) bytes)" : text
  }

  // MARK: The archive

  /// The file is a whole archive after each entry: what a crash leaves behind can be opened.
  private func openArchive(_ path: String) throws(Problem) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    // It holds personal data.
    guard descriptor >= 0, fchmod(descriptor, 0o600) == 0 || isatty(descriptor) == 1 else {
      throw Problem("--har: `\(path)` cannot be written: \(String(cString: strerror(errno)))", exit: .usage)
    }
    archive = descriptor
    let head = HTTPArchive.head(creator: "parlance", version: Tool.version)
    write(head + HTTPArchive.tail)
    end = off_t(head.count)
  }

  private func record(_ event: TraceEvent) {
    let entry = (isFirst ? [] : Array(",\n".utf8)) + HTTPArchive.entry(event)
    isFirst = false
    write(entry + HTTPArchive.tail)
    end += off_t(entry.count)
  }

  private func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(archive, $0.baseAddress.map { $0 + sent }, bytes.count - sent, end + off_t(sent))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        console.complain(
          "--har: the file is full or gone (\(String(cString: strerror(errno)))); nothing more is recorded")
        close(archive)
        archive = -1
        return
      }
      sent += count
    }
  }
}
