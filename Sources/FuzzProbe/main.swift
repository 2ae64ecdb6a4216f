import Diagnostics
import Engine
import Glibc
import Machine

/// Runs scripts for scripts/fuzz and says how each ended. Not shipped.
///
///     FuzzProbe batch FILE [--stress] [--steps N] [--memory BYTES] [--depth N]
///
/// FILE holds scripts one after another, each behind a line `@@ NAME BYTES`.
let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2 else {
  print("usage: FuzzProbe batch|mutants|code FILE [--stress] [--steps N] [--memory BYTES] [--depth N]")
  exit(2)
}
var options = ProbeOptions()
var index = 2
while index < arguments.count {
  let value = index + 1 < arguments.count ? Int(arguments[index + 1]) ?? 0 : 0
  switch arguments[index] {
  case "--stress":
    options.stress = true
    index -= 1
  case "--steps": options.steps = value
  case "--memory": options.memory = value
  case "--depth": options.depth = value
  case "--seed": options.seed = UInt64(truncatingIfNeeded: value)
  case "--count": options.count = value
  default:
    print("unknown option \(arguments[index])")
    exit(2)
  }
  index += 2
}
let probe = Probe(options)
for script in ScriptFile.scripts(arguments[1]) {
  switch arguments[0] {
  case "batch": probe.run(script)
  case "mutants": probe.mutate(script)
  case "code": probe.disassemble(script)
  default:
    print("unknown mode \(arguments[0])")
    exit(2)
  }
}
