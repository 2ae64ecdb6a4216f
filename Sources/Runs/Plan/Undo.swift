/// One of the writes that take a write back.
public struct InverseWrite: Sendable, Equatable {
  public var request: WriteRequest
  /// What the fields that it sets hold if nobody has changed them since, as JSON.
  public var expects: String?

  public init(_ request: WriteRequest, expects: String?) {
    self.request = request
    self.expects = expects
  }
}

/// What undoing a write would take; from the `undo` clauses of the catalogue. Several writes are made in order.
public enum Inverse: Sendable, Equatable {
  case restored([InverseWrite])
  case partly([InverseWrite], left: String)
  case none(why: String)
}

public protocol Inverter {
  /// For a write that is done. Without `before` there is nothing to go back to.
  func inverse(of write: LogRow) -> Inverse
}

/// A run's inverse as a step of a new run: an item a record, its writes newest first, as a list.
public struct Undo: Sendable {
  public struct Reason: Sendable, Equatable {
    public var operation: String
    public var why: String
    public var writes: Int
  }

  public private(set) var restored = 0
  public private(set) var partly: [Reason] = []
  public private(set) var none: [Reason] = []
  /// To be settled first; they are left out.
  public private(set) var unknown: [EntryID] = []
  public private(set) var writes = 0
  public private(set) var destroys = 0
  private var items: [(key: String, ref: RecordRef?, writes: [InverseWrite])] = []

  /// `onlyCreated` takes away what the run has made and leaves the rest. Holds a request a write in memory.
  public init(of reader: JournalReader, by inverter: any Inverter, onlyCreated: Bool = false)
    throws(JournalError)
  {
    var logged: [LogRow] = []
    try reader.eachWrite { logged.append($0) }
    // Steps in order, and within a record what was settled last.
    logged.sort { ($0.id.step, $0.settledAt ?? 0, $0.id) < ($1.id.step, $1.settledAt ?? 0, $1.id) }
    var places: [String: Int] = [:]
    for write in logged.reversed() {
      guard write.state == .done else {
        if write.state.isOpen { unknown.append(write.id) }
        continue
      }
      if onlyCreated, write.result?.created == nil { continue }
      let inverses: [InverseWrite]
      switch inverter.inverse(of: write) {
      case .restored(let found):
        restored += 1
        inverses = found
      case .partly(let found, let left):
        Self.count(&partly, write.operation, left)
        inverses = found
      case .none(let why):
        Self.count(&none, write.operation, why)
        continue
      }
      for inverse in inverses {
        writes += 1
        if inverse.request.effect == .destroy { destroys += 1 }
        let key = inverse.request.target?.description ?? write.id.description
        if let place = places[key] {
          items[place].writes.append(inverse)
        } else {
          places[key] = items.count
          items.append((key, inverse.request.target, [inverse]))
        }
      }
    }
  }

  private static func count(_ reasons: inout [Reason], _ operation: String, _ why: String) {
    if let index = reasons.firstIndex(where: { $0.operation == operation && $0.why == why }) {
      reasons[index].writes += 1
    } else {
      reasons.append(Reason(operation: operation, why: why, writes: 1))
    }
  }

  /// What comes back, what in part, what not at all; before anyone is asked.
  public func text(of run: String) -> String {
    func times(_ count: Int) -> String { count == 1 ? "1 write" : "\(count) writes" }
    var lines = [
      "undo \(run): \(times(writes)) to take back, on \(items.count == 1 ? "1 record" : "\(items.count) records")"
    ]
    if restored > 0 {
      lines.append("  restored: \(times(restored)); the timeline and `updated_at` keep their traces")
    }
    for reason in partly {
      lines.append("  partly: \(times(reason.writes)) of \(reason.operation): \(reason.why)")
    }
    for reason in none {
      lines.append("  stays: \(times(reason.writes)) of \(reason.operation): \(reason.why)")
    }
    if !unknown.isEmpty {
      let first = unknown.prefix(5).map { $0.description }.joined(separator: ", ")
      lines.append("  left out: \(times(unknown.count)) whose outcome is unknown (\(first)): settle first")
    }
    return lines.joined(separator: "\n")
  }

  /// The step of the new run, frozen and planned.
  public func changes(now: Int64) -> [JournalChange] {
    var step = StepRow(
      no: 1, statement: 1, name: "undo", source: .list, phase: .frozen, items: items.count,
      policy: StepPolicy(check: .each))
    step.frozenFrom = now
    step.frozenTo = now
    var changes: [JournalChange] = [.step(step)]
    for (index, item) in items.enumerated() {
      changes.append(.items([ItemRow(step: 1, no: index + 1, key: item.key, ref: item.ref, readAt: now)]))
      for (place, write) in item.writes.enumerated() {
        var row = LogRow(
          id: EntryID(step: 1, item: index + 1, seq: place + 1), write: write.request, state: .planned)
        // What the fields are expected to hold: the check before the write compares.
        row.before = write.expects
        changes.append(.log(row))
      }
    }
    return changes
  }
}
