import Catalogue
import Machine

/// What a shell may ask between two statements: names that are known, and how far a sequence has been read.
extension APIBinding {
  /// A record as people call it.
  public struct Named: Sendable, Equatable {
    public var id: String
    public var name: String
  }

  /// The records of a type, if their list is known; asks for nothing.
  public func known(_ type: String) -> [Named]? {
    directory.known(type)?.map { Named(id: $0.id, name: $0.name ?? $0.others.first ?? "") }
  }

  /// Begins to read the list of a type's records, unless it is known or under way. The transport's `wait`
  /// carries it on; what fails is forgotten.
  public func learn(_ type: String) {
    guard isListable(type), directory.known(type) == nil, !directory.isReading(type) else { return }
    directory.read(type)
    transport.push()
  }

  /// The next question for a name reads the list anew.
  public func forgetNames(of type: String) { directory.forget(type) }

  /// Whether all records of a type come in one answer: tags, teammates, teams, not contacts.
  public func isListable(_ type: String) -> Bool {
    guard let resource = catalogue.resourceName(ofType: type), let all = catalogue.resource(resource)?.all
    else { return false }
    return all.paging.map { $0.style == .none } ?? true
  }

  /// The type of the records that a sequence of the API gives, as long as no stage makes others of them.
  public func recordType(of sequence: Value) -> String? {
    guard let (source, links) = Planner(self).chain(sequence),
      links.allSatisfy({ Stage.keeping.contains($0.kind) })
    else { return nil }
    return source.recordType
  }
}

/// A page of a sequence, as a shell hears of it.
public struct PageNotice: Sendable {
  public var operation: String
  public var pagesRead: Int
  public var itemsRead: Int
  /// How many records there are, as the first answer said.
  public var total: Int?
  /// No stage needs more than so many.
  public var limit: Int?
  public var hasMore: Bool
}
