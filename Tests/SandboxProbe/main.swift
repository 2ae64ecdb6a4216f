import Glibc
import Sandbox

// A sandbox in a process of its own, for tests that kill it, measure it or speak to it from another language.
// Prints its address and serves until it is ended.

let usage = """
  usage: SandboxProbe [--port N] [--seed empty|demo] [--contacts N] [--data PATH] [--clock SECONDS]
                      [--body-limit BYTES] [--token TOKEN] [--rate-limit]
                      [--arrival-limit MILLISECONDS]
  """

func fail(_ message: String) -> Never {
  let text = Array("SandboxProbe: \(message)\n\(usage)\n".utf8)
  _ = write(STDERR_FILENO, text, text.count)
  exit(2)
}

var configuration = SandboxConfiguration()
configuration.rateLimit = nil
var words = CommandLine.arguments.dropFirst()
while let option = words.popFirst() {
  if option == "--rate-limit" {
    configuration.rateLimit = .documented
    continue
  }
  guard let value = words.popFirst() else { fail("\(option) needs a value") }
  func number() -> Int64 {
    guard let number = Int64(value) else { fail("\(option) needs a number, not \(value)") }
    return number
  }
  switch (option, value) {
  case ("--port", _): configuration.port = UInt16(clamping: number())
  case ("--seed", "empty"): configuration.seed = .empty
  case ("--seed", "demo"): configuration.seed = .demo
  case ("--contacts", _): configuration.seed = .synthetic(contacts: Int(clamping: number()))
  case ("--data", _): configuration.location = .file(path: value)
  case ("--clock", _): configuration.clock = .fixed(number())
  case ("--body-limit", _): configuration.bodyLimit = Int(clamping: number())
  case ("--token", _): configuration.token = value
  case ("--arrival-limit", _): configuration.arrivalLimit = number()
  default: fail("there is no \(option) \(value)")
  }
}

do {
  let server = try SandboxServer(configuration: configuration)
  let port = try server.start()
  let line = Array("http://127.0.0.1:\(port)\n".utf8)
  _ = write(STDOUT_FILENO, line, line.count)
  try server.waitUntilReady()
  while true { pause() }
} catch {
  fail("\(error)")
}
