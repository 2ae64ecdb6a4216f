import Intercom
import Machine

/// A writing statement outside a bulk: a step with one item, whose writes are journaled in order.
final class SingleStep {
  /// The statement's place among those that write.
  let statement: Int
  /// There once it has written.
  var row: StepRow?
  var program: BlockProgram?
  /// What a former process recorded of a step that has ended.
  var record: [LogRow]?
  var writes = 0
  /// The executor is to begin.
  var isDue = false
  /// The script waits for its account.
  var ending: Fiber?

  init(statement: Int) { self.statement = statement }

  var isAtWork: Bool { program != nil }
}
