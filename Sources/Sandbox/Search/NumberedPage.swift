import JSON
import SQLite

extension Workspace {
  /// A page by number, with the address of the next one or null.
  ///
  /// `count` and `rows` take one parameter, ?1; rows are cut by LIMIT and OFFSET.
  func numberedPage(
    _ call: Call, path: String, type: StaticString = "list", key: StaticString = "data", defaultSize: Int64,
    limit: Int64, count: String, rows: String, parameter: Int64 = 0, nextLink: Bool = true,
    tellsTotal: Bool = true,
    _ append: (Statement, inout JSONOutput) throws -> Void
  ) throws -> Answer {
    let size = try pageSize(try call.query.int("per_page"), default: defaultSize, limit: limit)
    let page = try call.query.int("page") ?? 1
    guard page >= 1 && page <= 5_001 else {
      throw APIError.invalid("page must be a number between 1 and 5001", field: "page")
    }
    let counting = try database.prepare(count)
    if count.contains("?1") { try counting.bind(parameter, at: 1) }
    let total = try counting.step() ? counting.integer(0) ?? 0 : 0
    counting.reset()
    let pages = (total + size - 1) / size

    var out = JSONOutput(capacity: 2_048)
    out.raw(#"{"type":""#)
    out.raw(type)
    out.raw(#"",""#)
    out.raw(key)
    out.raw(#"":["#)
    let statement = try database.prepare(rows + " LIMIT ?2 OFFSET ?3")
    if rows.contains("?1") { try statement.bind(parameter, at: 1) }
    try statement.bind(size, at: 2)
    try statement.bind((page - 1) * size, at: 3)
    defer { statement.reset() }
    var first = true
    while try statement.step() {
      if !first { out.raw(",") }
      first = false
      try append(statement, &out)
    }
    out.raw("]")
    if tellsTotal {
      out.raw(#","total_count":"#)
      out.int(total)
    }
    out.raw(#","pages":{"type":"pages","#)
    if nextLink {
      out.raw(#""next":"#)
      if page < pages {
        let mark = path.contains("?") ? "&" : "?"
        out.string("\(baseAddress)\(path)\(mark)per_page=\(size)&page=\(page + 1)")
      } else {
        out.raw("null")
      }
      out.raw(",")
    }
    out.raw(#""page":"#)
    out.int(page)
    out.raw(#","per_page":"#)
    out.int(size)
    out.raw(#","total_pages":"#)
    out.int(pages)
    out.raw("}}")
    return Answer(out.bytes)
  }
}
