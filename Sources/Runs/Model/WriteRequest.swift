import JSON

/// What a write does to the workspace, from harmless to not to be undone.
public enum WriteEffect: String, Sendable, CaseIterable {
  case write
  /// Cannot be undone.
  case destroy
  /// A customer sees it.
  case outward
}

/// How an unknown outcome of a write is settled (docs/runs.md, Settling).
public enum SettleClass: String, Sendable, CaseIterable {
  case set = "SET"
  case key = "KEY"
  case gone = "GONE"
  case child = "CHILD"
  case search = "SEARCH"
  case redo = "REDO"
  case none = "NONE"

  /// A second send does no harm.
  public var repeats: Bool { self == .key || self == .gone || self == .redo }
}

/// One write as asked for: an operation with its arguments, before it becomes an HTTP request.
public struct WriteRequest: Sendable, Equatable {
  /// As in the catalogue (`tags.apply`); what a report prints.
  public var operation: String
  public var effect: WriteEffect
  public var settle: SettleClass
  /// GONE only: merge and convert are looked up before they are sent again.
  public var looksFirst: Bool
  /// No body travels, so the transport may repeat it by itself (docs/runs.md, Settling).
  public var isBodyless: Bool
  /// The existing record that it writes; nil for a create. May hold a placeholder.
  public var target: RecordRef?
  /// Canonical JSON text. A placeholder for the id of a record still to be created stands in it as
  /// `Placeholder.text`; JSON text has no raw control characters, so it cannot be anything else.
  public var arguments: String
  /// What the target holds afterwards, as JSON: kept for undo and for settling when the arguments are erased.
  public var written: String?
  /// The records that its arguments name, as JSON: kept for undo when the arguments are erased.
  public var ids: String?
  /// A create that answers with what was there already: looked for before, so that undo can tell.
  public var looksBefore = false

  public init(
    operation: String, effect: WriteEffect, settle: SettleClass, looksFirst: Bool = false,
    isBodyless: Bool = false, target: RecordRef?, arguments: String, written: String? = nil
  ) {
    self.operation = operation
    self.effect = effect
    self.settle = settle
    self.looksFirst = looksFirst
    self.isBodyless = isBodyless
    self.target = target
    self.arguments = arguments
    self.written = written
  }

  /// Records that it writes: a merge writes two.
  public var records: [RecordRef] {
    guard let target else { return [] }
    guard let ids, ids.utf8.contains(UInt8(ascii: "$")), let tree = try? JSONValue.parse(ids),
      let second = tree[Self.second]?.stringValue.flatMap({ RecordRef($0) })
    else { return [target] }
    return [target, second]
  }
  /// The key of the second one among `ids`.
  static let second = "$second"

  /// Equal for equal operation, target and arguments.
  public var fingerprint: Fingerprint {
    Fingerprint(of: [operation, target?.description ?? "", arguments])
  }
}

/// One read as asked for by a block.
public struct ReadRequest: Sendable, Equatable {
  public var operation: String
  public var target: RecordRef?
  public var arguments: String

  public init(operation: String, target: RecordRef?, arguments: String) {
    self.operation = operation
    self.target = target
    self.arguments = arguments
  }

  public var fingerprint: Fingerprint {
    Fingerprint(of: [operation, target?.description ?? "", arguments])
  }
}
