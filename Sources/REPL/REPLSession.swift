/// What the shell asks of the workspace behind it. One statement runs at a time, on the thread that calls.
public protocol REPLSession: AnyObject {
  /// What the prompt shows; asked before each line.
  var facts: WorkspaceFacts { get }

  /// Runs a whole statement, or a pasted script. One that starts with `|` goes on from the last value. Lines that it prints go through the session's `OutputSink`
  /// while it runs. Begins by forgetting an interrupt that came before.
  func evaluate(_ source: String) -> REPLOutcome

  /// Shows what comes after what the last value's print ended with.
  func more() -> REPLOutcome

  /// Whether the statement goes on in the next line: an open bracket, an operator at the end.
  func isUnfinished(_ source: String) -> Bool

  /// Candidates for the word at `cursor`, which counts characters of `line`. `line` holds the whole statement,
  /// earlier lines included. Must answer soon: the line waits for it.
  func complete(line: String, cursor: Int) -> CompletionAnswer

  /// What a call's parentheses want, or what the word before the cursor does: shown dimmed behind the line. Asked
  /// at each key, so it must not look further than memory.
  func hint(line: String, cursor: Int) -> String?

  /// Whether a name is one of the workspace's resources, which the line shows in a colour of their own.
  func isResource(_ name: String) -> Bool

  /// Help on a topic, or on where to begin for nil. Nil when there is no such topic.
  func help(topic: String?) -> String?

  /// The topic that was probably meant; nil for none.
  func nearestTopic(_ topic: String) -> String?

  /// One line for each topic that has to do with `word`.
  func apropos(_ word: String) -> [String]

  /// Stops what `evaluate` runs. Called from a signal handler: it may set an atomic and nothing else.
  func interrupt()

  /// What `:stats` prints: requests, pages, time.
  var statistics: String { get }

  /// The request that was sent last as a command for curl, without the token; nil before the first.
  var lastRequest: String? { get }

  /// The statements that ran without an error, in order, as `:save` writes them.
  var successfulStatements: [String] { get }

  /// The workspaces that one could work on, a line each.
  var workspaces: [String] { get }

  /// Values that no history may hold, such as the access token.
  var secrets: [String] { get }
}

/// Where printed text goes while a statement runs.
public protocol OutputSink: AnyObject, Sendable {
  /// Writes text as it is; lines bring their own new line.
  func write(_ text: String)
}

public enum REPLOutcome: Sendable, Equatable {
  /// It ran. The value as text to show, nil if there is nothing to show.
  case ok(String?)
  /// It failed; the diagnostic, rendered.
  case failed(String)
  case interrupted
}

/// The facts that the prompt shows.
public struct WorkspaceFacts: Sendable, Equatable {
  /// How dangerous a statement can be.
  public enum Mode: Sendable, Equatable { case sandbox, readOnly, ask, open }

  public var name: String
  /// `us`, `eu`, `au`; empty for the sandbox.
  public var region: String
  public var mode: Mode

  public init(name: String, region: String = "", mode: Mode) {
    self.name = name
    self.region = region
    self.mode = mode
  }
}

/// What could stand at the cursor.
public struct CompletionAnswer: Sendable, Equatable {
  /// The characters of the line that a candidate takes the place of.
  public var replacing: Range<Int>
  public var candidates: [Candidate]

  public init(replacing: Range<Int>, candidates: [Candidate]) {
    self.replacing = replacing
    self.candidates = candidates
  }

  public static func nothing(at cursor: Int) -> CompletionAnswer {
    CompletionAnswer(replacing: cursor..<cursor, candidates: [])
  }

  public struct Candidate: Sendable, Equatable {
    public var text: String
    public var kind: Kind
    /// One line.
    public var about: String

    public init(_ text: String, _ kind: Kind, _ about: String = "") {
      self.text = text
      self.kind = kind
      self.about = about
    }
  }

  public enum Kind: String, Sendable {
    case resource, operation, function, argument, field, value, variable, keyword, topic, command, file
  }
}
