import Catalogue
import JSON
import Machine

/// What an API sequence reads: an operation with its arguments, and what the planner gave it on the way.
final class RemoteSource {
  let operation: APIOperation
  let arguments: BoundArguments
  /// The condition of the search, with names yet to be looked up.
  var query: SearchQuery?
  var sort: JSONValue?
  /// The consumer will take so many at most.
  var limit: Int?
  /// The consumer stops after some number of items, though nobody knows how many records they need: no page is
  /// asked for before the one before it is used up.
  var isBounded = false
  /// The planner has been here.
  var isPlanned = false
  /// A `search { … }`: every clause must reach the server.
  var insists = false
  /// No record can match.
  var isEmpty = false

  init(_ operation: APIOperation, _ arguments: BoundArguments) {
    self.operation = operation
    self.arguments = arguments
  }

  /// The declared type of its records, where they are typed.
  var recordType: String? {
    guard case .sequence(let type) = operation.result, case .object(let name) = type else { return nil }
    return name
  }
}
