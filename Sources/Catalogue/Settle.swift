/// How the unknown outcome of a write is found out.
public enum SettleClass: String, Sendable, CaseIterable {
  /// Read the target: it is in the wanted state, or it is as before and the write is sent again.
  case set
  /// Sending again with the same arguments does no harm.
  case key
  /// The target is gone, or the write is sent again.
  case gone
  /// Look for the new record among the target's.
  case child
  /// Look for the new record with a search, whose index lags.
  case search
  /// Send again; a second one harms nobody.
  case redo
  /// Nothing can be read: the outcome stays unknown.
  case none
}

public struct SettleRule: Sendable, Hashable {
  /// The rule holds only if the parameter was given, and with one of these values if there are any.
  public struct Condition: Sendable, Hashable {
    public var parameter: String
    public var values: [String]
  }

  public var settleClass: SettleClass
  /// `key`, `gone`: how (`again`, `read`), and `hidden`: the target may be there though no look-up finds it; `child`, `search`: the parameters that must agree.
  public var details: [String]
  public var lookUp: LookUp?
  public var conditions: [Condition]
}

/// An operation that is read with the target as its first argument.
public struct LookUp: Sendable, Hashable {
  public var resource: String
  public var operation: String
  /// The field of the answer that matters; nil: the record, or the whole list.
  public var field: String?
}

/// What takes an operation back.
public struct Inverse: Sendable, Hashable {
  public enum Arguments: Sendable, Hashable {
    /// The target, and for each field that was set its value before. Where that was `null`,
    /// the verb named here is called with the target alone.
    case earlier(whenNull: String?)
    /// The record that the operation made.
    case result
    /// The same arguments.
    case same
    /// One of `verbs`, the one that leads back to the target's `state` before.
    case byState
  }

  /// Operations of the same resource; one, but for `byState`.
  public var verbs: [String]
  public var arguments: Arguments
}

/// A field that has a known value after an operation.
public struct FieldOutcome: Sendable, Hashable {
  /// `missing` stands for the target's look-up answering 404.
  public static let missing = "missing"

  public var field: String
  public var value: FixedField.Value
}
