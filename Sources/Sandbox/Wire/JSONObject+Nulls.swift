import JSON

extension JSONObject {
  /// Some resources leave out what they do not have; others say null.
  var withoutNulls: JSONObject { JSONObject(map { ($0.key, $0.value) }.filter { !$0.1.isNull }) }
}
