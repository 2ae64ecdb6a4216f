import Intercom
import Machine

/// Undo, and plans that end before their script does.
extension ScriptRun {
  /// What would take the run's writes back. Nothing is written.
  public func undo(of reader: JournalReader, onlyCreated: Bool) throws -> Undo {
    try identify()
    let inverter = CatalogueInverter(binding: binding, signer: admin?.id)
    return try Undo(of: reader, by: inverter, onlyCreated: onlyCreated)
  }

  /// Makes the undo's run, frozen and planned.
  public func begin(_ undo: Undo) throws(RuntimeError) {
    let link = try openJournal()
    do throws(JournalError) {
      // In pieces: a run of a million writes has an undo of as many.
      var batch: [JournalChange] = [.mode("undo")]
      for change in undo.changes(now: moment.own) {
        batch.append(change)
        guard batch.count >= 1_000 else { continue }
        try link.commit(batch)
        batch = []
      }
      try link.commit(batch)
    } catch {
      throw RuntimeError("the journal cannot be written: \(error)", kind: .uncatchable, code: "journal")
    }
  }

  /// The plan reaches to the script's end.
  public func isWhole() throws(RuntimeError) -> Bool {
    do throws(JournalError) {
      return try (reader?.events() ?? []).last { $0.kind == "plan" }?.text != Self.endOfPlan
    } catch {
      throw unreadable(error)
    }
  }

  /// All of the plan is applied, and the script is not over.
  public func planIsOver() throws(RuntimeError) -> RuntimeError {
    stopped = .endOfPlan
    try commit([.mode("run")])
    return RuntimeError(
      "the plan is applied, and the script goes on after it", kind: .uncatchable, code: "stopped",
      hints: [
        "`parlance resume \(runID ?? "") --plan` shows what comes next",
        "`parlance resume \(runID ?? "")` goes on",
      ])
  }
}
