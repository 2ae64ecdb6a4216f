import Diagnostics
import Engine
import Glibc
import Runs
import Stdlib
import Terminal

/// The program: reads its arguments, does one command, says how it went.
struct Tool {
  static let version = "0.1.0"

  /// Of the declarations and the version: a plan or a block of another one is not gone on with.
  static let declarationsHash = String(
    Fingerprint(of: [version] + Stdlib.files.filter { $0.path.hasPrefix("api/") }.map { $0.text }).bits,
    radix: 16)

  private let words: [String]
  private let environment: [String: String]

  init(arguments: [String], environment: [String: String] = Tool.processEnvironment) {
    words = arguments
    self.environment = environment
  }

  /// The exit code.
  func run() -> Int32 {
    Signals.ignoreBrokenPipes()
    // Pagers, editors and what else is started from here have no use for it.
    unsetenv("INTERCOM_ACCESS_TOKEN")
    let console = Console()
    let code: Int32
    do throws(UsageError) {
      let line = try CommandLineReader.read(words)
      configure(console, line.arguments)
      code = run(line, console)
    } catch {
      configure(console, ParsedArguments())
      if case .helpOnGroup(let word) = error {
        console.write(HelpText.group(word))
        code = 0
      } else {
        code = Report(console).show(error.problem).rawValue
      }
    }
    console.flush()
    // As a program that dies of the broken pipe would say it; what ran was interrupted because of it.
    let isQuietEnd = code == 0 || code == ExitCode.interrupted.rawValue && Signals.first == nil
    return console.isCutOff && isQuietEnd ? 128 + SIGPIPE : code
  }

  private func configure(_ console: Console, _ arguments: ParsedArguments) {
    console.isQuiet = arguments.has("q")
    console.errorStyle = Style(
      isTerminal: TerminalDevice.standardError.isTerminal, environment: environment,
      noColorOption: arguments.has("no-color"))
  }

  private func run(_ line: CommandLineReader.Result, _ console: Console) -> Int32 {
    let context = CommandContext(arguments: line.arguments, console: console, environment: environment)
    do throws(Problem) {
      if line.arguments.has("version") {
        console.print("parlance \(Tool.version)")
        return 0
      }
      let code = try CommandRunner.run(line.command, context)
      if code == .interrupted, let signal = Signals.first { return 128 + signal }
      return code.rawValue
    } catch {
      return Report(console).show(error).rawValue
    }
  }

  static var processEnvironment: [String: String] {
    var found: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      // Bytes, not characters: this is on the way of every start.
      if let equals = strchr(text, Int32(UInt8(ascii: "="))) {
        let name = UnsafeRawBufferPointer(start: text, count: UnsafePointer(equals) - UnsafePointer(text))
        found[String(decoding: name, as: UTF8.self)] = String(cString: equals + 1)
      }
      entry += 1
    }
    return found
  }
}
