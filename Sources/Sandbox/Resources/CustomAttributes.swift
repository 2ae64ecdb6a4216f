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
    let path = "$.custom_attributes.\"\(name.filter { $0 != "\"" })\""
    let kind: SearchField.Kind =
      switch try customAttribute(name, model: "contact")?["data_type"]?.stringValue {
      case "integer", "float": .anything
      case "boolean": .boolean
      case "date", "datetime": .day
      case "string": .string
      default: .anything
      }
    return SearchField("custom_attributes.\(name)", kind, .json(path))
  }
}
