import Bytecode

/// Making and reading values from Swift. What is made here lives until the native returns, or as long as
/// something reachable holds it.
extension Machine {
  public func string(_ text: String) -> Value { .object(.string, heap.string(text)) }

  public func string(_ bytes: UnsafeBufferPointer<UInt8>) -> Value { .object(.string, heap.string(bytes)) }

  public func list(_ items: [Value]) -> Value {
    for item in items { shareIfNeeded(item) }
    return items.withUnsafeBufferPointer { .object(.list, heap.list($0)) }
  }

  /// An empty list that grows to `capacity` items without moving.
  public func emptyList(capacity: Int) -> Value { .object(.list, heap.list(capacity: capacity)) }

  public func range(_ low: Int64, _ high: Int64) -> Value { .object(.range, heap.range(low, high)) }

  /// A plain record, or one of a type that was registered.
  public func record(_ fields: [(String, Value)], type: UInt32 = 0) -> Value {
    record(symbols: fields.map { (symbols.number(of: $0.0), $0.1) }, type: type)
  }

  func record(symbols fields: [(UInt32, Value)], type: UInt32) -> Value {
    var shape = shapes.root(type: type)
    for (index, field) in fields.enumerated() {
      shareIfNeeded(field.1)
      guard shape.slot(of: field.0) == nil, let next = shapes.adding(field.0, to: shape) else {
        return tableOrDuplicate(fields, from: index, type: type)
      }
      shape = next
    }
    let object = heap.record(shape: shape.number, count: fields.count)
    for (index, field) in fields.enumerated() { object.slots[index] = field.1 }
    return .object(.record, object)
  }

  /// Too many keys for a shape, or a key twice (the last one wins).
  private func tableOrDuplicate(_ fields: [(UInt32, Value)], from: Int, type: UInt32) -> Value {
    let table = RecordTable()
    table.type = type
    for field in fields { table.set(field.0, field.1) }
    if table.keys.count > Shapes.widest { return .object(.record, heap.record(table: table)) }
    return record(symbols: zip(table.keys, table.values).map { ($0, $1) }, type: type)
  }

  /// The text of a string value; empty for others.
  public func text(of value: Value) -> String {
    value.tag == .string ? String(decoding: value.object.utf8, as: UTF8.self) : ""
  }

  /// The bytes of a string value, valid while it is alive.
  public func utf8(_ value: Value) -> UnsafeBufferPointer<UInt8> {
    value.tag == .string ? value.object.utf8 : UnsafeBufferPointer(start: nil, count: 0)
  }

  /// The items of a list, valid until it changes.
  public func items(_ value: Value) -> UnsafeBufferPointer<Value> {
    value.tag == .list
      ? UnsafeBufferPointer(start: value.object.slots, count: value.object.count)
      : UnsafeBufferPointer(start: nil, count: 0)
  }

  public func bounds(_ value: Value) -> (low: Int64, high: Int64) {
    value.tag == .range ? (value.object.rangeLow, value.object.rangeHigh) : (0, -1)
  }

  /// The fields of a record, in order.
  public func fields(_ value: Value) -> [(name: String, value: Value)] {
    guard value.tag == .record else { return [] }
    if value.object.aux == 0 {
      let table = value.object.table
      return zip(table.keys, table.values).map { (symbols.names[Int($0)], $1) }
    }
    return shapes[value.object.aux].keys.enumerated().map {
      (symbols.names[Int($1)], value.object.slots[$0])
    }
  }

  /// A field, or null.
  public func field(_ name: String, of value: Value) -> Value {
    guard value.tag == .record else { return .null }
    return slotValue(value.object, symbols.number(of: name)) ?? .null
  }

  /// The key of a record as a pinned string value: no allocation.
  public func keyValues(_ value: Value) -> [Value] {
    value.tag == .record ? keys(of: value.object).map { symbols.value($0) } : []
  }

  /// The name of an API record's type, nil for plain records.
  public func typeName(of value: Value) -> String? {
    guard value.tag == .record else { return nil }
    let number = typeNumber(of: value.object)
    return number == 0 ? nil : types[Int(number)].name
  }

  public func typeNumber(of value: Value) -> UInt32 {
    value.tag == .record ? typeNumber(of: value.object) : 0
  }

  /// The same fields with another value for one of them.
  public func setting(_ name: String, to value: Value, of record: Value) -> Value {
    var fields = self.fields(record).map { (symbols.number(of: $0.name), $0.value) }
    let key = symbols.number(of: name)
    if let index = fields.firstIndex(where: { $0.0 == key }) {
      fields[index].1 = value
    } else {
      fields.append((key, value))
    }
    return self.record(symbols: fields, type: typeNumber(of: record))
  }

  public func equal(_ left: Value, _ right: Value) -> Bool { isEqual(left, right) }

  /// Less, equal, greater as -1, 0, 1; nil with null.
  /// - Throws: where the two cannot be compared by size.
  public func compare(_ left: Value, _ right: Value) throws(RuntimeError) -> Int? {
    switch compareSlowly(left, right) {
    case .less: return -1
    case .equal: return 0
    case .greater: return 1
    case .unordered: return nil
    case .failed:
      let error = pendingError ?? RuntimeError("the values cannot be compared")
      pendingError = nil
      throw error
    }
  }

  // MARK: Functions

  /// The name, parameters and meaning of a function value, for planners and messages.
  public func prototype(of function: Value) -> Prototype? {
    guard function.tag == .function else { return nil }
    return prototypes[function.object.loadedCode.pointee.number]
  }

  /// Captured value n of a function.
  public func capture(_ number: Int, of function: Value) -> Value {
    guard function.tag == .function, number + 1 < function.object.count else { return .null }
    return function.object.slots[number + 1]
  }

  public func captureCount(of function: Value) -> Int {
    function.tag == .function ? max(0, function.object.count - 1) : 0
  }
}

extension Machine {
  /// The error that `raise` of a value means.
  public func raised(_ value: Value) -> RuntimeError {
    failRaise(value)
    let error = pendingError ?? RuntimeError("raised")
    pendingError = nil
    return error
  }

  /// A list with one item more; in place where nobody shares the list.
  public func appending(_ item: Value, to list: Value) -> Value {
    shareIfNeeded(item)
    var register = list
    withUnsafeMutablePointer(to: &register) { _ = pushSlowly($0, item) }
    return register
  }
}
