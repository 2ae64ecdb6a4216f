import Bytecode
import Machine

/// Output, errors and time: what every script uses.
public enum CoreNatives {
  public static func add(to table: inout NativeTable, host: BuiltinHost) {
    table.add(
      "print", [.required("values")], variadic: true, result: "null", "Prints values on one line.",
      example: "print \"hello\""
    ) { call in
      host.output(try line(call))
      return .null
    }
    table.add(
      "warn", [.required("values")], variadic: true, result: "null", "Prints values on one line, on stderr.",
      example: "warn(\"three rows had no email\")"
    ) { call in
      host.warning(try line(call))
      return .null
    }
    table.add(
      "raise", [.required("error")], result: "nothing", "Raises a text, or an error that was caught.",
      example: "try { raise(\"no\") } catch e { e.message }"
    ) { call in
      let isError = call[0].tag == .record && call.machine.field("message", of: call[0]).tag == .string
      guard call[0].tag == .string || isError else {
        throw RuntimeError(
          "`raise` takes a text, or an error that was caught, not \(call[0].tag.word)",
          hints: ["a value goes into a text by `\"\\(x)\"`"])
      }
      throw call.machine.raised(call[0])
    }
    table.add(
      "ensure", [.required("condition"), .optional("message", "string")], result: "null",
      "Raises unless the condition holds.", example: "ensure(1 + 1 == 2, \"arithmetic is broken\")"
    ) { call in
      if try condition(call, "ensure") { return .null }
      throw RuntimeError(try call.optionalText(1, "ensure") ?? "the condition does not hold", code: "ensure")
    }
    table.add(
      "expect", [.required("condition"), .optional("message", "string")], result: "null",
      "In a test: fails it unless the condition holds.", example: "expect(1 + 1 == 2)"
    ) { call in
      if try condition(call, "expect") { return .null }
      throw RuntimeError(
        try call.optionalText(1, "expect") ?? "the expectation does not hold", code: "expect")
    }
    table.add(
      "skip", [.required("why", "string")], result: "nothing", "Ends one item of a `bulk`, with a reason.",
      example: "contacts | take(9) | bulk \"check\" { if .email == null { skip \"no email\" } }"
    ) { call in
      throw RuntimeError(try call.text(0, "skip"), kind: .skip, code: "skip")
    }
    table.add("now", [], result: "time", "When this run or statement began.", example: "now() - 1d") { _ in
      .time(host.now())
    }
    table.add(
      "ago", [.required("duration", "duration")], result: "time",
      "So long before this run or statement began.",
      example: "ago(90d)"
    ) { call in
      let (time, overflow) = host.now().subtractingReportingOverflow(try call.duration(0, "ago"))
      // The years that can be printed.
      if overflow || time.magnitude > 253_402_300_799_999 {
        throw RuntimeError("the time is out of range", code: "overflow")
      }
      return .time(time)
    }
    table.add(
      "len", [.required("text", "string")], result: "int", "The length of a text as people see it.",
      example: "len(\"héllo\")"
    ) { call in
      let value = call[0]
      if value.isNull { return .null }
      guard value.tag == .string else {
        throw RuntimeError(
          "`len` is the length of a text, not of \(value.tag.word)", hints: ["`count` counts items"])
      }
      return .int(call.machine.length(value))
    }
  }

  private static func line(_ call: NativeCall) throws(RuntimeError) -> String {
    var line = ""
    for (index, value) in call.machine.items(call[0]).enumerated() {
      if index > 0 { line += " " }
      let text = call.machine.text(value)
      try call.machine.checkText()
      try call.machine.checkRoom(line.utf8.count + text.utf8.count)
      line += text
    }
    return line
  }

  private static func condition(_ call: NativeCall, _ name: String) throws(RuntimeError) -> Bool {
    if call[0].isNull { return false }
    guard call[0].tag == .bool else {
      throw RuntimeError("`\(name)` needs true or false, not \(call[0].tag.word)")
    }
    return call[0].isTrue
  }
}
