import Catalogue
import Glibc
import HTTP
import Intercom
import JSON
import Machine

/// A writing statement outside a bulk: one item, whose writes are journaled in order.
final class SingleStep {
  let statement: Int
  var row: StepRow?
  var writes = 0
  var entries: [ObjectIdentifier: LogRow] = [:]
  var problem: Problem?

  init(statement: Int) { self.statement = statement }
}

/// The one gate: no write without a journal.
extension ScriptRun: WriteGate {
  public func admit(_ write: PendingWrite) throws(RuntimeError) -> GateDecision {
    if let program = write.context as? BlockProgram { return program.ask(write) }
    let single = self.single ?? SingleStep(statement: 0)
    self.single = single
    let request = self.request(of: write)
    if single.row == nil {
      steps += 1
      let row = StepRow(
        no: steps, statement: single.statement, name: write.operation.qualifiedName,
        source: isPlan ? .list : .block, phase: .frozen, items: 1)
      single.row = row
      _ = try openJournal()
      if try known(row.no) == nil {
        try commit([.step(row), .items([ItemRow(step: row.no, no: 1, key: row.name, readAt: moment.server)])])
      }
    }
    guard let row = single.row else {
      return .refuse(RuntimeError("the step has no journal", kind: .uncatchable))
    }
    single.writes += 1
    let id = EntryID(step: row.no, item: 1, seq: single.writes)
    if isPlan {
      try commit([.log(LogRow(id: id, write: request, state: .planned))])
      var facts = PlanFacts()
      facts.note(request)
      plans.append((row, facts))
      voice.say(
        "plan: \(request.operation)\(request.target.map { " \($0)" } ?? "") \(RequestText.body(request.arguments))"
      )
      return .answer(write.standIn(standInID(for: write, entry: id, request)))
    }
    if case .ask = options.mode {
      voice.say(
        "\(request.operation)\(request.target.map { " \($0)" } ?? "") \(RequestText.body(request.arguments))")
      guard let yes = voice.confirm("Send it?") else {
        return .refuse(
          refusal(
            "`\(request.operation)` writes, and there is no terminal to ask on",
            ["`--apply` says yes in advance; `parlance plan` shows what would be written"]))
      }
      guard yes else { return .refuse(refusal("nothing was written: you said no", [])) }
    }
    if let known = try recorded(id, request) { return known(write) }
    var entry = LogRow(id: id, write: request, state: .intent)
    entry.attempt = 1
    entry.intentAt = moment.server
    entry.sentAt = moment.server
    // On disk before a byte is sent.
    var item = ItemRow(step: row.no, no: 1, key: row.name, readAt: moment.server)
    item.state = .working
    try commit([.run(.running, exit: nil, at: moment.server), .item(item), .log(entry)])
    single.entries[ObjectIdentifier(write)] = entry
    write.request.runMark = "\(runID ?? "")/\(id)"
    write.request.requestClass = .otherWrite
    return .send
  }

  private func known(_ no: Int) throws(RuntimeError) -> StepRow? {
    do throws(JournalError) { return try reader?.steps().first { $0.no == no } } catch {
      throw RuntimeError("the journal cannot be read: \(error)", kind: .uncatchable, code: "journal")
    }
  }

  /// A run that goes on: what the journal says of this write.
  private func recorded(_ id: EntryID, _ request: WriteRequest) throws(RuntimeError) -> (
    (PendingWrite) -> GateDecision
  )? {
    guard resumed != nil, let reader else { return nil }
    do throws(JournalError) {
      guard let entry = try reader.entry(id) else { return nil }
      guard entry.print == request.fingerprint else {
        return { _ in
          .refuse(
            RuntimeError(
              "the run wrote something else here before: \(entry.operation)", kind: .uncatchable,
              code: "diverged"))
        }
      }
      switch entry.state {
      case .done:
        let result = entry.result ?? WriteResult()
        return { [self] write in .answer(value(of: result, write)) }
      case .refused:
        let problem = entry.problem ?? Problem(code: "refused", message: "the API refused it")
        return { .refuse(RuntimeError(problem, operation: $0.operation.qualifiedName)) }
      case .absent: return nil
      default:
        return { _ in
          .refuse(
            RuntimeError(
              "the outcome of \(entry.operation) (\(id)) is not known", kind: .uncatchable,
              code: "unknown_outcome",
              hints: ["look, then say it: `parlance settle \(self.runID ?? "") \(id) done` or `not-done`"]))
        }
      }
    } catch {
      throw RuntimeError("the journal cannot be read: \(error)", kind: .uncatchable, code: "journal")
    }
  }

  // MARK: Plans as data

  /// Applies the steps of a plan, in order: the script does not run. The account of each is said.
  public func applyPlan() throws(RuntimeError) {
    _ = try openJournal()
    do {
      for var row in try reader?.steps() ?? [] where row.phase != .ended {
        guard row.source == .list else {
          throw RuntimeError(
            "the step \"\(row.name)\" could not be planned in full, so it cannot be applied from the plan",
            kind: .uncatchable, code: "refused", hints: ["`parlance run` runs the script itself"])
        }
        row.policy.check = .first
        try journal?.commit([.step(row)])
        guard let reader else { return }
        let step = BulkStep(row, Freeze(row, store: reader), keyFields: [], isFrozen: true)
        bulk = step
        failure = nil
        startApplying(step)
        while bulk != nil { _ = wait() }
        if let failure { throw failure }
      }
    } catch let error as RuntimeError {
      throw error
    } catch {
      throw RuntimeError("the journal cannot be read: \(error)", kind: .uncatchable, code: "journal")
    }
  }

