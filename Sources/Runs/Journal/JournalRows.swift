/// What a run is bound to and how it stands: one row.
public struct RunRow: Sendable, Equatable {
  public var id: String
  /// `--key`: one run a key and workspace.
  public var key: String?
  public var workspace: String
  public var admin: String
  public var account: String
  public var reason: String?
  /// `run`, `plan`, `undo`, `rehearse`.
  public var mode: String
  /// The mode of a run on a copy: nothing goes on with it.
  public static let rehearsal = "rehearse"
  /// The script's name, then every module's text: what `resume` runs.
  public var script: String
  public var program: String
  /// Of the program's text, of catalogue and bytecode: a plan or a replay by another binary is refused by it.
  public var programHash: String
  public var catalogueHash: String
  /// The texts of the modules that the script uses, as JSON: `[[path, user, text], …]`.
  public var modules = "[]"
  /// As JSON.
  public var params: String
  public var seed: UInt64
  /// What `now()` says: milliseconds since 1970.
  public var now: Int64
  public var caps: Caps
  public var state: RunState
  public var exit: ExitCode?
  public var startedAt: Int64
  public var endedAt: Int64?

  public init(
    id: String, key: String? = nil, workspace: String, admin: String = "", account: String = "",
    reason: String? = nil, mode: String = "run", script: String, program: String,
    programHash: String = "", catalogueHash: String = "", params: String = "{}", seed: UInt64 = 0,
    now: Int64, caps: Caps = Caps(), state: RunState = .planned
  ) {
    self.id = id
    self.key = key
    self.workspace = workspace
    self.admin = admin
    self.account = account
    self.reason = reason
    self.mode = mode
    self.script = script
    self.program = program
    self.programHash = programHash
    self.catalogueHash = catalogueHash
    self.params = params
    self.seed = seed
    self.now = now
    self.caps = caps
    self.state = state
    exit = nil
    startedAt = now
    endedAt = nil
  }
}

/// A top-level statement that can write.
public struct StepRow: Sendable, Equatable {
  /// Where the writes of its items come from.
  public enum Source: String, Sendable {
    case list
    case block
    /// The script itself: a writing statement outside a bulk. Its log is kept until the run ends.
    case script
  }

  /// How far the step is. Until `frozen` it has written nothing and is frozen again after a crash.
  public enum Phase: String, Sendable {
    case freezing
    case frozen
    case ended
  }

  public var no: Int
  /// The statement's place among the top-level ones.
  public var statement: Int
  public var name: String
  public var source: Source
  public var phase: Phase
  /// The data of top-level variables that are used from here on, and what the block sees of them; JSON.
  public var captured: String
  public var frozenFrom: Int64?
  public var frozenTo: Int64?
  public var items: Int
  /// The same API record a second time: counted once.
  public var duplicates: Int
  public var policy: StepPolicy

  public init(
    no: Int, statement: Int, name: String, source: Source, phase: Phase = .freezing,
    captured: String = "{}", items: Int = 0, policy: StepPolicy = StepPolicy()
  ) {
    self.no = no
    self.statement = statement
    self.name = name
    self.source = source
    self.phase = phase
    self.captured = captured
    frozenFrom = nil
    frozenTo = nil
    self.items = items
    duplicates = 0
    self.policy = policy
  }
}

/// An item as frozen, and how it stands.
public struct ItemRow: Sendable, Equatable {
  public var step: Int
  /// From 1, in the order of the sequence.
  public var no: Int
  public var key: String
  /// The API record that the item is, if it is one.
  public var ref: RecordRef?
  /// The record as read, as JSON; erased when the item is done.
  public var record: String?
  public var version: String?
  /// When the record was read: server time, milliseconds.
  public var readAt: Int64
  public var state: ItemState
  /// Ended before its end with a write done.
  public var isPartial: Bool
  public var problem: Problem?
  /// The block's value as JSON, or the reason of a skip or of what cannot be planned.
  public var note: String?

  public init(
    step: Int, no: Int, key: String, ref: RecordRef? = nil, record: String? = nil,
    version: String? = nil, readAt: Int64, state: ItemState = .pending
  ) {
    self.step = step
    self.no = no
    self.key = key
    self.ref = ref
    self.record = record
    self.version = version
    self.readAt = readAt
    self.state = state
    isPartial = false
    problem = nil
    note = nil
  }
}

/// One read or write of an item.
public struct LogRow: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case read
    case write
  }

  public var id: EntryID
  public var kind: Kind
  public var operation: String
  public var target: RecordRef?
  public var print: Fingerprint
  /// Of a write; its arguments are erased when the item is done.
  public var request: WriteRequest?
  /// The written fields before the write, as JSON; nil if they were not known at the time.
  public var before: String?
  /// Reads are `done` or `refused`.
  public var state: WriteState
  /// Sends so far: 1 with the first intent.
  public var attempt: Int
  public var problem: Problem?
  public var result: WriteResult?
  /// Server time of the first intent and of the latest: milliseconds.
  public var intentAt: Int64?
  public var sentAt: Int64?
  public var settledAt: Int64?
  public var how: VerdictSource?

  public init(id: EntryID, write request: WriteRequest, state: WriteState) {
    self.id = id
    kind = .write
    operation = request.operation
    target = request.target
    print = request.fingerprint
    self.request = request
    self.state = state
    attempt = 0
  }

  public init(id: EntryID, read request: ReadRequest, answer: Result<String, Problem>) {
    self.id = id
    kind = .read
    operation = request.operation
    target = request.target
    print = request.fingerprint
    self.request = nil
    attempt = 1
    switch answer {
    case .success(let body):
      state = .done
      result = WriteResult(body: body)
    case .failure(let problem):
      state = .refused
      self.problem = problem
    }
  }
}

/// A record that this run has written.
public struct Touched: Sendable, Equatable {
  public var version: String?
  /// Server time, milliseconds.
  public var at: Int64

  public init(version: String?, at: Int64) {
    self.version = version
    self.at = at
  }
}
