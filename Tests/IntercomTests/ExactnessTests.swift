import Foundation
import TestSupport
import Testing

/// A filter means what it says; scripts/check-exactness runs 100,000 cases.
@Suite struct ExactnessTests {
  /// Of one workspace; there are six.
  static let cases = ProcessInfo.processInfo.environment["PARLANCE_LONG_TESTS"] == nil ? 20 : 2000

  @Test(arguments: Exactness.Place.all) func filtersMeanWhatTheySay(place: Exactness.Place) throws {
    var exactness = try Exactness(place, seed: 5)
    let report = try exactness.run(
      cases: place.contacts == nil ? ExactnessTests.cases / 2 : ExactnessTests.cases)
    for difference in report.differences { Issue.record("\(difference)") }
    // Otherwise the dice have gone wrong, not the filters.
    #expect(report.refusals * 10 <= report.cases, "\(report.refused)")
    #expect(report.readAtOnce > 0 && report.countedAtOnce > 0, "\(report.summary)")
  }
}