  public func completed(_ write: PendingWrite, _ outcome: WriteOutcome) {
    guard let single, var entry = single.entries.removeValue(forKey: ObjectIdentifier(write)) else { return }
    entry.settledAt = moment.server
    let answer: Answer
    switch outcome {
    case .done(let response):
      answer = Self.answer(.success(response), request: request(of: write), write.request)
    case .refused(let response, _):
      answer = Self.answer(.success(response), request: request(of: write), write.request)
    case .failed(let failure):
      answer = Self.answer(.failure(failure), request: request(of: write), write.request)
    }
    switch answer {
    case .success(let result, _, _):
      entry.state = .done
      entry.result = result
      entry.how = .answered
    case .status(let problem, _), .notSent(let problem):
      entry.state = .refused
      entry.problem = problem
      single.problem = problem
    case .broken(let problem):
      entry.state = .unknown
      entry.problem = problem
      single.problem = problem
      total[.unknown] += 1
    }
    do throws(RuntimeError) { try commit([.log(entry)]) } catch { voice.say("warning: \(error.message)") }
  }

  /// The statement is over: its item ends.
  func endSingle() throws(RuntimeError) {
    guard let single else { return }
    self.single = nil
    guard var row = single.row, !isPlan else { return }
    row.phase = .ended
    var item = ItemRow(step: row.no, no: 1, key: row.name, readAt: moment.server)
    item.state = .done
    total[.done] += 1
    try commit([.step(row), .item(item)])
  }

  /// The run is over: its state and exit code.
  public func finish(_ exit: ExitCode) {
    guard journal != nil, let reader else { return }
    do {
      // Nothing was sent and nothing is to be gone on with: the run leaves no trace.
      if wasRefused, resumed == nil, try reader.admitted().writes == 0 { return discard() }
      let run = try reader.run()
      let now = moment.server
      if isPlan {
        try commit([.run(.planned, exit: exit, at: now)])
      } else if run.state == .running || run.state == .planned {
        try commit([.run(exit == .done || exit == .someFailed ? .done : .stopped, exit: exit, at: now)])
      }
    } catch {
      voice.say("warning: \(error)")
    }
  }

  private func discard() {
    guard let directory = options.directory, let runID else { return }
    reader = nil
    journal = nil
    let path = directory.journal(of: runID)
    for name in [path, path + "-wal", path + "-shm"] { unlink(name) }
  }

  // MARK: Writes as the journal has them

  func request(of write: PendingWrite) -> WriteRequest {
    let operation = write.operation
    let rule = operation.settle.first { rule in
      rule.conditions.allSatisfy { condition in
        guard let given = write.arguments[condition.parameter], given != .null else { return false }
        return condition.values.isEmpty || condition.values.contains(given.stringValue ?? "")
      }
    }
    let settle: SettleClass =
      switch rule?.settleClass {
      case .set: .set
      case .key: .key
      case .gone: .gone
      case .child: .child
      case .search: .search
      case .redo: .redo
      case .some(.none), nil: .none
      }
    let effect: WriteEffect =
      switch operation.effect {
      case .destroy: .destroy
      case .outward: .outward
      case .read, .write: .write
      }
    var target: RecordRef?
    if let type = write.targetType, let id = write.targetID { target = RecordRef(type: type, id: id) }
    var written = JSONObject()
    for parameter in operation.parameters {
      guard let path = parameter.sets, path.count == 1, let name = path.first,
        let value = write.arguments[parameter.name]
      else { continue }
      written[name] = value
    }
    return WriteRequest(
      operation: operation.qualifiedName, effect: effect, settle: settle,
      looksFirst: rule?.details.contains("read") ?? false, isBodyless: write.request.body == nil,
      target: target,
      arguments: RequestText.text(of: write.request),
      written: written.isEmpty ? nil : JSONValue.object(written).text())
  }

  /// The id that a planned write's result bears: the target's where the write gives it back, else the place
  /// of the record that it will make.
  func standInID(for write: PendingWrite, entry: EntryID, _ request: WriteRequest) -> String {
    guard case .value(let type) = write.operation.result, let name = type.recordType else { return "" }
    if let target = request.target, target.type == name { return target.id }
    for parameter in write.operation.parameters where parameter.type.recordType == name {
      if let id = write.arguments[parameter.name]?.stringValue { return id }
    }
    return Placeholder.text(for: entry)
  }

  func value(of result: WriteResult, _ write: PendingWrite) -> Value {
    guard let body = result.body else { return .null }
    return binding.value(ofBody: body, write.operation)
  }
}

extension PlanFacts {
  /// A statement's own write.
  mutating func note(_ request: WriteRequest) {
    var row = ItemRow(step: 1, no: 1, key: request.operation, readAt: 0)
    row.state = .pending
    add(row, [LogRow(id: EntryID(step: 1, item: 1, seq: 1), write: request, state: .planned)])
  }
}
