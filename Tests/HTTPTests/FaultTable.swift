import FaultServer
import Foundation

@testable import HTTP

/// What happens on each fault, by class of request. The tests assert the rows, and docs/client.md shows them.
enum FaultTable {
  enum Expected: Equatable, Sendable {
    case answer(Int)
    /// Definitely nothing happened, or a read.
    case failure(String)
    case unknown(String)
  }

  struct Cell: Equatable, Sendable {
    var outcome: Expected
    /// Sends while the fault lasts, of three at most; nil: the window of the budget is waited for, again and again.
    var sends: Int?

    init(_ outcome: Expected, _ sends: Int?) { (self.outcome, self.sends) = (outcome, sends) }
  }

  enum Scenario: Sendable {
    case reply(FaultServer.Reply)
    /// Nobody listens.
    case refused
    /// The connection is reset before the server reads.
    case resetBefore
    /// The connection is reset when the request has arrived in part.
    case resetWithin
    case nameNotFound
    /// A server with a certificate that is not good, asked by HTTPS.
    case certificate(TLSServer.Certificate)
  }

  struct Row: Sendable {
    var name: String
    var scenario: Scenario
    var read: Cell
    var idempotent: Cell
    var other: Cell
    /// Whether a write takes effect on the server, for the page.
    var effect: String
    /// What a script sees of a read that was answered with something that is no record.
    var readOfScript: String?

    subscript(requestClass: RequestClass) -> Cell {
      switch requestClass {
      case .read: read
      case .idempotentWrite: idempotent
      case .otherWrite: other
      }
    }

    var reply: FaultServer.Reply? { if case .reply(let reply) = scenario { reply } else { nil } }
  }

  // MARK: The rows

