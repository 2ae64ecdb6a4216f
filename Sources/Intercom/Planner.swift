import Bytecode
import Catalogue
import JSON
import Machine

/// From a chain of stages over an API sequence to the best request and what is left to do here.
struct Planner {
  let binding: APIBinding

  init(_ binding: APIBinding) { self.binding = binding }

  private var machine: Machine { binding.machine }

  /// One stage of a chain, from the source outward.
  struct Link {
    var kind: Int
    var slots: [Value]
  }

  struct Plan {
    var source: RemoteSource
    /// What is left to do here.
    var links: [Link]
    /// The server gives exactly the records of the chain's filters.
    var isExact: Bool
    /// The most records that the chain can give, where a stage says so.
    var most: Int?
  }

  // MARK: Entry points

  /// The sequence with what the server can do done by the server.
  func planned(_ sequence: Value) throws(RuntimeError) -> Value? {
    guard sequence.tag == .sequence, let (source, links) = chain(sequence), !source.isPlanned else {
      return nil
    }
    return rebuild(try plan(source, links))
  }

  /// Fails where a `search { … }` asks for what the server cannot do; else the sequence as it is.
  func checked(_ sequence: Value) throws(RuntimeError) -> Value {
    if let (source, links) = chain(sequence) { _ = try plan(source, links) }
    return sequence
  }

  /// The source whose `total_count` is the sequence's count, and a bound above it; nil where it must be read.
  func countable(_ sequence: Value) throws(RuntimeError) -> (source: RemoteSource, most: Int?)? {
    guard let (source, links) = chain(sequence) else { return nil }
    // The order does not change the number.
    let plan =
      source.isPlanned
      ? Plan(source: source, links: links, isExact: links.isEmpty, most: source.limit)
      : try plan(source, links.filter { $0.kind != Stage.sort })
    let left = plan.links.filter {
      $0.kind != Stage.take && $0.kind != Stage.enumerate && $0.kind != Stage.sort
    }
    guard left.isEmpty, plan.isExact, plan.source.operation.paging?.totalCount == .exact else { return nil }
    return (plan.source, plan.most)
  }

  func root(of sequence: Value) -> RemoteSource? { chain(sequence)?.source }

  // MARK: Chains

  /// The source at the root, and the stages over it from the inside out.
  func chain(_ sequence: Value) -> (source: RemoteSource, links: [Link])? {
    var links: [Link] = []
    var current = sequence
    while current.tag == .sequence {
      let kind = Int(truncatingIfNeeded: machine.slot(current, 0).asInt)
      if kind == Stage.source {
        guard let source = machine.host(machine.slot(current, 1)) as? RemoteSource else { return nil }
        return (source, links.reversed())
      }
      links.append(
        Link(kind: kind, slots: (0..<machine.slotCount(current)).map { machine.slot(current, $0) }))
      current = machine.slot(current, 1)
    }
    return nil
  }

  func rebuild(_ plan: Plan) -> Value {
    var current = binding.sequence(plan.source)
    for link in plan.links {
      var slots = link.slots
      if slots.count > 1 { slots[1] = current }
      current = machine.sequence(slots)
    }
    return current
  }

  // MARK: Planning

