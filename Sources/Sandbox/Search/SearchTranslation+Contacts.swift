import JSON
import SQLite

/// Filters on the columns of contacts, each with the plan that keeps it short over a million of them.
extension SearchTranslation {
  /// A column or a custom attribute as SQL names it.
  struct ContactValue {
    let sql: String
    /// Nil for a custom attribute.
    var column: ContactColumn?
    /// Orders the matches of one value by number; nil if there is no such index.
    var index: String?

    var noCase: String { column?.isNoCase == true ? " COLLATE NOCASE" : "" }
    var isTallied: Bool { column?.tallied("") != nil }
  }

  func contactCondition(_ field: SearchField, _ place: ContactValue, _ filter: SearchFilter) throws
    -> SQLCondition
  {
    let items = filter.value.arrayValue ?? [filter.value]
    let positive = filter.op.negated ?? filter.op
    var found: SQLCondition
    if field.kind == .day {
      found = try dayOfContact(field, place, positive, filter.value)
    } else {
      let values = try items.map { try convert($0, positive, field) }
      if filter.op != positive, case .flag? = place.column?.values {
        // What is not set is unset: the index has those that are set.
        let others = [SQLiteValue.integer(0), .integer(1)].filter { !values.contains($0) }
        return try test(field, place, .in, others)
      }
      found = try test(field, place, positive, values)
    }
    guard filter.op != positive else { return found }
    // Comparing with nothing gives null, which must count as "not".
    var rest = SQLCondition(sql: "NOT ifnull(\(found.sql), 0)", values: found.values)
    let count: SQLCondition = found.plan.flatMap(\.count) ?? SearchPlan.contacts(found)
    rest.plan = SearchPlan(count: SearchPlan.rest(of: count))
    return rest
  }

  func convert(_ value: JSONValue, _ op: SearchOperator, _ field: SearchField) throws -> SQLiteValue {
    switch field.kind {
    case .boolean: try boolean(value, field)
    case .integer: try integer(value, field)
    case .anything: try anything(value, op, field)
    default: try text(value, field)
    }
  }

  // MARK: Tests

  private func test(
    _ field: SearchField, _ place: ContactValue, _ op: SearchOperator, _ values: [SQLiteValue]
  ) throws -> SQLCondition {
    let hasNull = values.contains(.null)
    switch op {
    case .equal, .in:
      let some = values.filter { $0 != .null }
      var parts: [SQLCondition] = []
      if hasNull { parts.append(SQLCondition(sql: "\(place.sql) IS NULL")) }
      if !some.isEmpty { parts.append(equal(place, some)) }
      var found = parts.isEmpty ? SQLCondition.never : .joined(parts, by: "OR")
      found.plan = SearchPlan(
        count: count(of: values, place, found), index: values.count == 1 ? index(place, values[0]) : nil)
      return found
    default:
      guard !hasNull, let value = values.first else {
        throw APIError.invalid("The value of \(field.name) may not be null here", field: field.name)
      }
      return compare(place, op, value)
    }
  }

  /// The index that gives the contacts with one value by number.
  private func index(_ place: ContactValue, _ value: SQLiteValue) -> String? {
    guard let column = place.column else { return value == .null ? nil : place.index }
    if value == .null { return column.isSparse ? nil : column.index }
    if case .flag = column.values, value != .integer(1) { return nil }
    return column.index
  }

  private func equal(_ place: ContactValue, _ values: [SQLiteValue]) -> SQLCondition {
    if case .flag? = place.column?.values {
      // In the text, so that the index of those with 1 is seen to serve.
      let flags = Set(values.map { $0 == .integer(1) ? "1" : "0" })
      return flags.count == 1
        ? SQLCondition(sql: "\(place.sql) = \(flags.first ?? "0")")
        : SQLCondition(sql: "\(place.sql) IN (0, 1)")
    }
    let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
    let one = values.count == 1
    // An email is the same in any case; other text is found by the index in any case, and then compared.
    let isEmail = place.column?.name == "email" || place.column?.name == "email_domain"
    let exact = one ? "\(place.sql) = ?" : "\(place.sql) IN (\(marks))"
    guard place.column?.isNoCase == true, !isEmail else { return SQLCondition(sql: exact, values: values) }
    let loose = one ? "\(place.sql) = ? COLLATE NOCASE" : "\(place.sql) COLLATE NOCASE IN (\(marks))"
    return SQLCondition(sql: "(\(loose) AND \(exact))", values: values + values)
  }

  private func count(of values: [SQLiteValue], _ place: ContactValue, _ found: SQLCondition) -> SQLCondition {
    guard let column = place.column, place.isTallied else { return SearchPlan.contacts(found) }
    let some = values.filter { $0 != .null }
    let value = column.name == "email_domain" ? "lower(?)" : "?"
    let marks = Array(repeating: value, count: some.count).joined(separator: ", ")
    let these = SearchPlan.tally(column, SQLCondition(sql: "value IN (\(marks))", values: some))
    guard values.contains(.null) else { return these }
    let without = SearchPlan.rest(of: SearchPlan.tally(column, .always))
    return SQLCondition(sql: "(\(without.sql) + \(these.sql))", values: these.values)
  }

  private func compare(_ place: ContactValue, _ op: SearchOperator, _ value: SQLiteValue) -> SQLCondition {
    var found = Self.template(place.sql, op, value)
    if let column = place.column, place.isTallied {
      let test = Self.template("value", op, value)
      // Few values: which of them pass is asked once, not of each contact.
      if [.contains, .starts, .ends].contains(op) {
        found = SQLCondition(
          sql: "\(place.sql) IN (SELECT value FROM tally WHERE field = \(column.number) AND \(test.sql))",
          values: test.values)
      }
      found.plan = SearchPlan(count: SearchPlan.tally(column, test))
      return found
    }
    if let column = place.column, let text = value.textValue {
      if op == .starts { found = .joined([found, Self.range(place, column, text)], by: "AND") }
      if op == .ends, column.name == "email" { found = .joined([found, Self.domain(text)], by: "AND") }
    }
    found.plan = SearchPlan(count: SearchPlan.contacts(found))
    return found
  }

