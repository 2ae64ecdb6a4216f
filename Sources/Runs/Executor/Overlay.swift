/// What is decided and not yet committed, for the decisions that read the store.
struct Overlay {
  private var touched: [RecordRef: Touched] = [:]
  private var created: [EntryID: (id: String, operation: String)] = [:]
  /// Keys of `created`, in the order they came.
  private var claims: [EntryID] = []

  mutating func touch(_ record: RecordRef, _ value: Touched) { touched[record] = value }
  func touched(_ record: RecordRef) -> Touched? { touched[record] }

  mutating func create(_ entry: EntryID, id: String, operation: String) {
    if created[entry] == nil { claims.append(entry) }
    created[entry] = (id, operation)
  }

  func created(by entry: EntryID) -> String? { created[entry]?.id }

  func isClaimed(id: String, operation: String, except: EntryID) -> Bool {
    claims.contains { $0 != except && created[$0]?.id == id && created[$0]?.operation == operation }
  }
}
