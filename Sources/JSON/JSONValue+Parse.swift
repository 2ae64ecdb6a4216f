/// Builds `JSONValue` trees.
struct JSONTreeBuilder: JSONBuilder {
  func null() -> JSONValue { .null }
  func bool(_ value: Bool) -> JSONValue { .bool(value) }
  func int(_ value: Int64) -> JSONValue { .int(value) }
  func double(_ value: Double) -> JSONValue { .double(value) }
  func string(_ utf8: UnsafeBufferPointer<UInt8>) -> JSONValue {
    .string(String(decoding: utf8, as: UTF8.self))
  }
  func key(_ utf8: UnsafeBufferPointer<UInt8>) -> String { String(decoding: utf8, as: UTF8.self) }
  func shape(_ keys: UnsafeBufferPointer<String>) -> JSONObject.Layout { JSONObject.Layout(Array(keys)) }

  func array(_ items: UnsafeMutableBufferPointer<JSONValue>) -> JSONValue { .array(move(items)) }
  func object(
    _ shape: JSONObject.Layout, _ values: UnsafeMutableBufferPointer<JSONValue>
  ) -> JSONValue {
    .object(JSONObject(layout: shape, values: move(values)))
  }
  func object(
    keys: UnsafeBufferPointer<String>, _ values: UnsafeMutableBufferPointer<JSONValue>
  ) -> JSONValue {
    .object(JSONObject(layout: JSONObject.Layout(Array(keys)), values: move(values)))
  }

  private func move(_ items: UnsafeMutableBufferPointer<JSONValue>) -> [JSONValue] {
    Array(unsafeUninitializedCapacity: items.count) { target, count in
      count = target.moveInitialize(fromContentsOf: items)
    }
  }
}

extension JSONValue {
  /// Trees are compared and freed recursively, so they may not be as deep as what a reader can take.
  public static let maximumDepth = 1000

  /// Reads one JSON text, see `JSONReader` for what counts as one.
  public static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSONValue {
    var builder = JSONTreeBuilder()
    return try JSONReader<JSONTreeBuilder>(maximumDepth: maximumDepth).read(bytes, with: &builder)
  }

  /// Reads one JSON text, see `JSONReader` for what counts as one.
  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var builder = JSONTreeBuilder()
    return try JSONReader<JSONTreeBuilder>(maximumDepth: maximumDepth).read(bytes, with: &builder)
  }

  /// Reads one JSON text, see `JSONReader` for what counts as one.
  public static func parse(_ text: String) throws(JSONError) -> JSONValue { try parse(Array(text.utf8)) }
}
