extension JSONWriter {
  /// Writes a tree, without recursion.
  public mutating func value(_ root: JSONValue) {
    enum Open {
      case array(ArraySlice<JSONValue>)
      case object(JSONObject, next: Int)
    }
    var open: [Open] = []
    var current: JSONValue? = root
    while true {
      switch current {
      case .null: null()
      case .bool(let value): bool(value)
      case .int(let value): int(value)
      case .double(let value): double(value)
      case .string(let value): string(value)
      case .array(let items):
        beginArray()
        open.append(.array(items[...]))
      case .object(let object):
        beginObject()
        open.append(.object(object, next: 0))
      case nil: break
      }
      switch open.popLast() {
      case .array(var items):
        current = items.popFirst()
        if current == nil { endArray() } else { open.append(.array(items)) }
      case .object(let object, let next):
        if next < object.count {
          key(object[next].key)
          current = object[next].value
          open.append(.object(object, next: next + 1))
        } else {
          endObject()
          current = nil
        }
      case nil: return
      }
    }
  }
}

extension JSONValue {
  /// The tree as UTF-8 on one line, or with `indentation` spaces per level.
  public func serialized(indentation: Int? = nil) -> [UInt8] {
    var writer = JSONWriter(indentation: indentation)
    writer.value(self)
    return writer.bytes
  }

  /// The tree as text on one line, or with `indentation` spaces per level.
  public func text(indentation: Int? = nil) -> String {
    var writer = JSONWriter(indentation: indentation)
    writer.value(self)
    return writer.string
  }
}

extension JSONValue: CustomStringConvertible {
  public var description: String { text() }
}
