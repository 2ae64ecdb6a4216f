import Catalogue
import HTTP
import Intercom
import JSON
import Machine

/// The one gate: no write without a journal.
extension ScriptRun: WriteGate {
  public func admit(_ write: PendingWrite) throws(RuntimeError) -> GateDecision {
    if let program = write.context as? BlockProgram { return program.ask(write) }
    let single = self.single ?? SingleStep(statement: 0)
    self.single = single
    if let program = single.program { return program.ask(write) }
    let request = try self.request(of: write)
    if single.row == nil {
      try begin(single, named: write.operation.qualifiedName)
      if let row = single.row, row.phase == .ended, let reader {
        do throws(JournalError) { single.record = try reader.log(step: row.no, item: 1) } catch {
          throw unreadable(error)
        }
      }
    }
    guard let row = single.row else {
      return .refuse(RuntimeError("the step has no journal", kind: .uncatchable))
    }
    single.writes += 1
    let id = EntryID(step: row.no, item: 1, seq: single.writes)
    if let record = single.record { return recorded(record, single.writes, request, write) }
    if plansOnly { return try plan(id, request, write) }
    if options.approved[row.no] == nil, row.source != .list, try !isKnown(row) {
      if let refusal = try askForStatement(request) { return .refuse(refusal) }
    }
    let program = BlockProgram(self, statement: write.fiber)
    single.program = program
    single.isDue = true
    return program.ask(write)
  }

  /// Writes go by the executor; none comes back here.
  public func completed(_ write: PendingWrite, _ outcome: WriteOutcome) {}

  func unreadable(_ error: JournalError) -> RuntimeError {
    RuntimeError("the journal cannot be read: \(error)", kind: .uncatchable, code: "journal")
  }

  // MARK: Statements

  private func begin(_ single: SingleStep, named name: String) throws(RuntimeError) {
    let link = try openJournal()
    steps += 1
    do throws(JournalError) {
      if let known = try link.reader.steps().first(where: { $0.no == steps }) {
        single.row = known
        return
      }
      var row = StepRow(
        no: steps, statement: single.statement, name: name, source: plansOnly ? .list : .script,
        phase: .frozen,
        items: 1)
      row.captured = StepRow.scriptMark
      single.row = row
      let item = ItemRow(step: row.no, no: 1, key: name, readAt: moment.own)
      try link.commit(log.take() + [.step(row), .items([item])])
    } catch {
      throw RuntimeError("the journal cannot be written: \(error)", kind: .uncatchable, code: "journal")
    }
  }

  /// The step had written something before: it was approved then.
  private func isKnown(_ row: StepRow) throws(RuntimeError) -> Bool {
    guard resumed != nil, let reader else { return false }
    do throws(JournalError) { return try !reader.log(step: row.no, item: 1).isEmpty } catch {
      throw unreadable(error)
    }
  }

  private func plan(_ id: EntryID, _ request: WriteRequest, _ write: PendingWrite) throws(RuntimeError)
    -> GateDecision
  {
    guard !machine.isCatching(write.fiber) else {
      throw planEnds("a `try` around `\(request.operation)` decides by what becomes of it")
    }
    try commit([.log(LogRow(id: id, write: request, state: .planned))])
    plannedWrites += 1
    var facts = plans.last.flatMap { $0.step.no == id.step ? $0.facts : nil } ?? PlanFacts()
    facts.note(request)
    if plans.last?.step.no == id.step { plans.removeLast() }
    if let row = single?.row { plans.append((row, facts)) }
    return .answer(write.standIn(standInID(for: write, entry: id, request)))
  }

  /// Nil: go on.
  private func askForStatement(_ request: WriteRequest) throws(RuntimeError) -> RuntimeError? {
    if options.protection == .readOnly {
      return refusal(
        "this workspace is read-only here, and `\(request.operation)` writes",
        ["the workspace's profile says so"])
    }
    guard options.asks else { return nil }
    voice.say(PlanFacts.line(request, withArguments: true))
    guard let yes = approve("Send it, and what else this statement writes?", grave: request.effect != .write)
    else {
      return refusal(
        "`\(request.operation)` writes, and there is no terminal to ask on",
        ["`--apply` says yes in advance; `parlance plan` shows what would be written"])
    }
    return yes ? nil : refusal("nothing was written: you said no", [])
  }

  /// What a person says; for what cannot be taken back the answer is the workspace's name.
  public func approve(_ question: String, grave: Bool) -> Bool? {
    guard grave, options.isLive else { return voice.confirm(question) }
    let name = admin?.workspaceName ?? workspace
    return voice.confirm(question, byTyping: name)
  }

