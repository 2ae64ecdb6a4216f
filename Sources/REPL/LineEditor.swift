import CEdit
import Glibc

/// The line editor: libedit draws and edits, this type reads the keys, keeps the history and completes.
/// Belongs to one thread. Only this file and its `LineEditor+…` parts know libedit.
final class LineEditor: LineSource {
  /// Read when an arrow, a search or the first statement asks: ten thousand entries take longer than a prompt may.
  lazy var history: History = loadHistory()
  private let loadHistory: () -> History
  let edit: OpaquePointer
  let output: TerminalOutput
  let interrupts: Interrupts
  let colour: Bool
  let complete: (_ statement: String, _ cursor: Int) -> CompletionAnswer
  /// Colours and hint for a line; nil without colour.
  let painter: LinePainter?
  /// What libedit and this type have drawn since the last key was waited for: it goes out in one write.
  let frame: FrameBuffer

  // What stands for the line being read.
  var prompt = Prompt("")
  var earlier: [String] = []
  var cursorInHistory = HistoryCursor()
  /// The line at the last Tab, to tell the second one.
  var lineAtTab: String?
  /// Set by a key that ends the reading; libedit itself only says that there is no line.
  var event: LineEvent?

  /// A hint stands behind the line.
  var hasHint = false
  var isSearching = false

  /// Scalars to be read before the terminal's.
  var injected: [Unicode.Scalar] = []
  var decoder = UTF8ScalarDecoder()
  private var promptBuffer: UnsafeMutablePointer<Int32>?

  /// Marks colours in the prompt, for libedit to leave them out of its counting.
  static let escape: Unicode.Scalar = "\u{1}"
  private static let prefillKey = "\u{1B}[9001~"
  private var prefill = ""

  /// Nil if libedit cannot work on this terminal.
  init?(
    loadHistory: @escaping () -> History, output: TerminalOutput, interrupts: Interrupts, colour: Bool,
    painter: LinePainter? = nil, complete: @escaping (String, Int) -> CompletionAnswer
  ) {
    CharacterWidth.prepare()
    guard let frame = FrameBuffer(), let edit = cedit_init("parlance", frame.stream) else { return nil }
    self.edit = edit
    self.frame = frame
    self.painter = colour ? painter : nil
    self.loadHistory = loadHistory
    self.output = output
    self.interrupts = interrupts
    self.colour = colour
    self.complete = complete
    cedit_set_client(edit, Unmanaged.passUnretained(self).toOpaque())
    cedit_set_editor(edit, "emacs")
    // The user's own settings first; ours go over them.
    el_source(edit, nil)
    cedit_set_prompt(edit, { LineEditor.of($0)?.currentPrompt() }, Int32(LineEditor.escape.value))
    cedit_set_read(edit) { edit, into in LineEditor.of(edit)?.readKey(into) ?? -1 }
    bindKeys(prefill: LineEditor.prefillKey)
  }

  deinit {
    el_end(edit)
    promptBuffer?.deallocate()
  }

  static func of(_ edit: OpaquePointer?) -> LineEditor? {
    guard let edit, let client = cedit_client(edit) else { return nil }
    return Unmanaged<LineEditor>.fromOpaque(client).takeUnretainedValue()
  }

  func readLine(_ prompt: Prompt, earlier: [String], prefill: String) -> LineEvent {
    self.prompt = prompt
    self.earlier = earlier
    self.prefill = prefill
    event = nil
    lineAtTab = nil
    cursorInHistory = HistoryCursor()
    if !prefill.isEmpty { injected = Array(LineEditor.prefillKey.unicodeScalars) + injected }
    output.beginEditing()
    interrupts.enter(.editing)
    // Before the prompt: what is typed as soon as it shows must not be echoed by the kernel too.
    cedit_prepare_terminal(edit, 1)
    // Asks the terminal to say where a paste begins and ends.
    put("\u{1B}[?2004h")
    var count: Int32 = 0
    let line = cedit_gets(edit, &count)
    let text = line.map { LineEditor.text($0, count: Int(count)) }
    hasHint = false
    put("\u{1B}[?2004l")
    frame.flush()
    interrupts.enter(.idle)
    output.endEditing()
    if let event {
      el_reset(edit)
      return event
    }
    guard var text else {
      el_reset(edit)
      return .end
    }
    if text.unicodeScalars.last == "\n" { text.unicodeScalars.removeLast() }
    return .line(text)
  }

  // MARK: The line in libedit's hands

  var line: String { LineEditor.text(cedit_buffer(edit), count: cedit_length(edit)) }
  var textBeforeCursor: String { LineEditor.text(cedit_buffer(edit), count: cedit_cursor(edit)) }

  func insert(_ text: String) {
    guard !text.isEmpty else { return }
    let scalars = text.unicodeScalars.filter { $0 != "\0" }.map { Int32(bitPattern: $0.value) } + [0]
    cedit_insert(edit, scalars)
  }

  /// Puts `text` in the line's place, the cursor after `cursor` of its scalars, by default at the end.
  func replaceLine(with text: String, cursor: Int? = nil) {
    let length = Int32(clamping: cedit_length(edit))
    el_cursor(edit, length)
    el_deletestr(edit, length)
    insert(text)
    if let cursor { el_cursor(edit, Int32(clamping: cursor - text.unicodeScalars.count)) }
  }

  func insertPrefill() {
    insert(prefill)
    prefill = ""
  }

  static func text(_ scalars: UnsafePointer<Int32>?, count: Int) -> String {
    var view = String.UnicodeScalarView()
    guard let scalars else { return "" }
    for value in UnsafeBufferPointer(start: scalars, count: max(0, count)) {
      view.append(Unicode.Scalar(UInt32(bitPattern: value)) ?? "\u{FFFD}")
    }
    return String(view)
  }

  /// libedit reads the prompt from memory of ours each time it draws.
  private func currentPrompt() -> UnsafeMutablePointer<Int32>? {
    promptBuffer?.deallocate()
    let scalars = prompt.rendered(colour: colour, escape: String(LineEditor.escape)).unicodeScalars
    let buffer = UnsafeMutablePointer<Int32>.allocate(capacity: scalars.count + 1)
    for (index, scalar) in scalars.enumerated() { buffer[index] = Int32(bitPattern: scalar.value) }
    buffer[scalars.count] = 0
    promptBuffer = buffer
    return buffer
  }
}
