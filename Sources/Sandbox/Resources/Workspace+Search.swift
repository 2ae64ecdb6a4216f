import JSON
import SQLite

/// A search's body, read.
struct SearchRequest {
  let query: SearchQuery
  let perPage: Int64?
  let startingAfter: String?
  let sortField: String?
  let ascending: Bool

  init(_ body: JSONObject) throws(APIError) {
    query = try SearchQuery(body["query"])
    let pagination = body["pagination"]?.objectValue
    switch pagination?["per_page"] {
    case nil, .null: perPage = nil
    case .int(let number): perPage = number
    case .string(let text):
      guard let number = Int64(text) else { throw .invalid("per_page must be a number", field: "per_page") }
      perPage = number
    default: throw .invalid("per_page must be a number", field: "per_page")
    }
    switch pagination?["starting_after"] {
    case nil, .null: startingAfter = nil
    case .string(let text): startingAfter = text
    default: throw .invalidCursor
    }
    let sort = body["sort"]?.objectValue
    sortField = sort?["field"]?.stringValue
    // Other words than these two are taken as "descending": 2.12 does not refuse them.
    ascending = ["ascending", "asc"].contains(sort?["order"]?.stringValue ?? "")
  }
}

extension Workspace {
  /// Runs a search over one of the big tables.
  func search(
    _ resource: SearchTranslation.Resource, _ request: SearchRequest, pages: RecordPages, base: SQLCondition,
    defaultSize: Int64
  ) throws -> Answer {
    let translation = SearchTranslation(resource: resource, workspace: self)
    let condition = try translation.condition(request.query)
    var order = SortOrder(column: nil, descending: !request.ascending)
    if let name = request.sortField, name != "id", !(resource == .contacts && name == "created_at") {
      let field = try translation.field(name)
      guard case .column(let column) = field.source, field.kind != .words, field.kind != .number else {
        throw APIError.invalid("Results cannot be sorted by \(name)", field: "sort")
      }
      if resource == .contacts, let column = ContactColumn.byName[column] { try prepare(column) }
      order.column = column
      order.isDate = field.kind == .day || field.kind == .instant
    }
    let size = try pageSize(request.perPage, default: defaultSize)
    var both = SQLCondition.joined([base, condition], by: "AND")
    // Plans count all live contacts: those that search does not see yet would be among them.
    var found: (set: ContactSet, count: Int64)?
    if configuration.searchLag == 0 {
      both.plan = condition.plan
      if resource == .contacts { found = try matches(request.query, condition, sorted: order.column != nil) }
    }
    return try pages.answer(
      where: both, found: found, order: order, perPage: size, cursor: try cursor(request.startingAfter))
  }
}
