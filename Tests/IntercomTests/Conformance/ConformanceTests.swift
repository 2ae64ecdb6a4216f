import Catalogue
import Engine
import JSON
import Machine
import Testing

@testable import Intercom

/// Each operation of the catalogue against a server that only listens: what is sent, what becomes of the answer,
/// of each error, and of pages.
@Suite(.serialized) final class ConformanceTests {
  private let recorded: RecordedEngine
  private var catalogue: APICatalogue { recorded.catalogue }
  private var server: RecordingServer { recorded.server }
  private var engine: Engine { recorded.engine }

  init() throws { recorded = try RecordedEngine() }

  private var operations: [APIOperation] { catalogue.allResources().flatMap(\.operations) }

  private func outcome(_ text: String) -> Result<Value, RuntimeError> { recorded.outcome(text) }

  /// Answers what calls look up on their way; the rest is the test's.
  private static func isLookUp(_ request: RecordingServer.Request, of operation: APIOperation) -> Bool {
    request.method == "GET"
      && (request.path == "/me" && operation.qualifiedName != "admins.me"
        || request.path == "/tags" && operation.qualifiedName != "tags.list")
  }

  private func answer(
    _ operation: APIOperation,
    _ answer: @escaping @Sendable (RecordingServer.Request, Int) -> RecordingServer.Response
  ) {
    let name = operation
    server.answer { request, _ in
      if ConformanceTests.isLookUp(request, of: name) {
        return .init(
          body: request.path == "/me"
            ? #"{"type":"admin","id":"\#(SampleCall.owner)"}"#
            : #"{"type":"list","data":[{"type":"tag","id":"5","name":"vip"}]}"#)
      }
      return answer(request, 0)
    }
  }

  private func requests(_ operation: APIOperation) -> [RecordingServer.Request] {
    server.requests.filter { !ConformanceTests.isLookUp($0, of: operation) }
  }

  // MARK: Requests

  @Test func all118AreSentAsDeclared() throws {
    var official: Set<String> = []
    for operation in operations {
      for isFull in [false, true] {
        let sample = SampleCall(operation: operation, catalogue: catalogue, isFull: isFull)
        let name = sample.text
        answer(operation) { _, _ in .init(body: ConformanceTests.emptyAnswer(operation)) }
        let isSequence = if case .sequence = operation.result { true } else { false }
        switch outcome(isSequence ? "\(name) | collect" : name) {
        case .success: break
        case .failure(let error):
          Issue.record("\(name): \(error.message)")
          continue
        }
        let sent = requests(operation)
        guard let request = sent.first, sent.count == 1 else {
          Issue.record("\(name): \(sent.count) requests")
          continue
        }
        #expect(request.method == operation.method.rawValue, "\(name)")
        #expect(request.path == sample.path, "\(name)")
        #expect(request.query == sample.query, "\(name)")
        #expect(request.json == sample.body, "\(name): \(String(decoding: request.body, as: UTF8.self))")
        #expect(request.headers["authorization"] == "Bearer secret-token", "\(name)")
        #expect(request.headers["intercom-version"] == "2.12", "\(name)")
        #expect(request.headers["accept"] == operation.accept ?? "application/json", "\(name)")
        #expect(request.body.isEmpty || request.headers["content-type"] == "application/json", "\(name)")
      }
      if let name = operation.officialName { official.insert(name) }
    }
    #expect(official.count == 118)
  }

  /// An answer without records.
  static func emptyAnswer(_ operation: APIOperation) -> String {
    guard case .sequence = operation.result else { return #"{"id":"1"}"# }
    return page(operation, items: 0, next: nil)
  }

  // MARK: Results

  @Test func answersBecomeTheDeclaredType() throws {
    for operation in operations {
      let sample = SampleCall(operation: operation, catalogue: catalogue, isFull: false)
      let isSequence = if case .sequence = operation.result { true } else { false }
      answer(operation) { _, _ in
        .init(
          body: isSequence
            ? ConformanceTests.page(operation, items: 1, next: nil) : #"{"id":"1","unheard_of":[1]}"#)
      }
      let value = try outcome(isSequence ? "\(sample.text) | first" : sample.text).get()
      switch operation.result {
      case .nothing: #expect(value.isNull, "\(sample.text)")
      case .value(.object(let type)), .sequence(.object(let type)):
        #expect(engine.machine.typeName(of: value) == type, "\(sample.text)")
        // What nobody declared stays readable, and is no error.
        if !isSequence {
          _ = try outcome("let answer = \(sample.text)").get()
          #expect(try engine.machine.text(outcome("answer.unheard_of").get()) == "[1]", "\(sample.text)")
        }
      case .value(.bytes): #expect(value.tag == .string, "\(sample.text)")
      case .value, .sequence: Issue.record("\(sample.text): a result that no test knows")
      }
    }
  }

  // MARK: Errors

  @Test func everyErrorStatusIsMapped() throws {
    for operation in operations {
      let sample = SampleCall(operation: operation, catalogue: catalogue, isFull: false)
      let isSequence = if case .sequence = operation.result { true } else { false }
      let text = isSequence ? "\(sample.text) | collect" : sample.text
      for status in [400, 401, 403, 404, 409, 422] {
        answer(operation) { _, _ in
          .init(
            status: status,
            body:
              #"{"type":"error.list","request_id":"req-7","errors":[{"code":"code_\#(status)","message":"Because.","field":"f"}]}"#
          )
        }
        guard case .failure(let error) = outcome(text) else {
          Issue.record("\(text): \(status) is no error")
          continue
        }
        #expect(error.kind == .api && error.status == status, "\(text): \(error)")
        #expect(error.code == "code_\(status)" && error.operation == operation.qualifiedName, "\(text)")
        #expect(error.requestID == "req-7" && error.message.contains("Because"), "\(text)")
        #expect(!error.hints.isEmpty, "\(text)")
        #expect(
          try engine.machine.text(outcome("try { \(text) } catch e { e.status }").get()) == "\(status)",
          "\(text)")
      }
    }
  }

  @Test func aFaultOfTheServerLeavesWritesUnknownAndReadsFailed() throws {
    for operation in operations {
      let sample = SampleCall(operation: operation, catalogue: catalogue, isFull: false)
      let isSequence = if case .sequence = operation.result { true } else { false }
      answer(operation) { _, _ in
        .init(status: 500, body: #"{"type":"error.list","errors":[{"code":"server_error"}]}"#)
      }
      guard case .failure(let error) = outcome(isSequence ? "\(sample.text) | collect" : sample.text) else {
        Issue.record("\(sample.text): 500 is no error")
        continue
      }
      if operation.effect == .read {
        #expect(error.kind == .api && error.status == 500, "\(sample.text): \(error)")
      } else {
        // Whether it happened is not known: no script may take it for a refusal.
        #expect(error.kind == .uncatchable && error.code == "unknown_outcome", "\(sample.text): \(error)")
      }
    }
  }

  // MARK: Pages

  /// A page in the operation's style; `next` is the number of the page that follows.
  static func page(_ operation: APIOperation, items: Int, next: Int?, number: Int = 1) -> String {
    // Younger than what the samples search for: a date is asked for by the day, and looked at again here.
    var list = JSONValue.array(
      (0..<items).map {
        [
          // A summary of events has no id.
          "id": .string("\(number)-\($0)"), "name": .string("\(number)-\($0)"), "type": "x",
          "created_at": 1_893_456_000,
        ]
      })
    for key in operation.items.reversed() { list = .object([key: list]) }
    var root = list.objectValue ?? JSONObject()
    switch operation.paging?.style {
    case .cursorBody?, .cursorQuery?:
      root["pages"] =
        next.map { ["next": ["page": .int(Int64($0)), "starting_after": .string("cursor-\($0)")]] } ?? [
          "next": nil
        ]
    case .page?:
      var pages: JSONObject = [
        "page": .int(Int64(number)), "total_pages": .int(Int64(next == nil ? number : 3)),
      ]
      if operation.paging?.end == .nextURL {
        pages["next"] =
          next.map { .string("https://api.intercom.io\(operation.path.text)?page=\($0)") } ?? .null
      }
      root["pages"] = .object(pages)
    case .scroll?: root["scroll_param"] = "scroll-1"
    case .eventURL?:
      root["pages"] =
        next.map { ["next": .string("https://api.intercom.io/events?type=user&before=\($0)")] } ?? [:]
    default: break
    }
    return JSONValue.object(root).text()
  }

  private static func number(_ request: RecordingServer.Request, _ style: Paging.Style?, _ index: Int) -> Int
  {
    switch style {
    case .cursorBody?:
      Int(request.json?["pagination"]?["starting_after"]?.stringValue?.dropFirst(7) ?? "1") ?? 0
    case .cursorQuery?: Int(request.query["starting_after"]?.dropFirst(7) ?? "1") ?? 0
    case .page?: Int(request.query["page"] ?? "1") ?? 0
    case .eventURL?: Int(request.query["before"] ?? "1") ?? 0
    default: index
    }
  }

  @Test func threePagesAndAnEarlyStopWithoutOneRequestTooMany() throws {
    var styles: Set<Paging.Style> = []
    for operation in operations {
      guard case .sequence = operation.result, let paging = operation.paging else { continue }
      styles.insert(paging.style)
      let text = SampleCall(operation: operation, catalogue: catalogue, isFull: false).text
      let counter = Counter()
      func serve() {
        counter.reset()
        answer(operation) { request, _ in
          let number = ConformanceTests.number(request, paging.style, counter.next())
          let isLast = number >= 3 || paging.style == .none
          // A scroll ends with an empty page.
          let items = paging.style == .scroll && number > 3 ? 0 : 4
          return .init(
            body: ConformanceTests.page(
              operation, items: items, next: isLast ? nil : number + 1, number: number))
        }
      }
      func names(_ stage: String) throws -> Int64 {
        serve()
        return try outcome("\(text)\(stage) | map { it[\"id\"] ?? it[\"name\"] } | collect | unique | count")
          .get().asInt
      }
      let pages = paging.style == .none ? 1 : 3
      #expect(try names("") == Int64(4 * pages), "\(text)")
      #expect(requests(operation).count == (paging.style == .scroll ? 4 : pages), "\(text)")
      // The first request bears no cursor, and each of the others its own.
      let numbers = requests(operation).enumerated().map { ConformanceTests.number($1, paging.style, $0 + 1) }
      #expect(numbers == Array(1...numbers.count), "\(text)")

      // A filter that stays here says nothing about how many records the six need: none is asked for too early.
      for stage in ["", " | filter { it != null }"] {
        serve()
        _ = try outcome("\(text)\(stage) | first").get()
        #expect(requests(operation).count == 1, "\(text)\(stage) | first")
        #expect(try names("\(stage) | take(4)") == 4)
        #expect(requests(operation).count == 1, "\(text)\(stage) | take(4)")
        if pages > 1 {
          #expect(try names("\(stage) | take(6)") == 6)
          #expect(requests(operation).count == 2, "\(text)\(stage) | take(6)")
          #expect(try names("\(stage) | drop(3) | take(1)") == 1)
          #expect(requests(operation).count == 1, "\(text)\(stage) | drop(3) | take(1)")
        }
        #expect(try names("\(stage) | take(0)") == 0)
        #expect(requests(operation).isEmpty, "\(text)\(stage) | take(0)")
      }
      // Nothing is asked for before somebody reads.
      serve()
      _ = try outcome("let later = \(text) | map { it[\"id\"] }").get()
      #expect(requests(operation).isEmpty, "\(text)")
    }
    #expect(styles == [.cursorBody, .cursorQuery, .page, .scroll, .eventURL, .none])
  }
}
