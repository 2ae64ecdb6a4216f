import Catalogue
import Intercom
import Machine

/// A bulk's way from frozen to its account.
extension ScriptRun: ProgramSource {
  /// Blocks run and nothing is sent.
  var isPlanning: Bool { planner != nil }

  func startPlanning(_ bulk: BulkStep) throws(RuntimeError) {
    // A step becomes a list when all of it is planned; one that died before is planned anew.
    if bulk.isFrozen, bulk.row.source == .list || bulk.row.phase == .ended || isBegun(bulk) {
      return startApplying(bulk)
    }
    guard let reader else { throw RuntimeError("the journal is not open", kind: .uncatchable) }
    try flushLog()
    do throws(JournalError) {
      let planner = Planner(bulk.row, store: reader, source: self)
      self.planner = planner
      heldLines = []
      heldBytes = 0
      planActions = try planner.begin()
    } catch {
      throw unreadable(error)
    }
  }

  /// It ran by block, and some of its items have begun.
  private func isBegun(_ bulk: BulkStep) -> Bool {
    guard bulk.row.source == .block, let reader else { return false }
    let tally = tally(of: bulk.row)
    return tally[.working] + tally[.parked] > 0
      || ((try? reader.hasIntents(step: bulk.row.no)) ?? false) || options.approved[bulk.row.no] != nil
  }

  func perform(_ action: Planner.Action) {
    switch action {
    case .commit(let changes):
      // Many items a commit: nothing is sent on the strength of a plan that is not over.
      planChanges += changes
      if planChanges.count >= 1_000 { flushPlan() }
    case .read(let id, let read):
      if plansOnly, plannedWrites > 0 {
        return end(with: planEnds("the block of \"\(bulk?.row.name ?? "")\" reads the API after a write"))
      }
      send(read) { [weak self] answer in
        self?.goOnPlanning { (planner) throws(JournalError) in try planner.read(id, answer) }
      }
    case .goOn: goOnPlanning { (planner) throws(JournalError) in try planner.goOn() }
    case .ended(let row, let facts):
      guard flushPlan() else { return }
      planner = nil
      planned(row, facts)
    case .interrupted(let reason): leave(reason)
    }
  }

  @discardableResult private func flushPlan() -> Bool {
    defer { planChanges = [] }
    do throws(RuntimeError) {
      try commit(planChanges)
      return true
    } catch {
      end(with: error)
      return false
    }
  }

  private func goOnPlanning(_ next: (Planner) throws(JournalError) -> [Planner.Action]) {
    guard let planner else { return }
    do throws(JournalError) { planActions += try next(planner) } catch {
      end(with: unreadable(error))
    }
  }

  private func planned(_ row: StepRow, _ facts: PlanFacts) {
    guard let bulk else { return }
    bulk.row = row
    bulk.facts = facts
    plans.append((row, facts))
    // What the blocks printed is said now, unless they will run again.
    if facts.isComplete { for line in heldLines { engine.configuration.output(line) } }
    heldLines = []
    if forgets(facts) {
      bulk.row.policy.keepsNothing = true
      do throws(RuntimeError) {
        try commit([.step(bulk.row)] + (facts.isComplete ? [.forget(step: row.no)] : []))
      } catch {
        return end(with: error)
      }
    }
    if plansOnly {
      plannedWrites += facts.writes
      return finish(bulk, tally: tally(of: row))
    }
    guard facts.writes > 0 || !facts.isComplete else { return startApplying(bulk) }
    if options.protection == .readOnly {
      return end(with: refusal("this workspace is read-only here, and \"\(row.name)\" writes", []))
    }
    guard options.asks, options.approved[row.no] == nil else {
      if !facts.isComplete { voice.say(facts.obstacleText(of: row)) }
      return startApplying(bulk)
    }
    voice.say(facts.text(step: row, perMinute: perMinute))
    guard let yes = approve("Apply these \(facts.writes) writes?", grave: !facts.grave.isEmpty) else {
      return end(
        with: refusal(
          "\"\(row.name)\" would write \(facts.writes) times, and there is no terminal to ask on",
          ["`--apply` says yes in advance; `parlance plan` shows what would be written"]))
    }
    guard yes else { return end(with: refusal("nothing was written: you said no", [])) }
    startApplying(bulk)
  }

  /// An operation of the step journals ids only.
  private func forgets(_ facts: PlanFacts) -> Bool {
    if bulk?.row.policy.keepsNothing == true { return true }
    return facts.counts.contains { count in
      let parts = count.operation.split(separator: ".").map(String.init)
      return parts.count == 2
        && binding.catalogue.operations(parts[0], parts[1]).contains { $0.keepsNothing }
    }
  }

  /// Writes a minute at the present budget.
  public var perMinute: Int {
    let limit = binding.transport.client.statistics.limit.map { $0 * 6 } ?? 9_600
    return max(1, limit * 8 / 10)
  }

  func startApplying(_ bulk: BulkStep) {
    guard let reader else { return }
    do throws(JournalError) {
      if bulk.row.phase == .ended { return finish(bulk, tally: tally(of: bulk.row), isOld: true) }
      let executor = try Executor(store: reader, source: self, rules: options.rules, limits: Self.limits)
      // Who has been shown counts gets no more than these; who said `--apply` was shown none.
      let shown = options.approved[bulk.row.no] ?? (options.asks ? bulk.facts : nil)
      if bulk.row.source != .list, let shown { executor.hold(to: shown) }
      self.executor = executor
      actions += try executor.begin(bulk.row, now: moment)
      if let pace { actions += executor.handle(.control(.rate(pace)), now: moment) }
    } catch {
      end(with: unreadable(error))
    }
  }