  /// What begins with a text lies between it and the text before the last code point.
  private static func range(_ place: ContactValue, _ column: ContactColumn, _ text: String) -> SQLCondition {
    let from = column.name == "id" ? text.lowercased() : text
    return SQLCondition(
      sql: "\(place.sql) >= ?\(place.noCase) AND \(place.sql) < ?\(place.noCase)",
      values: [.text(from), .text(from + "\u{10FFFF}")])
  }

  /// What an email ends with tells its domain, or the end of it.
  private static func domain(_ end: String) -> SQLCondition {
    guard let column = ContactColumn.byName["email_domain"] else { return .always }
    if let at = end.lastIndex(of: "@") {
      return SQLCondition(
        sql: "email_domain = ?", values: [.text(String(end[end.index(after: at)...]))])
    }
    let test = template("value", .ends, .text(end))
    return SQLCondition(
      sql: "email_domain IN (SELECT value FROM tally WHERE field = \(column.number) AND \(test.sql))",
      values: test.values)
  }

  /// The comparison of an expression, without regard to the case of ASCII letters where text is looked into.
  static func template(_ left: String, _ op: SearchOperator, _ value: SQLiteValue) -> SQLCondition {
    switch op {
    case .less: SQLCondition(sql: "\(left) < ?", values: [value])
    case .lessOrEqual: SQLCondition(sql: "\(left) <= ?", values: [value])
    case .greater: SQLCondition(sql: "\(left) > ?", values: [value])
    case .greaterOrEqual: SQLCondition(sql: "\(left) >= ?", values: [value])
    case .contains: SQLCondition(sql: "instr(lower(\(left)), lower(?)) > 0", values: [value])
    case .starts:
      SQLCondition(sql: "lower(substr(\(left), 1, length(?))) = lower(?)", values: [value, value])
    // substr(x, -0) is all of x.
    case .ends where value.textValue?.isEmpty == true: SQLCondition(sql: "\(left) IS NOT NULL")
    case .ends: SQLCondition(sql: "lower(substr(\(left), -length(?))) = lower(?)", values: [value, value])
    default: SQLCondition(sql: "\(left) = ?", values: [value])
    }
  }

  // MARK: Days

  /// The seconds that a filter by day asks for: from one on, before another; nil for those without a date.
  func days(_ field: SearchField, _ op: SearchOperator, _ value: JSONValue) throws -> (
    from: Int64?, before: Int64?
  )? {
    guard case .integer(let seconds) = try integer(value, field) else {
      guard op == .equal else {
        throw APIError.invalid("The value of \(field.name) must be a date", field: field.name)
      }
      return nil
    }
    let (start, next) = workspace.timeZone.day(holding: seconds)
    return switch op {
    case .greater: (next, nil)
    case .less: (nil, start)
    default: (start, next)
    }
  }

  private func dayOfContact(
    _ field: SearchField, _ place: ContactValue, _ op: SearchOperator, _ value: JSONValue
  ) throws -> SQLCondition {
    guard let days = try days(field, op, value) else { return try test(field, place, .equal, [.null]) }
    func between(_ left: String, _ unit: Int64) -> SQLCondition {
      // Whole units: days begin at one. Division rounds down for what is before 1970, too.
      var parts: [SQLCondition] = []
      if let from = days.from {
        parts.append(SQLCondition(sql: "\(left) >= ?", values: [.integer(Self.floor(from, unit))]))
      }
      if let before = days.before {
        parts.append(SQLCondition(sql: "\(left) < ?", values: [.integer(Self.floor(before, unit))]))
      }
      return .joined(parts, by: "AND")
    }
    var found = between(place.sql, 1)
    guard let column = place.column else {
      found.plan = SearchPlan(count: SearchPlan.contacts(found))
      return found
    }
    found.plan = SearchPlan(
      count: SearchPlan.tally(column, between("value", ContactColumn.tick)),
      zone: zone(column, days.from, days.before))
    return found
  }

  private func zone(_ column: ContactColumn, _ from: Int64?, _ before: Int64?) -> SQLCondition {
    var parts = [SQLCondition(sql: "field = \(column.number)")]
    if let from { parts.append(SQLCondition(sql: "high >= ?", values: [.integer(from)])) }
    if let before { parts.append(SQLCondition(sql: "low < ?", values: [.integer(before)])) }
    return .joined(parts, by: "AND")
  }

  private static func floor(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((-a + b - 1) / b) }

  // MARK: Tags

  /// A tag has its contacts in a table of its own, the archived among them.
  func contactTag(_ tag: Int64) -> SQLCondition {
    let tagged = "SELECT record FROM tagging WHERE tag = \(tag) AND kind = 1"
    var found = SQLCondition(sql: "n IN (\(tagged))")
    let here = "EXISTS (SELECT 1 FROM tagging WHERE tag = \(tag) AND kind = 1 AND record = contact.n)"
    found.plan = SearchPlan(
      count: SQLCondition(
        sql: """
          ((SELECT count(*) FROM tagging WHERE tag = \(tag) AND kind = 1)
            - (SELECT count(*) FROM contact INDEXED BY contact_gone WHERE state <> 0 AND \(here)))
          """),
      walk: SQLCondition(sql: here))
    return found
  }
}
