import Catalogue
import JSON

/// What a write leaves in its target, and what of it a record shows: for freshness, settling and undo.
///
/// Names are those of the wire. Three are our own: `$linked ID`, whether the other record of a link is in the
/// target's list, `$as NAME`, an argument that such a link was made with, and `$missing`, whether reading the target
/// answers 404.
struct TargetState {
  private static let linked = "$linked "
  static let missing = "$missing"

  let call: WriteCall

  private var operation: APIOperation { call.operation }
  private var type: RecordType? { call.targetType.flatMap { call.catalogue.recordType($0) } }

  /// Empty for a write that leaves nothing in its target that could be compared.
  var written: JSONObject {
    var root = JSONValue.object(JSONObject())
    for parameter in operation.parameters {
      guard let path = parameter.sets, !path.isEmpty, let value = call.arguments[parameter.name] else {
        continue
      }
      Self.put(value, at: names(path)[...], in: &root)
    }
    for outcome in operation.outcomes {
      if outcome.field == FieldOutcome.missing {
        guard case .bool(let isMissing) = outcome.value else { continue }
        Self.put(.bool(isMissing), at: [Self.missing], in: &root)
      } else {
        Self.put(Self.json(outcome.value), at: names([outcome.field])[...], in: &root)
      }
    }
    guard case .object(var object) = root else { return JSONObject() }
    if object.isEmpty, isLink, let linkKey { object[linkKey] = .bool(!removes) }
    return object
  }

  /// Fields that go with those written when they are put back.
  private var companions: [String] {
    (operation.reopens == nil ? [] : [Self.state]) + companionsOfInverse
  }
  static let state = "state"

  private var companionsOfInverse: [String] {
    switch operation.inverse?.arguments {
    case .byState?: ["snoozed_until"]
    case .earlier(let whenNull?)?:
      // What takes the value away takes these along.
      call.catalogue.operations(operation.resource, whenNull).first?.outcomes.compactMap {
        $0.field == FieldOutcome.missing ? nil : names([$0.field]).first
      } ?? []
    default: []
    }
  }

  /// It ties two records together, or takes them apart, and another verb does the opposite.
  var isLink: Bool {
    guard case .same? = operation.inverse?.arguments else { return false }
    return operation.outcomes.isEmpty && call.other != nil
  }

  /// The name under which a link is kept: two links of one record are two.
  var linkKey: String? { call.other.map { Self.linked + RequestText.plain($0.value) } }

  private var removes: Bool {
    operation.method == .delete || operation.fixedFields.contains { $0.wire.last == "untag" }
  }

  private func names(_ path: [String]) -> [String] {
    guard let first = path.first, let field = type?.field(first) else { return path }
    return [field.wire] + path.dropFirst()
  }

  private static func json(_ value: FixedField.Value) -> JSONValue {
    switch value {
    case .text(let text): .string(text)
    case .bool(let flag): .bool(flag)
    case .null, .signer: .null
    case .nobody: .null
    }
  }

  private static func put(_ value: JSONValue, at path: ArraySlice<String>, in target: inout JSONValue) {
    guard let first = path.first else {
      target = value
      return
    }
    var object = target.objectValue ?? JSONObject()
    var inner = object[first] ?? .object(JSONObject())
    put(value, at: path.dropFirst(), in: &inner)
    object[first] = inner
    target = .object(object)
  }

  // MARK: Records

  /// The written fields as they are in a record; nil if the record does not tell all of them. In a record that
  /// `isWhole`, as reading it alone gives it, an optional field that is not there is null.
  func picked(from record: JSONValue, isWhole: Bool = false) -> JSONObject? {
    var found = JSONObject()
    for (name, value) in written {
      switch name {
      case Self.missing: found[name] = .bool(false)
      case linkKey where isLink:
        guard let isThere = isLinked(in: record) else { return nil }
        found[name] = .bool(isThere)
      default:
        let missing: JSONValue? = isWhole && isOptional(name) ? .null : nil
        guard let there = member(name, of: record) ?? missing else { return nil }
        found[name] = Self.pick(there, like: value)
      }
    }
    for name in companions where found[name] == nil { found[name] = member(name, of: record) ?? .null }
    return found
  }

