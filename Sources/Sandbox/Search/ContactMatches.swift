import JSON
import SQLite

/// Answers searches over contacts out of columns in memory, as sets: those that no index or tally of the store answers
/// in time. The rest are left to SQL.
struct ContactMatches {
  let translation: SearchTranslation
  let columns: ContactColumns

  private var workspace: Workspace { translation.workspace }

  /// The contacts that a query finds; nil if the store finds them as soon. `sorted`: in another order than that of
  /// creation, in which the store might have to pass most of them to find a page.
  func set(_ query: SearchQuery, sorted: Bool) throws -> ContactSet? {
    switch query {
    case .filter(let filter):
      return try sorted && !isSelective(filter) || isForColumns(filter) ? matches(filter) : nil
    case .all(let parts):
      // One contact, or a few of one name: found by the index, and then looked at.
      for case .filter(let filter) in parts where try isSelective(filter) { return nil }
      return try matches(query)
    case .any: return try matches(query)
    }
  }

  private func isForColumns(_ filter: SearchFilter) throws -> Bool {
    let field = try translation.field(filter.field)
    switch field.source {
    case .column(let name):
      guard let column = ContactColumn.byName[name], case .many = column.values else { return false }
      return filter.op.isOfText || filter.value.isNull || filter.value.arrayValue?.contains(.null) == true
    case .custom, .link(.contactSegment): return true
    default: return false
    }
  }

  /// It asks for values that few contacts share.
  private func isSelective(_ filter: SearchFilter) throws -> Bool {
    guard case .column(let name) = try translation.field(filter.field).source,
      let column = ContactColumn.byName[name], case .many = column.values
    else { return false }
    switch filter.op {
    case .equal: return !filter.value.isNull
    case .in: return filter.value.arrayValue?.contains(.null) == false
    default: return false
    }
  }

  // MARK: Queries

  private func matches(_ query: SearchQuery) throws -> ContactSet {
    switch query {
    case .filter(let filter): return try matches(filter)
    case .all(let parts):
      return try parts.reduce(columns.live) { try $0.intersection(matches($1)) }
    case .any(let parts):
      return try parts.reduce(ContactSet(limit: 0)) { try $0.union(matches($1)) }
    }
  }

  private func matches(_ filter: SearchFilter) throws -> ContactSet {
    let field = try translation.field(filter.field)
    let found: ContactSet?
    switch field.source {
    case .column(let name): found = try ContactColumn.byName[name].flatMap { try matches(field, $0, filter) }
    case .custom(let name): found = try matches(field, workspace.customAttributeValue(name), filter)
    case .link(.contactSegment): found = try segment(filter)
    case .link(.contactTag): found = try tagged(field, filter)
    default: found = nil
    }
    if let found { return found }
    // SQLite finds those that match by an index, and those that do not by looking at each.
    guard let positive = filter.op.negated else {
      return try rows(translation.condition(.filter(filter)))
    }
    let opposite = SearchFilter(field: filter.field, op: positive, value: filter.value)
    return columns.live.subtracting(try rows(translation.condition(.filter(opposite))))
  }

  /// What SQLite finds.
  private func rows(_ condition: SQLCondition) throws -> ContactSet {
    var found = ContactSet(limit: columns.live.words.count * 64)
    let statement = try workspace.database.prepare(
      "SELECT n FROM contact WHERE state = 0 AND \(condition.sql)")
    try statement.bind(condition.values)
    defer { statement.reset() }
    while try statement.step() { found.insert(statement.integer(0) ?? 0) }
    return found
  }

  // MARK: Columns

  private func matches(_ field: SearchField, _ column: ContactColumn, _ filter: SearchFilter) throws
    -> ContactSet?
  {
    switch column.values {
    case .many: return try texts(field, column.name, filter)
    case .few, .flag:
      guard let codes = try columns.codes(column, index: workspace.index(of: column)) else { return nil }
      return try matches(codes, field, filter, noCase: column.isNoCase)
    case .date:
      let numbers = try columns.numbers(column.name, index: workspace.index(of: column))
      guard let (from, before) = try translation.days(field, filter.op, filter.value) else {
        return columns.live.subtracting(numbers.some)
      }
      return numbers.matches(from: from ?? .min, before: before)
    }
  }

