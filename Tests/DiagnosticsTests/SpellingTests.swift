import Testing

@testable import Diagnostics

struct SpellingTests {
  @Test(arguments: [
    ("emial", ["name", "email", "mail_sent"], "email"),
    ("created", ["created_at", "crated_by"], "created_at"),
    ("Email", ["email"], "email"),
    ("conversatoins", ["conversations", "conversions"], "conversations"),
    ("tag", ["tags", "bag"], "tags"),
    ("last_seen", ["last_replied_at", "last_seen_at"], "last_seen_at"),
    ("contcats", ["contacts", "content"], "contacts"),
    ("counts", ["count", "counts_by"], "count"),
  ])
  func findsTheNearest(_ word: String, _ candidates: [String], _ expected: String) {
    #expect(Spelling.nearest(word, in: candidates) == expected)
    #expect(Spelling.nearest(word, in: candidates.reversed()) == expected)
  }

  @Test(arguments: [
    ("x", ["y", "z"]), ("email", ["subject"]), ("", ["a"]), ("foo", []), ("name", ["name"]), ("ab", ["xy"]),
  ])
  func findsNothingFar(_ word: String, _ candidates: [String]) {
    #expect(Spelling.nearest(word, in: candidates) == nil)
  }

  @Test(arguments: [("ab", "ba", 1), ("kitten", "sitting", 3), ("", "", 0), ("a", "", 1), ("abc", "abc", 0)])
  func distances(_ first: String, _ second: String, _ expected: Int) {
    #expect(Spelling.distance(Array(first), Array(second), limit: 5) == expected)
  }

  @Test func theLimitEndsTheSearch() {
    #expect(Spelling.distance(Array("kitten"), Array("sitting"), limit: 2) == nil)
  }
}
