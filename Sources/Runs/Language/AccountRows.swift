import Builtins
import Machine

/// The items of a step as rows `{key, status, reason}`, read from the journal batch by batch.
final class AccountRows: HostSequence {
  private let reader: JournalReader
  private let step: Int
  private let states: [ItemState]
  let count: Int?

  init(_ reader: JournalReader, step: Int, states: [ItemState], count: Int) {
    self.reader = reader
    self.step = step
    self.states = states
    self.count = count
  }

  func open() -> HostIterator { Cursor(reader, step, states) }

  private final class Cursor: HostIterator {
    private static let batch = 200
    private let reader: JournalReader
    private let step: Int
    private let states: [ItemState]
    private var rows: [ItemRow] = []
    private var index = 0
    private var last = 0
    private var isOver = false

    init(_ reader: JournalReader, _ step: Int, _ states: [ItemState]) {
      self.reader = reader
      self.step = step
      self.states = states
      isOver = states.isEmpty
    }

    func next(_ machine: Machine, _ fiber: Fiber) throws(RuntimeError) -> Value {
      if index == rows.count, !isOver {
        do throws(JournalError) {
          rows = try reader.items(step: step, after: last, states: states, limit: Cursor.batch)
        } catch {
          throw RuntimeError("the journal cannot be read: \(error)", kind: .uncatchable, code: "journal")
        }
        index = 0
        last = rows.last?.no ?? last
        isOver = rows.count < Cursor.batch
      }
      guard index < rows.count else { return .end }
      let row = rows[index]
      index += 1
      let reason = row.problem?.message ?? (row.state == .skipped ? row.note : nil)
      return machine.record([
        ("key", machine.string(row.key)), ("status", machine.string(row.state.rawValue)),
        ("reason", reason.map { machine.string($0) } ?? .null),
      ])
    }
  }
}
