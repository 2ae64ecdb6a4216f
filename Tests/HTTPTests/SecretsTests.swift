import FaultServer
import Foundation
import Synchronization
import Testing

@testable import HTTP

@Suite struct SecretsTests {
  @Test func takesOutEveryFormByValue() {
    let redactor = Redactor([markedToken])
    #expect(redactor.redact("a \(markedToken) b \(markedToken)") == "a [redacted] b [redacted]")
    #expect(redactor.redact("x=\(HTTPRequest.encode(segment: markedToken))") == "x=[redacted]")
    #expect(redactor.redact("nothing") == "nothing")
    #expect(Redactor(["abc/def/g"]).redact(#"{"t":"abc\/def\/g"}"#) == #"{"t":"[redacted]"}"#)
    #expect(redactor.redact([]) == [] && !redactor.mentionsSecret([]))
    #expect(redactor.mentionsSecret(Array("x\(markedToken)".utf8)) && !redactor.mentionsSecret([1, 2, 3]))
    #expect(redactor.redact(Array("{\"t\":\"\(markedToken)\"}".utf8)) == Array("{\"t\":\"[redacted]\"}".utf8))
    #expect(Redactor(["abc", ""]).redact("abcabc") == "abcabc")
    #expect(Redactor(["aaaaaa"]).redact(String(repeating: "a", count: 13)) == "[redacted][redacted]a")
  }

  @Test func nothingThatLeavesHoldsTheToken() throws {
    // A server that sends the token back wherever it can.
    let server = try FaultServer { request in
      let token = request.headers["authorization"] ?? ""
      switch request.path {
      case "/redirect": return .answer(302, [("Location", "https://evil.example/\(token.dropFirst(7))")])
      case "/cut":
        return .raw(
          Array("HTTP/1.1 200 OK\r\nX-Echo: \(token)\r\nContent-Length: 9999\r\n\r\n\(token)".utf8),
          then: .close)
      default: return .text(200, "{\"you_said\":\"\(token)\"}", [("X-Echo", token)])
      }
    }
    defer { server.stop() }
    var configuration = try ClientConfiguration.testing(server.base)
    let seen = Mutex<[String]>([])
    let archive = Mutex([UInt8]())
    configuration.trace = { event in
      seen.withLock { $0 += [event.line, "\(event)"] }
      archive.withLock { $0 += HTTPArchive.entry(event) }
    }
    let client = Client(configuration)
    for path in ["/redirect", "/cut", "/echo", "/echo?token=\(HTTPRequest.encode(segment: markedToken))"] {
      let request = HTTPRequest.get(path)
      switch client.perform(request) {
      case .failure(let failure): seen.withLock { $0 += [failure.message(for: request), "\(failure)"] }
      case .success(let response):
        seen.withLock { $0 += [String(decoding: response.body, as: UTF8.self), "\(response.headers.all)"] }
      }
      seen.withLock {
        $0.append(CurlCommand.render(request, base: configuration.base, secrets: client.redactor))
      }
    }
    seen.withLock { $0.append(String(decoding: archive.withLock { $0 }, as: UTF8.self)) }
    #expect(server.requests.count == 6)
    for text in seen.withLock({ $0 }) {
      #expect(!text.contains(markedToken), "\(text)")
      #expect(!text.contains(HTTPRequest.encode(segment: markedToken)), "\(text)")
    }
  }

  @Test func tracesOneLineAnAttempt() throws {
    let server = try FaultServer { request in
      request.number == 0
        ? .text(503, "")
        : .text(
          200, "{}",
          [
            ("X-RateLimit-Limit", "166"), ("X-RateLimit-Remaining", "165"),
            ("X-RateLimit-Reset", "\(Int(Date().timeIntervalSince1970) + 10)"),
          ])
    }
    defer { server.stop() }
    var configuration = try ClientConfiguration.testing(server.base)
    let lines = Mutex<[String]>([])
    configuration.trace = { event in lines.withLock { $0.append(event.line) } }
    _ = Client(configuration).perform(.get("/contacts/1?secret_query=1"))
    let seen = lines.withLock { $0 }
    #expect(seen.count == 2)
    #expect(seen.first?.hasPrefix("contacts.get GET /contacts/1 503 ") == true, "\(seen)")
    #expect(seen.last?.contains(" 200 ") == true)
    #expect(seen.last?.hasSuffix(" 2 B budget 165/166 attempt 2") == true, "\(seen)")
    #expect(!seen.joined().contains("secret_query"))
  }

  @Test func aCurlCommandIsReadAsTextByTheShell() throws {
    var request = HTTPRequest.post("/contacts", body: #"{"name":"O'Brien $(rm -rf /) `x` \n"}"#)
    request.query = [("a", "b c")]
    request.headers = [("Authorization", "Bearer \(markedToken)"), ("X-Other", "it's")]
    let command = CurlCommand.render(request, base: .eu)
    #expect(command.contains("\"Authorization: Bearer $INTERCOM_ACCESS_TOKEN\""))
    #expect(!command.contains(markedToken))
    // As the shell hands it to a program: one argument a line.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "curl() { printf '%s\\n' \"$@\"; }\n" + command]
    process.environment = ["INTERCOM_ACCESS_TOKEN": "from-environment"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(
      output.split(separator: "\n").map(String.init) == [
        "--request", "POST", "https://api.eu.intercom.io/contacts?a=b%20c", "--header",
        "Authorization: Bearer from-environment", "--header", "Accept: application/json", "--header",
        "Intercom-Version: 2.12", "--header", "Content-Type: application/json", "--header", "X-Other: it's",
        "--data-raw", #"{"name":"O'Brien $(rm -rf /) `x` \n"}"#,
      ])
  }
}
