import Builtins
import Bytecode
import Machine

/// The natives behind `bulk` (stdlib/prelude/bulk.parl) and behind the marks of writing statements.
extension ScriptRun {
  func registerNatives() {
    var table = NativeTable()
    table.add(
      "__bulk_begin",
      [
        .required("name"), .optional("key"), .optional("on_error"), .optional("max_age"), .optional("keep"),
      ],
      "Begins a step."
    ) { [unowned self] call in
      try begin(call)
      return .null
    }
    table.add("__bulk_is_frozen", [], "Whether the items lie in the journal already.") { [unowned self] _ in
      .bool(bulk?.isFrozen ?? false)
    }
    table.add("__bulk_add", [.required("item")], "Freezes an item; whether more are wanted.") {
      [unowned self] call in
      let isWanted = try add(call[0])
      obeyWhileFreezing()
      guard isHeld else { return isWanted }
      heldFiber = call.fiber
      return call.suspend()
    }
    table.add("__bulk_frozen", [], "Ends the freezing.") { [unowned self] _ in
      try endFreezing()
      return .null
    }
    table.add("__bulk_run", [.required("f")], "Plans or applies the step; gives its account.") {
      [unowned self] call in
      guard let bulk else { throw RuntimeError("no bulk has begun", kind: .uncatchable) }
      bulk.fiber = call.fiber
      bulk.batch = []
      bulk.block = call.machine.keep(call[0])
      // A step that ended before has its account at once, and a fiber can be resumed only once it waits:
      // the loop begins.
      bulk.isDue = true
      return call.suspend()
    }
    table.add("__step_begin", [.required("n")], "A statement that writes begins.") { [unowned self] call in
      single = SingleStep(statement: Int(call[0].asInt))
      return .null
    }
    table.add("__step_end", [.required("n")], "A statement that writes has ended.") { [unowned self] call in
      try endSingle(call.fiber) ?? call.suspend()
    }
    for native in table.natives { machine.register(native) }
  }

  private func begin(_ call: NativeCall) throws(RuntimeError) {
    let journal = try openJournal()
    try flushLog()
    steps += 1
    var policy = StepPolicy()
    policy.errors = options.errors
    switch call[2].tag == .string ? machine.text(of: call[2]) : "" {
    case "", "finish": break
    case "stop": policy.errors = .count(1)
    case "continue": policy.goesOn = true
    case let word:
      throw RuntimeError("`on_error` is \"stop\", \"finish\" or \"continue\", not \"\(word)\"")
    }
    if let age = options.maxAge { policy.maxAge = age }
    if call[3].tag == .duration { policy.maxAge = call[3].asInt }
    switch call[4].tag == .string ? machine.text(of: call[4]) : "" {
    case "", "records": break
    case "nothing": policy.keepsNothing = true
    case let word: throw RuntimeError("`keep` is \"nothing\" or \"records\", not \"\(word)\"")
    }
    var keyFields: [String] = []
    if call[1].tag == .string {
      keyFields = [machine.text(of: call[1])]
    } else if call[1].tag == .list {
      keyFields = machine.items(call[1]).map { machine.text(of: $0) }
    } else if !call[1].isAbsent, !call[1].isNull {
      throw RuntimeError("`key` names a field, or is a list of names, such as key: [\"user_id\", \"at\"]")
    }
    guard call[0].tag == .string else {
      throw RuntimeError("a bulk has a name: `bulk \"tag dormant\" { … }`")
    }
    do throws(JournalError) {
      let known = try journal.reader.steps().first { $0.no == steps }
      if let known, known.phase != .freezing {
        bulk = BulkStep(known, Freeze(known, store: journal.reader), keyFields: keyFields, isFrozen: true)
        return
      }
      let row = StepRow(
        no: steps, statement: steps, name: machine.text(of: call[0]), source: .block, policy: policy)
      var freeze = Freeze(row, store: journal.reader, limit: options.limit)
      let changes = freeze.begin(now: moment.own)
      try journal.commit(changes)
      bulk = BulkStep(row, freeze, keyFields: keyFields, isFrozen: false)
    } catch {
      throw RuntimeError("the journal cannot be written: \(error)", kind: .uncatchable, code: "journal")
    }
  }

  private func add(_ item: Value) throws -> Value {
    guard let bulk else { return .bool(false) }
    bulk.batch.append(try frozen(item, bulk))
    if bulk.batch.count >= BulkStep.batchSize { try flush(bulk) }
    return .bool(!bulk.freeze.isFull)
  }

  private func flush(_ bulk: BulkStep) throws {
    guard !bulk.batch.isEmpty else { return }
    do {
      try commit(try bulk.freeze.add(bulk.batch, now: moment.own))
    } catch let error as DuplicateKey {
      throw RuntimeError("\(error)", code: "duplicate_key")
    }
    bulk.batch.removeAll(keepingCapacity: true)
  }

  private func endFreezing() throws {
    guard let bulk else { return }
    try flush(bulk)
    try commit(bulk.freeze.finish(now: moment.own))
    bulk.row = bulk.freeze.step
    bulk.isFrozen = true
  }

  /// An item with its key: an API record's type and id, a group's key, a text or number itself, else its
  /// content.
  private func frozen(_ item: Value, _ bulk: BulkStep) throws(RuntimeError) -> FrozenItem {
    let text = try FrozenValue.text(of: item, machine)
    var result = FrozenItem(key: "", record: text)
    if let type = machine.typeName(of: item) {
      let id = machine.field("id", of: item)
      if id.tag == .string {
        let ref = RecordRef(type: type, id: machine.text(of: id))
        result.key = ref.description
        result.ref = ref
        let version = machine.field("updated_at", of: item)
        if version.tag == .time { result.version = String(version.asInt / 1000) }
      }
    }
    if !bulk.keyFields.isEmpty {
      var parts: [String] = []
      for name in bulk.keyFields {
        let part = machine.field(name, of: item)
        guard !part.isNull else {
          throw RuntimeError("the key `\(name)` is null in \(machine.short(item))", code: "no_key")
        }
        parts.append(machine.text(part))
      }
      result.key = parts.joined(separator: " · ")
    } else if result.key.isEmpty {
      switch item.tag {
      case .string, .int, .float, .time: result.key = machine.text(item)
      case .record where !machine.field("key", of: item).isNull && !machine.field("items", of: item).isNull:
        result.key = machine.text(machine.field("key", of: item))
      default: result.key = text
      }
    }
    return result
  }

  /// The account that `bulk` gives: rows by how they ended, read from the journal when somebody asks.
  func account(_ step: StepRow, _ tally: Tally, _ facts: PlanFacts?) -> Value {
    func rows(_ states: [ItemState]) -> Value {
      guard let reader = journal?.reader else { return machine.list([]) }
      let count = plansOnly ? 0 : states.reduce(0) { $0 + tally[$1] }
      return machine.sequence(
        over: AccountRows(reader, step: step.no, states: plansOnly ? [] : states, count: count))
    }
    return machine.record([
      ("name", machine.string(step.name)),
      ("items", .int(tally.total)),
      ("rows", rows(ItemState.allCases)),
      ("done", rows([.done])),
      ("skipped", rows([.skipped])),
      ("failed", rows([.failed, .changed, .diverged])),
      ("unknown", rows([.unknown])),
      ("planned", .int(facts?.writes ?? 0)),
      ("run", runID.map { machine.string($0) } ?? .null),
    ])
  }
}
