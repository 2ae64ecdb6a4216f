import Syntax

/// What the clauses of one operation have said so far.
struct OperationDraft {
  var operation: APIOperation
  var pagingStyle: Paging.Style?
  var pagingEnd: Paging.End?
  var pageSize: Int?
  var pageMax: Int?
  var totalCount: Paging.TotalCount?
  var cap: Int?
  var beyond: String?
  var idle: Int?
  var cut: Int?
  /// Parameter to the field that it sets.
  var sets: [String: [String]] = [:]
  var signerName: String?
  var settle: [PendingSettle] = []

  init(operation: APIOperation) { self.operation = operation }

  /// A `settle` clause with the `look`, `from` and `when` that follow it.
  struct PendingSettle {
    var settleClass: SettleClass
    var details: [String]
    var lookUp: LookUp?
    var conditions: [SettleRule.Condition] = []
  }

  func settleRules() -> [SettleRule] {
    settle.map {
      SettleRule(
        settleClass: $0.settleClass, details: $0.details, lookUp: $0.lookUp,
        conditions: $0.conditions)
    }
  }
}
