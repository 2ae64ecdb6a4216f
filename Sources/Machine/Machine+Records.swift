/// Fields of records: what stands behind the loop's inline caches.
extension Machine {
  /// A cache word is shape << 8 | slot; it exists for slots below 256 and shapes below 2^24.
  @inline(__always) private func remember(_ shape: UInt32, _ slot: Int, _ cache: UnsafeMutablePointer<UInt32>)
  {
    if slot < 256, shape < 1 << 24 { cache.pointee = shape << 8 | UInt32(slot) }
  }

  func keys(of object: Object) -> [UInt32] {
    object.aux == 0 ? object.table.keys : shapes[object.aux].keys
  }

  func typeNumber(of object: Object) -> UInt32 {
    object.aux == 0 ? object.table.type : shapes[object.aux].type
  }

  func slotValue(_ object: Object, _ key: UInt32) -> Value? {
    if object.aux == 0 {
      let table = object.table
      return table.slot(of: key).map { table.values[$0] }
    }
    return shapes[object.aux].slot(of: key).map { object.slots[$0] }
  }

  @inline(never) func getField(
    _ result: UnsafeMutablePointer<Value>, _ value: Value, _ words: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    let key = words[0]
    guard value.tag == .record else {
      // A field of null is null.
      if value.tag == .null {
        result.pointee = .null
        return true
      }
      pendingError = missingField(key, of: value)
      return false
    }
    let object = value.object
    if object.aux != 0 {
      if let slot = shapes[object.aux].slot(of: key) {
        remember(object.aux, slot, words + 1)
        result.pointee = object.slots[slot]
        return true
      }
    } else if let found = slotValue(object, key) {
      result.pointee = found
      return true
    }
    let type = types[Int(typeNumber(of: object))]
    if type.isStandIn, type.bySymbol[key] != nil {
      pendingError = RuntimeError(
        "`.\(symbols.names[Int(key)])` of \(article(type.name)) is known only once it is written",
        kind: .uncatchable, code: "depends_on_answer")
      return false
    }
    if type.isOpen || type.bySymbol[key] != nil {
      result.pointee = .null
      return true
    }
    pendingError = missingField(key, of: value)
    return false
  }

  func missingField(_ key: UInt32, of value: Value) -> RuntimeError {
    let name = symbols.names[Int(key)]
    guard value.tag == .record else {
      var hints: [String] = []
      if value.tag == .sequence || value.tag == .list {
        hints = ["`map { .\(name) }` reads it from each item"]
      }
      return RuntimeError("\(value.tag.word) has no field `\(name)`", code: "no_field", hints: hints)
    }
    let type = types[Int(typeNumber(of: value.object))]
    var known = keys(of: value.object).map { symbols.names[Int($0)] }
    known.append(contentsOf: type.fields.map(\.name))
    var error = RuntimeError(
      type.name.isEmpty
        ? "this record has no field `\(name)`" : "\(article(type.name)) has no field `\(name)`",
      code: "no_field")
    if let near = nearestName(name, known) {
      error.label = "did you mean `.\(near)`?"
    } else if type.name.isEmpty {
      error.hints = [
        known.isEmpty
          ? "it is empty" : "it has \(known.prefix(12).map { "`\($0)`" }.joined(separator: ", "))",
        "`[\"\(name)\"]` asks without insisting",
      ]
    } else {
      error.hints = ["`help \(type.name)` lists its fields"]
    }
    return error
  }

  private func article(_ name: String) -> String {
    let first = name.first.map { "aeiou".contains($0) } ?? false
    return (first ? "an " : "a ") + name.replacingUnderscores
  }

  @inline(never) func setField(
    _ target: UnsafeMutablePointer<Value>, _ value: Value, _ words: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    let key = words[0]
    guard target.pointee.tag == .record else {
      pendingError = RuntimeError("\(target.pointee.tag.word) has no fields to set")
      return false
    }
    own(target)
    set(target, key, value)
    let object = target.pointee.object
    if object.aux != 0, let slot = shapes[object.aux].slot(of: key) { remember(object.aux, slot, words + 1) }
    return true
  }

  /// Sets a field of an unshared record; the record may move.
  func set(_ target: UnsafeMutablePointer<Value>, _ key: UInt32, _ value: Value) {
    let object = target.pointee.object
    if object.aux == 0 {
      let before = object.table.keys.count
      object.table.set(key, value)
      let count = object.table.keys.count
      heap.state.pointee.bytes += (count - before) * 40
      // The table doubles its parts now and then, and has both of one at once.
      if count & 0x1FFF == 0, count != before, !heap.canAllocate(count * 80) { heap.exhaust() }
      return
    }
    let shape = shapes[object.aux]
    if let slot = shape.slot(of: key) {
      object.slots[slot] = value
      return
    }
    guard let next = shapes.adding(key, to: shape) else {
      let table = RecordTable()
      table.type = shape.type
      for (slot, key) in shape.keys.enumerated() { table.set(key, object.slots[slot]) }
      table.set(key, value)
      target.pointee = .object(.record, heap.record(table: table))
      return
    }
    let count = shape.keys.count
    if count < Int(object.extra) {
      object.aux = next.number
      object.count32 = UInt32(count + 1)
      object.slots[count] = value
      return
    }
    let capacity = max(4, count + count / 2 + 1)
    let grown = heap.record(shape: next.number, count: capacity)
    grown.extra = UInt32(capacity)
    grown.count32 = UInt32(count + 1)
    grown.slots.update(from: object.slots, count: count)
    grown.slots[count] = value
    target.pointee = .object(.record, grown)
  }

  /// A copy of the list or record in the register if it is shared; its parts are shared then.
  @inline(never) func own(_ register: UnsafeMutablePointer<Value>) {
    let value = register.pointee
    guard value.tag == .list || value.tag == .record, value.object.isShared else { return }
    let object = value.object
    if value.tag == .list {
      let copy = heap.list(capacity: object.count + object.count / 4)
      copy.count32 = object.count32
      copy.slots.update(from: object.slots, count: object.count)
      for index in 0..<object.count { shareIfNeeded(object.slots[index]) }
      register.pointee = .object(.list, copy)
    } else if object.aux == 0 {
      let table = RecordTable(copying: object.table)
      for value in table.values { shareIfNeeded(value) }
      register.pointee = .object(.record, heap.record(table: table))
    } else {
      let copy = heap.record(shape: object.aux, count: object.count)
      copy.slots.update(from: object.slots, count: object.count)
      for index in 0..<object.count { shareIfNeeded(object.slots[index]) }
      register.pointee = .object(.record, copy)
    }
  }

  @inline(never) func spread(_ target: UnsafeMutablePointer<Value>, _ source: Value) -> Bool {
    if source.tag == .null { return true }
    guard source.tag == .record, target.pointee.tag == .record else {
      pendingError = RuntimeError("`...` spreads a record, not \(source.tag.word)")
      return false
    }
    let object = source.object
    if object.aux != 0, target.pointee.object.aux == shapes.root().number, shapes[object.aux].type == 0 {
      // The first entry of the literal: start from a copy.
      let copy = heap.record(shape: object.aux, count: object.count)
      copy.slots.update(from: object.slots, count: object.count)
      for index in 0..<object.count { shareIfNeeded(object.slots[index]) }
      target.pointee = .object(.record, copy)
      return true
    }
    for key in keys(of: object) {
      let value = slotValue(object, key) ?? .null
      shareIfNeeded(value)
      set(target, key, value)
    }
    return true
  }
}

extension String {
  /// `ticket_type` as people say it.
  var replacingUnderscores: String { String(map { $0 == "_" ? " " : $0 }) }
}
