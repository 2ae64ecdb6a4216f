import Diagnostics
import Engine
import Glibc
import Machine

/// Does the work of scripts/fuzz and scripts/bench that is done inside a process. Not shipped.
///
///     FuzzProbe batch FILE [--stress] [--steps N] [--memory BYTES] [--depth N]   runs scripts
///     FuzzProbe mutants FILE [--seed N] [--count N]                              runs mutants of their bytecode
///     FuzzProbe code FILE                                                        prints their bytecode
///     FuzzProbe texts FILE                                                       reads JSON texts
///     FuzzProbe format FILE                                                      formats scripts
///     FuzzProbe json FILE [--count N]                                            times the reading of a JSON file
///
/// FILE holds scripts or texts one after another, each behind a line `@@ NAME BYTES`; JSON to be timed as it is.
let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2 else {
  print(
    "usage: FuzzProbe batch|mutants|code|texts|format|json FILE [--stress] [--steps N] [--memory BYTES] …")
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
if arguments[0] == "json" {
  JSONProbe.time(arguments[1], rounds: options.count)
  exit(0)
}
let probe = Probe(options)
for script in ScriptFile.scripts(arguments[1]) {
  switch arguments[0] {
  case "batch": probe.run(script)
  case "mutants": probe.mutate(script)
  case "code": probe.disassemble(script)
  case "texts": JSONProbe.read(script)
  case "format": FormatProbe.check(script)
  default:
    print("unknown mode \(arguments[0])")
    exit(2)
  }
}