  private func matches(_ field: SearchField, _ place: SearchTranslation.ContactValue, _ filter: SearchFilter)
    throws -> ContactSet?
  {
    guard place.sql != "NULL" else { return nil }
    if let codes = try columns.codes(place.sql, index: place.index) {
      return try matches(codes, field, filter, noCase: false)
    }
    // Numbers are looked into as SQLite writes them.
    return try texts(field, "CAST(\(place.sql) AS TEXT)", filter)
  }

  /// Asks SQLite about each of the column's values.
  private func matches(_ codes: CodeColumn, _ field: SearchField, _ filter: SearchFilter, noCase: Bool) throws
    -> ContactSet
  {
    let place = SearchTranslation.ContactValue(sql: noCase ? "value COLLATE NOCASE" : "value")
    let condition = try translation.contactCondition(field, place, filter)
    let statement = try workspace.database.prepare("SELECT \(condition.sql) FROM (SELECT ? AS value)")
    defer { statement.reset() }
    let found = try codes.matches { value in
      try statement.bind(condition.values + [value])
      return try statement.step() && statement.integer(0) == 1
    }
    return found.intersection(columns.live)
  }

  /// Nil for what is compared as a whole: an index has that.
  private func texts(_ field: SearchField, _ key: String, _ filter: SearchFilter) throws -> ContactSet? {
    let live = columns.live
    if filter.op.isOfText {
      let op = filter.op.negated ?? filter.op
      let part: String
      switch try translation.convert(filter.value, op, field) {
      case .text(let text): part = text
      case .integer(let number): part = String(number)
      default: return nil
      }
      guard let found = try columns.texts(key).matches(op, part) else { return nil }
      return filter.op == .lacks ? live.subtracting(found) : found
    }
    let values = filter.value.arrayValue ?? [filter.value]
    guard values.contains(.null), [.equal, .in, .unequal, .notIn].contains(filter.op) else { return nil }
    var found = live.subtracting(try columns.texts(key).some)
    let some = values.filter { !$0.isNull }
    if !some.isEmpty {
      let rest = SearchFilter(field: filter.field, op: .in, value: .array(some))
      found = found.union(try rows(translation.condition(.filter(rest))))
    }
    return filter.op == .equal || filter.op == .in ? found : live.subtracting(found)
  }

  // MARK: Tags and segments

  private func tagged(_ field: SearchField, _ filter: SearchFilter) throws -> ContactSet? {
    guard let text = try translation.text(filter.value, field).textValue, let tag = Int64(text) else {
      return nil
    }
    let found = try tagged(tag)
    return filter.op.isNegative ? columns.live.subtracting(found) : found
  }

  private func tagged(_ tag: Int64) throws -> ContactSet {
    var found = ContactSet(limit: columns.live.words.count * 64)
    try workspace.database.each("SELECT record FROM tagging WHERE tag = ? AND kind = 1", .integer(tag)) {
      row in
      found.insert(row.integer(0) ?? 0)
    }
    return found.intersection(columns.live)
  }

  private func segment(_ filter: SearchFilter) throws -> ContactSet? {
    guard filter.value.arrayValue == nil, let id = filter.value.stringValue,
      let segment = Segment.with(id: id, in: workspace)
    else { return nil }
    let found: ContactSet
    switch segment.members {
    case .dated(let role, let name, let oldest, let newest):
      guard let members = try dated(role, name, oldest, newest) else { return nil }
      found = members
    case .tagged(let tag): found = try tagged(tag)
    case .large: return nil
    }
    return filter.op.isNegative ? columns.live.subtracting(found) : found
  }

  private func dated(_ role: String?, _ name: String, _ oldest: Int64, _ newest: Int64?) throws -> ContactSet?
  {
    guard let column = ContactColumn.byName[name], let roles = ContactColumn.byName["role"] else {
      return nil
    }
    let (from, before) = Segment.span(oldest, newest, workspace.clock.now)
    let numbers = try columns.numbers(name, index: workspace.index(of: column))
    let found = numbers.matches(from: from, before: before)
    guard let role else { return found }
    guard let codes = try columns.codes(roles, index: workspace.index(of: roles)) else { return nil }
    return found.intersection(codes.matches { $0 == .text(role) })
  }
}

extension SearchOperator {
  /// It looks into a text.
  var isOfText: Bool { [.contains, .lacks, .starts, .ends].contains(self) }
  var isNegative: Bool { negated != nil }
  /// What a negative one denies.
  var negated: SearchOperator? {
    switch self {
    case .unequal: .equal
    case .lacks: .contains
    case .notIn: .in
    default: nil
    }
  }
}
