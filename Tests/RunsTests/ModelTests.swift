import Testing

@testable import Runs

@Suite struct ModelTests {
  @Test func entryIDsReadBack() {
    #expect(EntryID("1.204.2") == EntryID(step: 1, item: 204, seq: 2))
    for text in ["", "1.2", "1.2.x", "1.2.3.4", "0.1.1", "1..2", "-1.2.3"] { #expect(EntryID(text) == nil) }
  }

  @Test func recordRefsReadBack() {
    #expect(RecordRef("tag/a/b") == RecordRef(type: "tag", id: "a/b"))
    #expect(RecordRef("tag") == nil)
  }

  @Test func placeholdersBecomeIDs() {
    let entry = EntryID(step: 1, item: 2, seq: 3)
    let text = "{\"id\":\"\(Placeholder.text(for: entry))\",\"note\":\"@1.2.3\"}"
    #expect(Placeholder.entries(in: text) == [entry])
    #expect(Placeholder.resolve(text) { $0 == entry ? "814" : nil } == "{\"id\":\"814\",\"note\":\"@1.2.3\"}")
    #expect(Placeholder.resolve(text) { _ in nil } == nil)
    #expect(Placeholder.resolve("plain @1.2.3") { _ in nil } == "plain @1.2.3")
  }

  @Test func fingerprintsTellBordersApart() {
    #expect(Fingerprint(of: ["ab", "c"]) != Fingerprint(of: ["a", "bc"]))
    #expect(Fingerprint(of: []).bits == 0xcbf2_9ce4_8422_2325)
  }

  @Test func errorLimits() {
    #expect(StepPolicy(errors: .count(1)).isExceeded(failed: 1, ended: 1))
    #expect(!StepPolicy(errors: .percent(10)).isExceeded(failed: 19, ended: 19))
    #expect(StepPolicy(errors: .percent(10)).isExceeded(failed: 2, ended: 20))
    #expect(!StepPolicy(errors: .percent(10)).isExceeded(failed: 1, ended: 20))
    #expect(!StepPolicy().isExceeded(failed: 50, ended: 50))
  }

  @Test func progressTellsARange() {
    var progress = Progress(startedAt: 0)
    #expect(progress.remaining(open: 10, at: 1_000) == nil)
    for item in 1...60 { progress.ended(at: Int64(item) * 1_000) }
    #expect(progress.perMinute(at: 60_000) == 60)
    let range = progress.remaining(open: 60, at: 60_000)
    #expect(range?.contains(60) == true)
    #expect(progress.perMinute(at: 200_000) == 0)
  }
}