  static var limits: Executor.Limits { Executor.Limits() }

  func tally(of row: StepRow) -> Tally {
    do throws(JournalError) { return try reader?.tally(step: row.no) ?? Tally() } catch { return Tally() }
  }

  /// The step has an account: the script goes on.
  func finish(_ bulk: BulkStep, tally: Tally, isOld: Bool = false) {
    voice.endProgress()
    executor = nil
    wakeAt = nil
    self.bulk = nil
    for state in ItemState.allCases { total[state] += tally[state] }
    if let block = bulk.block { machine.release(block) }
    let isHalt = isOld && !bulk.row.policy.goesOn && tally.failures + tally[.unknown] > 0
    guard let fiber = bulk.fiber else { return }
    if isHalt { return machine.resume(fiber, with: .failure(notAllDone(bulk, tally))) }
    machine.resume(fiber, with: .success(account(bulk.row, tally, bulk.facts)))
  }

  func notAllDone(_ bulk: BulkStep, _ tally: Tally) -> RuntimeError {
    let failed = tally.failures + tally[.unknown]
    return RuntimeError(
      "\"\(bulk.row.name)\" ended with \(failed) \(failed == 1 ? "item" : "items") not done, so the script stops here",
      kind: .uncatchable, code: "bulk_failed",
      hints: [
        "`on_error: \"continue\"` lets the script go on",
        "`parlance runs show \(runID ?? "")` lists them",
      ])
  }

  /// The step cannot go on, and neither can the script.
  func end(with error: RuntimeError) {
    voice.endProgress()
    executor = nil
    planner = nil
    actions = []
    planActions = []
    planChanges = []
    events = []
    waitingForSlot = []
    wakeAt = nil
    failure = error
    if let single, let program = single.program {
      self.single = nil
      if let row = single.row { add(tally(of: row)) }
      if let fiber = single.ending {
        machine.resume(fiber, with: .failure(error))
      } else {
        program.fail(error)
      }
    }
    guard let bulk else { return }
    self.bulk = nil
    add(tally(of: bulk.row))
    if let block = bulk.block { machine.release(block) }
    if let fiber = bulk.fiber { machine.resume(fiber, with: .failure(error)) }
  }

  private func add(_ tally: Tally) { for state in ItemState.allCases { total[state] += tally[state] } }

  // MARK: Programs

  public func program(for item: ItemRow, of step: StepRow) throws(Problem) -> any ItemProgram {
    if let program = single?.program { return program }
    guard let bulk, let block = bulk.block, let record = item.record else {
      throw Problem(code: "no_program", message: "the item's record is not in the journal any more")
    }
    return BlockProgram(self, block: machine.kept(block), item: record)
  }

  /// Shows what a block has printed.
  func show(_ program: BlockProgram) {
    defer { program.lines = [] }
    guard isPlanning else {
      for line in program.lines { engine.configuration.output(line) }
      return
    }
    heldBytes += program.lines.reduce(0) { $0 + $1.utf8.count }
    if heldBytes <= 4 << 20 { heldLines += program.lines }
  }

  // MARK: Plans as data

  /// Applies the steps of a plan, in order: the script does not run. The account of each is said.
  public func applyPlan() throws(RuntimeError) {
    let link = try openJournal()
    do {
      let isUndo = try link.reader.run().mode == "undo"
      for var row in try link.reader.steps() where row.phase != .ended {
        // The plan ended while it read this step's items.
        if row.phase == .freezing { break }
        guard row.source == .list else {
          throw refusal(
            "the step \"\(row.name)\" could not be planned in full, so it cannot be applied from the plan",
            ["`parlance run` runs the script itself, held to what it shows"])
        }
        if !isUndo { row.policy.check = .first }
        row.policy.errors = options.errors
        try link.commit([.step(row), .caps(options.caps)])
        let step = BulkStep(row, Freeze(row, store: link.reader), keyFields: [], isFrozen: true)
        bulk = step
        failure = nil
        startApplying(step)
        while bulk != nil {
          if let flag = options.interrupted, flag() { _ = interrupt() }
          _ = wait()
        }
        if let failure { throw failure }
      }
    } catch let error as RuntimeError {
      throw error
    } catch let error as JournalError {
      throw unreadable(error)
    } catch {
      throw RuntimeError("\(error)", kind: .uncatchable)
    }
  }
}

extension ScriptRun {
  /// Lets the failed items of every step begin again. Before `prepareResume`.
  public func prepareRetry() throws(RuntimeError) {
    let link = try openJournal()
    do {
      let commands = RunCommands(link.reader)
      var found = false
      for var step in try link.reader.steps() {
        var last = 0
        var changed = false
        while let (changes, next) = try commands.retry(step, after: last) {
          try link.commit(changes)
          last = next
          changed = true
        }
        if changed, step.phase == .ended {
          step.phase = .frozen
          try link.commit([.step(step)])
        }
        found = found || changed
      }
      if !found { throw RunCommandError.nothingFailed }
    } catch let error as RuntimeError {
      throw error
    } catch {
      throw refusal("\(error)", [])
    }
  }
}
