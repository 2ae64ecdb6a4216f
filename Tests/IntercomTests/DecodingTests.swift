import Diagnostics
import Engine
import FaultServer
import HTTP
import Intercom
import Machine
import Testing

/// Answers that are not as they should be: what can be read is read, and nothing that is lost is lost in silence.
@Suite struct DecodingTests {
  /// An engine whose API answers what it is told to.
  final class Liar {
    let server: FaultServer
    let engine: Engine
    let binding: APIBinding

    init(_ reply: @escaping @Sendable (FaultServer.Request) -> FaultServer.Reply) throws {
      server = try FaultServer(reply)
      var configuration = ClientConfiguration(base: try BaseURL(server.base)) { _ in "token" }
      configuration.assumedRate = 100_000
      configuration.retry = RetryPolicy(maximumAttempts: 2, firstWait: 0.001)
      engine = Engine(Engine.Configuration())
      binding = APIBinding(engine, client: Client(configuration))
      binding.install()
    }

    deinit { server.stop() }

    func run(_ text: String) -> Result<String, RuntimeError> {
      let script = engine.compile(SourceText(name: "test.parl", text: text), keepsGlobals: true)
      guard script.isRunnable else {
        return .failure(RuntimeError(script.diagnostics.map(\.message).joined(separator: "; ")))
      }
      switch engine.run(script) {
      case .finished(let value): return .success(engine.machine.text(value))
      case .failed(let error): return .failure(error)
      }
    }
  }

  func get(_ body: String, _ expression: String = "contacts.get(\"1\").name") throws -> Result<
    String, RuntimeError
  > {
    try Liar { _ in .text(200, body) }.run(expression)
  }

  @Test func whatDriftedIsRead() throws {
    // Fields that lack, fields that nobody declared, other types than declared.
    #expect(try get(#"{"type":"contact","id":"1"}"#).get() == "null")
    #expect(try get(#"{"id":"1","name":"Ada","brand_new":{"a":[1]}}"#).get() == "Ada")
    #expect(
      try get(#"{"id":"1","brand_new":{"a":[1]}}"#, "contacts.get(\"1\")").get().contains(
        "brand_new: {a: [1]}"))
    #expect(try get(#"{"id":1,"name":7}"#).get() == "7")
    // A text where a record should be, and the other way round.
    #expect(try get(#"{"id":"1","location":"Dublin"}"#, "contacts.get(\"1\").location").get() == "Dublin")
    #expect(try get(#"{"id":"1","name":{"first":"Ada"}}"#, "contacts.get(\"1\").name.first").get() == "Ada")
    // Control bytes inside texts, as they come: JSON forbids them, and people paste them.
    #expect(try get("{\"id\":\"1\",\"name\":\"A\u{1}d\u{B}a\nB\"}").get() == "A\u{1}d\u{B}a\nB")
  }

  @Test(arguments: [
    "<html>hello</html>", "{\"id\":\"1\",\"name\":\"A", "{\"id\":\"1\"", "{\"id\":\"1\"} trailing", "nothing",
    "{\"id\":\"1\",\"name\":tru}",
  ])
  func whatIsNoRecordIsAnError(body: String) throws {
    guard case .failure(let error) = try get(body) else {
      Issue.record("read \(body)")
      return
    }
    #expect(error.code == "garbled")
    #expect(error.message.hasPrefix("contacts.get: the answer cannot be read: "), "\(error.message)")
  }

  @Test func anEmptyAnswerToAReadIsAskedForAgainAndThenAnError() throws {
    let liar = try Liar { _ in .answer(200) }
    guard case .failure(let error) = liar.run("contacts.get(\"1\")") else {
      Issue.record("read nothing")
      return
    }
    #expect(error.code == "garbled")
    #expect(liar.server.requests.count == 2)
    let second = try Liar { $0.number == 0 ? .answer(200) : .text(200, #"{"id":"1","name":"Ada"}"#) }
    #expect(try second.run("contacts.get(\"1\").name").get() == "Ada")
  }

  static let page = #"{"type":"list","data":[{"id":"1"},{"id":"2"}],"total_count":4,"pages":PAGES}"#

  func count(_ first: String, _ second: FaultServer.Reply) throws -> Result<String, RuntimeError> {
    try Liar { $0.path.contains("starting_after") ? second : .text(200, first) }
      .run("contacts | map { c -> c.id } | collect | count")
  }

  /// A list is whole or an error: never short.
  @Test func aListIsNeverShort() throws {
    let page = { (pages: String) in Self.page.split(separator: "PAGES").joined(separator: pages) }
    let next = page(#"{"next":{"page":2,"starting_after":"abc"}}"#)
    let last = page(#"{"next":null}"#)
    #expect(try count(next, .text(200, last)).get() == "4")
    #expect(try count(page(#"{"next":{"page":2,"starting_after":7}}"#), .text(200, last)).get() == "4")
    let bad: [(String, FaultServer.Reply)] = [
      // The second page is cut, empty, of another kind, or refused.
      (next, .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n\(last)".utf8), then: .close)),
      (next, .text(200, String(last.dropLast(20)))), (next, .answer(200)),
      (next, .text(200, "<html></html>")),
      (next, .text(200, "{\"type\":\"list\"}")), (next, .text(500, "{}")), (next, .text(404, "{}")),
      (next, .text(200, #"{"data":null,"total_count":4,"pages":{}}"#)),
      // It is announced and does not say where it is, or is the first once more.
      (page(#"{"next":{"page":2}}"#), .text(200, last)),
      (page(#"{"next":{"starting_after":""}}"#), .text(200, last)),
      (page(#"{"next":"https://api.intercom.io/contacts?page=2"}"#), .text(200, last)),
      (next, .text(200, next)),
    ]
    for (first, second) in bad {
      guard case .failure(let error) = try count(first, second) else {
        Issue.record("took \(first) and \(second) for a whole list")
        continue
      }
      #expect(error.kind == .api, "\(error.message)")
    }
  }

  @Test func aWriteWithoutAReadableAnswerIsDone() throws {
    for body in ["", "{}", "{\"type\":\"tag\"}"] {
      let liar = try Liar { _ in .text(200, body) }
      _ = try liar.run("tags.create(name: \"x\")").get()
      #expect(liar.server.effects == 1)
    }
  }

  @Test func anErrorSaysWhatWasAskedAndWhatWasAnswered() throws {
    let liar = try Liar { _ in
      .text(
        500, #"{"type":"error.list","request_id":"r-9","errors":[{"code":"server_error","message":"Oh."}]}"#)
    }
    guard case .failure(let error) = liar.run("contacts.get(\"1\")") else {
      Issue.record("read")
      return
    }
    #expect(error.message == "contacts.get: the API answers 500 server_error: Oh")
    #expect(error.status == 500 && error.code == "server_error" && error.requestID == "r-9")
    #expect(error.hints.contains("GET /contacts/1, attempt 2, request id r-9"), "\(error.hints)")
  }
}
