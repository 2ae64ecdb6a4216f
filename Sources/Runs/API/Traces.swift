import Catalogue
import HTTP
import JSON

/// Recognises what a write has made among what a look-up shows: same content, same author, made since the
/// send.
struct Traces {
  let call: WriteCall
  /// As sent.
  let body: JSONValue?
  /// Server time of the send, milliseconds; nil: whenever.
  let since: Int64?

  init(_ call: WriteCall, _ request: WriteRequest, since: Int64?) {
    self.call = call
    body = (try? JSONValue.parse(request.arguments))?["body"]
    self.since = since
  }

  /// Of these records, those that fit.
  func matches(among items: [JSONValue]) -> [WriteResult] {
    items.filter { fits($0) }.compactMap { item in
      guard let id = Self.id(of: item) else { return nil }
      return WriteResult(body: item.text(), created: id)
    }
  }

  private func fits(_ item: JSONValue) -> Bool {
    if let since, let made = item["created_at"]?.doubleValue, Int64(made) < since / 1_000 { return false }
    if item["redacted"]?.boolValue == true { return false }
    if let author = sentAuthor, let there = Self.author(of: item), there != author { return false }
    for detail in call.rule?.details ?? [] {
      guard let parameter = call.operation.parameter(detail), let sent = call.arguments[detail], sent != .null
      else { continue }
      // The contact is what was searched by.
      if parameter.type.recordType == "contact" { continue }
      guard let there = value(of: parameter, in: item) else { return false }
      if Self.plainText(RequestText.plain(sent)) != Self.plainText(RequestText.plain(there)) { return false }
    }
    return true
  }

  /// What the record holds where the parameter went.
  private func value(of parameter: Parameter, in item: JSONValue) -> JSONValue? {
    var value: JSONValue? = item
    for name in parameter.wire { value = value?[name] }
    let field =
      parameter.name == "body" && item["body"] == nil ? item["source"]?["body"] : item[parameter.name]
    // A ticket type comes back as a record of its own, a subject in the source.
    let nested = parameter.type.namesRecord ? (field?["id"] ?? item["ticket_type"]?["id"]) : nil
    return nested ?? value ?? field ?? parameter.wire.last.flatMap { item[$0] }
  }

  // MARK: Authors

  /// The teammate who signed, as the body has it.
  private var sentAuthor: String? {
    for field in call.operation.fixedFields where field.value == .signer {
      var value = body
      for name in field.wire { value = value?[name] }
      if let value { return RequestText.plain(value) }
    }
    if let contact = call.arguments["contact"], call.operation.name == "reply_as_contact" {
      return RequestText.plain(contact)
    }
    return nil
  }

  private static func author(of item: JSONValue) -> String? {
    if let author = item["author"], let id = author["id"] { return RequestText.plain(id) }
    return item["author_id"].map { RequestText.plain($0) }
  }

  static func id(of item: JSONValue) -> String? {
    item["id"].flatMap { $0.stringValue ?? $0.intValue.map { String($0) } }
  }

  // MARK: Texts

  /// What people read of a text: no markup, no entities, single spaces.
  static func plainText(_ html: String) -> String {
    var text = ""
    var isTag = false
    for character in html {
      if character == "<" {
        isTag = true
        text.append(" ")
      } else if character == ">", isTag {
        isTag = false
      } else if !isTag {
        text.append(character)
      }
    }
    for (entity, plain) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&"),
    ] where text.contains(entity) {
      text.replace(entity, with: plain)
    }
    return text.split(whereSeparator: { $0.isWhitespace }).joined(separator: " ")
  }

  // MARK: The write's own answer

  /// The id of the record that a write has made, out of its own answer; nil if it makes none.
  static func created(by request: WriteRequest, _ call: WriteCall?, _ answer: JSONValue) -> String? {
    guard let call else { return request.target == nil ? id(of: answer) : nil }
    switch call.rule?.settleClass {
    case .child?:
      // The whole conversation comes back, the new part at its end.
      guard call.resultType == call.targetType, let field = call.rule?.lookUp?.field else {
        return id(of: answer)
      }
      let found = Traces(call, request, since: nil).matches(among: LookUps.list(answer, field))
      return found.last?.created
    case .search?: return answer["conversation_id"]?.stringValue ?? id(of: answer)
    case .key?, .redo?, .some(.none), nil: return request.target == nil ? id(of: answer) : nil
    case .set?, .gone?: return nil
    }
  }
}
