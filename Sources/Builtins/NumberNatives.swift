import Bytecode
import Machine

/// Functions that make numbers, and functions over them.
public enum NumberNatives {
  public static func add(to table: inout NativeTable) {
    addReaders(to: &table)
    addRounding(to: &table)
  }

  private static func addReaders(to table: inout NativeTable) {
    table.add(
      "int", [.required("x")], result: "int", "A whole number out of a text or a float; null stays null.",
      example: "int(\" 42 \")"
    ) { call in
      let value = call[0]
      switch value.tag {
      case .null, .int: return value
      case .float:
        guard let whole = Int64(exactly: value.asDouble) else {
          throw RuntimeError(
            "\(call.machine.short(value)) is not a whole number of 64 bits",
            hints: ["`round`, `floor` and `ceil` make one of it"])
        }
        return .int(whole)
      case .string:
        let text = trimmed(call)
        if let whole = Int64(text) { return .int(whole) }
        throw RuntimeError(
          "\(call.machine.short(value)) is not a whole number",
          hints: Double(text) != nil ? ["`float(x)` reads it, `round(float(x))` makes it whole"] : [])
      default: throw RuntimeError("`int` reads a text or a number, not \(value.tag.word)")
      }
    }
    table.add(
      "float", [.required("x")], result: "float", "A float out of a text or an int; null stays null.",
      example: "float(\"4.5\")"
    ) { call in
      let value = call[0]
      switch value.tag {
      case .null, .float: return value
      case .int: return .float(Double(value.asInt))
      case .string:
        let text = trimmed(call)
        // Swift would read hexadecimal floats, `inf` and `nan`, too.
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
        guard isPlain, let number = Double(text) else {
          throw RuntimeError("\(call.machine.short(value)) is not a number")
        }
        guard number.isFinite else {
          throw RuntimeError("\(call.machine.short(value)) is too large for a float", code: "overflow")
        }
        return .float(number == 0 ? 0 : number)
      default: throw RuntimeError("`float` reads a text or a number, not \(value.tag.word)")
      }
    }
    table.add(
      "string", [.required("x")], result: "string", "The text that `print` would show; null stays null.",
      example: "string(3.0)"
    ) { call in
      call[0].isNull || call[0].tag == .string ? call[0] : call.machine.string(call.machine.text(call[0]))
    }
    table.add(
      "yes", [.required("x")], result: "bool",
      "Reads true/false, yes/no, y/n, on/off and 1/0 in any case; an empty text is no. Null stays null.",
      example: "yes(\"Yes\")"
    ) { call in
      let value = call[0]
      switch value.tag {
      case .null, .bool: return value
      case .int where value.asInt == 0 || value.asInt == 1: return .bool(value.asInt == 1)
      case .string:
        switch trimmed(call).lowercased() {
        case "true", "yes", "y", "on", "1": return .bool(true)
        case "false", "no", "n", "off", "0", "": return .bool(false)
        default: break
        }
      default: break
      }
      throw RuntimeError(
        "\(call.machine.short(value)) is neither yes nor no",
        hints: ["`yes` reads true/false, yes/no, y/n, on/off and 1/0"])
    }
  }

  /// Without Unicode white space at the ends.
  static func trimmed(_ call: NativeCall) -> String {
    let scalars = call.machine.text(of: call[0]).unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[first...last])
  }

  private static func addRounding(to table: inout NativeTable) {
    rounding(&table, "floor", "The largest whole number that is not above it.", "floor(-2.1)", .down)
    rounding(&table, "ceil", "The smallest whole number that is not below it.", "ceil(2.1)", .up)
    table.add(
      "round", [.required("number", "float"), .optional("digits", "int")], result: "int",
      "The nearest whole number, halves away from zero; with `digits`, a float of so many decimals.",
      example: "round(2.5)"
    ) { call in
      if call[1].isAbsent || call[1].isNull { return try whole(call, "round", .toNearestOrAwayFromZero) }
      let digits = try call.int(1, "round")
      guard (0...15).contains(digits) else {
        throw RuntimeError("`round` needs between 0 and 15 digits, not \(digits)")
      }
      let number = try call.number(0, "round")
      var scale = 1.0
      for _ in 0..<digits { scale *= 10 }
      let scaled = (number * scale).rounded(.toNearestOrAwayFromZero) / scale
      return .float(scaled.isFinite ? scaled : number)
    }
    table.add(
      "abs", [.required("number")], result: "any", "The number or duration without its sign.",
      example: "abs(-5)"
    ) { call in
      let value = call[0]
      switch value.tag {
      case .int, .duration:
        guard value.asInt != .min else {
          throw RuntimeError(
            "the absolute value of \(call.machine.short(value)) is beyond 64 bits", code: "overflow")
        }
        return Value(tag: value.tag, bits: UInt64(value.asInt.magnitude))
      case .float: return .float(value.asDouble.magnitude)
      default: return .float(try call.number(0, "abs").magnitude)
      }
    }
    table.add("sqrt", [.required("number", "float")], result: "float", "The square root.", example: "sqrt(2)")
    { call in
      let number = try call.number(0, "sqrt")
      guard number >= 0 else {
        throw RuntimeError("there is no square root of \(call.machine.short(call[0])), which is below zero")
      }
      return .float(number.squareRoot())
    }
  }

  private static func rounding(
    _ table: inout NativeTable, _ name: String, _ documentation: String, _ example: String,
    _ rule: FloatingPointRoundingRule
  ) {
    table.add(name, [.required("number", "float")], result: "int", documentation, example: example) { call in
      try whole(call, name, rule)
    }
  }

  private static func whole(
    _ call: NativeCall, _ name: String, _ rule: FloatingPointRoundingRule
  ) throws(RuntimeError) -> Value {
    if call[0].tag == .int { return call[0] }
    let number = try call.number(0, name)
    guard let whole = Int64(exactly: number.rounded(rule)) else {
      throw RuntimeError(
        "\(call.machine.short(call[0])) does not fit into an int of 64 bits", code: "overflow")
    }
    return .int(whole)
  }
}