  func plan(_ original: RemoteSource, _ links: [Link]) throws(RuntimeError) -> Plan {
    try checkFields(original, links)
    var source = copy(original)
    var clauses: [SearchQuery] = []
    var rest: [Link] = []
    var isExact = true
    var limit: Int?
    var skipped = 0
    var sort: JSONValue?
    /// Stages so far kept every record: filters and orders can still move to the server.
    var isOpen = true
    /// Stages so far give one item for each record: a number taken is a number needed.
    var isOneToOne = true
    let translation = FilterTranslation(binding, type: source.recordType, insists: source.insists)
    for link in links {
      switch link.kind {
      case Stage.filter where isOpen && limit == nil && skipped == 0:
        let result = translation.translate(link.slots[2])
        if let query = result.query { clauses.append(query) }
        if result.isNever { source.isEmpty = true }
        if original.insists, link.slots[2].bits == links[0].slots[2].bits, result.isPartial {
          throw translation.insistence(link.slots[2])
        }
        if !result.isExact {
          rest.append(link)
          isExact = false
          isOneToOne = false
        }
      case Stage.sort
      where isOpen && limit == nil && skipped == 0 && sort == nil
        && rest.allSatisfy { $0.kind == Stage.filter }:
        sort = translation.sort(link.slots[2], descending: link.slots.count > 3 && link.slots[3].isTrue)
        if sort == nil {
          rest.append(link)
          isOpen = false
          isOneToOne = false
        }
      case Stage.take:
        let count = Int(clamping: link.slots[2].asInt)
        if isOneToOne {
          let needed = count.addingReportingOverflow(skipped)
          limit = min(limit ?? Int.max, needed.overflow ? Int.max : needed.partialValue)
        }
        rest.append(link)
        isOpen = false
      case Stage.drop:
        if isOneToOne { skipped += Int(clamping: link.slots[2].asInt) }
        rest.append(link)
        isOpen = false
      case Stage.map, Stage.enumerate:
        rest.append(link)
        isOpen = false
      default:
        rest.append(link)
        isOpen = false
        isOneToOne = false
      }
    }
    let fitted = clauses.isEmpty ? nil : SearchQuery.and(clauses).fitting
    // Where nothing of the filters fits and nothing is sorted, the plain list is as good.
    let isWorthIt = sort != nil || fitted?.query != nil || clauses.isEmpty
    guard isWorthIt, push(fitted?.query, sort, into: &source) else {
      // The source cannot search: everything is done here.
      var plain = Plan(
        source: copy(original), links: links, isExact: links.allSatisfy { $0.kind != Stage.filter }, most: nil
      )
      let filters = links.contains { $0.kind == Stage.filter || $0.kind == Stage.sort }
      plain.source.limit = filters ? nil : limit
      plain.most = filters ? nil : limit
      plain.source.isBounded = isBounded(links)
      plain.source.isPlanned = true
      plain.source.isEmpty = source.isEmpty
      return plain
    }
    if let fitted, !fitted.isWhole {
      if original.insists { throw FilterTranslation.tooMuch }
      // Some clauses did not fit the search's limits: all filters are checked again here.
      isExact = false
      rest = links.filter { $0.kind != Stage.sort || sort == nil }
      limit = nil
    }
    source.limit = limit
    source.isBounded = isBounded(rest)
    source.isPlanned = true
    return Plan(source: source, links: rest, isExact: isExact, most: limit)
  }

  /// A stage stops after some items, and none before it reads to the end.
  private func isBounded(_ links: [Link]) -> Bool {
    links.first { [Stage.take, Stage.sort, Stage.cache].contains($0.kind) }?.kind == Stage.take
  }

  /// Gives the source its condition and order; a plain list becomes the search of its resource. False where
  /// there is no search.
  private func push(_ query: SearchQuery?, _ sort: JSONValue?, into source: inout RemoteSource) -> Bool {
    guard query != nil || sort != nil else { return true }
    if source.operation.paging?.style != .cursorBody {
      guard source.operation.isAll,
        let search = binding.catalogue.resource(source.operation.resource)?.search,
        search.paging?.style == .cursorBody
      else { return false }
      var arguments = BoundArguments()
      if let size = source.arguments["per_page"] { arguments["per_page"] = size }
      let changed = RemoteSource(search, arguments)
      changed.isEmpty = source.isEmpty
      source = changed
    }
    source.query = query
    source.sort = sort
    return true
  }

  private func copy(_ source: RemoteSource) -> RemoteSource {
    let copy = RemoteSource(source.operation, source.arguments)
    copy.query = source.query
    copy.sort = source.sort
    copy.limit = source.limit
    copy.isBounded = source.isBounded
    copy.insists = source.insists
    copy.isEmpty = source.isEmpty
    return copy
  }

  /// Fields that no record of the type has, before anything is asked for.
  private func checkFields(_ source: RemoteSource, _ links: [Link]) throws(RuntimeError) {
    guard let type = source.recordType else { return }
    for (index, link) in links.enumerated() {
      let check = FieldCheck(binding, isSearch: source.insists && index == 0)
      guard link.slots.count > 2 else { continue }
      switch link.kind {
      case Stage.filter, Stage.sort, Stage.map: try check.check(link.slots[2], type)
      default: break
      }
      // What a `map` makes is no record of the type any more.
      if link.kind != Stage.filter, link.kind != Stage.sort, link.kind != Stage.take, link.kind != Stage.drop
      {
        return
      }
    }
  }
}
