import Machine

/// The `bulk` under way: from its first frozen item to its account.
final class BulkStep {
  var row: StepRow
  var freeze: Freeze
  var batch: [FrozenItem] = []
  /// The block's function, kept alive.
  var block: Int?
  /// The fiber of the script, which waits for the account.
  var fiber: Fiber?
  /// The item's key as the script said it: the names of fields.
  var keyFields: [String]
  /// Already frozen by the run that goes on.
  var isFrozen: Bool
  var facts: PlanFacts?
  /// The script waits and nothing has begun yet: planning, or the account of a step that ended before.
  var isDue = false

  static let batchSize = 500

  init(_ row: StepRow, _ freeze: Freeze, keyFields: [String], isFrozen: Bool) {
    self.row = row
    self.freeze = freeze
    self.keyFields = keyFields
    self.isFrozen = isFrozen
  }
}
