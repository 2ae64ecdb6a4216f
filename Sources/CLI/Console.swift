import Glibc
import Terminal

/// The process's two streams: data goes to stdout, talk to stderr.
///
/// Stdout is buffered, by line on a terminal; whoever waits for something flushes first.
final class Console {
  /// Writes bytes to a descriptor; false once nobody reads there any more.
  typealias Writer = (Int32, UnsafeRawBufferPointer) -> Bool

  private static let bufferSize = 32 << 10

  let outputIsTerminal: Bool
  /// Colours for what goes to stderr.
  var errorStyle: Style
  /// No notes, only errors.
  var isQuiet = false
  /// Nobody reads stdout any more (`parlance … | head`): what follows is dropped.
  private(set) var isCutOff = false
  /// Told once when that happens.
  var onCutOff: () -> Void = {}

  private let writer: Writer
  private var buffer: [UInt8] = []

  init(
    outputIsTerminal: Bool = TerminalDevice.standardOutput.isTerminal, errorStyle: Style = .plain,
    writer: @escaping Writer = { DescriptorOutput.writeAll($1, to: $0) == nil }
  ) {
    self.outputIsTerminal = outputIsTerminal
    self.errorStyle = errorStyle
    self.writer = writer
  }

  /// A line of data.
  func print(_ line: String) {
    buffer.append(contentsOf: line.utf8)
    buffer.append(0x0A)
    if outputIsTerminal || buffer.count >= Console.bufferSize { flush() }
  }

  /// Data as it is.
  func write(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    if outputIsTerminal || buffer.count >= Console.bufferSize { flush() }
  }

  func flush() {
    guard !buffer.isEmpty else { return }
    if !isCutOff, !buffer.withUnsafeBytes({ writer(STDOUT_FILENO, $0) }) {
      isCutOff = true
      onCutOff()
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// A line that helps but is no error; silent under `-q`.
  func note(_ line: String) {
    if !isQuiet { complain(line) }
  }

  /// A line on stderr, always.
  func complain(_ text: String) {
    flush()
    var text = text.utf8.last == 0x0A ? text : text + "\n"
    text.withUTF8 { _ = writer(STDERR_FILENO, UnsafeRawBufferPointer($0)) }
  }

  /// Text for stderr as it is: progress, questions.
  func talk(_ text: String) {
    flush()
    var text = text
    text.withUTF8 { _ = writer(STDERR_FILENO, UnsafeRawBufferPointer($0)) }
  }
}
