import JSON
import Machine
import Terminal

/// Values as JSON and YAML: times as ISO 8601 texts, durations in seconds. Walks with a stack of its own, as
/// values nest deeper than the thread's stack would bear.
struct ValueWriter {
  private enum Step {
    case value(Value)
    case key(String)
    case endList, endRecord
  }

  let machine: Machine
  /// How messages call the function at work.
  let name: String

  /// One value a call; `lineBreak` ends lines.
  func json(_ root: Value, _ writer: inout JSONWriter) throws(RuntimeError) {
    var steps: [Step] = [.value(root)]
    var work = 0
    while let step = steps.popLast() {
      work += 1
      if work & 0xFFF == 0 {
        try machine.checkInterrupt()
        try machine.checkRoom(writer.count)
      }
      switch step {
      case .key(let key): writer.key(key)
      case .endList: writer.endArray()
      case .endRecord: writer.endObject()
      case .value(let value):
        switch value.tag {
        case .null: writer.null()
        case .bool: writer.bool(value.isTrue)
        case .int: writer.int(value.asInt)
        case .float: writer.double(value.asDouble)
        case .string: writer.string(machine.utf8(value))
        case .time: writer.string(time(value))
        case .duration:
          let seconds = seconds(value)
          if let whole = Int64(exactly: seconds) { writer.int(whole) } else { writer.double(seconds) }
        case .list:
          writer.beginArray()
          try push(list: value, &steps)
        case .record:
          writer.beginObject()
          push(record: value, &steps)
        default: throw refusal(value)
        }
      }
    }
  }

  func yaml(_ root: Value, _ writer: inout YAMLWriter) throws(RuntimeError) {
    var steps: [Step] = [.value(root)]
    var work = 0
    while let step = steps.popLast() {
      work += 1
      if work & 0xFFF == 0 {
        try machine.checkInterrupt()
        try machine.checkRoom(writer.text.utf8.count)
      }
      switch step {
      case .key(let key): writer.key(key)
      case .endList: writer.endList()
      case .endRecord: writer.endRecord()
      case .value(let value):
        switch value.tag {
        case .null: writer.null()
        case .bool: writer.bool(value.isTrue)
        case .int: writer.int(value.asInt)
        case .float: writer.double(value.asDouble)
        case .string: writer.string(machine.text(of: value))
        case .time: writer.string(time(value))
        case .duration:
          let seconds = seconds(value)
          if let whole = Int64(exactly: seconds) { writer.int(whole) } else { writer.double(seconds) }
        case .list:
          writer.beginList()
          try push(list: value, &steps)
        case .record:
          writer.beginRecord()
          push(record: value, &steps)
        default: throw refusal(value)
        }
      }
    }
  }

  /// A cell of CSV: nil for null; lists and records as JSON.
  func cell(_ value: Value) throws(RuntimeError) -> String? {
    switch value.tag {
    case .null: return nil
    case .string: return machine.text(of: value)
    case .time: return time(value)
    case .duration:
      let seconds = seconds(value)
      return Int64(exactly: seconds).map { String($0) } ?? seconds.description
    case .bool, .int, .float: return machine.text(value)
    default:
      var writer = JSONWriter()
      try json(value, &writer)
      return writer.string
    }
  }

  private func push(list: Value, _ steps: inout [Step]) throws(RuntimeError) {
    try machine.checkWork(holding: steps.count + machine.items(list).count)
    steps.append(.endList)
    for item in machine.items(list).reversed() { steps.append(.value(item)) }
  }

  private func push(record: Value, _ steps: inout [Step]) {
    steps.append(.endRecord)
    for field in machine.fields(record).reversed() {
      steps.append(.value(field.value))
      steps.append(.key(field.name))
    }
  }

  private func time(_ value: Value) -> String {
    Timestamp.text(value.asInt, offsetMinutes: machine.zoneOffsetMinutes(value.asInt))
  }

  private func seconds(_ value: Value) -> Double { Double(value.asInt) / 1000 }

  private func refusal(_ value: Value) -> RuntimeError {
    switch value.tag {
    case .sequence, .range:
      RuntimeError(
        "`\(name)` cannot write \(value.tag.word) that lies inside a value",
        hints: ["`collect` makes a list of it"])
    default: RuntimeError("`\(name)` cannot write \(value.tag.word)")
    }
  }
}
