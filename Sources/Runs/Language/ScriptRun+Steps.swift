import Intercom
import Machine

/// A bulk's way from frozen to its account.
extension ScriptRun: ProgramSource {
  func startPlanning(_ bulk: BulkStep) throws(RuntimeError) {
    // A step becomes a list when all of it is planned; one that died before is planned anew.
    if bulk.isFrozen, bulk.row.source == .list || bulk.row.phase == .ended { return startApplying(bulk) }
    guard let reader else { throw RuntimeError("the journal is not open", kind: .uncatchable) }
    do throws(JournalError) {
      let planner = Planner(bulk.row, store: reader, source: self, catchesWriteErrors: false)
      self.planner = planner
      planActions = try planner.begin()
    } catch {
      throw RuntimeError("the journal cannot be read: \(error)", kind: .uncatchable, code: "journal")
    }
  }

  func perform(_ action: Planner.Action) {
    switch action {
    case .commit(let changes):
      do throws(RuntimeError) { try commit(changes) } catch { end(with: error) }
    case .read(let id, _):
      // Blocks read by themselves (`BlockProgram.run`); the planner never asks.
      do throws(JournalError) {
        planActions +=
          try planner?.read(id, .failure(Problem(code: "no_read", message: "nothing to read"))) ?? []
      } catch {
        end(with: RuntimeError("\(error)", kind: .uncatchable))
      }
    case .ended(let row, let facts):
      planner = nil
      planned(row, facts)
    }
  }

  private func planned(_ row: StepRow, _ facts: PlanFacts) {
    guard let bulk else { return }
    bulk.row = row
    bulk.facts = facts
    plans.append((row, facts))
    switch options.mode {
    case .plan:
      voice.say(facts.summary(of: row))
      finish(bulk, tally: tally(of: row))
    case .ask:
      voice.say(facts.summary(of: row))
      guard facts.writes > 0 else { return startApplying(bulk) }
      guard let yes = voice.confirm("Apply these \(facts.writes) writes?") else {
        return end(
          with: refusal(
            "\"\(row.name)\" would write \(facts.writes) times, and there is no terminal to ask on",
            ["`--apply` says yes in advance; `parlance plan` shows what would be written"]))
      }
      guard yes else { return end(with: refusal("nothing was written: you said no", [])) }
      startApplying(bulk)
    case .apply, .resume:
      startApplying(bulk)
    }
  }

  func startApplying(_ bulk: BulkStep) {
    guard let reader else { return }
    if bulk.row.phase != .ended, !bulk.row.isListed(bulk.facts) {
      return end(
        with: refusal(
          "\"\(bulk.row.name)\" cannot be planned in full: \(bulk.facts?.obstacles.first?.reason ?? "its block reads what it wrote")",
          ["a bulk whose block decides by what it has written is not there yet", "nothing of it was written"])
      )
    }
    do throws(JournalError) {
      let executor = try Executor(store: reader, source: self, rules: options.rules, limits: Self.limits)
      self.executor = executor
      if bulk.row.phase == .ended {
        self.executor = nil
        return finish(bulk, tally: tally(of: bulk.row))
      }
      actions += try executor.begin(bulk.row, now: moment)
    } catch {
      end(with: RuntimeError("the journal cannot be read: \(error)", kind: .uncatchable, code: "journal"))
    }
  }

  /// Few enough in flight that the client's queue holds no intent back for long.
  private static var limits: Executor.Limits {
    var limits = Executor.Limits()
    limits.flights = 24
    limits.items = 64
    return limits
  }

  func tally(of row: StepRow) -> Tally {
    do throws(JournalError) { return try reader?.tally(step: row.no) ?? Tally() } catch { return Tally() }
  }

  /// The step has an account: the script goes on.
  func finish(_ bulk: BulkStep, tally: Tally) {
    voice.endProgress()
    executor = nil
    wakeAt = nil
    self.bulk = nil
    for state in ItemState.allCases { total[state] += tally[state] }
    if let block = bulk.block { machine.release(block) }
    if let fiber = bulk.fiber { machine.resume(fiber, with: .success(account(bulk.row, tally, bulk.facts))) }
  }

  /// The step cannot go on, and neither can the script.
  func end(with error: RuntimeError) {
    voice.endProgress()
    executor = nil
    planner = nil
    actions = []
    planActions = []
    wakeAt = nil
    guard let bulk else { return }
    self.bulk = nil
    failure = error
    let tally = tally(of: bulk.row)
    for state in ItemState.allCases { total[state] += tally[state] }
    if let block = bulk.block { machine.release(block) }
    if let fiber = bulk.fiber { machine.resume(fiber, with: .failure(error)) }
  }

  // MARK: Programs

  public func program(for item: ItemRow, of step: StepRow) throws(Problem) -> any ItemProgram {
    guard let bulk, let block = bulk.block, let record = item.record else {
      throw Problem(code: "no_program", message: "the item's record is not in the journal any more")
    }
    return BlockProgram(self, block: machine.kept(block), item: record)
  }
}

extension StepRow {
  /// Can be applied from the journal alone.
  func isListed(_ facts: PlanFacts?) -> Bool { facts.map { $0.isComplete } ?? (source == .list) }
}

extension PlanFacts {
  /// What a plan shows of one step.
  func summary(of step: StepRow) -> String {
    var lines = ["plan: \(step.name) — \(step.items) \(step.items == 1 ? "item" : "items")"]
    for count in counts {
      let mark =
        switch count.effect {
        case .write: ""
        case .destroy: "   cannot be undone"
        case .outward: "   a customer sees it"
        }
      lines.append("  + \(count.writes)  \(count.operation)\(mark)")
    }
    if writes == 0 { lines.append("  nothing to write") }
    for sample in samples {
      lines.append("    \(sample.key)")
    }
    if items > samples.count { lines.append("    … and \(items - samples.count) more") }
    if skipped > 0 { lines.append("  \(skipped) skipped by the block") }
    if failed > 0 { lines.append("  \(failed) fail before they write") }
    for obstacle in obstacles {
      lines.append("  cannot be planned: \(obstacle.reason)" + (obstacle.example.map { " (\($0))" } ?? ""))
    }
    if writes > 0 {
      let cost = cost(perMinute: 9_600)
      lines.append("  \(cost.requests) requests, about \(max(1, cost.minutes)) min at full rate")
    }
    return lines.joined(separator: "\n")
  }
}

extension ScriptRun {
  /// Lets the failed items of every step begin again. Before `prepareResume`.
  public func prepareRetry() throws(RuntimeError) {
    _ = try openJournal()
    guard let reader else { return }
    do {
      let commands = RunCommands(reader)
      var found = false
      for var step in try reader.steps() {
        var last = 0
        var changed = false
        while let (changes, next) = try commands.retry(step, after: last) {
          try commit(changes)
          last = next
          changed = true
        }
        if changed, step.phase == .ended {
          step.phase = .frozen
          try commit([.step(step)])
        }
        found = found || changed
      }
      if !found { throw RunCommandError.nothingFailed }
    } catch let error as RuntimeError {
      throw error
    } catch {
      throw RuntimeError("\(error)", kind: .uncatchable, code: "refused")
    }
  }
}
