import Diagnostics
import Engine
import Testing

/// Instants without an offset, in a zone whose clocks change on 29 March and 25 October 2026 at 01:00 UTC.
@Suite struct ZoneTests {
  private static let spring: Int64 = 1_774_746_000_000
  private static let autumn: Int64 = 1_792_890_000_000
  private static func zone(_ instant: Int64) -> Int { instant >= spring && instant < autumn ? 120 : 60 }

  private func finding(_ text: String) -> Diagnostic? {
    var configuration = Engine.Configuration()
    configuration.zone = ZoneTests.zone
    return Engine(configuration).compile(SourceText(name: "x", text: text)).diagnostics.first
  }

  private func instant(_ text: String) throws -> String {
    try Session.output(
      "print(\(text) - @1970-01-01T00:00Z == \(text) - @1970-01-01T00:00Z)\nprint(\(text))",
      zone: ZoneTests.zone)[1]
  }

  @Test func theZoneOfTheDayIsTaken() throws {
    #expect(try instant("@2026-01-31T09:30") == "2026-01-31T09:30:00+01:00")
    #expect(try instant("@2026-07-31T09:30") == "2026-07-31T09:30:00+02:00")
    #expect(try instant("@2026-07-31T09:30Z") == "2026-07-31T11:30:00+02:00")
    #expect(try instant("@2026-03-29T01:59") == "2026-03-29T01:59:00+01:00")
    #expect(try instant("@2026-03-29T03:00") == "2026-03-29T03:00:00+02:00")
    #expect(try instant("@2026-10-25T03:00") == "2026-10-25T03:00:00+01:00")
  }

  @Test func aSkippedTimeShowsBoth() {
    let found = finding("@2026-03-29T02:30")
    #expect(found?.message == "the zone skips this local time, as its clocks go forward")
    #expect(
      found?.hints == ["write which is meant: `@2026-03-29T02:30+01:00` or `@2026-03-29T02:30+02:00`"])
  }

  @Test func aTimeThatComesTwiceShowsBoth() {
    let found = finding("@2026-10-25T02:30")
    #expect(found?.message == "the zone has this local time twice, as its clocks go back")
    #expect(
      found?.hints == ["write which is meant: `@2026-10-25T02:30+02:00` or `@2026-10-25T02:30+01:00`"])
  }

  @Test func anOffsetSettlesIt() throws {
    #expect(finding("@2026-10-25T02:30+01:00") == nil)
    #expect(try instant("@2026-10-25T02:30+01:00") == "2026-10-25T02:30:00+01:00")
  }

  /// A day is 24 hours, not a date.
  @Test func aDayLaterIsAnotherHourAfterAChangeOfClocks() throws {
    #expect(try instant("@2026-03-28T12:00 + 1d") == "2026-03-29T13:00:00+02:00")
    #expect(try instant("start_of(@2026-03-29T12:00, \"day\")") == "2026-03-29T00:00:00+01:00")
    #expect(try instant("add_months(@2026-02-28T12:00, 2)") == "2026-04-28T12:00:00+02:00")
  }
}
