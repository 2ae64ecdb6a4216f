import Glibc
import TestSupport

// Draws random filters and compares what the planner gets with the plain filter in memory.

let usage = "usage: ExactnessProbe [--cases N] [--seed N]\n"

func complain(_ text: String) -> Never {
  let bytes = Array(text.utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
  exit(2)
}

/// At once, however long the rest takes.
func say(_ text: String) {
  let bytes = Array((text + "\n").utf8)
  _ = write(STDOUT_FILENO, bytes, bytes.count)
}

var cases = 100_000
var seed: UInt64 = 1
var words = CommandLine.arguments.dropFirst()
while let option = words.popFirst() {
  switch (option, words.popFirst().flatMap { Int($0) }) {
  case ("--cases", let number?) where number > 0: cases = number
  case ("--seed", let number?) where number >= 0: seed = UInt64(number)
  default:
    complain(usage)
  }
}
var total = Exactness.Report()
do {
  // A sixth on the demo workspace, whose conversations and tickets are many; the rest on people.
  let places = Exactness.Place.all
  for (index, place) in places.enumerated() {
    let share = place.contacts == nil ? cases / 12 : (cases - cases / 6) / 4
    let own = index == 0 ? cases - (cases - cases / 6) / 4 * 3 - cases / 12 * 2 : share
    var exactness = try Exactness(place, seed: seed &* 100 &+ UInt64(index))
    let report = try exactness.run(cases: own)
    say("\(place): \(report.summary)")
    for difference in report.differences { say("  \(difference)") }
    total = total + report
  }
} catch {
  complain("ExactnessProbe: \(error)\n")
}
say("all: \(total.summary)")
for (what, count) in total.refused.sorted(by: { $0.value > $1.value }).prefix(5) {
  say("  refused \(count): \(what)")
}
exit(total.differences.isEmpty && total.cases == cases ? 0 : 1)
