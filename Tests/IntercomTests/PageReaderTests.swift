import Catalogue
import Engine
import Machine
import Testing

@testable import HTTP
@testable import Intercom

/// The seven paging styles, request by request.
@Suite struct PageReaderTests {
  /// Reads pages out of canned answers; gives the requests and the number of records.
  private func drive(
    _ resource: String, _ name: String, _ arguments: [String: String] = [:], size: Int? = nil,
    answers: [String]
  ) throws -> (requests: [String], count: Int, hasMore: Bool) {
    let operation = try #require(APICatalogue.standard.operations(resource, name).first)
    let machine = Machine()
    let pages = PageReader(
      ResolvedCall(
        operation: operation, arguments: arguments.mapValues { .string($0) }, order: [], signer: nil),
      search: nil, sort: nil, catalogue: .standard)
    let reader = ValueReader(machine)
    var requests: [String] = []
    for answer in answers where pages.hasMore {
      let request = try pages.next(size: size)
      requests.append(
        request.target + (request.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""))
      _ = try pages.accept(PageReaderTests.response(answer), reader, machine)
    }
    return (requests, pages.itemsRead, pages.hasMore)
  }

  private static func response(_ body: String) -> HTTPResponse {
    HTTPResponse(
      status: 200, headers: HTTPHeaders(), body: Array(body.utf8), requestID: nil, timing: .init(),
      attempts: 1,
      mayRepeatEarlierAttempt: false)
  }

  @Test func cursorInTheQuery() throws {
    let result = try drive(
      "contacts", "list", size: 2,
      answers: [
        #"{"data":[{},{}],"pages":{"next":{"page":2,"starting_after":"a b"}},"total_count":5}"#,
        #"{"data":[{},{}],"pages":{"next":{"page":3,"starting_after":"c"}}}"#,
        #"{"data":[{}],"pages":{"next":null}}"#, #"{"data":[{}]}"#,
      ])
    #expect(
      result.requests == [
        "/contacts?per_page=2", "/contacts?per_page=2&starting_after=a%20b",
        "/contacts?per_page=2&starting_after=c",
      ])
    #expect(result.count == 5)
    #expect(!result.hasMore)
  }

  @Test func cursorInTheBody() throws {
    let result = try drive(
      "contacts", "search", size: 2,
      answers: [
        #"{"data":[{},{}],"pages":{"next":{"starting_after":"x"}}}"#, #"{"data":[{}],"pages":{}}"#,
      ])
    #expect(
      result.requests == [
        #"/contacts/search {"query":{"field":"created_at","operator":">","value":0},"pagination":{"per_page":2}}"#,
        #"/contacts/search {"query":{"field":"created_at","operator":">","value":0},"pagination":{"per_page":2,"starting_after":"x"}}"#,
      ])
    #expect(!result.hasMore)
  }

  @Test func numberedPagesOfAPostStandInTheQuery() throws {
    let result = try drive(
      "companies", "list", size: 60,
      answers: [
        #"{"data":[{}],"pages":{"next":"https://api.intercom.io/companies/list?page=2","page":1,"total_pages":2}}"#,
        #"{"data":[{}],"pages":{"next":null,"page":2,"total_pages":2}}"#,
      ])
    #expect(result.requests == ["/companies/list?per_page=60", "/companies/list?per_page=60&page=2"])
    #expect(result.count == 2)
  }

  @Test func numberedPagesWithoutAddressEndAtTheLast() throws {
    let result = try drive(
      "articles", "search", ["phrase": "a&b"],
      answers: [
        #"{"data":{"articles":[{}]},"pages":{"page":1,"total_pages":2}}"#,
        #"{"data":{"articles":[{}]},"pages":{"page":2,"total_pages":2}}"#, "{}",
      ])
    #expect(result.requests == ["/articles/search?phrase=a%26b", "/articles/search?phrase=a%26b&page=2"])
    #expect(result.count == 2)
  }

  @Test func scrollsUntilAnEmptyPage() throws {
    let result = try drive(
      "companies", "scroll",
      answers: [
        #"{"data":[{},{}],"scroll_param":"s1"}"#, #"{"data":[{}],"scroll_param":"s1"}"#,
        #"{"data":[],"scroll_param":"s1"}"#, "{}",
      ])
    #expect(
      result.requests == [
        "/companies/scroll", "/companies/scroll?scroll_param=s1", "/companies/scroll?scroll_param=s1",
      ])
    #expect(result.count == 3)
  }

  @Test func addressesOfEventsAreTakenAsTheyAreButStayOnTheBase() throws {
    let result = try drive(
      "events", "list", ["email": "a@b.example"],
      answers: [
        #"{"events":[{}],"pages":{"next":"https://elsewhere.example/events?type=user&before=17"}}"#,
        #"{"events":[],"pages":{}}"#,
      ])
    #expect(
      result.requests == ["/events?email=a%40b.example&per_page=50&type=user", "/events?type=user&before=17"]
        || result.requests == [
          "/events?email=a%40b.example&type=user&per_page=50", "/events?type=user&before=17",
        ])
  }

  @Test func plainListsAreOneRequest() throws {
    let result = try drive("tags", "list", answers: [#"{"data":[{},{}]}"#, "{}"])
    #expect(result.requests == ["/tags"])
    #expect(result.count == 2)
  }

  @Test func aCursorThatRepeatsIsAnError() throws {
    let page = #"{"data":[{}],"pages":{"next":{"starting_after":"x"}}}"#
    #expect(throws: RuntimeError.self) { try drive("contacts", "list", answers: [page, page, page]) }
  }

  @Test func aListUnderAnotherKeyIsFound() throws {
    #expect(try drive("teams", "list", answers: [#"{"data":[{},{},{}]}"#]).count == 3)
    #expect(throws: RuntimeError.self) { try drive("teams", "list", answers: [#"{"type":"x"}"#]) }
  }
}
