import JSON
import SQLite

/// How a list is ordered.
struct SortOrder {
  /// A column of the table; nil: by number, which is the order of creation.
  var column: String?
  var descending = true
  /// Dates appear in cursors as milliseconds.
  var isDate = true
}

/// Reads key set pages out of one of the big tables and puts the answer together from stored JSON.
struct RecordPages {
  let workspace: Workspace
  let table: String
  /// What the cursor calls a record: text (hex) or its number.
  let idIsNumber: Bool
  let type: StaticString
  let itemKey: StaticString
  /// Appends one record's JSON; the row's columns are `RecordPages.columns`.
  let append: (Statement, inout JSONOutput) throws -> Void
  let columns: String
  /// The table, and what is joined to it for `columns`.
  var source: String?

  /// `found` has the records that meet the condition, where they are known already.
  func answer(
    where condition: SQLCondition, found: (set: ContactSet, count: Int64)? = nil, order: SortOrder,
    perPage: Int64, cursor: PageCursor?
  ) throws -> Answer {
    let plan = condition.plan
    let total = try found?.count ?? workspace.count(table, condition)
    let size = try workspace.database.firstInteger("SELECT max(n) FROM \(table)") ?? 0
    let pageNumber = cursor?.page ?? 1
    var out = JSONOutput(capacity: 64 + Int(min(perPage, total)) * 1_600)
    out.raw(#"{"type":""#)
    out.raw(type)
    out.raw(#"",""#)
    out.raw(itemKey)
    out.raw(#"":["#)
    var last: (sort: SQLiteValue, number: Int64, id: String)?
    var taken: Int64 = 0
    var more = false

    // Where matches are many, walking the table in order finds a page sooner than sorting all matches.
    let walks = total.multipliedReportingOverflow(by: total).partialValue > perPage * 4 * size

    func append(_ statement: Statement) throws {
      if taken > 0 { out.raw(",") }
      try self.append(statement, &out)
      taken += 1
      let number = statement.integer(0) ?? 0
      last = (statement.value(1), number, idIsNumber ? "" : statement.text(2) ?? "")
    }

    func show(_ numbers: [Int64]) throws {
      let statement = try workspace.database.prepare(
        "SELECT n, \(order.column ?? "created_at"), \(columns) FROM \(source ?? table) WHERE n = ?")
      defer { statement.reset() }
      for number in numbers {
        guard taken < perPage else {
          more = true
          return
        }
        statement.reset()
        try statement.bind(number, at: 1)
        if try statement.step() { try append(statement) }
      }
    }

    func read(_ part: SQLCondition) throws {
      let direction = order.descending ? "DESC" : "ASC"
      let sort = order.column ?? "created_at"
      let ordering =
        order.column.map { "\($0)\(noCase($0)) \(direction), n \(direction)" } ?? "n \(direction)"
      // A plus keeps the planner from walking where matches are few.
      let sorting = walks || plan?.index != nil || order.column != nil ? ordering : "+n \(direction)"
      let hint =
        if let column = order.column { walks ? sortHint(column, part) : "" } else if let index = plan?.index {
          " INDEXED BY \(index)"
        } else { walks ? " NOT INDEXED" : "" }
      // The numbers first: sorting whole records would carry their JSON about.
      let statement = try workspace.database.prepare(
        """
        SELECT n, \(sort), \(columns) FROM \(source ?? table) WHERE n IN
          (SELECT n FROM \(table)\(hint) WHERE \(part.sql) ORDER BY \(sorting) LIMIT ?)
        ORDER BY \(ordering)
        """)
      try statement.bind(part.values + [.integer(perPage + 1 - taken)])
      defer { statement.reset() }
      while try statement.step() {
        guard taken < perPage else {
          more = true
          return
        }
        try append(statement)
      }
    }

    if let found {
      try show(numbers(of: found.set, total, of: size, order, cursor, limit: perPage + 1))
    } else {
      for part in try keySets(condition, order, cursor, walks: walks) where total > 0 && !more {
        try read(part)
      }
    }

    out.raw(#"],"total_count":"#)
    out.int(total)
    out.raw(#","pages":{"type":"pages","#)
    if more, let last {
      let next = PageCursor(
        sortValue: cursorValue(last.sort, order), id: cursorID(last.number, last.id), page: pageNumber + 1,
        idIsNumber: idIsNumber)
      out.raw(#""next":{"page":"#)
      out.int(pageNumber + 1)
      out.raw(#","starting_after":"#)
      out.string(next.text)
      out.raw("},")
    }
    out.raw(#""page":"#)
    out.int(pageNumber)
    out.raw(#","per_page":"#)
    out.int(perPage)
    out.raw(#","total_pages":"#)
    out.int((total + perPage - 1) / perPage)
    out.raw("}}")
    return Answer(out.bytes)
  }

  func noCase(_ column: String) -> String {
    table == "contact" && ContactColumn.byName[column]?.isNoCase == true ? " COLLATE NOCASE" : ""
  }

  func sortHint(_ column: String, _ part: SQLCondition) -> String {
    guard let index = Schema.sortIndexes[table]?[column] else { return "" }
    // A sparse index does not have the records without a value.
    return index.isSparse && part.isWithoutValue ? " NOT INDEXED" : " INDEXED BY \(index.name)"
  }

  private func cursorValue(_ value: SQLiteValue, _ order: SortOrder) -> PageCursor.SortValue {
    switch value {
    case .integer(let number): .int(order.isDate ? number &* 1_000 : number)
    case .text(let text): .text(text)
    default: .none
    }
  }

  /// Records without the sorted field come last in both directions.
  ///
  /// The conditions of what comes after the cursor, to be read one after the other: first the rest of those
  /// with a sort value, then those without one. Split, because one condition for both could not use an index.
  func keySets(
    _ condition: SQLCondition, _ order: SortOrder, _ cursor: PageCursor?, walks: Bool
  ) throws -> [SQLCondition] {
    let plan = condition.plan
    func and(_ sql: String, _ values: [SQLiteValue]) -> SQLCondition {
      SQLCondition(sql: "\(condition.sql) AND \(sql)", values: condition.values + values)
    }
    let sign = order.descending ? "<" : ">"
    guard let column = order.column else {
      var parts: [SQLCondition] = []
      if let cursor {
        let inOrder = walks || plan?.index != nil
        parts.append(
          SQLCondition(sql: "\(inOrder ? "" : "+")n \(sign) ?", values: [.integer(try number(of: cursor))]))
      }
      if walks, plan?.index == nil, let zone = plan?.zone { parts.append(bound(zone, order)) }
      return [.joined([walks ? walking(condition) : condition] + parts, by: "AND")]
    }
    let none = "\(column) IS NULL"
    let some = "\(column) IS NOT NULL"
    var without = and(none, [])
    without.isWithoutValue = true
    guard let cursor else {
      return [and(some, []), without]
    }
    let number = SQLiteValue.integer(try number(of: cursor))
    if cursor.sortValue == .none {
      var rest = and("\(none) AND n \(sign) ?", [number])
      rest.isWithoutValue = true
      return [rest]
    }
    let value: SQLiteValue =
      switch cursor.sortValue {
      case .int(let number): .integer(order.isDate ? number / 1_000 : number)
      case .text(let text): .text(text)
      }
    let loose = noCase(column)
    let same = and("\(column) = ?\(loose) AND n \(sign) ?", [value, number])
    let beyond = and("\(column) \(sign) ?\(loose)", [value])
    return [same, beyond, without]
  }

  /// The same condition in the form that is made for a walk.
  private func walking(_ condition: SQLCondition) -> SQLCondition {
    guard let walk = condition.plan?.walk else { return condition }
    return SQLCondition(sql: "state = 0 AND \(walk.sql)", values: walk.values)
  }

  /// Where a walk may begin: at the first block that can hold a match.
  private func bound(_ zone: SQLCondition, _ order: SortOrder) -> SQLCondition {
    let block = ContactColumn.block
    return SQLCondition(
      sql: order.descending
        ? "n < (SELECT (max(block) + 1) * \(block) FROM zone WHERE \(zone.sql))"
        : "n >= (SELECT min(block) * \(block) FROM zone WHERE \(zone.sql))", values: zone.values)
  }

  /// The record's number as ids look. A contact that came from elsewhere has an id that tells no number, and
  /// may be gone when the next page is asked for.
  private func cursorID(_ number: Int64, _ id: String) -> String {
    if idIsNumber { return String(number) }
    let tells = workspace.contactIDs.number(id) == number
    return tells ? id : workspace.contactIDs.text(number, createdAt: workspace.seededAt)
  }

  func number(of cursor: PageCursor) throws -> Int64 {
    let number = idIsNumber ? Int64(cursor.id) : workspace.contactIDs.number(cursor.id)
    guard let number, cursor.idIsNumber == idIsNumber else { throw APIError.invalidCursor }
    return number
  }
}

extension Workspace {
  /// `per_page` within its limits: too many is refused, as the API does.
  func pageSize(_ wanted: Int64?, default fallback: Int64, limit: Int64 = 150) throws -> Int64 {
    guard let wanted else { return fallback }
    guard wanted >= 1 && wanted <= limit else {
      throw APIError.invalid("per_page must be a number between 1 and \(limit)", field: "per_page")
    }
    return wanted
  }

  func cursor(_ text: String?) throws -> PageCursor? {
    guard let text else { return nil }
    guard let cursor = PageCursor(text) else { throw APIError.invalidCursor }
    return cursor
  }
}
