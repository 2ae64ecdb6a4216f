import Catalogue
import HTTP
import JSON
import Machine

/// Asks for the pages of one sequence, one after the other, in whatever style the operation has.
final class PageReader {
  let call: ResolvedCall
  let search: JSONValue?
  let sort: JSONValue?
  let catalogue: APICatalogue
  /// Another page follows, as far as is known.
  private(set) var hasMore = true
  /// What the first answer said about how many there are.
  private(set) var total: Int?
  private(set) var pagesRead = 0
  private(set) var itemsRead = 0

  private var cursor: String?
  private var url: String?
  private var page = 1
  /// Pages by number must all be of one size.
  private var fixedSize: Int?

  init(_ call: ResolvedCall, search: JSONValue?, sort: JSONValue?, catalogue: APICatalogue) {
    self.call = call
    self.search = search
    self.sort = sort
    self.catalogue = catalogue
  }

  var operation: APIOperation { call.operation }

  private var paging: Paging? { operation.paging }

  /// The next page's request; `size`: how many records are wanted of it, nil for as many as there can be.
  func next(size wanted: Int?) throws(RuntimeError) -> HTTPRequest {
    var request = try RequestBuilder(call: call).request()
    if let url {
      request.path = url
      request.query = []
      return request
    }
    var size = pageSize(wanted)
    if paging?.style == .page {
      if let fixedSize { size = fixedSize } else { fixedSize = size }
    }
    switch paging?.style {
    case .cursorBody?:
      var query: [(name: String, value: String)] = []
      var body = try RequestBuilder(call: call).body(&query)
      body["query"] = search ?? everything
      var pagination = JSONObject()
      if let size { pagination["per_page"] = .int(Int64(size)) }
      if let cursor { pagination["starting_after"] = .string(cursor) }
      if !pagination.isEmpty { body["pagination"] = .object(pagination) }
      if let sort { body["sort"] = sort }
      request.body = JSONValue.object(body).serialized()
    case .cursorQuery?:
      if let size { request.query.append(("per_page", String(size))) }
      if let cursor { request.query.append(("starting_after", cursor)) }
    case .page?:
      if let size { request.query.append(("per_page", String(size))) }
      if page > 1 { request.query.append(("page", String(page))) }
    case .scroll?:
      if let cursor { request.query.append(("scroll_param", cursor)) }
    case .eventURL?:
      if let size { request.query.append(("per_page", String(size))) }
    case .linked?, .some(.none), nil: break
    }
    return request
  }

  private func pageSize(_ wanted: Int?) -> Int? {
    guard let most = paging?.maxPageSize else { return nil }
    var size = most
    if let parameter = operation.parameters.first(where: { $0.place == .pageSize }) {
      if case .int(let given)? = call.arguments[parameter.name] {
        size = max(1, min(most, Int(clamping: given)))
      } else if case .literal(.int(let usual))? = parameter.defaultValue {
        size = max(1, min(most, Int(clamping: usual)))
      }
    }
    return wanted.map { max(1, min($0, size)) } ?? size
  }

  /// A search must have a condition: one that holds for all.
  private var everything: JSONValue? {
    operation.everything.map { ["field": .string($0), "operator": ">", "value": 0] }
  }

  /// The records of an answer, untyped, and whether there are more.
  func accept(_ response: HTTPResponse, _ reader: ValueReader, _ machine: Machine) throws(RuntimeError)
    -> Value
  {
    let root: Value
    do throws(JSONError) { root = try reader.read(response.body) } catch {
      throw APIMessages.unreadable(operation.qualifiedName, response.body, error.message)
    }
    var list = root
    for key in operation.items { list = machine.field(key, of: list) }
    if list.tag != .list {
      // The key that the description has, or the one list that is there.
      let lists = machine.fields(root).filter { $0.value.tag == .list }
      if list.isNull, lists.count == 1, let only = lists.first {
        list = only.value
      } else if root.tag == .list {
        list = root
      } else if list.isNull, machine.fields(root).contains(where: { $0.name == operation.items.first }),
        !claimsItems(root, machine)
      {
        list = machine.list([])
      } else {
        throw APIMessages.unreadable(
          operation.qualifiedName, "it has no list `\(operation.items.joined(separator: "."))`")
      }
    }
    let count = machine.items(list).count
    pagesRead += 1
    itemsRead += count
    let totalCount = machine.field("total_count", of: root)
    if pagesRead == 1, totalCount.tag == .int { total = Int(totalCount.asInt) }
    try advance(root, count, machine)
    return list
  }

  private func advance(_ root: Value, _ count: Int, _ machine: Machine) throws(RuntimeError) {
    let pages = machine.field("pages", of: root)
    let next = machine.field("next", of: pages)
    switch paging?.style {
    case .cursorBody?, .cursorQuery?:
      try move(to: cursor(in: next, machine))
    case .page?:
      let number = machine.field("page", of: pages)
      let pageCount = machine.field("total_pages", of: pages)
      switch paging?.end {
      case .totalPages?:
        let reached = number.tag == .int && pageCount.tag == .int && number.asInt >= pageCount.asInt
        hasMore = !next.isNull || (number.tag == .int && pageCount.tag == .int && !reached)
      default: hasMore = !next.isNull
      }
      if count == 0 { hasMore = false }
      page += 1
    case .scroll?:
      let following = machine.text(of: machine.field("scroll_param", of: root))
      // Its parameter stays the same from page to page; the end is an empty page.
      cursor = following.isEmpty ? cursor : following
      hasMore = count > 0 && cursor != nil
    case .eventURL?:
      let address = machine.text(of: next)
      let following = address.isEmpty ? nil : PageReader.path(of: address)
      if let following, following == url { throw stuck }
      url = following
      hasMore = following != nil
    case .linked?, .some(.none), nil: hasMore = false
    }
  }

  /// The list is null, and the answer says that there are records.
  private func claimsItems(_ root: Value, _ machine: Machine) -> Bool {
    let count = machine.field("total_count", of: root)
    return count.tag == .int && count.asInt > 0
  }

  /// Nil at the end. A next page that is there and cannot be found would make a short list of a long one.
  private func cursor(in next: Value, _ machine: Machine) throws(RuntimeError) -> String? {
    if next.isNull { return nil }
    let following = machine.field("starting_after", of: next)
    if following.tag == .int { return String(following.asInt) }
    if following.tag == .string {
      let text = machine.text(of: following)
      if !text.isEmpty { return text }
    }
    throw APIMessages.unreadable(operation.qualifiedName, "there is a next page, and it does not say where")
  }

  private func move(to following: String?) throws(RuntimeError) {
    if let following, following == cursor { throw stuck }
    cursor = following
    hasMore = following != nil
  }

  private var stuck: RuntimeError {
    APIMessages.unreadable(operation.qualifiedName, "it names the same next page twice")
  }

  /// The path and query of an address: the token goes to the workspace's own base, whatever host it names.
  static func path(of address: String) -> String? {
    if address.hasPrefix("/") { return address }
    for scheme in ["https://", "http://"] where address.hasPrefix(scheme) {
      let rest = address.dropFirst(scheme.count)
      return rest.firstIndex(of: "/").map { String(rest[$0...]) }
    }
    return nil
  }
}