  /// Frozen records bear the fields' own names.
  private func member(_ wire: String, of record: JSONValue) -> JSONValue? {
    if let value = record[wire] { return value }
    return type?.fields.first { $0.wire == wire }.flatMap { record[$0.name] }
  }

  private func isOptional(_ wire: String) -> Bool {
    type?.fields.first { $0.wire == wire }?.isOptional ?? false
  }

  private static func pick(_ value: JSONValue, like wanted: JSONValue) -> JSONValue {
    guard case .object(let names) = wanted, !names.isEmpty, case .object(let object) = value else {
      return value
    }
    return .object(
      names.reduce(into: JSONObject()) { $0[$1.key] = pick(object[$1.key] ?? .null, like: $1.value) })
  }

  /// The picked fields hold what is wanted.
  static func holds(_ wanted: JSONObject, in picked: JSONObject) -> Bool {
    wanted.allSatisfy { name, value in
      guard let there = picked[name] else { return false }
      return means(value, there)
    }
  }

  private static func means(_ wanted: JSONValue, _ there: JSONValue) -> Bool {
    if case .object(let names) = wanted, case .object(let object) = there {
      return names.allSatisfy { means($0.value, object[$0.key] ?? .null) }
    }
    let (a, b) = (comparable(wanted), comparable(there))
    if a == b { return true }
    return isNobody(a) && isNobody(b)
  }

  /// What is nobody's reads as null or as 0; what is sent as an address comes back as a picture.
  static func isNobody(_ value: JSONValue) -> Bool {
    let value = comparable(value)
    return value == .null || value == .string("0") || value == .string("")
  }

  /// Ids come as numbers and as texts, times as seconds and as whole floats: what means the same is the same.
  static func comparable(_ value: JSONValue) -> JSONValue {
    switch value {
    case .int(let number): .string(String(number))
    case .double(let number) where number == number.rounded() && number.magnitude < 9e15:
      .string(String(Int64(number)))
    case .array(let items): .array(items.map { comparable($0) })
    case .object(let object):
      .object(object.reduce(into: JSONObject()) { $0[$1.key] = comparable($1.value) })
    default: value
    }
  }

  // MARK: Links

  /// Whether the other record is in the target's list; nil if the record has the list only in part.
  private func isLinked(in record: JSONValue) -> Bool? {
    guard let name = call.rule?.lookUp.map({ $0.field ?? $0.operation }),
      let field = type?.field(name), let there = member(field.wire, of: record)
    else { return nil }
    let items: [JSONValue]
    if let list = there.arrayValue {
      items = list
    } else {
      guard let inside = field.inside ?? there.objectValue?.first(where: { $0.value.arrayValue != nil })?.key,
        let list = there[inside]?.arrayValue
      else { return nil }
      if there["has_more"]?.boolValue == true { return nil }
      if let total = there["total_count"]?.intValue, total > Int64(list.count) { return nil }
      items = list
    }
    return contains(items)
  }

  /// What the opposite of taking a link away must be told of it again: how somebody had chosen a subscription.
  func particulars(of items: [JSONValue]) -> JSONObject {
    guard let item = items.first(where: { contains([$0]) }), let inverse = operation.inverse else {
      return JSONObject()
    }
    let opposites = inverse.verbs.flatMap { call.catalogue.operations(operation.resource, $0) }
    return opposites.flatMap(\.parameters).reduce(into: JSONObject()) { kept, parameter in
      guard parameter.isRequired, !parameter.type.namesRecord, operation.parameter(parameter.name) == nil
      else {
        return
      }
      kept[Self.particular + parameter.name] = item[parameter.name]
    }
  }
  static let particular = "$as "

  /// The other record is among these.
  func contains(_ items: [JSONValue]) -> Bool {
    guard let other = call.other else { return false }
    return items.contains { item in
      for key in ["id", "name", "external_id", "company_id"] {
        guard let value = item[key] else { continue }
        if key == "name", !other.isName { continue }
        if Self.comparable(value) == Self.comparable(other.value) { return true }
      }
      return false
    }
  }
}
