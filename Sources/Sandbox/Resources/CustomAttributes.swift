import JSON
import SQLite

extension Workspace {
  /// The declaration of a custom attribute of contacts or companies, if there is one.
  private func customAttribute(_ name: String, model: String) throws -> JSONValue? {
    let text = try database.first(
      "SELECT json FROM item WHERE kind = 'data_attribute' AND name = ?", .text("\(model).\(name)"))
    guard let text = text?.textValue else { return nil }
    return try JSONValue.parse(text)
  }

  /// A declared attribute takes values of its type only. One that is not declared is taken as it comes.
  func checkCustomAttribute(_ name: String, _ value: JSONValue, model: String) throws {
    guard !value.isNull, let type = try customAttribute(name, model: model)?["data_type"]?.stringValue else {
      return
    }
    let fits =
      switch type {
      case "integer", "date", "datetime": value.intValue != nil
      case "float": value.doubleValue != nil
      case "boolean": value.boolValue != nil
      default: value.stringValue != nil || value.intValue != nil
      }
    guard fits else {
      throw APIError.invalid("Custom attribute '\(name)' must be of type \(type)", field: name)
    }
  }

  func customAttributeField(_ name: String) throws -> SearchField {
    let kind: SearchField.Kind =
      switch try customAttribute(name, model: "contact")?["data_type"]?.stringValue {
      case "integer", "float": .anything
      case "boolean": .boolean
      case "date", "datetime": .day
      case "string": .string
      default: .anything
      }
    return SearchField("custom_attributes.\(name)", kind, .custom(name))
  }

  /// Where search finds a custom attribute. A declared one gets an index, at the latest when it is asked for.
  func customAttributeValue(_ name: String) throws -> SearchTranslation.ContactValue {
    let sql = Self.attributeSQL(name)
    guard let sql, let number = try itemNumber(.dataAttribute, named: "contact.\(name)") else {
      return SearchTranslation.ContactValue(sql: sql ?? "NULL")
    }
    let index = Self.attributeIndexPrefix + String(number)
    return SearchTranslation.ContactValue(
      sql: sql, index: try makeAttributeIndex(index, sql) ? index : nil)
  }

  static let attributeIndexPrefix = "contact_by_attribute_"

  /// The attribute as SQL finds it; nil for a name that no path can hold. The name stands in the text, since
  /// an index cannot depend on a parameter.
  private static func attributeSQL(_ name: String) -> String? {
    guard !name.unicodeScalars.contains(where: { ["\"", "'", "\\"].contains($0) || $0.value < 0x20 }) else {
      return nil
    }
    return "json_extract(custom, '$.\"\(name)\"')"
  }

  /// Each index costs every write a little.
  private static let attributeIndexLimit = 30

  private func makeAttributeIndex(_ index: String, _ sql: String) throws -> Bool {
    if attributeIndexes.contains(index) { return true }
    guard attributeIndexes.count < Self.attributeIndexLimit else { return false }
    try database.execute(
      "CREATE INDEX IF NOT EXISTS \(index) ON contact (\(sql), n) WHERE state = 0 AND \(sql) IS NOT NULL")
    attributeIndexes.insert(index)
    return true
  }

  /// Part of making a store, since the first search should not have to wait for them.
  func indexDeclaredAttributes() throws {
    var names: [String] = []
    try database.each(
      "SELECT name FROM item WHERE kind = 'data_attribute' AND json_extract(json, '$.custom') ORDER BY n"
    ) { row in names.append(row.text(0) ?? "") }
    for name in names where name.hasPrefix("contact.") {
      _ = try customAttributeValue(String(name.dropFirst("contact.".count)))
    }
  }
}