  /// A step that has ended, in a run that goes on: what the journal says.
  private func recorded(_ record: [LogRow], _ number: Int, _ request: WriteRequest, _ write: PendingWrite)
    -> GateDecision
  {
    let entry = record.first { $0.id.seq == number }
    let isPlanned = single?.row?.source == .list
    guard let entry, isPlanned ? entry.operation == request.operation : entry.print == request.fingerprint
    else {
      return .refuse(
        RuntimeError(
          "the run wrote something else here before: \(entry?.operation ?? "nothing")", kind: .uncatchable,
          code: "diverged"))
    }
    switch entry.state {
    case .done: return .answer(value(of: entry.result ?? WriteResult(), write))
    case .refused:
      let problem = entry.problem ?? Problem(code: "refused", message: "the API refused it")
      return .refuse(RuntimeError(problem, operation: write.operation.qualifiedName))
    default: return .refuse(unknownOutcome(entry.id, entry.operation))
    }
  }

  func unknownOutcome(_ id: EntryID, _ operation: String) -> RuntimeError {
    RuntimeError(
      "the outcome of \(operation) (\(id)) is not known", kind: .uncatchable, code: "unknown_outcome",
      hints: ["look, then say it: `parlance settle \(runID ?? "") \(id) done` or `not-done`"])
  }

  /// The executor takes the statement's writes up.
  func start(_ single: SingleStep) throws(RuntimeError) {
    guard var row = single.row, let journal else { return }
    row.source = .script
    if let first = options.errors.forStatement { row.policy.errors = first }
    single.row = row
    try commit(log.take() + [.step(row)])
    do throws(JournalError) {
      let executor = try Executor(
        store: journal.reader, source: self, rules: options.rules, limits: Self.limits)
      self.executor = executor
      actions += try executor.begin(row, now: moment)
      if let pace { actions += executor.handle(.control(.rate(pace)), now: moment) }
    } catch {
      throw unreadable(error)
    }
  }

  /// `__step_end`: nil if the statement is over at once.
  func endSingle(_ fiber: Fiber) throws(RuntimeError) -> Value? {
    guard let single else { return .null }
    guard let program = single.program else {
      self.single = nil
      return .null
    }
    // The executor hears of it in the turn that made the statement go on.
    single.ending = fiber
    program.end()
    return nil
  }

  /// The statement's item has its end.
  func ended(_ single: SingleStep, _ tally: Tally) {
    executor = nil
    wakeAt = nil
    self.single = nil
    for state in ItemState.allCases { total[state] += tally[state] }
    if let fiber = single.ending { return machine.resume(fiber, with: .success(.null)) }
    guard let row = single.row, let program = single.program, let reader else { return }
    // It ended while its script waits for a write: that write's fate is the script's.
    let item = (try? reader.item(step: row.no, no: 1)) ?? nil
    switch item?.state {
    case .unknown?:
      let open = (try? reader.log(step: row.no, item: 1))?.last { $0.state.isOpen }
      program.fail(
        unknownOutcome(open?.id ?? EntryID(step: row.no, item: 1, seq: 1), open?.operation ?? row.name))
    case .changed?, .diverged?:
      program.fail(
        RuntimeError(
          "nothing was sent: \(item?.problem?.message ?? "the record was changed")", kind: .uncatchable,
          code: item?.state.rawValue ?? "changed"))
    default:
      program.fail(
        RuntimeError(
          item?.problem?.message ?? "the statement cannot go on", kind: .uncatchable,
          code: item?.problem?.code ?? "stopped"))
    }
  }

  // MARK: Writes as the journal has them

  func request(of write: PendingWrite) throws(RuntimeError) -> WriteRequest {
    let request: WriteRequest
    if write.operation.officialName == nil, write.operation.resource == "api" {
      request = WriteRequest(
        operation: write.operation.qualifiedName, effect: .destroy, settle: .none,
        isBodyless: write.request.body == nil, target: nil, arguments: RequestText.text(of: write.request))
    } else {
      request = WriteCall(write.operation, write.arguments, binding.catalogue).request(write.request)
    }
    if RequestText.hasWovenPlaceholder(request.arguments) {
      throw RuntimeError(
        "it puts the id of a record that is still to be made into a text", kind: .uncatchable,
        code: Self.dependsOnAnswer)
    }
    return request
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

extension StepRow {
  static let scriptMark = "script"

  /// A statement of the script itself: what it got it may need again.
  var isScript: Bool { source == .script || captured == Self.scriptMark }
}

extension StepPolicy.ErrorLimit {
  /// A single statement has one item: a share of one says nothing.
  fileprivate var forStatement: Self? {
    if case .count = self { return self }
    return nil
  }
}

extension PlanFacts {
  /// A statement's own write.
  mutating func note(_ request: WriteRequest) {
    var row = ItemRow(step: 1, no: 1, key: request.operation, readAt: 0)
    row.state = .pending
    add(row, [LogRow(id: EntryID(step: 1, item: 1, seq: 1), write: request, state: .planned)])
    isStatement = true
  }
}
