import Diagnostics
import Syntax
import Testing

@testable import CLI

@Suite struct ParameterValueTests {
  private func value(_ text: String, _ type: ParameterType) -> ParameterValue? {
    ParameterValue(text, as: type, zone: { _ in .one(0) })
  }

  @Test func numbers() {
    #expect(value("20", .int) == .int(20))
    #expect(value("-5", .int) == .int(-5))
    #expect(value("1_000", .int) == .int(1000))
    #expect(value("2.5", .int) == nil)
    #expect(value("9223372036854775808", .int) == nil)
    #expect(value("", .int) == nil)
    #expect(value("2.5", .float) == .float(2.5))
    #expect(value("2", .float) == .float(2))
    #expect(value("1e999", .float) == nil)
    #expect(value("nan", .float) == nil)
    #expect(value("0x10", .float) == nil)
  }

  @Test func truthAndChoices() {
    for text in ["true", "YES", "on", "1"] { #expect(value(text, .bool) == .bool(true)) }
    for text in ["false", "No", "off", "0"] { #expect(value(text, .bool) == .bool(false)) }
    #expect(value("maybe", .bool) == nil)
    #expect(value("open", .choice(["open", "closed"])) == .string("open"))
    #expect(value("opne", .choice(["open", "closed"])) == nil)
  }

  @Test func durations() {
    #expect(value("90d", .duration) == .duration(7_776_000_000))
    #expect(value("2w", .duration) == .duration(1_209_600_000))
    #expect(value("1h30m", .duration) == .duration(5_400_000))
    #expect(value("1h 30m", .duration) == .duration(5_400_000))
    #expect(value("-5ms", .duration) == .duration(-5))
    for wrong in ["90", "d", "", "90days", "5 d d", "9223372036854775807w", "1.5h"] {
      #expect(value(wrong, .duration) == nil, "\(wrong)")
    }
  }

  @Test func times() {
    #expect(value("1970-01-02", .time) == .time(86_400_000))
    #expect(value("@1970-01-01T00:01Z", .time) == .time(60_000))
    #expect(value("1970-01-01T02:00:01+02:00", .time) == .time(1_000))
    #expect(ParameterValue("1970-01-01T02:00", as: .time, zone: { _ in .one(120) }) == .time(0))
    #expect(
      ParameterValue("1970-01-01T02:00", as: .time, zone: { _ in .skipped(before: 60, after: 120) }) == nil)
    #expect(
      ParameterValue("1970-01-01T02:00Z", as: .time, zone: { _ in .twice(first: 120, second: 60) })
        == .time(7_200_000))
    for wrong in ["2026-02-30", "2026-13-01", "2026-01-31T25:00", "yesterday", "2026-01-31x", "2026-1-1"] {
      #expect(value(wrong, .time) == nil, "\(wrong)")
    }
  }

  @Test func lists() {
    #expect(value("a, b", .list(.string)) == .list([.string("a"), .string("b")]))
    #expect(value("1,2", .list(.int)) == .list([.int(1), .int(2)]))
    #expect(value("1,x", .list(.int)) == nil)
    #expect(value("", .list(.int)) == .list([]))
  }

  private func type(_ text: String) -> ParameterType? {
    let parsed = Parser.parse(SourceText(name: "t", text: "param p: \(text)"))
    guard case .param(let param)? = parsed.script.declarations.first else { return nil }
    return ParameterType(param.type)
  }

  @Test func typesOfDeclarations() {
    #expect(type("duration") == .duration)
    #expect(type("\"a\" | \"b\"") == .choice(["a", "b"]))
    #expect(type("list<int>") == .list(.int))
    #expect(type("admin") == .record("admin", resource: "admins"))
    #expect(type("ticket_type") == .record("ticket_type", resource: "ticket_types"))
    #expect(type("file(email, plan)") == .file(columns: ["email", "plan"]))
    #expect(type("list<list<int>>") == nil)
    #expect(type("list") == nil)
    #expect(type("integer") == nil)
  }
}
