import SQLite

/// Pages of contacts that are known already.
extension RecordPages {
  /// The first members of a set beyond the cursor, in their order.
  func numbers(
    of set: ContactSet, _ total: Int64, of size: Int64, _ order: SortOrder, _ cursor: PageCursor?,
    limit: Int64
  ) throws -> [Int64] {
    let bound = try cursor.map(number)
    guard order.column != nil else {
      return set.numbers(descending: order.descending, beyond: bound, limit: Int(limit))
    }
    // Where members are many, the begin of an index has a page of them, unless they lie together at its end.
    let isDense = total.multipliedReportingOverflow(by: total).partialValue > limit * size
    if isDense, let near = try walk(set, order, cursor, limit: limit, steps: size / 20) { return near }
    return try workspace.sorted(set, order, cursor, bound, limit: Int(limit))
      ?? walk(set, order, cursor, limit: limit, steps: .max) ?? []
  }

  /// Looks at the contacts in the order of a column, one after the other; nil if so many steps are not enough.
  private func walk(_ set: ContactSet, _ order: SortOrder, _ cursor: PageCursor?, limit: Int64, steps: Int64)
    throws -> [Int64]?
  {
    let column = order.column ?? "n"
    let direction = order.descending ? "DESC" : "ASC"
    var steps = steps
    var numbers: [Int64] = []
    for part in try keySets(SQLCondition(sql: "state = 0"), order, cursor, walks: true) {
      let statement = try workspace.database.prepare(
        "SELECT n FROM \(table)\(sortHint(column, part)) WHERE \(part.sql) "
          + "ORDER BY \(column)\(noCase(column)) \(direction), n \(direction)")
      try statement.bind(part.values)
      defer { statement.reset() }
      while numbers.count < limit, try statement.step() {
        guard steps > 0 else { return nil }
        steps -= 1
        let number = statement.integer(0) ?? 0
        if set.contains(number) { numbers.append(number) }
      }
    }
    return numbers
  }
}
