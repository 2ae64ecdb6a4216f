import JSON

/// Prints values as one could type them: on one line if it fits 80 columns, else one entry a line.
struct ValuePrinter {
  private let machine: Machine
  /// Bytes after which a line is given up (it will be cut anyway).
  private let budget: Int

  /// Without a budget the text is for the script: one that grows beyond `longest` is an error then, as a
  /// value that holds one part many times over can have more places than there is memory.
  init(_ machine: Machine, budget: Int? = nil) {
    self.machine = machine
    self.budget = budget ?? min(ValuePrinter.longest, machine.limits.memory)
    isWhole = budget == nil
  }

  private let isWhole: Bool
  private static let longest = 1 << 28

  private static let width = 80
  /// Deeper values are folded: nobody reads them, and printing must not overflow the stack.
  private static let deepest = 200

  func print(_ value: Value) -> String {
    let line = ValuePrinter(machine, budget: 400).line(value)
    if line.count <= ValuePrinter.width || (value.tag != .list && value.tag != .record) {
      return self.line(value)
    }
    var out = ""
    block(value, 0, taken: 0, &out)
    return checked(out)
  }

  func line(_ value: Value) -> String {
    var out = ""
    line(value, 0, &out)
    return checked(out)
  }

  private func checked(_ text: String) -> String {
    if isWhole, text.utf8.count > budget { _ = machine.fits(1 << 32) }
    return text
  }

  private func isOver(_ out: String) -> Bool { out.utf8.count > budget || machine.interruptFlag.pointee }

  /// `taken`: the columns of this line that are taken already, the comma behind the value among them.
  private func block(_ value: Value, _ depth: Int, taken: Int, _ out: inout String) {
    let line = ValuePrinter(machine, budget: 400).line(value)
    let isContainer = value.tag == .list || value.tag == .record
    if !isContainer || line.count + taken <= ValuePrinter.width || depth > ValuePrinter.deepest {
      self.line(value, depth, &out)
      return
    }
    let indent = String(repeating: "  ", count: depth + 1)
    if value.tag == .list {
      out += "[\n"
      for item in machine.items(value) {
        out += indent
        block(item, depth + 1, taken: indent.count + 1, &out)
        out += ",\n"
        if isOver(out) { return }
      }
      out += String(repeating: "  ", count: depth) + "]"
    } else {
      out += "{\n"
      for (name, field) in machine.fields(value) {
        let label = key(name) + ": "
        out += indent + label
        block(field, depth + 1, taken: indent.count + label.count + 1, &out)
        out += ",\n"
        if isOver(out) { return }
      }
      out += String(repeating: "  ", count: depth) + "}"
    }
  }

  private func line(_ value: Value, _ depth: Int, _ out: inout String) {
    if isOver(out) { return }
    switch value.tag {
    case .null: out += "null"
    case .bool: out += value.isTrue ? "true" : "false"
    case .int: out += String(value.asInt)
    case .float: out += JSONWriter.text(of: value.asDouble)
    case .time:
      out += Timestamp.text(value.asInt, offsetMinutes: machine.zoneOffsetMinutes(value.asInt))
    case .duration: out += DurationText.text(value.asInt)
    case .string:
      let bytes = machine.utf8(value)
      let room = budget - out.utf8.count
      out += quoted(
        bytes.count <= room
          ? machine.text(of: value) : String(decoding: bytes[0...room], as: UTF8.self))
    case .range:
      let bounds = machine.bounds(value)
      out += "\(bounds.low)..\(bounds.high)"
    case .function: out += "<function \(machine.prototype(of: value)?.name ?? "")>"
    case .sequence: out += "<sequence>"
    case .list:
      if depth > ValuePrinter.deepest {
        out += "[…]"
        return
      }
      out += "["
      var first = true
      for item in machine.items(value) {
        if !first { out += ", " }
        first = false
        line(item, depth + 1, &out)
        if isOver(out) { return }
      }
      out += "]"
    case .record:
      if depth > ValuePrinter.deepest {
        out += "{…}"
        return
      }
      out += "{"
      var first = true
      for (name, field) in machine.fields(value) {
        if !first { out += ", " }
        first = false
        out += key(name) + ": "
        line(field, depth + 1, &out)
        if isOver(out) { return }
      }
      out += "}"
    case .host: out += (machine.host(value) as? ValueDescribing)?.description(machine) ?? "<host>"
    case .iterator, .absent, .end, .pending, .undefined: out += "<\(value.tag)>"
    }
  }

  private func key(_ name: String) -> String {
    guard let first = name.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else {
      return quoted(name)
    }
    for scalar in name.unicodeScalars
    where !(scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) {
      return quoted(name)
    }
    return name
  }

  private func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case "\r": out += "\\r"
      case let control where control.value < 0x20 || control.value == 0x7F:
        let hex = String(control.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
