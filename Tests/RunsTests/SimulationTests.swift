import Foundation
import Testing

@testable import Runs

@Suite struct SimulationTests {
  /// So many take about 40 s in a debug build; the long lane takes 100,000.
  static let seeds: UInt64 =
    ProcessInfo.processInfo.environment["PARLANCE_LONG_TESTS"] == nil ? 2_000 : 100_000
  /// A planted mistake has to show within so many.
  static let faultSeeds: UInt64 = 2_000

  @Test func invariantsHoldOverSeeds() {
    var coverage = Coverage()
    var failures = 0
    for seed in 1...Self.seeds {
      let wrong = Simulation.check(seed, coverage: &coverage)
      if !wrong.isEmpty, failures < 5 {
        failures += 1
        Issue.record("seed \(seed): \(wrong.joined(separator: "; "))")
      }
    }
    // What the seeds have not reached is not shown.
    for settle in SettleClass.allCases {
      for fate in ["not", "applied", "late"] {
        #expect(coverage.fates.contains("\(settle.rawValue) \(fate)"))
      }
    }
    for row in [
      "no intent", "intent", "applied, not recorded", "committed, not acknowledged", "before the commit",
      "while resuming",
    ] { #expect(coverage.crashes.contains(row), "no crash: \(row)") }
    // Retry and a person's verdict are commands of their own, with tests of their own.
    let byCommand: [ItemState] = [.unknown, .failed]
    for change in ItemState.transitions where !byCommand.contains(change.from) {
      let name = "item \(change.from.rawValue) \(change.to.rawValue)"
      #expect(coverage.changes.contains(name), "never: \(name)")
    }
    for change in WriteState.transitions {
      let name = "write \(change.from.rawValue) \(change.to.rawValue)"
      #expect(coverage.changes.contains(name), "never: \(name)")
    }
  }

  /// Found by 100,000 seeds: the disk is full when a word of another terminal comes after the run's last one.
  @Test(arguments: [56_775] as [UInt64]) func invariantsHoldOverSeedsThatFailedOnce(seed: UInt64) {
    var coverage = Coverage()
    #expect(Simulation.check(seed, coverage: &coverage) == [])
  }

  @Test(arguments: Fault.allCases) func catchesPlanted(_ fault: Fault) {
    var coverage = Coverage()
    for seed in 1...Self.faultSeeds where !Simulation.check(seed, fault: fault, coverage: &coverage).isEmpty {
      return
    }
    Issue.record("\(fault) was not caught")
  }
}
