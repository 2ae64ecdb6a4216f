import Glibc
import HTTP

// The client in a process of its own, for scripts that measure it. Prints one line of JSON.

let usage = """
  usage: ClientProbe requests URL COUNT AT-ONCE    CPU of that many small reads
         ClientProbe hold URL COUNT                memory with that many in flight
         ClientProbe cancel URL COUNT              handles and memory over that many cancels
         ClientProbe writes URL COUNT SHARE        writes as fast as the budget allows
  """

func fail(_ message: String) -> Never {
  let text = Array("ClientProbe: \(message)\n\(usage)\n".utf8)
  _ = write(STDERR_FILENO, text, text.count)
  exit(2)
}

func cpuSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
    + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
}

/// A line of /proc/self/status in KB.
func status(_ name: String) -> Int {
  guard let file = fopen("/proc/self/status", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, 256, file) != nil {
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if text.hasPrefix(name + ":") { return Int(text.filter(\.isNumber)) ?? 0 }
  }
  return 0
}

func openFiles() -> Int {
  guard let folder = opendir("/proc/self/fd") else { return 0 }
  defer { closedir(folder) }
  var count = 0
  while readdir(folder) != nil { count += 1 }
  return count
}

func configuration(_ url: String) -> ClientConfiguration {
  guard let base = try? BaseURL(url) else { fail("\(url) is no address") }
  var configuration = ClientConfiguration(base: base) { _ in "dG9rOm1lYXN1cmVk" }
  configuration.share = 1
  configuration.assumedRate = 1e9
  return configuration
}

func read(_ path: String) -> HTTPRequest {
  HTTPRequest(.get, path, operation: "contacts.get", requestClass: .read)
}

var words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 3, let count = Int(words[2]), count > 0 else { fail("too few words") }
let url = words[1]

switch words[0] {
case "requests":
  guard words.count == 4, let atOnce = Int(words[3]) else { fail("how many at once?") }
  var settings = configuration(url)
  settings.startInFlight = atOnce
  settings.maximumInFlight = atOnce
  let client = Client(settings)
  var begun = 0
  var good = 0
  func submit() {
    begun += 1
    _ = client.submit(read("/contacts/6b081b9fe30d11cad10007d0"))
  }
  while begun < min(count, 2 * atOnce) { submit() }
  while client.hasPending {
    for (_, outcome) in client.poll(timeout: 1_000) {
      if case .success(let response) = outcome, response.status == 200, !response.body.isEmpty { good += 1 }
      if begun < count { submit() }
    }
  }
  print("{\"cpu\": \(cpuSeconds()), \"good\": \(good)}")
  exit(good == count ? 0 : 1)

case "hold":
  var settings = configuration(url)
  settings.startInFlight = count
  settings.maximumInFlight = count
  let client = Client(settings)
  _ = client.perform(read("/contacts/1"))
  let before = status("VmRSS")
  for number in 0..<count {
    let request = HTTPRequest(
      .post, "/hold/\(number)", body: Array("{\"name\":\"item \(number)\"}".utf8), operation: "x",
      requestClass: .otherWrite)
    _ = client.submit(request)
  }
  // Until the last has gone out: the server counts them, but asking it would be one more of ours.
  while client.statistics.bytesSent == 0 || client.statistics.inFlight < count {
    _ = client.poll(timeout: 50)
  }
  for _ in 0..<20 { _ = client.poll(timeout: 50) }
  print("{\"inFlight\": \(client.statistics.inFlight), \"before\": \(before), \"peak\": \(status("VmHWM"))}")

case "cancel":
  let client = Client(configuration(url))
  var early = (files: 0, memory: 0)
  var slowest = 0.0
  for number in 1...count {
    // Half are writes; a third are cancelled before anything is sent.
    let request =
      number % 2 == 0
      ? read("/hold")
      : HTTPRequest(.post, "/hold", body: Array("{}".utf8), operation: "x", requestClass: .otherWrite)
    let ticket = client.submit(request)
    if number % 3 != 0 { while client.poll(timeout: 0).isEmpty, client.statistics.inFlight == 0 {} }
    let start = HTTPClock.system.monotonic()
    client.cancel(ticket)
    let results = client.poll(timeout: 0)
    slowest = max(slowest, HTTPClock.system.monotonic() - start)
    guard results.count == 1 else { fail("\(results.count) results") }
    if number == min(1_000, count / 2) { early = (openFiles(), status("VmRSS")) }
  }
  print(
    "{\"files\": [\(early.files), \(openFiles())], \"memory\": [\(early.memory), \(status("VmRSS"))], \"slowest_ms\": \(slowest * 1_000)}"
  )

case "writes":
  guard words.count == 4, let share = Double(words[3]) else { fail("which share?") }
  var settings = configuration(url)
  settings.share = share
  settings.assumedRate = 16
  let client = Client(settings)
  let start = HTTPClock.system.monotonic()
  for number in 0..<count {
    let request = HTTPRequest(
      .post, "/contacts/\(number)/notes", body: Array("{\"body\":\"note\"}".utf8), operation: "notes.create",
      requestClass: .otherWrite)
    _ = client.submit(request)
  }
  var good = 0
  var first: Double?
  while client.hasPending {
    for (_, outcome) in client.poll(timeout: 1_000) {
      if first == nil { first = HTTPClock.system.monotonic() }
      if case .success(let response) = outcome, response.isSuccess { good += 1 }
    }
  }
  let seconds = HTTPClock.system.monotonic() - start
  let counts = client.statistics
  print(
    "{\"good\": \(good), \"refused\": \(counts.rateLimited), \"attempts\": \(counts.attempts), \"seconds\": \(seconds), \"cpu\": \(cpuSeconds())}"
  )

default: fail("there is no \(words[0])")
}
