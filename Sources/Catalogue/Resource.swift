/// A named group of operations: what stands before the point in `tickets.search`.
public struct Resource: Sendable {
  public var name: String
  /// The type of its records.
  public var recordType: String?
  /// In the order of their declaration.
  public var operations: [APIOperation]
  public var documentation: String?

  /// All operations of this name: more than one where the type of a record decides.
  public func operations(named name: String) -> [APIOperation] {
    operations.filter { $0.name == name }
  }

  /// What the bare name of the resource reads.
  public var all: APIOperation? { operations.first { $0.isAll } }

  /// The operation that takes a filter.
  public var search: APIOperation? { operations.first { $0.filterParameter != nil } }
}
