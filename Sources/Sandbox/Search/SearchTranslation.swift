import JSON
import SQLite

/// A condition in SQL with the values of its parameters.
struct SQLCondition {
  var sql: String
  var values: [SQLiteValue] = []
  /// How to count and walk it, where that is known.
  var plan: SearchPlan? {
    get { planned?.plan }
    set { planned = newValue.map(Planned.init) }
  }

  /// A box, since a plan is made of conditions.
  private final class Planned: Sendable {
    let plan: SearchPlan
    init(_ plan: SearchPlan) { self.plan = plan }
  }
  private var planned: Planned?
  /// It asks for records that lack the value they are sorted by.
  var isWithoutValue = false

  init(sql: String, values: [SQLiteValue] = []) {
    self.sql = sql
    self.values = values
  }

  /// Tells conditions apart.
  var key: String { "\(sql) \(values)" }

  static let never = SQLCondition(sql: "0")
  static let always = SQLCondition(sql: "1")

  func negated(orNull expression: String? = nil) -> SQLCondition {
    let alternative = expression.map { "\($0) IS NULL OR " } ?? ""
    return SQLCondition(sql: "(\(alternative)NOT \(sql))", values: values)
  }

  static func joined(_ parts: [SQLCondition], by word: String) -> SQLCondition {
    if parts.count == 1, let one = parts.first {
      var same = SQLCondition(sql: "(\(one.sql))", values: one.values)
      same.plan = one.plan
      return same
    }
    return SQLCondition(
      sql: "(" + parts.map(\.sql).joined(separator: " \(word) ") + ")", values: parts.flatMap(\.values))
  }
}

/// Turns a search into SQL over one of the big tables.
struct SearchTranslation {
  enum Resource { case contacts, conversations, tickets }

  let resource: Resource
  let workspace: Workspace

  /// The tagging kind of the resource's records.
  private var taggingKind: Int64 {
    switch resource {
    case .contacts: 1
    case .conversations: 3
    case .tickets: 4
    }
  }

  static let fields: [String: [String: SearchField]] = [
    "contacts": table(SearchField.contacts), "conversations": table(SearchField.conversations),
    "tickets": table(SearchField.tickets),
  ]

