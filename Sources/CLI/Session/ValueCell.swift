import Catalogue
import Machine
import Terminal

/// A value inside a table or beside a field's name: one line, nested values folded, times local, ids with the
/// name that is known for them.
struct ValueCell {
  let machine: Machine
  let names: KnownNames
  let now: Int64

  /// Fields that people call a record by, where its type does not say.
  private static let callings = ["name", "title", "email", "subject", "label"]

  func text(_ value: Value, _ field: Field? = nil, room: Int = 40) -> String {
    switch value.tag {
    case .null: return ""
    case .string: return withName(TextWidth.visible(machine.text(of: value)), field)
    case .int: return withName(machine.text(value), field)
    case .time: return ValueCell.time(value, machine)
    case .list: return list(value, field, room)
    case .record: return record(value, room)
    case .sequence: return "(read when asked for)"
    default: return machine.text(value)
    }
  }

  /// `2026-01-31 09:30`, in the workspace's zone.
  static func time(_ value: Value, _ machine: Machine, seconds: Bool = false) -> String {
    let offset = machine.zoneOffsetMinutes(value.asInt)
    let whole = Timestamp.text(value.asInt, offsetMinutes: offset)
    // The ISO form with its fixed places; a year beyond 9999 is left as it is.
    guard whole.utf8.count >= 25, whole.dropFirst(10).first == "T" else { return whole }
    let date = whole.prefix(10)
    let clock = whole.dropFirst(11)
    guard seconds else { return "\(date) \(clock.prefix(5))" }
    return "\(date) \(clock.prefix(8)) " + (offset == 0 ? "UTC" : String(clock.suffix(6)))
  }

  /// `3 days ago`, `in 2 hours`
  func ago(_ value: Value) -> String {
    let difference = now.subtractingReportingOverflow(value.asInt)
    guard !difference.overflow else { return "" }
    let seconds = difference.partialValue.magnitude / 1000
    let (count, unit): (UInt64, String) =
      switch seconds {
      case ..<90: (seconds, "second")
      case ..<5_400: (seconds / 60, "minute")
      case ..<172_800: (seconds / 3_600, "hour")
      case ..<63_072_000: (seconds / 86_400, "day")
      default: (seconds / 31_536_000, "year")
      }
    let text = "\(count) \(unit)\(count == 1 ? "" : "s")"
    return difference.partialValue >= 0 ? "\(text) ago" : "in \(text)"
  }

  private func withName(_ id: String, _ field: Field?) -> String {
    guard let field, field.role != .key, case .id(let type) = field.type,
      let name = names.name(of: type, id), name != id
    else { return id }
    return id + " " + TextWidth.visible(name)
  }

  // MARK: Nested values

  private func list(_ value: Value, _ field: Field?, _ room: Int) -> String {
    let items = machine.items(value)
    if items.isEmpty { return "[]" }
    let count = "\(items.count) item\(items.count == 1 ? "" : "s")"
    var text = ""
    for (index, item) in items.prefix(20).enumerated() {
      guard let word = word(item) else { return "[\(count)]" }
      let more = index == 0 ? word : text + ", " + word
      if index > 0, TextWidth.columns(of: more) > room - 8 {
        return "[\(text), …] \(count)"
      }
      text = more
    }
    if items.count > 20 { return "[\(text), …] \(count)" }
    return TextWidth.columns(of: text) > room ? "[\(count)]" : "[\(text)]"
  }

  /// What an entry of a list is called; nil for what has no short form.
  private func word(_ value: Value) -> String? {
    switch value.tag {
    case .record: return calling(value)
    case .list, .sequence: return nil
    case .string: return TextWidth.visible(machine.text(of: value))
    default: return machine.text(value)
    }
  }

  private func record(_ value: Value, _ room: Int) -> String {
    if let calling = calling(value) { return calling }
    let fields = machine.fields(value)
    if fields.isEmpty { return "{}" }
    var text = ""
    var left = fields.filter { $0.name != "type" && !$0.value.isNull && !isNested($0.value) }
    while let field = left.first {
      let cell = self.text(field.value, room: room)
      let entry = (text.isEmpty ? "" : ", ") + field.name + ": " + cell
      if !text.isEmpty, TextWidth.columns(of: text) + TextWidth.columns(of: entry) > room - 3 {
        return "{\(text), …}"
      }
      text += entry
      left.removeFirst()
    }
    return text.isEmpty ? "{…}" : "{\(text)}"
  }

  private func isNested(_ value: Value) -> Bool { [.list, .record, .sequence].contains(value.tag) }

  /// The name that a record goes by, else what is known for its id.
  private func calling(_ value: Value) -> String? {
    let type = machine.typeName(of: value).flatMap { APICatalogue.standard.recordType($0) }
    let own = type?.field(with: .name).map { [$0.name] } ?? []
    for name in own + ValueCell.callings {
      let field = machine.field(name, of: value)
      if field.tag == .string { return TextWidth.visible(machine.text(of: field)) }
    }
    let id = machine.field("id", of: value)
    guard !id.isNull, machine.fields(value).count <= 4 else { return nil }
    let word = KnownNames.text(id, machine)
    let kind = machine.field("type", of: value)
    let kinds = [type?.name, kind.tag == .string ? machine.text(of: kind) : nil]
    return kinds.compactMap { $0.flatMap { names.name(of: $0, word) } }.first ?? word
  }
}
