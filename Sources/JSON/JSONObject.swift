/// An object's members in order of appearance, with lookup by key.
///
/// Objects that were read with the same keys share them. `==` ignores the order.
public struct JSONObject: Sendable {
  /// The keys; changed in place by the one object that owns them.
  final class Layout: @unchecked Sendable {
    var keys: [String]
    /// Only beyond a few keys: below that, looking at each is faster.
    var indices: [String: Int]

    init(_ keys: [String]) {
      self.keys = keys
      indices = [:]
      if keys.count > Layout.listed { index() }
    }

    static let listed = 8

    func index() {
      indices = Dictionary(keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func append(_ key: String) {
      keys.append(key)
      if !indices.isEmpty {
        indices[key] = keys.count - 1
      } else if keys.count > Layout.listed {
        index()
      }
    }

    func index(of key: String) -> Int? {
      keys.count > Layout.listed ? indices[key] : keys.firstIndex(of: key)
    }
  }

  static let noKeys = Layout([])
  var layout: Layout
  public internal(set) var values: [JSONValue]

  public init() {
    layout = JSONObject.noKeys
    values = []
  }

  init(layout: Layout, values: [JSONValue]) {
    self.layout = layout
    self.values = values
  }

  /// Of two members with one key the last wins, at the first one's place.
  public init(_ members: some Sequence<(String, JSONValue)>) {
    self.init()
    for (key, value) in members { self[key] = value }
  }

  public var keys: [String] { layout.keys }

  /// The value at a key. Setting nil removes the member; a new key comes last.
  public subscript(key: String) -> JSONValue? {
    get { layout.index(of: key).map { values[$0] } }
    set {
      switch (layout.index(of: key), newValue) {
      case (let index?, let value?): values[index] = value
      case (let index?, nil):
        values.remove(at: index)
        var keys = layout.keys
        keys.remove(at: index)
        layout = Layout(keys)
      case (nil, let value?):
        if !isKnownUniquelyReferenced(&layout) { layout = Layout(layout.keys) }
        layout.append(key)
        values.append(value)
      case (nil, nil): break
      }
    }
  }
}

extension JSONObject: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { values.count }
  public subscript(position: Int) -> (key: String, value: JSONValue) {
    (layout.keys[position], values[position])
  }
}

extension JSONObject: Equatable {
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count else { return false }
    if left.layout === right.layout || left.layout.keys == right.layout.keys {
      return left.values == right.values
    }
    return left.allSatisfy { right[$0.key] == $0.value }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
