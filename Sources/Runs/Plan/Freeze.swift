/// One item of a sequence, as read.
public struct FrozenItem: Sendable, Equatable {
  public var key: String
  public var ref: RecordRef?
  /// JSON; nil for `keep: "nothing"`.
  public var record: String?
  public var version: String?

  public init(key: String, ref: RecordRef? = nil, record: String? = nil, version: String? = nil) {
    self.key = key
    self.ref = ref
    self.record = record
    self.version = version
  }
}

/// Two different items with one key: refused before the first write, both shown.
public struct DuplicateKey: Error, Sendable, Equatable, CustomStringConvertible {
  public let key: String
  public let first: Int
  public let second: Int

  public var description: String {
    "items \(first) and \(second) have the same key \(key). Give `bulk` a key that tells them apart, "
      + "such as key: [\"user_id\", \"at\"]."
  }
}

/// Freezes a step's items into the journal, batch by batch, in constant memory. The changes that a call
/// returns are to be committed before the next call. After a crash in the middle it begins anew: the step
/// has written nothing.
public struct Freeze {
  public private(set) var step: StepRow
  private let store: any RunStore
  private let limit: Int?

  /// `limit`: the first so many items only.
  public init(_ step: StepRow, store: any RunStore, limit: Int? = nil) {
    self.step = step
    self.store = store
    self.limit = limit
  }

  public mutating func begin(now: Int64) -> [JournalChange] {
    step.phase = .freezing
    step.items = 0
    step.duplicates = 0
    step.frozenFrom = now
    return [.step(step), .clear(step: step.no, keepsItems: false)]
  }

  /// No more items are wanted.
  public var isFull: Bool { limit.map { step.items >= $0 } ?? false }

  public mutating func add(_ items: [FrozenItem], now: Int64) throws -> [JournalChange] {
    var rows: [ItemRow] = []
    var fresh: [String: ItemRow] = [:]
    for item in items where !isFull {
      if let known = try fresh[item.key] ?? store.item(step: step.no, key: item.key) {
        // Pages move while they are read: the same record may come twice.
        guard let ref = item.ref, known.ref == ref else {
          throw DuplicateKey(key: item.key, first: known.no, second: step.items + step.duplicates + 1)
        }
        step.duplicates += 1
        continue
      }
      step.items += 1
      let row = ItemRow(
        step: step.no, no: step.items, key: item.key, ref: item.ref, record: item.record,
        version: item.version, readAt: now)
      fresh[item.key] = row
      rows.append(row)
    }
    return rows.isEmpty ? [] : [.items(rows)]
  }

  /// `source` is what the executor will run by: a step that is planned may become a list.
  public mutating func finish(now: Int64) -> [JournalChange] {
    step.phase = .frozen
    step.frozenTo = now
    return [.step(step)]
  }
}