  static func ok(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// Nothing left the machine, or nothing that anybody read: the same for all.
  private static func unsent(_ name: String, _ scenario: Scenario, _ failure: String, sends: Int) -> Row {
    let cell = Cell(.failure(failure), sends)
    return Row(name: name, scenario: scenario, read: cell, idempotent: cell, other: cell, effect: "none")
  }

  /// The server did it, and its answer is no use.
  private static func lost(
    _ name: String, _ reply: FaultServer.Reply, _ word: String, readSends: Int = 3,
    effect: String = "one a send"
  ) -> Row {
    Row(
      name: name, scenario: .reply(reply), read: Cell(.failure(word), readSends),
      idempotent: Cell(.unknown(word), readSends), other: Cell(.unknown(word), 1), effect: effect)
  }

  private static func failing(_ status: Int, _ reply: FaultServer.Reply, again: Bool = true) -> Row {
    Row(
      name: "\(status)", scenario: .reply(reply), read: Cell(.answer(status), again ? 3 : 1),
      idempotent: Cell(.unknown("status"), again ? 3 : 1), other: Cell(.unknown("status"), 1),
      effect: "one a send, or none")
  }

  private static func same(
    _ name: String, _ reply: FaultServer.Reply, _ cell: Cell, effect: String, readOfScript: String? = nil
  ) -> Row {
    Row(
      name: name, scenario: .reply(reply), read: cell, idempotent: cell, other: cell, effect: effect,
      readOfScript: readOfScript)
  }

  private static func head(_ lines: String) -> String { "HTTP/1.1 200 OK\r\n\(lines)\r\n\r\n" }

  static let rows: [Row] = [
    unsent("connection refused", .refused, "unreachable", sends: 3),
    unsent("name not found", .nameNotFound, "unreachable", sends: 3),
    unsent("certificate for another name", .certificate(.otherName), "tls", sends: 1),
    unsent("certificate that has expired", .certificate(.expired), "tls", sends: 1),
    unsent("certificate that nobody vouches for", .certificate(.unknown), "tls", sends: 1),
    Row(
      name: "reset before the request is read", scenario: .resetBefore,
      read: Cell(.failure("connectionLost"), 3),
      idempotent: Cell(.unknown("connectionLost"), 3), other: Cell(.unknown("connectionLost"), 1),
      effect: "none"),
    Row(
      name: "reset within the request", scenario: .resetWithin, read: Cell(.failure("connectionLost"), 3),
      idempotent: Cell(.unknown("connectionLost"), 3), other: Cell(.unknown("connectionLost"), 1),
      effect: "none"),
    lost("reset before the answer", .reset, "connectionLost"),
    lost("closed before the answer", .close, "connectionLost"),
    lost("reset within the headers", .raw(ok("HTTP/1.1 200 OK\r\nContent-"), then: .reset), "cutOff"),
    lost(
      "reset within the body", .raw(ok(head("Content-Length: 100") + "{\"data\":["), then: .reset), "cutOff"),
    lost(
      "cut body (fewer bytes than announced)",
      .raw(ok(head("Content-Length: 100") + "{\"data\":["), then: .close),
      "cutOff"),
    lost("cut chunks", .raw(ok(head("Transfer-Encoding: chunked") + "5\r\n{\"dat"), then: .close), "cutOff"),
    same(
      "reset after the answer", .raw(ok(head("Content-Length: 2") + "{}"), then: .reset),
      Cell(.answer(200), 1),
      effect: "one"),
    same(
      "more bytes than announced", .raw(ok(head("Content-Length: 2") + "{}trailing bytes")),
      Cell(.answer(200), 1),
      effect: "one"),
    lost("no answer until the deadline", .hang, "timedOut"),
    lost("slow drip", .drip(ok(head("Content-Length: 1000")), milliseconds: 40), "timedOut"),
    failing(408, .text(408, "{}")), failing(500, .text(500, "{}")),
    failing(501, .text(501, ""), again: false),
    failing(502, .text(502, "<html><h1>Bad gateway</h1></html>")), failing(503, .text(503, "")),
    failing(504, .text(504, "")),
    same(
      "429 of the window, with its headers",
      .text(
        429, "{\"errors\":[{\"code\":\"rate_limit_exceeded\"}]}",
        [("X-RateLimit-Limit", "100"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1700000000")]),
      Cell(.answer(429), nil), effect: "none"),
    same("429 without a word", .text(429, ""), Cell(.answer(429), nil), effect: "none"),
    same(
      "429 of a resource", .text(429, "{\"errors\":[{\"code\":\"too_many_requests\"}]}"),
      Cell(.answer(429), 3),
      effect: "none"),
    same(
      "429 of another kind (one export at a time)",
      .text(429, "{\"type\":\"error.list\",\"errors\":[{\"message\":\"Exceeded limit: 1 pending job\"}]}"),
      Cell(.answer(429), 1), effect: "none"),
    same(
      "429 with a wait of an hour", .text(429, "{}", [("Retry-After", "3600")]),
      Cell(.failure("rateLimited"), 1),
      effect: "none"),
    same("404", .text(404, "{}"), Cell(.answer(404), 1), effect: "none"),
    same("422", .text(422, "{}"), Cell(.answer(422), 1), effect: "none"),
    Row(
      name: "empty 200", scenario: .reply(.answer(200)), read: Cell(.failure("emptyAnswer"), 3),
      idempotent: Cell(.answer(200), 1), other: Cell(.answer(200), 1), effect: "one"),
    same(
      "HTML instead of JSON", .text(200, "<html>hello</html>", [("Content-Type", "text/html")]),
      Cell(.answer(200), 1), effect: "one", readOfScript: "error `garbled`"),
    lost(
      "gzip garbage", .text(200, "this is not gzip at all", [("Content-Encoding", "gzip")]), "garbled"),
    lost("no HTTP at all", .raw(ok("\0\u{1}\u{2}garbage\r\n\r\n"), then: .close), "garbled"),
    same(
      "redirect to another host", .answer(302, [("Location", "http://127.0.0.2:9/stolen")]),
      Cell(.failure("redirectRefused"), 1), effect: "none"),
    same(
      "redirect to another host by two slashes", .answer(307, [("Location", "//127.0.0.2:9/stolen")]),
      Cell(.failure("redirectRefused"), 1), effect: "none"),
    Row(
      name: "redirect in a circle", scenario: .reply(.answer(307, [("Location", "/again")])),
      read: Cell(.failure("tooManyRedirects"), 6), idempotent: Cell(.failure("redirectRefused"), 1),
      other: Cell(.failure("redirectRefused"), 1), effect: "none"),
    lost(
      "header flood",
      .raw(
        ok("HTTP/1.1 200 OK\r\n" + String(repeating: "X-Flood: 0123456789\r\n", count: 20_000)), then: .close),
      "headerFlood", readSends: 1, effect: "one"),
    lost("one endless header", .flood(head: "HTTP/1.1 200 OK\r\nX-Flood: ", count: 4 << 20), "garbled"),
    lost(
      "body of 100 MB", .flood(head: head("Content-Length: 100000000"), count: 100_000_000), "tooLarge",
      readSends: 1, effect: "one"),
    lost(
      "body without an announced end", .flood(head: head("Connection: close"), count: 100_000_000),
      "tooLarge",
      readSends: 1, effect: "one"),
  ]

  // MARK: As a page

  private static let words = [
    "unreachable": "`unreachable`", "tls": "`tls`", "connectionLost": "`connection_lost`",
    "cutOff": "`cut_off`",
    "timedOut": "`timeout`", "emptyAnswer": "`garbled`", "garbled": "`garbled`",
    "rateLimited": "`rate_limit_exceeded`",
    "redirectRefused": "`redirect`", "tooManyRedirects": "`redirect`", "headerFlood": "`too_large`",
    "tooLarge": "`too_large`",
  ]

  static func text(_ cell: Cell) -> String {
    let end =
      switch cell.outcome {
      case .answer(let status) where status < 300: "answer"
      case .answer(let status): "error \(status)"
      case .failure(let word): "error \(words[word] ?? word)"
      case .unknown: "**unknown**"
      }
    switch cell.sends {
    case nil: return "again after the window"
    case 1?: return end
    default: return "again, then \(end)"
    }
  }

  static var markdown: String {
    var lines = [
      "| fault | read | write that may be repeated | other write | effects of a write |",
      "|---|---|---|---|---|",
    ]
    for row in rows {
      lines.append(
        "| \(row.name) | \(row.readOfScript ?? text(row.read)) | \(text(row.idempotent)) | \(text(row.other)) | \(row.effect) |"
      )
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
