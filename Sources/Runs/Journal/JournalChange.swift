/// One change of the journal. A commit applies some, in order, all or none.
public enum JournalChange: Sendable, Equatable {
  /// `run`, `plan`, `undo`: a plan that goes on past its end becomes a run.
  case mode(String)
  /// The records of a step's items, once all of it is planned (`keep: "nothing"`).
  case forget(step: Int)
  /// What the script itself has read and got, when the run is over.
  case eraseScript
  case run(RunState, exit: ExitCode?, at: Int64)
  case caps(Caps)
  /// Inserts the step or replaces its row.
  case step(StepRow)
  case items([ItemRow])
  /// State, partial, problem and note of an item; the frozen part does not change.
  case item(ItemRow)
  /// Inserts the entry or replaces it.
  case log(LogRow)
  /// Retry: the entry that ended the item goes.
  case drop(EntryID)
  /// The item is done: its record, reads and request bodies go.
  case erase(step: Int, item: Int)
  case touched(RecordRef, Touched)
  case event(at: Int64, kind: String, text: String)
  /// The step is frozen again, or planned again: its items or only their planned writes go.
  case clear(step: Int, keepsItems: Bool)

  /// All records of a step, or all that the script has read, go at once.
  var isForgetting: Bool {
    switch self {
    case .forget, .eraseScript: true
    default: false
    }
  }
}
