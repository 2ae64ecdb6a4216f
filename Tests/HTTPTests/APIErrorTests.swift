import Testing

@testable import HTTP

@Suite struct APIErrorTests {
  func read(_ body: String, status: Int = 404) -> APIError {
    APIError(status: status, headers: HTTPHeaders([("X-Request-Id", "from-header")]), body: Array(body.utf8))
  }

  @Test func readsAnErrorList() {
    let error = read(
      #"{"type":"error.list","request_id":"0019c4","errors":[{"code":"not_found","message":"Gone","field":"id"},{"code":"x"}]}"#
    )
    #expect(error.status == 404)
    #expect(error.code == "not_found")
    #expect(error.message == "Gone")
    #expect(error.field == "id")
    #expect(error.requestID == "0019c4")
    #expect(error.others == [APIError.Item(code: "x")])
  }

  @Test func takesTypeForCodeAndTheHeaderForTheID() {
    let error = read(#"{"type":"error.list","request_id":null,"errors":[{"type":"conflict","message":"m"}]}"#)
    #expect(error.code == "conflict")
    #expect(error.requestID == "from-header")
  }

  @Test func readsErrorsWithoutAList() {
    #expect(read(#"{"error":{"code":"a","message":"b"}}"#).code == "a")
    #expect(read(#"{"error":"plain words"}"#).message == "plain words")
    #expect(read(#"{"code":"a"}"#).code == "a")
    #expect(read(#"{"type":"error.list"}"#).code == nil)
  }

  @Test func readsWhatIsNoJSON() {
    let page = read(
      "<html>\n<head><title>502</title></head><body><h1>Bad   gateway</h1></body></html>", status: 502)
    #expect(page.message == "502 Bad gateway")
    #expect(page.code == nil)
    #expect(read("").message == nil)
    #expect(read("\u{0}\u{1}").message == nil)
    #expect(APIError(status: 500, body: [0xFF, 0xFE, 0x00]).message == nil)
    #expect(APIError(status: 500, body: [0xFF, 0xFE, 0x00]).requestID == nil)
  }

  @Test(arguments: [
    "null", "[]", "3", "\"x\"", #"{"errors":3}"#, #"{"errors":[3,null,{"code":7}]}"#, #"{"errors":[]}"#, "{",
    #"{"errors":[{"code":""}]}"#,
  ])
  func takesAnythingWithoutInventing(body: String) {
    let error = read(body)
    #expect(error.status == 404)
    #expect(error.code == nil)
  }

  @Test func keepsTextsShort() {
    let long = String(repeating: "x", count: 100_000)
    #expect((read(#"{"errors":[{"code":"c","message":"\#(long)"}]}"#).message?.count ?? 0) == 500)
    #expect((read(long).message?.count ?? 0) == 200)
  }
}
