@testable import Runs

extension Simulation {
  /// Everything that is wrong after the run: the invariants of docs/runs.md.
  func audit() -> [String] {
    var wrong = problems
    let state = store.state
    let hasEnded = state.run.state == .done
    for entry in state.logs.joined() where entry.kind == .write {
      let effects = server.ledger.filter { $0.entry == entry.id }
      guard let request = entry.request else { continue }
      // 1
      let isHarmless = request.settle == .set || request.settle.repeats
      if !isHarmless, effects.count > 1 {
        wrong.append("\(entry.id) \(request.operation): \(effects.count) effects")
      }
      // 2
      switch entry.state {
      case .done:
        let wasSo = entry.how == .inferred || entry.how == .matched || entry.how == .repeated
        if effects.isEmpty, !(isHarmless && wasSo) {
          wrong.append("\(entry.id) \(request.operation): done without effect")
        }
      case .refused, .absent, .planned:
        if !effects.isEmpty { wrong.append("\(entry.id) \(request.operation): \(entry.state) with effect") }
      case .intent, .unknown: break
      }
      // 8
      if scenario.source == .list, effects.contains(where: { $0.request != planned(entry.id) }) {
        wrong.append("\(entry.id): not what was planned")
      }
    }
    for item in state.items {
      let log = state.logs[item.no - 1]
      // 4
      if hasEnded, item.state.isOpen { wrong.append("item \(item.no) is \(item.state) at the end") }
      if item.state == .done, log.contains(where: { $0.kind == .write && $0.state.isOpen }) {
        wrong.append("item \(item.no) is done with an open write")
      }
      // 6
      if item.state == .unknown, let open = log.last(where: { $0.kind == .write }) {
        let settle = open.request?.settle ?? .none
        let mayBe =
          [.search, .none, .child].contains(settle) || settle == .set && open.before == nil
          || open.attempt >= 6
          || settle.repeats
        if !mayBe { wrong.append("item \(item.no) is unknown by \(open.operation)") }
      }
      if item.problem?.status == 401 { wrong.append("item \(item.no) failed by a dead token") }
      let drifts = scenario.items[item.no - 1].drifts
      if item.state == .diverged, !drifts {
        wrong.append("item \(item.no) diverged: \(item.problem?.message ?? "")")
      }
      if mustDiverge.contains(item.no), item.state == .done {
        wrong.append("item \(item.no) should have diverged")
      }
      // A list knows its targets before; a block may ask for two records in opposite order.
      if item.problem?.code == "deadlock", scenario.source == .list {
        wrong.append("item \(item.no) deadlocked")
      }
    }
    if state.items.count != scenario.items.count { wrong.append("items were lost") }
    wrong += auditExit(hasEnded)
    // 7
    var entries: [EntryID] = []
    for effect in server.ledger where !entries.contains(effect.entry) { entries.append(effect.entry) }
    if let cap = scenario.caps.writes, entries.count > cap {
      wrong.append("\(entries.count) writes over \(cap)")
    }
    let destroys = entries.filter { id in
      server.ledger.contains { $0.entry == id && $0.request.effect == .destroy }
    }
    if let cap = scenario.caps.destroys, destroys.count > cap { wrong.append("\(destroys.count) destroys") }
    return wrong
  }

  private func auditExit(_ hasEnded: Bool) -> [String] {
    guard let exit = store.state.run.exit, let tally = try? store.tally(step: 1) else {
      return ["the run has no exit code"]
    }
    let expected: ExitCode =
      tally[.unknown] > 0 ? .unknown : !hasEnded ? .stopped : tally.failures > 0 ? .someFailed : .done
    return exit == expected ? [] : ["exit \(exit), expected \(expected)"]
  }

  private func planned(_ id: EntryID) -> WriteRequest? {
    guard case .write(let request, _, _) = scenario.items[id.item - 1].calls[id.seq - 1] else { return nil }
    return request
  }

  /// 5: with nobody else at work, and all decided, the workspace is as after a run without faults.
  func isComparable(with calm: Simulation) -> Bool {
    func isClean(_ simulation: Simulation) -> Bool {
      simulation.store.state.items.allSatisfy { $0.state == .done || $0.state == .failed }
    }
    func states(_ simulation: Simulation) -> [[WriteState]] {
      simulation.store.state.logs.map { log in log.filter { $0.kind == .write }.map(\.state) }
    }
    let drifts = scenario.items.contains { $0.drifts }
    return !hasOutsider && !drifts && isClean(self) && isClean(calm) && states(self) == states(calm)
  }

  /// Runs the seed and what it is compared with; what is wrong.
  static func check(_ seed: UInt64, fault: Fault? = nil, coverage: inout Coverage) -> [String] {
    let rough = Simulation(seed: seed, fault: fault)
    rough.run()
    coverage.merge(rough.store.coverage)
    var wrong = rough.audit()
    if wrong.isEmpty {
      let calm = Simulation(seed: seed, isRough: false)
      calm.run()
      wrong += calm.audit().map { "calm: \($0)" }
      if rough.isComparable(with: calm), rough.server.picture != calm.server.picture {
        wrong.append("ends as\n\(rough.server.picture)\ninstead of\n\(calm.server.picture)")
      }
    }
    return wrong
  }
}