  private static func table(_ fields: [SearchField]) -> [String: SearchField] {
    Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func field(_ name: String) throws -> SearchField {
    let key =
      switch resource {
      case .contacts: "contacts"
      case .conversations: "conversations"
      case .tickets: "tickets"
      }
    if let known = Self.fields[key]?[name] { return known }
    if resource == .contacts, name.hasPrefix("custom_attributes.") {
      return try workspace.customAttributeField(String(name.dropFirst("custom_attributes.".count)))
    }
    if resource == .tickets, name.hasPrefix("ticket_attribute.") {
      return try workspace.ticketAttributeField(String(name.dropFirst("ticket_attribute.".count)))
    }
    throw APIError.invalid("'\(name)' is not a field that can be searched", field: name)
  }

  func condition(_ query: SearchQuery) throws -> SQLCondition {
    switch query {
    case .all(let parts): .joined(try parts.map(condition), by: "AND")
    case .any(let parts): .joined(try parts.map(condition), by: "OR")
    case .filter(let filter): try condition(filter)
    }
  }

  private func condition(_ filter: SearchFilter) throws -> SQLCondition {
    let field = try field(filter.field)
    guard field.operators.contains(filter.op) else {
      throw APIError.invalid(
        "The operator \(filter.op.rawValue) cannot be used with \(field.name)", field: field.name)
    }
    let takesList = filter.op == .in || filter.op == .notIn
    guard takesList == (filter.value.arrayValue != nil) else {
      let wanted = takesList ? "a list" : "a single value"
      throw APIError.invalid("The value of \(field.name) must be \(wanted)", field: field.name)
    }
    if resource == .contacts, let place = try contactValue(field) {
      return try contactCondition(field, place, filter)
    }
    if let items = filter.value.arrayValue {
      // A list is the alternatives of its items; NIN, none of them.
      let parts = try items.map { item in
        try single(field, .equal, item)
      }
      let any = parts.isEmpty ? .never : SQLCondition.joined(parts, by: "OR")
      // Comparing with nothing gives null, which must count as "not in".
      return filter.op == .in ? any : SQLCondition(sql: "NOT ifnull(\(any.sql), 0)", values: any.values)
    }
    return try single(field, filter.op, filter.value)
  }

  private func single(_ field: SearchField, _ op: SearchOperator, _ value: JSONValue) throws -> SQLCondition {
    switch field.kind {
    case .tag, .linked, .segment: return try linked(field, op, value)
    case .words: return try words(op, value)
    // Days are a matter of contacts alone.
    case .day: return .never
    case .string: return try compare(field, op, text(value, field))
    case .boolean: return try compare(field, op, boolean(value, field))
    case .integer, .instant: return try compare(field, op, integer(value, field))
    case .number:
      switch op {
      case .contains, .lacks, .starts, .ends:
        let asText = SearchField(field.name, .string, .column("CAST(n AS TEXT)"))
        return try compare(asText, op, text(value, field))
      default:
        // No record has an id that is no number.
        let number = Int64(try text(value, field).textValue ?? "")
        guard let number else { return op == .unequal ? .always : .never }
        return try compare(field, op, .integer(number))
      }
    case .anything: return try compare(field, op, anything(value, op, field))
    }
  }

  /// Where a filter on contacts finds its value; nil for what lies in other tables.
  private func contactValue(_ field: SearchField) throws -> ContactValue? {
    switch field.source {
    case .column(let name):
      guard let column = ContactColumn.byName[name] else { return nil }
      try workspace.prepare(column)
      return ContactValue(sql: name, column: column, index: column.index)
    case .custom(let name): return try workspace.customAttributeValue(name)
    default: return nil
    }
  }

  // MARK: Values

  func text(_ value: JSONValue, _ field: SearchField) throws -> SQLiteValue {
    switch value {
    case .null: return .null
    case .string(let text): return .text(text)
    case .int(let number): return .text(String(number))
    case .bool(let flag): return .text(flag ? "true" : "false")
    default: throw APIError.invalid("The value of \(field.name) must be a string", field: field.name)
    }
  }

  /// Numbers are taken as text too.
  func integer(_ value: JSONValue, _ field: SearchField) throws -> SQLiteValue {
    switch value {
    case .null: return .null
    case .int(let number): return .integer(number)
    case .string(let text):
      if let number = Int64(text) { return .integer(number) }
    case .double(let number):
      if let whole = Int64(exactly: number.rounded(.down)) { return .integer(whole) }
    default: break
    }
    throw APIError.invalid("The value of \(field.name) must be an integer", field: field.name)
  }

  func boolean(_ value: JSONValue, _ field: SearchField) throws -> SQLiteValue {
    switch value {
    case .null: return .null
    case .bool(let flag): return .integer(flag ? 1 : 0)
    case .string("true"): return .integer(1)
    case .string("false"): return .integer(0)
    default: throw APIError.invalid("The value of \(field.name) must be a boolean", field: field.name)
    }
  }

  func anything(_ value: JSONValue, _ op: SearchOperator, _ field: SearchField) throws -> SQLiteValue {
    switch value {
    case .null: return .null
    case .bool(let flag): return .integer(flag ? 1 : 0)
    case .int(let number): return .integer(number)
    case .double(let number): return .real(number)
    case .string(let text): return .text(text)
    default: throw APIError.invalid("The value of \(field.name) must be a single value", field: field.name)
    }
  }

  // MARK: Comparisons

  private func expression(_ field: SearchField) -> SQLCondition {
    switch field.source {
    case .column(let name): SQLCondition(sql: name)
    case .json(let path): SQLCondition(sql: "json_extract(json, ?)", values: [.text(path)])
    case .link, .custom: .never
    }
  }

  private func compare(_ field: SearchField, _ op: SearchOperator, _ value: SQLiteValue) throws
    -> SQLCondition
  {
    let left = expression(field)
    func binary(_ sql: String, _ values: [SQLiteValue]) -> SQLCondition {
      SQLCondition(sql: "(\(left.sql) \(sql))", values: left.values + values)
    }
    if value == .null {
      switch op {
      case .equal: return binary("IS NULL", [])
      case .unequal: return binary("IS NOT NULL", [])
      default: throw APIError.invalid("The value of \(field.name) may not be null here", field: field.name)
      }
    }
    let inclusive = field.kind == .instant
    switch op {
    case .equal, .in: return binary("= ?", [value])
    case .unequal, .notIn: return binary("IS NOT ?", [value])
    case .less: return binary(inclusive ? "<= ?" : "< ?", [value])
    case .greater: return binary(inclusive ? ">= ?" : "> ?", [value])
    case .lessOrEqual: return binary("<= ?", [value])
    case .greaterOrEqual: return binary(">= ?", [value])
    case .contains: return part(left, "instr(lower(%), lower(?)) > 0", [value])
    case .lacks:
      let inner = part(left, "instr(lower(%), lower(?)) > 0", [value])
      return SQLCondition(sql: "NOT ifnull(\(inner.sql), 0)", values: inner.values)
    case .starts: return part(left, "lower(substr(%, 1, length(?))) = lower(?)", [value, value])
    case .ends:
      // substr(x, -0) is all of x.
      if value.textValue?.isEmpty == true { return binary("IS NOT NULL", []) }
      return part(left, "lower(substr(%, -length(?))) = lower(?)", [value, value])
    }
  }

  private func part(_ left: SQLCondition, _ template: String, _ values: [SQLiteValue]) -> SQLCondition {
    SQLCondition(
      sql: "(" + template.split(separator: "%", omittingEmptySubsequences: false).joined(separator: left.sql)
        + ")",
      values: left.values + values)
  }

  /// Looks at one word at a time, so that no operator finds two words at once.
  private func words(_ op: SearchOperator, _ value: JSONValue) throws -> SQLCondition {
    guard let text = value.stringValue else {
      throw APIError.invalid("The value of source.body must be a string", field: "source.body")
    }
    let negative = op == .unequal || op == .lacks
    let found = Words.list(text)
    guard found.count == 1, let word = found.first, !text.contains(where: \.isWhitespace) else {
      return negative ? .always : .never
    }
    let pattern =
      switch op {
      case .starts: " \(word)"
      case .ends: "\(word) "
      case .contains, .lacks: word
      default: " \(word) "
      }
    let sql = "(instr(words, ?) \(negative ? "= 0" : "> 0"))"
    return SQLCondition(sql: sql, values: [.text(pattern)])
  }

  // MARK: Links

  private func linked(_ field: SearchField, _ op: SearchOperator, _ value: JSONValue) throws -> SQLCondition {
    let negative = op == .unequal || op == .lacks || op == .notIn
    let inner: SQLCondition
    let wanted = try text(value, field).textValue
    switch field.source {
    case .link(.contactTag) where wanted.flatMap({ Int64($0) }) != nil:
      let found = contactTag(wanted.flatMap { Int64($0) } ?? 0)
      guard negative else { return found }
      var rest = found.negated()
      rest.plan = SearchPlan(
        count: found.plan?.count.map(SearchPlan.rest), walk: found.plan?.walk?.negated())
      return rest
    case .link(.contactTag), .link(.conversationTag):
      inner = try link(
        "n IN", "SELECT record FROM tagging WHERE kind = \(taggingKind)", key: "tag",
        asText: "CAST(tag AS TEXT)", op,
        wanted, exact: wanted.flatMap { Int64($0) }.map { .integer($0) })
    case .link(.participant):
      inner = try link(
        "n IN", "SELECT owner FROM participant WHERE 1", key: "contact",
        asText: "(SELECT id FROM contact WHERE contact.n = participant.contact)", op, wanted,
        exact: try wanted.flatMap { try workspace.contactNumber($0) }.map { .integer($0) })
    case .link(.contactSegment):
      guard let wanted, let segment = Segment.with(id: wanted, in: workspace), segment.personType != "company"
      else {
        throw APIError.invalid("There is no such segment", field: field.name)
      }
      let members = segment.condition(workspace.clock.now)
      // Who was never seen is in no segment that asks when.
      inner = SQLCondition(sql: "ifnull(\(members.sql), 0)", values: members.values)
    case .link(.teammate):
      inner = try link(
        "EXISTS", "SELECT 1 FROM json_each(conversation.json, '$.teammates.admins') WHERE 1",
        key: "json_extract(value, '$.id')", asText: "json_extract(value, '$.id')", op, wanted,
        exact: wanted.map { .text($0) })
    default: inner = .never
    }
    return negative ? inner.negated() : inner
  }

  private func link(
    _ head: String, _ select: String, key: String, asText: String, _ op: SearchOperator, _ wanted: String?,
    exact: SQLiteValue?
  ) throws -> SQLCondition {
    // Null asks for records that have none.
    guard let wanted else { return SQLCondition(sql: "(NOT \(head) (\(select)))") }
    func found(_ condition: String, _ values: [SQLiteValue]) -> SQLCondition {
      SQLCondition(sql: "(\(head) (\(select) AND \(condition)))", values: values)
    }
    switch op {
    case .equal, .unequal, .in, .notIn:
      guard let exact else { return .never }
      return found("\(key) = ?", [exact])
    case .starts: return found("substr(\(asText), 1, length(?)) = ?", [.text(wanted), .text(wanted)])
    case .ends: return found("substr(\(asText), -length(?)) = ?", [.text(wanted), .text(wanted)])
    default: return found("instr(\(asText), ?) > 0", [.text(wanted)])
    }
  }
}

extension SQLiteValue {
  var textValue: String? {
    if case .text(let value) = self { value } else { nil }
  }
}
